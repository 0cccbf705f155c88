### module
x: int
y: str = "a"
(z): int = 1
(w): int
a.b: int
a.b: int = 2
a[b]: c
a[b:c, d]: e = 1
if x: q: list[int]
while x: r: 1
try: s: int = 3
finally: t: int
with x: u: int
for i in x: v: int
match x:
    case 1: n: int
async_: "str"
### class
class A:
    x: int
    y: B = 1
    if x: z: C
    def f(self, a: x, b: "y" = z) -> A: c: d = e
    class Inner:
        w: x
        v: lambda: x
        u: [x for y in x]
### function
def f():
    x: int
    y: undefined = 1
    (z): int = 2
    a.b: c
    a[b]: c = 1
    return x, y
### future
from __future__ import annotations
x: int
y: List[int] = 1
def f(a: int, *b: *Ts, c: (1 if x else 2) = 3, **d: "q") -> None:
    e: f = 1
class A:
    x: y
    def f(self, __a: __b): pass
    if a: z: {1: 2, **c}
lambda x: 1
def g(a: lambda *b, c=1: d, e: f"{x!r:>{y}}{{}}", g: -x ** -y, h: 1 .real, i: 1e1000, j: (a, *b), k: x[a:b, ::c], l: not (a and b) or c): pass
def h(a: t"x{y}", b: x if y else z, c: [i for i in j if k], d: {**a}, e: f(*a, b=1, **c), f: a @ b // c % d, g: (a < b) < c, h: u'x' 'y'): pass
### conditional class
class A:
    if a:
        x: int
    else:
        y: int = 1
    z: str
    for i in b: w: i
### scopes of annotations
def f(T):
    class A:
        T: int
        x: T
        def m(self, a: T, b: U) -> V: pass
        U = 1
    def g(a: T = T): return lambda: T
    return A
### comprehensions
x: [a for a in b]
y: {a: (lambda: a) for a in b if a}
z: (a for a in b)
class A:
    x: [a for a in b]
    y: [(lambda: a) for a in b]
    z: [x for _ in y]
### conditional only in class
class A:
    with x as y: a: int
class B:
    a: int
