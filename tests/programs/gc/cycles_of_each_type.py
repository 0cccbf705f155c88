import gc, weakref, sys, types, functools, itertools, collections
gc.disable()
class C: pass
def cyc(n):
    for i in range(n):
        c=C(); c.x=c
gc.collect()
cyc(10); print(gc.collect()); 
l=[]; l.append(l); del l; print(gc.collect())
d={}; d[1]=d; del d; print(gc.collect())
t=([],); t[0].append(t); del t; print(gc.collect())
class K: pass
K.k=K(); del K; print(gc.collect())
def f():
    def g(): return g
    return 1
f(); print('closure', gc.collect())
s={1}
class H: pass
h=H(); h.s={h}; del h; print('set', gc.collect())
def ge():
    me = yield
    yield me
g=ge(); next(g); g.send(g); del g; print('gen',gc.collect())
g=ge(); next(g); g.send(g); w=weakref.ref(g); del g; print('gen',gc.collect(), w())
try: 1/0
except Exception as e: x=e
x.me=x; del x; print('exc', gc.collect())
def fr():
    f=sys._getframe(); return 1
fr(); print('frame', gc.collect())
m=types.ModuleType('x'); m.m=m; del m; print('module', gc.collect())
class P(property): pass
p=property(); p=P(lambda s:1); p.x=p; del p; print('prop', gc.collect())
def fp(): pass
d=collections.deque(); d.append(d); del d; print('deque',gc.collect())
class M(type): pass
class MM(metaclass=M): pass
MM.x=MM(); del MM; print('meta',gc.collect())
class S:
    __slots__=('a','__weakref__')
x=S(); x.a=x; w=weakref.ref(x); del x; print('slots', gc.collect(), w())
class L(list): pass
x=L(); x.append(x); x.z=x; del x; print('list sub', gc.collect())
class D(dict): pass
x=D(); x[1]=x; x.z=x; del x; print('dict sub', gc.collect())
class T(tuple): pass
x=T([[]]); x[0].append(x); x.z=x; del x; print('tuple sub', gc.collect())
class E(Exception): pass
x=E(); x.args=(x,); del x; print('exc sub', gc.collect())
x=[]; i=iter(x); x.append(i); del x,i; print('listiter', gc.collect())
x=[]; i=itertools.chain(x); x.append(i); del x,i; print('chain', gc.collect())
x=[]; a,b=itertools.tee(iter([x])); next(a); x.append(b); del x,a,b; print('tee', gc.collect())
x=[]; i=map(str,x); x.append(i); del x,i; print('map', gc.collect())
x=[]; i=enumerate(x); x.append(i); del x,i; print('enum', gc.collect())
x=[]; i=list[x] ; x.append(i); del x,i; print('alias', gc.collect())
x=[]; i=slice(x) ; x.append(i); del x,i; print('slice', gc.collect())
x=[]; i=memoryview(bytearray(3)) ; x.append(x); x.append(i); del x,i; print('mv', gc.collect())
x=[]; i=x.append ; x.append(i); del x,i; print('bm', gc.collect())
class Q:
    def m(s): pass
x=Q(); x.m2=x.m; del x; print('method', gc.collect())
x=Q(); y=super(Q,x); x.s=y; del x,y; print('super', gc.collect())
x=type.__dict__; x=C(); x.p=types.MappingProxyType({1:x}); del x; print('proxy', gc.collect())
x=types.SimpleNamespace(); x.x=x; del x; print('ns',gc.collect())
async def co(): 
    pass
x=[]; 
async def ag():
    yield x
a=ag(); x.append(a); del a,x; print('ag', gc.collect())
x=[]; x.append(staticmethod(x)); x.append(classmethod(x)); del x; print('sm', gc.collect())
x={}; x[1]=x.keys(); x[2]=iter(x.values()); x[3]=x.items(); del x; print('views', gc.collect())
@functools.lru_cache
def lc(a): return lc
lc(1); del lc; print('lru', gc.collect())
print(gc.get_count()[1:], gc.garbage)
print(gc.is_finalized(C()), gc.get_threshold(), gc.isenabled())
a=[]; print([x is a or type(x).__name__ for x in gc.get_referents([a,1,'x'])])
b=[a]; print(any(x is b for x in gc.get_referrers(a)), len(gc.get_objects(0))>0)
gc.freeze(); print(gc.get_freeze_count()>100, gc.get_objects()[:0]); gc.unfreeze(); print(gc.get_freeze_count())
gc.collect(); gc.enable(); gc.set_threshold(100)
n=0
class F:
    def __del__(s):
        global n; n+=1
for i in range(1000):
    f=F(); f.f=f
print(n>800)
