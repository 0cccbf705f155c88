import gc, weakref
gc.collect(); gc.disable()
class A:
    def __init__(s,n): s.n=n
    def __del__(s): print('del', s.n, 'plain ref', r and r() and r().n, 'cb ref', rc and rc() and 1, 'inner', s.inner() is not None)
a=A('a'); b=A('b'); a.x=b; b.x=a
a.inner=weakref.ref(b); b.inner=weakref.ref(a, lambda r: print('inner cb'))
r=weakref.ref(a)
rc=weakref.ref(b, lambda w: print('cb', w()))
del a,b
# resurrection
L=[]
class R:
    def __del__(s): L.append(s); print('R del')
x=R(); x.me=x; w=weakref.ref(x); w2=weakref.ref(x,lambda w: print('w2 cb'))
del x; print(gc.collect(), w() is L[0], w2(), gc.is_finalized(L[0])); 
x=L.pop(); del x; print(gc.collect(), w(), w2())
class O:
    def __init__(s,n): s.n=n
    def __del__(s): print('O', s.n, sorted(s.__dict__))
l=[O(i) for i in range(4)]
for i in range(4): l[i].p=l[(i+2)%4]
keep=l[1]
del l; print(gc.collect()); del keep; print(gc.collect())
