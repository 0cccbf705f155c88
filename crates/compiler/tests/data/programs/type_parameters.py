### functions
def f[T](a: T) -> T: return a
def g[T: int, *Ts, **P](a: T, *b: *Ts, **c: P.kwargs) -> T: pass
def h[T: (int, str) = int](a=1, *, b: T = 2): return T
async def i[T = int, *Ts = *tuple[int], **P = [int]](x: T = d): yield T
@dec
def j[T](): return lambda: T
def k[T](a, b=1): pass
def l[T](*, a=1): pass
### classes
class A[T]: pass
class B[T: int, *Ts, **P](A[T], metaclass=M): x: T
class C[T](A, *b, **c):
    def f[U](self, x: T, y: U) -> C[T]: return T, U, __class__
@dec
class D[T]:
    "doc"
    class E[V](D[T]): y: (T, V)
    type Alias[W] = dict[T, W]
### aliases
type X = int
type Y[T] = list[T]
type Z[T: X, *Ts = *Y, **P = [int]] = Callable[P, tuple[T, *Ts]]
class A:
    type X = B
    type Y[T] = A[T, B]
    B = 1
def f(a):
    type X = a
    type Y[T] = (a, T)
    return X
### nested scopes
class A[T]:
    def f(self):
        def g[U: T](x: U): return T, U
        return g
    x = [T for _ in y]
    y = lambda: T
def outer[T]():
    class Inner[U]:
        def m[V](self: T, a: U, b: V): return T, U, V
    return Inner
### private names
class A[__T]:
    __x: __T
    def f[__U](self, a: __T, b: __U): return __T, __U
    class __B[__V](__W): pass
### comprehensions in bounds
def f[T: [x for x in y]](a: [x for x in T]): pass
class A:
    def g[T: [x for x in A]](self, a: {x: A for x in T}): pass
    type X[T: (lambda: A)] = [A for _ in T]
### with locals of function
def f(x):
    def g[T: x](a: T = x, *, b=x) -> x: return x
    class A[T: x](x): y = x
    type B[T: x] = x
