### w1
1 is 1; x is (1,2); x is not 'a'; x is None; (1, x) is y; x is ...; x is -1; x is 1 is y; x == 1 is 2
if x is 5 < 3: pass
### w2
(1)(); 'a'(); [](); {}(); {1}(); (1,2)(); f'{x}'(); t'{x}'(); [x for x in y](); (x for x in y)(); {x for x in y}(); {x:x for x in y}(); None(); ...(); True(); b''(); 1.0(); 1j(); (lambda: 1)()
1 .real(); 'a'.join(x); [1](*a); {}(**k)
### w3
1[0]; None[0]; ...[0]; {1}[0]; (x for x in y)[0]; (lambda: 1)[0]; 1.5[0]; 1j[0]; True[0]; t'{x}'[0]; {x for x in y}[1]; 'a'[0]; {}[0]
### w4
'a'['b']; [1]['b']; (1,)[1.0]; [1][(1,2)]; 'a'[None]; 'a'[True]; 'a'[1:2]; b'a'[{}]; [x for x in y]['a']; f'{x}'['a']; (1,2)[lambda: 1]; 'a'[x]; [1][[2]]; 'a'[f'{x}']; 'a'[(x for x in y)]; [1][...]; (1,2)[t'{x}']; [1]['b'] = 1; del 'a'[1.5]
### w5
assert (x, 'y'); assert (); assert (1,); assert ('a', 'b'), 'c'; assert 1
### w6
def f():
    try: pass
    finally: return 1
    for x in y:
        try: pass
        finally:
            break
            continue
            for z in y: break
            while 1: continue
            def g(): return
            lambda: (yield)
            class A:
                for q in z: break
    while 1:
        try: pass
        except* A: pass
        finally:
            if x: continue
            with y: return
            try: pass
            finally: break
            match x:
                case 1: return 2
### w7
def f():
    try: pass
    finally:
        1 is 1
        def g(): 2 is 2
        [x is 3 for x in y]
        class A: 4 is 4
        try: 5 is 5
        finally: 6 is 6
    with a:
        return 7 is 7
    for i in x:
        try: break
        finally: 8 is 8
### w8
a = 1, 2
(1, 2) (3, 4)
[(1, 2) (3, 4)]
'a' 'b'[1.0]
x = ('a' 'b')(c)
### w9
all(x is 1 for x in y); any((1)() for x in z); tuple(x[0] is not 2 for x in y)
