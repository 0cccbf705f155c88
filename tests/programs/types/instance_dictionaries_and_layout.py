def show(function):
    """Prints what a call gives or raises, without addresses."""
    try:
        text = repr(function())
    except BaseException as error:
        text = f"{type(error).__name__}: {error} {getattr(error, '__notes__', '')}"
    print(text.split(" at 0x")[0])
class A:
    def __init__(self): self.a=1; self.b=2
a=A(); d=a.__dict__
show(lambda: d); a.c=3
show(lambda: d); d['e']=5
show(lambda: a.e); del a.a
show(lambda: d); a.a=9
show(lambda: d)
show(lambda: list(d)); del d['b']
show(lambda: hasattr(a,'b')); d[5]=6
show(lambda: a.__dict__)
show(lambda: a.e)
b=A(); d2=b.__dict__; del b
show(lambda: d2)
b=A(); 
for i in range(60): setattr(b,f'x{i}',i)
show(lambda: len(b.__dict__))
show(lambda: b.x59+b.x0+b.a)
show(lambda: list(b.__dict__)[:4])
c=A()
show(lambda: c.__dict__)
for i in range(60): setattr(c,f'y{i}',i)
show(lambda: (c.y0,c.y59)); del c.y0
show(lambda: hasattr(c,'y0'))
show(lambda: len(vars(c)))
e=A(); e.__dict__={'q':1}
show(lambda: (e.q,hasattr(e,'a'))); e.z=2
show(lambda: e.__dict__)
f=A(); df=f.__dict__; f.__dict__={}
show(lambda: df); f.n=1
show(lambda: (df,f.__dict__))
class B(A): pass
g=A(); g.zz=1; dg=g.__dict__; g.__class__=B
show(lambda: (type(g),g.__dict__, dg is g.__dict__)); g.yy=1
show(lambda: dg)
h=A(); h.__class__=B; h.k=1
show(lambda: h.__dict__)
class K(str): pass
k=K('x'); k.a=1
show(lambda: (k,k.__dict__,k+'y'))
class Tu(tuple): pass
u=Tu((1,2)); u.a=1
show(lambda: (u,u.__dict__))
class In(int): pass
n=In(2**100); n.a=1
show(lambda: (n,n.__dict__))
class Di(dict): pass
n=Di(a=1); n.q=1
show(lambda: (n,n.__dict__))
class Ex(Exception): pass
n=Ex(1,2); n.q=1
show(lambda: (n,n.__dict__,n.args))
class Fl(float): pass
n=Fl(1.5); n.q=1
show(lambda: (n,n.__dict__))
class Ty(type): pass
n=Ty('n',(),{}); n.q=1
show(lambda: (n.q,type(n)))
class By(bytes): pass
n=By(b'abc'); n.q=1
show(lambda: (n,n.__dict__))
class Sl: __slots__=('a','b','__dict__')
s=Sl(); s.a=1; s.c=2
show(lambda: (s.a,s.__dict__))
show(lambda: s.b)
class S2(Sl): __slots__=('d',)
s=S2(); s.d=1; s.a=2; s.zz=3
show(lambda: (s.d,s.a,s.__dict__))
class Mangle:
    __slots__=('__x','y')
    def __init__(self): self.__x=1
show(lambda: Mangle()._Mangle__x)
show(lambda: Mangle.__slots__)
show(lambda: sorted(k for k in Mangle.__dict__ if 'x' in k))
class Dc:
    'doc here'
    __slots__={'a':'doc a'}
show(lambda: Dc.__doc__)
show(lambda: Dc.a.__doc__)
show(lambda: Dc.__slots__)
class Prop:
    def __init__(self): self._v=0
    @property
    def v(self): return self._v
    @v.setter
    def v(self,x): self._v=x
    @v.deleter
    def v(self): print('deleted')
p=Prop(); p.v=5
show(lambda: p.v); del p.v
class MyProp(property):
    'mp'
show(lambda: MyProp(lambda s:1,doc='d').__doc__)
class ABC(type):
    pass
