### if
if a: b
elif c: d
elif e: f
else: g
if a and b or not c: d
if a if b else c: d
if not a: b
if a < b < c: d
if not (a < b < c): d
if a in b is not c: d
if (a and b) or (c and d) and not (e or f): g
if 1: a
if 0: a
else: b
if None: a
if "": a
if a:
    pass
if x:
    if y: z
    else: w
else:
    if v: u
### loops
for a in b: c
else: d
for a, b in c:
    if d: break
    if e: continue
else: f
while a:
    if b: break
    continue
else: c
while True: a
while not a or b: c
for (
    a
) in (
    b
): c
for a in b:
    for c in d:
        if e: break
    else: continue
    break
for x in (1, 2, 3): pass
for x in [1, 2, 3]: y
while 1:
    if a: break
else: b
for a[0], b.c in d: pass
### async loops
async def f():
    async for a in b:
        if c: break
        if d: continue
        return e
    else: g
    async for a.b, c[d] in e: pass
### expressions
a = b if c else d
a = b if c and d else e if f or g else h
a = b and c or d
a = not b
a = not (b and c)
a = b < c < d
a = (b < c) < d
a = b == c != d >= e
a = b is c is not d in e not in f
a = (b or c) and (d or e)
a = b if not c else d
x = (a
     and b
     or
     c)
y = (a
     if b
     else c)
z = (a <
     b <
     c)
### assert
assert a
assert a, b
assert a and b, c
assert not a
assert a < b < c, (d,
                   e)
assert (
    a
), b
def f(): assert 0; assert False, "x"
### pass and constants
pass
1
"a"
None
...
x
-1
1, 2
### del
del a
del a, b
del (a, b), [c, d]
del a.b, a[b], a[b:c], a[:], a[b:c:d], a[1:2]
def f(): del x; x = 1; del x
### raise
raise
raise a
raise a from b
raise A(1) from None
### with
with a: b
with a as b: c
with a as (b, c), d as e.f, g as h[0]: i
with (a as b, c): d
with a, b:
    c
    d
def f():
    with a as b:
        return b
    with c:
        with d: pass
### async with
async def f():
    async with a: b
    async with a as b, c as d: return e
    for x in y:
        async with z:
            if x: break
            continue
### long elif
if a0: b
elif a1: b
elif a2: b
elif a3: b
elif a4: b
elif a5: b
else: c
def f():
    if a: return 1
    elif b: return 2
    else: return 3
