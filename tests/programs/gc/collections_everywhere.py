import gc, sys
gc.set_threshold(1,1,1)
# gc within callbacks, dealloc, weakrefs, gen close
import weakref
class D:
    def __del__(self): gc.collect(); self.x=[self]
for i in range(20): D()
class W: pass
for i in range(20):
    o=W(); w=weakref.ref(o, lambda r: gc.collect()); del o
def gg():
    try: yield
    finally: gc.collect()
for i in range(20):
    g=gg(); next(g); del g
for i in range(20):
    g=gg(); next(g); x=[g]; x.append(x); del g,x
class L(list):
    def __del__(self): gc.collect()
l=L()
for i in range(2000): l=L([l])
del l
gc.collect()
class It:
    def __init__(s): s.n=0
    def __iter__(s): return s
    def __next__(s):
        s.n+=1; gc.collect()
        if s.n>20: raise StopIteration
        return s.n
print(list(It()), tuple(It()), set(It()), dict.fromkeys(It()), [*It()], sorted(It(), key=lambda x:(gc.collect(),-x)[1]))
class H:
    def __init__(s,v): s.v=v
    def __hash__(s): gc.collect(); return s.v%3
    def __eq__(s,o): gc.collect(); return s.v==o.v
d={H(i):i for i in range(30)}; print(len(d), d[H(5)]); s={H(i) for i in range(30)}; print(len(s))
def f(*a, **k): gc.collect(); return len(a)+len(k)
print(f(*It(), **{'a':1}))
def objs():
    for o in gc.get_objects():
        try: gc.is_tracked(o)
        except Exception: pass
    return len(gc.get_objects())>0
print(objs())
n=0
for o in gc.get_objects():
    gc.get_referents(o); n+=1
print(n>1000)
for i in range(100):
    sys._getframe().f_locals
    try: 1/0
    except ZeroDivisionError as e: tb=e.__traceback__
    tb.tb_frame.f_back
def rec(n):
    x=[n]; f=sys._getframe(); x.append(f)
    if n: rec(n-1)
for i in range(10): rec(20)
class Evil:
    def __del__(self):
        for o in gc.get_objects(): 
            if type(o) is dict and len(o)==1 and 'evil' in o: keep.append(o)
keep=[]
for i in range(5):
    e=Evil(); e.evil=e; e.__dict__
    del e
gc.collect(); print('ok')