class Abs:
    __abstractmethods__=frozenset(['foo','bar'])
show(lambda: Abs())
Abs2=type('Abs2',(),{}); Abs2.__abstractmethods__=frozenset(['foo'])
show(lambda: Abs2()); Abs2.__abstractmethods__=frozenset(['foo','bar'])
show(lambda: Abs2()); del Abs2.__abstractmethods__
show(lambda: type(Abs2()))
class Base:
    def f(self): return 'Base.f'
    @classmethod
    def cm(cls): return cls
    @staticmethod
    def sm(): return 'sm'
class L(Base):
    def f(self): return 'L'+super().f()
    @classmethod
    def cm(cls): return ('L',super().cm())
class Rr(Base):
    def f(self): return 'R'+super().f()
class LR(L,Rr):
    def f(self): return 'LR'+super().f()
    @staticmethod
    def sm(): return 'x'+super(LR,LR).sm()
show(lambda: LR().f())
show(lambda: LR.cm())
show(lambda: LR.sm())
show(lambda: LR.__mro__)
class Meta(type):
    def mro(cls): return [cls,Base,object]
class WM(metaclass=Meta): pass
show(lambda: WM.__mro__)
show(lambda: WM().f())
class BadM(type):
    def mro(cls): return [cls,5]
show(lambda: BadM('x',(),{}))
class BadM2(type):
    def mro(cls): return [cls,int]
show(lambda: BadM2('x',(),{}))
class GA:
    def __getattr__(self,n):
        if n=='a': return 1
        raise AttributeError(n)
show(lambda: getattr(GA(),'b',5))
show(lambda: hasattr(GA(),'a'))
show(lambda: hasattr(GA(),'b'))
show(lambda: GA().b)
class Pe:
    @property
    def x(self): raise AttributeError('inner')
show(lambda: getattr(Pe(),'x',7))
show(lambda: Pe().x)
show(lambda: hasattr(Pe(),'x'))
class Cnt:
    n=0
    def __eq__(self,o): Cnt.n+=1; return NotImplemented
show(lambda: Cnt()==Cnt())
show(lambda: Cnt.n)
show(lambda: Cnt()!=1)
class Ne:
    def __ne__(self,o): return 'ne'
show(lambda: Ne()!=1)
show(lambda: Ne()==1)
class Hs:
    def __hash__(self): return 2**70
show(lambda: hash(Hs())==hash(2**70))
class Hm:
    def __hash__(self): return -1
show(lambda: hash(Hm()))
class Ln:
    def __len__(self): return 2**70
show(lambda: len(Ln()))
show(lambda: bool(Ln()))
show(lambda: type('X',(),{}).__module__)
show(lambda: type('X',(),{'__module__':'mm'}))
class Q:
    class R: pass
show(lambda: Q.R)
show(lambda: Q.R())
show(lambda: Q.R.__qualname__)
def func():
    class Loc: pass
    return Loc
show(func)
show(lambda: func().__qualname__)
show(lambda: object.__init_subclass__())
show(lambda: type.__prepare__())
show(lambda: type.__prepare__('a',(),x=1))
class OldS:
    def __reduce__(self): return 'x'
show(lambda: OldS().__reduce_ex__(2))
show(lambda: int.__class__)
show(lambda: type.__class__)
show(lambda: type(type))
show(lambda: int.__name__)
show(lambda: int.__qualname__)
show(lambda: int.__module__)
show(lambda: int.__base__)
show(lambda: object.__base__)
show(lambda: bool.__mro__)
show(lambda: object.__subclasses__()[:0])
show(lambda: type.mro(int))
show(lambda: int.mro())
show(lambda: isinstance(1,(str,(int,))))
show(lambda: issubclass(bool,int))
show(lambda: issubclass(1,int))
show(lambda: isinstance(1,5))
show(lambda: A.__init__)
show(lambda: A.__eq__)
show(lambda: A().__eq__)
show(lambda: A.__str__)
show(lambda: A().__init__)
