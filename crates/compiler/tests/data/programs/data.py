### displays
[]; (); {}; [1]; (1,); {1}; {1: 2}
[a, b]; (a, b); {a, b}; {a: b, c: d}
[*a]; (*a,); {*a}; {**a}
[a, *b, c]; (a, *b, c); {a, *b, c}; {a: b, **c, d: e, **f}
[1, 2, 3]; [1, 2]; (1, 2, 3); {1, 2, 3}; {1: 2, 3: 4}
[1, a]; (1, a)
x = *a, b
x = [*a, *b]
x = {'a': 1, 'b': 2, **c}
### constants
1; -1; 1.5; 1j; 'a'; b'b'; None; True; ...; (1, (2, 'x', None)); -0.0; 1e100
x = (1, 1.0, True, 0, -0.0, 0.0, False, 1j, 'a', b'a')
x = 10 ** 20; y = 1 + 2 * 3; z = 'a' * 5; w = (1, 2) + (3,); v = -5 // 2; u = 2 ** -1; t = 1 << 40
x = 'a' 'b'; y = 'abc'[1]; z = (1, 2, 3)[1]; w = not 1; v = ~5; u = +5
x in [1, 2, 3]; x in {1, 2, 3}; x not in (1, 2); x in [a, 1]
for x in [1, 2]: pass
for x in {1, 2}: pass
255; 256; -5; -6; 1000000000000000000000
### subscripts
a[b]; a[1]; a[b:c]; a[1:2]; a[:]; a[b:]; a[:b]; a[b:c:d]; a[1:2:3]; a[::]; a[b, c]; a[b:c, d]; a[*b]; a[*b, c]; a[()]
a[b] = c; a[b:c] = d; a[1:2] = e; a[:] = f; a[b:c:d] = g; a[::2] = h; a[b, c:d] = i
a[b:c] += d; a[1:2] += e; a[b] += c; a[b, c] += d; a[:b] -= c; a[::b] *= c
a[
  b
]
a[b:
  c]
a[-1]; a[None:None]; a['x']; a[b][c][d]
### big displays
[a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a]
(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a)
{a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a}
{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12, m: 13, n: 14, o: 15, p: 16}
{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12, m: 13, n: 14, o: 15, p: 16, q: 17, **r, s: 1}
[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]
{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32}
### assignment
a = b = c
a, b = c
[a, b] = c
a, *b = c
*a, b = c
a, (b, *c), [d] = e
a.b, c[d] = e
a, b = b, a
a, b, c = c, b, a
a += b; a -= b; a *= b; a /= b; a //= b; a %= b; a **= b; a @= b; a &= b; a |= b; a ^= b; a <<= b; a >>= b
a.b += c
a.b.c[d].e -= f
(a) = b
(a := b)
print(a := 1, (b := 2))
x = (a.b
     .c) = d
a = (
  b
)
### operators
a + b - c * d / e // f % g ** h @ i & j | k ^ l << m >> n
-a; +a; ~a; not a
a < b; a <= b; a == b; a != b; a > b; a >= b; a is b; a is not b; a in b; a not in b
(a +
 b) * (
 c)
### imports
import a
import a.b
import a.b.c
import a as b
import a.b as c
import a.b.c as d
import a, b.c, d as e
from a import b
from a import b as c, d
from a.b import (c, d as e)
from . import a
from .. import a as b
from .a import b
from ...a.b import c
from a import *
from . import *
def f():
    import a.b.c
    from a import b
    global c
    import c
### names
def f():
    global a
    a = b
    c = a
    del a
    b += 1
    return c, b, d
a; a = 1; del a
class A:
    global b
    a; a = 1; b; b = 1; del a, b
    def f(): return a, b
