import _weakref as weakref
def show(function):
    """Prints what a call gives or raises, without addresses."""
    try:
        text = repr(function())
    except BaseException as error:
        text = f"{type(error).__name__}: {error} {getattr(error, '__notes__', '')}"
    print(text.split(" at 0x")[0])
R=weakref.ref
class A: pass
a=A()
show(lambda: R())
show(lambda: R(1,2,3))
show(lambda: R(a,callback=None))
show(lambda: R(5))
show(lambda: R(a,5))
show(lambda: R(a)())
show(lambda: R(a)(1))
show(lambda: R(a)(x=1))
show(lambda: R(a))
show(lambda: R(len))
show(lambda: R(A))
show(lambda: hash(R([])))
show(lambda: R(a).__callback__)
show(lambda: R(a) is R(a))
r=R(a); del a
show(lambda: r)
show(lambda: r())
show(lambda: hash(r))
show(lambda: r==r)
show(lambda: r.__callback__)
show(lambda: r<r)
class B(R): 
    def __init__(self,o,c=None,extra=0): super().__init__(o,c); self.extra=extra
a=A(); b=B(a,None,extra=5)
show(lambda: b.extra)
show(lambda: b() is a)
show(lambda: b is R(a))
show(lambda: a.__weakref__ is R(a))
show(lambda: weakref.getweakrefcount(a))
show(lambda: len(weakref.getweakrefs(a)))
order=[]
r1=R(a,lambda r:order.append(1)); r2=R(a,lambda r:order.append(2)); r3=R(a,lambda r:order.append(3)); del r2
del a; print(order)
show(lambda: b())
P=weakref.ProxyType
a=A(); p=weakref.proxy(a); print(type(p))
show(lambda: P())
show(lambda: repr(p))
show(lambda: hash(p))
show(lambda: str(p))
show(lambda: p+1)
show(lambda: p.zz); p.q=5
show(lambda: a.q)
show(lambda: p is weakref.proxy(a))
show(lambda: p.__class__)
show(lambda: isinstance(p,A))
show(lambda: p==a)
del a
show(lambda: p.x)
show(lambda: repr(p))
show(lambda: bool(p))
class V:
    def __add__(s,o): return 'add'
    def __radd__(s,o): return 'radd'
    def __call__(s,*a,**k): return a,k
    def __getitem__(s,i): return i
    def __len__(s): return 3
    def __contains__(s,x): return True
    def __iter__(s): return iter([1])
    def __iadd__(s,o): return 'iadd'
    def __pow__(s,o,m=None): return 'pow'
    def __index__(s): return 4
    def __int__(s): return 5
    def __float__(s): return 6.0
    def __neg__(s): return 'neg'
v=V(); p=weakref.proxy(v)
print(type(p))
show(lambda: p+1)
show(lambda: 1+p)
show(lambda: p(1,a=2))
show(lambda: p[1])
show(lambda: len(p))
show(lambda: 5 in p)
show(lambda: list(p))
show(lambda: p**2)
show(lambda: int(p))
show(lambda: float(p))
show(lambda: -p)
show(lambda: [1,2,3,4,5][p])
show(lambda: next(p))
x=p; x+=1; print(x)
# __del__ and weakref order
class D:
    def __del__(self): print('del', R(self)() is self)
d=D(); rr=R(d,lambda r:print('cb')); del d
# classes die? weak ref to class
# slots with weakref
class S: __slots__=('__weakref__','x')
s=S()
show(lambda: R(s)() is s)
class S2: __slots__=()
show(lambda: R(S2()))
class L(list): pass
l=L()
show(lambda: R(l)() is l)
class T(tuple): pass
show(lambda: R(T()))
class E(Exception): pass
e=E()
show(lambda: R(e)() is e); e.foo=1
show(lambda: e.__dict__)
def f(): pass
show(lambda: R(f)() is f)
show(lambda: R(int)() is int)
show(lambda: int.__weakref__)
