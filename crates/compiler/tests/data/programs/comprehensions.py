### module level
a = [x for x in y]
b = {x for x in y if x if z}
c = {x: w for x, w in y}
d = (x for x in y)
e = [x for x in y for z in x if z for w in [z]]
f = [[x for x in y] for y in z]
g = [lambda: x for x in y]
h = [y for x in z if (y := x)]
i = [x for x in (yy for yy in z)]
j = [(a, b) for a, *b in c]
k = [x for x.a in y]
l = [x for x[0] in y]
m = {**{k: v for k, v in x}}
n = [x for x in y if not x and z or w]
### in functions
def f(x, y):
    a = [x for x in y]
    b = [x + z for z in y for x in z]
    c = [lambda: x for x in y]
    d = [lambda: (y, q) for q in x]
    e = {x: [x for x in y] for x in y}
    return a, x, [w := x for x in y], w
def g():
    [x for x in y]
    x = 1
    return lambda: x
def h():
    x = 1
    return [[x, (lambda: x)] for x in x]
### in classes
class A:
    a = 1
    b = [a for _ in c]
    d = [x for x in a]
    e = [[x, y] for x in a for y in b]
    f = [lambda: x for x in a]
    g = {x: (y for y in x) for x in a}
    __h = [__i for __i in __j]
### async
async def f():
    a = [x async for x in y]
    b = {x async for x in y if await x}
    c = {x: y async for x, y in z}
    d = (x async for x in y)
    e = [await x for x in y]
    g = [[x async for x in y] for y in z]
    h = [x for y in z async for x in y]
    i = [[w for w in x] async for x in y if [z async for z in x]]
    return (await x for x in y), [(x async for x in y) for y in z]
### multi line
x = [
    a
    for a
    in b
    if
    a
]
y = {
    a:
    b
    for a, b in c
}
### one element iterables
[y for x in z for y in [x]]
[y for x in z for y in (x,)]
[y for x in z for y in [*x]]
[y for x in z for y in [x, w]]
[y for y in [x]]
(y for x in z for y in [f(x)] for w in (y,))
### nested functions
def f():
    def g(): return [x for x in y if z]
    z = 1
    return [g for g in y], {z: g for g in y}
### generator functions
any(x for x in y); all(x for x in y); tuple(x for x in y); list(x for x in y); set(x for x in y); sum(x for x in y)
def f(s):
    return any(x for x in s) and all(not x for x in s) or tuple(x for x in s if x)
def g(any): return any(x for x in y), any((x for x in y), z), any(*x), all(x for x in y if any(z for z in x))
async def h(): return any(x async for x in y), tuple([x async for x in y] for z in w)
if any(x for x in y): pass
while not all(
    x
    for x in y): pass
