### defaults and annotations
def f(a, b=1, /, c: int = 2, *args: x, d, e: y = 3, **kw: z) -> w: return a
def g(*, a=1, b): pass
def h(*args: *Ts): pass
@dec1
@dec2(x)
def i(): "doc"
def j(): "doc"; return
def k(a=(1, 2), *, b=[3]): return lambda c, d=a, *, e=b: (c, d, e)
### docstrings
def f():
    """First.

        Indented.
      Less.
    \ttab
    """
def g():
    "  leading\tspaces"
class A:
    """
    Doc of class
      more
    """
def h():
    f"no docstring"
def i():
    b"no docstring"
def j():
    ("parenthesized"
     " docstring")
    x
def k(): "é\tx\n\té"
### closures
def outer(a, b):
    c = a
    def inner(d):
        nonlocal c
        c = d
        def innermost():
            return a, c, d
        return innermost
    return inner, lambda: (b, c)
def counter():
    x = 0
    def f(): nonlocal x; x += 1; del x
    return f
### generators and coroutines
def g():
    x = yield
    y = yield 1, 2
    z = yield from x
    return z
async def c():
    await a
    return [x async for x in y if await x]
async def ag():
    yield 1
    await x
    async for i in ag(): yield i
    async with a as b, c: yield b
    return
def gen_lambda(): return lambda: (yield)
async def nested():
    return {await x: await y for x in z}, (await x for x in y), {x async for x in y for z in await w}
### decorated and nested
class A:
    @property
    def x(self): return self._x
    @x.setter
    async def x(self, v, *, __k=1): self.__x = v; return __k
    @staticmethod
    def f(): return super
### multi line
@dec(
    1,
)
def f(a,
      b=2,
      *,
      c: int
      = 3) -> (
          int):
    return (
        a +
        b
    )
### lambdas
f = lambda: 0
g = lambda *a, **k: (a, k)
h = lambda x, /, y, *, z=1: lambda: x + y + z
i = lambda: (yield 1)
### global functions
def f():
    global g, A
    def g():
        def inner(): pass
    class A:
        def m(self): pass
### returns
def f(x):
    return
    return 1
    return (1,
            2)
    return None
    return (
        x
    )
    return (
        1
    )
def g():
    with a: return 1
    with a, b as c: return x
    try: return 1
    finally: print(2)
    for x in y:
        try: return x
        except A as e: return e
        finally: return 3
### deep frames
def f():
    for a in b:
        while c:
            with d:
                try:
                    if e: continue
                    if f: break
                    return g
                except h as i:
                    if j: continue
                    if k: break
                    return l
                else:
                    continue
                finally:
                    if m: return n
        else:
            continue
        break
### static attributes
class A:
    def f(self):
        self.b = 1
        self.a, self.c[0], *self.d = x
        for self.e in y: pass
        with z as self.f: pass
        self.g += 1
        self.h: int = 2
        self.i: int
        other.j = 3
        (self).k = 4
        del self.l
        def inner(self): self.m = 5
        lambda: [self.n for self.n in x]
