### plain
class A: pass
class B(A, metaclass=M, **kw): x = 1
class C(*bases): "doc"
class D(A, *b, c=1, **d): pass
@dec
class E: pass
### methods
class A(B):
    x = y = 1
    def __init__(self, a): super().__init__(a); self.__p = a
    def f(self): return super().f, super(A, self).g(), super(A, self).h, __class__
    @classmethod
    def c(cls): return super().c(*a)
    def g(*args): super().x(); return super().y
    def h(): super().z
    def i(self, /): super().__class__; super().w = 1; super(a, b, c).d; super(*x).y
    def j(self): super = 1; super.x; super().x
def super_in_function(self): super().x
### nested
class A:
    class B:
        def f(self): return __class__
        class C:
            x = __qualname__
            def g(self): return [__class__ for _ in self]
    y = B.C
### class variables and closures
def f(a):
    class A:
        a = a
        b = a
        def m(self): return a
        c = [a for a in b]
        d = [b for x in b if a]
        e = (lambda: a)
        del a
    return A
### mangling
class __A:
    __x = 1
    def __f(self, __p, *, __q=1): return self.__x, __p, __y.__z, __w__, __f
    import __m, __m.n as __o
    from __p import __q as __r
    global __g
    __g = 2
    class __B(__C): __d = __e
    f(__k=1)
    def g(self): __l: int = 1; del __l; [__i for __i in __j]
    x: __t
    try: pass
    except __E as __v: pass
    match a:
        case __M(__n=__o, p=_) if 0: pass
### mangling patterns
class A:
    def f(self):
        match x:
            case B(__a=__b): return __b
            case {"k": __c, **__d}: pass
            case [__e, *__f] | (__e, __f): pass
### underscores only
class ___:
    __x = 1
    def __f(self): return __y
### attributes in class scope
class A:
    x.y = 1
    x: int
    x.z: int = 2
    x[0]: str
    (w): int
    u: int = 3
    if v: t: int
    for i in j: s: str = 1
