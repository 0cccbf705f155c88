### e1
return 1
### e2
class A:
    return
### e3
yield 1
### e4
class A: yield
### e5
await x
### e6
def f(): await x
### e7
async def f(): yield from x
### e8
break
### e9
continue
### e10
for x in y:
    def f(): break
### e11
def f():
    x = 1
    global x
### e12
def f():
    print(x)
    nonlocal x
### e13
def f(x):
    global x
### e14
def f(x):
    nonlocal x
### e15
def f():
    x: int
    global x
### e16
def f():
    global x
    x: int = 1
### e17
nonlocal x
### e18
def f():
    nonlocal x
### e19
def f():
    global x
    nonlocal x
### e20
def f(x, x): pass
### e21
def f(x, *, x): pass
### e22
lambda x, *x: 1
### e23
def f[T, T](): pass
### e24
class A[T: (yield)]: pass
### e25
type X = (yield)
### e26
type X = (await x)
### e27
type X[T: (x := 1)] = 1
### e28
type X[T = (x := 1)] = 1
### e29
type X[*T = (x := 1)] = 1
### e30
type X[**T = (yield)] = 1
### e31
def f[T](x: (y := 1)): pass
### e32
def f(x: (yield)): pass
### e33
x: (await y)
### e34
class A[T]((x := 1)): pass
### e35
[x := 1 for x in y]
### e36
[y := 1 for x in (y := z)]
### e37
[(x := 1) for y in z for x in w]
### e38
class A:
    [x := 1 for y in z]
### e39
def f():
    [x := 1 for y in (lambda: (q := 1))]
### e40
[[(j := 0) for i in range(5)] for j in range(5)]
### e41
[[(j := 0) for j in range(5)] for i in range(5)]
### e42
type X = [x := 1 for y in z]
### e43
type X[T: [x := 1 for y in z]] = 1
### e44
def f[T: int](x = [y := 1 for z in w]): pass
### e45
class A[T]([x := 1 for y in z]): pass
### e46
async def f():
    def g(): [x async for x in y]
### e47
[x async for x in y]
### e48
def f(): (x async for x in y)
### e49
async with x: pass
### e50
def f():
    async for x in y: pass
### e51
def f():
    from x import *
### e52
class A:
    from x import *
### e53
__debug__ = 1
### e54
del __debug__
### e55
x.__debug__ = 1
### e56
f(__debug__=1)
### e57
def f(__debug__): pass
### e58
import __debug__
### e59
match x:
    case A(__debug__=1): pass
### e60
for __debug__ in x: pass
### e61
x.__debug__
### e62
f(a=1, b=2, a=3)
### e63
class A(x=1, x=2): pass
### e64
match x:
    case y: pass
    case 1: pass
### e65
match x:
    case _: pass
    case 1: pass
### e66
match x:
    case (y, y): pass
### e67
match x:
    case y | 1: pass
### e68
match x:
    case (1 as y) | (2 as z): pass
### e69
match x:
    case [*a, *b]: pass
### e70
match x:
    case {1: a, 1: b}: pass
### e71
match x:
    case A(x=1, x=2): pass
### e72
match x:
    case {"a": a, 'a': b}: pass
### e73
match x:
    case {1: a, True: b}: pass
### e74
match x:
    case {1: a, 1.0: b, **rest}: pass
### e75
a, *b, *c = d
### e76
*a = b
### e77
*a
### e78
f = *a, = b
### e79
try: pass
except: pass
except A: pass
### e80
def f():
    try: pass
    except* A: return
### e81
for x in y:
    try: pass
    except* A: break
### e82
for x in y:
    try: pass
    except* A:
        for z in w: break
        continue
### e83
async def f():
    yield
    return 1
### e84
def f():
    [(yield x) for x in y]
### e85
def f():
    {(yield x): 1 for x in y}
### e86
def f():
    {(yield from x) for x in y}
### e87
def f():
    ((yield x) for x in y)
### e88
class A:
    def f():
        global __x
        __x = 1
        nonlocal __x
### e89
def f[T]():
    nonlocal T
### e90
def f[T]():
    def g():
        nonlocal T
### e91
class A[T]:
    def g():
        nonlocal T
### e92
class A[__classdict__]: pass
### e93
class A[T = int, U]: pass
### e94
def f[T = int, *U](): pass
### e95
type X[T = int, **U] = 1
### e96
class A:
    class __B[__T]:
        def f(self): return __T, __B
    def g[__U: __V](self, __w: __U = __x) -> __y: return __U
    type __Z[__q] = __q
### e97
def f():
    def g():
        global x
        def h():
            nonlocal x
### e98
with a:
 with a:
  with a:
   with a:
    with a:
     with a:
      with a:
       with a:
        with a:
         with a:
          with a:
           with a:
            with a:
             with a:
              with a:
               with a:
                with a:
                 with a:
                  with a:
                   with a:
                    with a:
                     with a:
                      pass
### e99
from __future__ import nope
### e100
x = 1
from __future__ import division
### e101
from __future__ import braces
### e102
def f():
    from __future__ import division
### e103
"doc"; from __future__ import annotations; x: (yield)
### e104
from __future__ import annotations
def f(x: (y := 1)): pass
### e105
from __future__ import annotations
class A:
    x: (await z)
### e106
def f(a, b):
    x: (yield) = 1
### e107
def f(): x: (await y)
### e108
class A: x: (y := 1)
### e109
def f(*, __debug__=1): pass
### e110
with x as __debug__: pass
### e111
try: pass
except A as __debug__: pass
### e112
def f():
    global x, y
    def x(): pass
    class y: pass
    class z:
        def x(): pass
        global w
        def w(): pass
### e113
match x:
    case {1e30: c, 1000000000000000019884624838656: d}: e
### e114
match x:
    case {1+0j: c, 1: d}: e
### e115
match x:
    case {-0.0: c, 0: d}: e
