def show(function):
    """Prints what a call gives or raises, without addresses."""
    try:
        text = repr(function())
    except BaseException as error:
        text = f"{type(error).__name__}: {error} {getattr(error, '__notes__', '')}"
    print(text.split(" at 0x")[0])
class V:
    def __init__(self,v): self.v=v
    def __add__(self,o): return ('add',self.v,getattr(o,'v',o))
    def __radd__(self,o): return ('radd',self.v,o)
    def __len__(self): return self.v
    def __getitem__(self,i): return ('get',i)
    def __setitem__(self,i,v): print('setitem',i,v)
    def __delitem__(self,i): print('delitem',i)
    def __contains__(self,x): return x==3
    def __iter__(self): return iter([1,2])
    def __call__(self,*a,**k): return (a,k)
    def __bool__(self): return self.v!=0
    def __repr__(self): return f'V({self.v})'
    def __hash__(self): return self.v
    def __eq__(self,o): return isinstance(o,V) and self.v==o.v
    def __lt__(self,o): return self.v<o.v
    def __neg__(self): return 'neg'
    def __pow__(self,o,m=None): return ('pow',o,m)
    def __rpow__(self,o,m=None): return ('rpow',o,m)
    def __iadd__(self,o): return 'iadd'
    def __ipow__(self,o): return 'ipow'
    def __index__(self): return self.v
    def __int__(self): return self.v
    def __float__(self): return 1.5
    def __enter__(self): return self
    def __exit__(self,*a): return True
    def __get__(self,o,t=None): return ('desc',o is None,t.__name__)
v=V(2)
show(lambda: v+1)
show(lambda: 1+v)
show(lambda: v+v)
show(lambda: len(v))
show(lambda: len(V(-1)))
show(lambda: v[1])
show(lambda: v[1:2]); v[1]=5; del v[2]
show(lambda: 3 in v)
show(lambda: 4 in v)
show(lambda: list(v))
show(lambda: v(1,a=2))
show(lambda: bool(v))
show(lambda: bool(V(0)))
show(lambda: v)
show(lambda: hash(v))
show(lambda: v==V(2))
show(lambda: v!=V(2))
show(lambda: v<V(3))
show(lambda: v>V(3))
show(lambda: v<=V(3))
show(lambda: -v)
show(lambda: +v)
show(lambda: v**2)
show(lambda: 2**v)
show(lambda: pow(v,2,3))
show(lambda: pow(2,v,3))
show(lambda: [1,2,3][v])
show(lambda: int(v))
show(lambda: float(v))
show(lambda: range(v))
show(lambda: str(v))
show(lambda: f'{v}')
show(lambda: f'{v:>5}')
x=v; x+=1; print(x)
x=v; x**=1; print(x)
class W: attr=V(1)
show(lambda: W.attr)
show(lambda: W().attr)
with v: 1/0
class E1:
    def __len__(self): return 'x'
    def __bool__(self): return 5
    def __hash__(self): return 'x'
    def __init__(self): return 5
    def __iter__(self): return 5
    def __contains__(self,x): return 1/0
    def __repr__(self): return 5
    def __str__(self): return 5
    def __index__(self): return 'x'
    def __int__(self): return 'x'
    def __float__(self): return 'x'
    def __call__(self): raise KeyError('x')
    def __next__(self): raise StopIteration
show(E1)
e=object.__new__(E1)
show(lambda: len(e))
show(lambda: bool(e))
show(lambda: hash(e))
show(lambda: iter(e))
show(lambda: 1 in e)
show(lambda: repr(e))
show(lambda: str(e))
show(lambda: [][e])
show(lambda: int(e))
show(lambda: float(e))
show(lambda: e())
show(lambda: next(e))
class N1:
    __len__=None; __iter__=None; __contains__=None; __hash__=None; __call__=None; __bool__=None; __add__=None; __getitem__=None; __eq__=None
n=N1()
show(lambda: len(n))
show(lambda: iter(n))
show(lambda: 1 in n)
show(lambda: hash(n))
show(lambda: n())
show(lambda: bool(n))
show(lambda: n+1)
show(lambda: n[0])
show(lambda: n==1)
class L(list):
    def __len__(self): return 7
    def __getitem__(self,i): return 'L'
l=L([1,2])
show(lambda: len(l))
show(lambda: l[0])
show(lambda: l)
show(lambda: list(l))
show(lambda: l+[1]); l.q=5
show(lambda: l.__dict__)
class I(int):
    def __add__(self,o): return 'I+'
    def __new__(cls,v): return super().__new__(cls,v+1)
i=I(4)
show(lambda: i)
show(lambda: i+1)
show(lambda: 1+i)
show(lambda: i*2); i.zz=1
show(lambda: i.__dict__)
show(lambda: type(i))
show(lambda: isinstance(i,int))
class R(int):
    def __radd__(self,o): return 'R radd'
show(lambda: 1+R(2))
show(lambda: R(1)+R(2))
show(lambda: R(1)+2)
class M(type):
    def __call__(cls,*a): return ('M call',a)
    def __getattr__(cls,n): return 'M'+n
    def __len__(cls): return 3
    def __iter__(cls): return iter('abc')
    def __prepare__(name,bases,**k): print('prepare',name,bases,k); return {}
    def __new__(m,n,b,d,**k): print('new',n,sorted(d),k); return super().__new__(m,n,b,d)
    def __init__(c,n,b,d,**k): print('init',n,k)
    def __instancecheck__(c,o): return o==5
    def __subclasscheck__(c,o): return o is int
class X(metaclass=M, opt=1):
    z=1
show(lambda: X(1,2))
show(lambda: X.foo)
show(lambda: len(X))
show(lambda: list(X))
show(lambda: isinstance(5,X))
show(lambda: isinstance(6,X))
show(lambda: issubclass(int,X))
show(lambda: X.z)
class IS:
    def __init_subclass__(cls,**k): print('init_subclass',cls,k)
class IS2(IS,a=1): pass
class SN:
    def __set_name__(self,o,n): print('set_name',o,n)
class SN2: q=SN(); r=SN()
class CG:
    def __class_getitem__(cls,i): return (cls,i)
show(lambda: CG[5])
class D1:
    def __get__(self,o,t): return 'get'
    def __set__(self,o,v): print('set',v)
    def __delete__(self,o): print('delete')
class D2:
    def __get__(self,o,t): return 'nondata'
class DD: a=D1(); b=D2()
d=DD(); d.__dict__['a']=1; d.__dict__['b']=2
show(lambda: d.a)
show(lambda: d.b); d.a=5; del d.a; d.b=7
show(lambda: d.b)
class Del:
    def __del__(self): print('del called')
x=Del(); del x
x=Del(); x=None
def f(): y=Del()
f(); print('after')
class Res:
    def __del__(self): global kept; kept=self; print('res')
Res(); print(type(kept)); kept=None
class Cy:
    a=1
    def __init__(self): self.__class__=Cz
class Cz(Cy): a=2
show(lambda: type(Cy()))
B=type('B',(),{}); C=type('C',(B,),{})
class NB: hello=1
C.__bases__=(NB,)
show(lambda: C.hello)
show(lambda: C.__mro__)
show(lambda: B.__subclasses__())
show(lambda: NB.__subclasses__())
C.__len__=lambda s:9
show(lambda: len(C())); del C.__len__
show(lambda: len(C()))
NB.__len__=lambda s:8
show(lambda: len(C()))
