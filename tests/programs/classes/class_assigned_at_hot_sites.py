class A: pass
class B:
    def __init__(s):
        for i in range(25): setattr(s, 'v%d' % i, i)
def read(o): return o.v24
def write(o, v): o.v24 = v
for _ in range(100):
    b = B(); assert read(b) == 24; write(b, 24)
a = A(); a.x = 1
a.__class__ = B
for _ in range(50):
    try: print(read(a)); break
    except AttributeError as e: pass
else: print("no v24")
for _ in range(50): write(a, 7)
print(read(a), a.__dict__, a.x)
b.__class__ = A
print(len(b.__dict__), b.v3)
class C(A): pass
c = C(); c.__class__ = A; c.z = 3
print(c.z, vars(c))
import gc; gc.collect(); print('ok')
