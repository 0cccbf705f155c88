"""What instructions become when they have run a few times, for many kinds of operands."""
import collections
import datetime
import dis
import enum
import functools
import math
import operator
import re
import sys
import types


class Plain:
    def __init__(self, a=1): pass
    def m(self, a=1): pass
    def __call__(self): pass
    @property
    def p(self): return 1
    @classmethod
    def c(cls): pass
    @staticmethod
    def s(): pass


class Slots:
    __slots__ = ("a",)
    def __init__(self, a=1): pass


class Empty: k = 1
class Meta(type):
    def mm(cls): pass
class WithMeta(metaclass=Meta):
    k = 1
    def __init__(self): pass
class Error(Exception): pass
class New:
    def __new__(cls): return object.__new__(cls)
class Dict(dict):
    def __init__(self): super().__init__()
    def q(self): return super().__len__
class Overridden:
    def __getattribute__(self, name): return name
class Holder: x = Empty()
class Shade(enum.Enum): RED = 1


instance, method, bound, holder = Plain(), Plain().m, Plain(), Holder()
bound.m = Plain.m.__get__(bound)
PROGRAMS = r"""
Plain() | Plain(1) | Plain(1, 2) | Slots() | Empty() | WithMeta() | Error() | New() | Dict() | Exception() | ValueError('x') | list() | dict() | dict(a=1)
int('1') | str() | str(1) | str('1', 'x') | tuple() | tuple([]) | type(1) | type('a', (), {}) | object() | set() | range(3) | enumerate([]) | zip() | bytes()
bytearray() | super(Dict, Dict()) | property() | slice(1) | memoryview(b'') | map(str, []) | bool(1) | frozenset() | instance.m() | instance.m(a=1)
instance.c() | Plain.c() | instance.s() | instance() | method() | method(1) | method(a=1) | method(1, a=2) | bound.m() | instance.p | Overridden().x
Empty.k | WithMeta.k | WithMeta.mm | WithMeta.mm() | WithMeta.__name__ | object.__new__ | type.__new__ | type.mro(int) | int.__add__(1, 2) | Plain.m | Plain.c
Plain.p | Holder.x | holder.x | Shade.RED | Shade.RED.value | math.pi | [].append(1) | [1].pop() | [].sort() | [].sort(key=None) | 'a'.join([])
'a'.format(1) | 'a'.split() | {}.get(1) | {}.update() | {}.items() | print | len('') | isinstance(1, int) | sorted([]) | sorted([], key=None) | getattr(1, 'real')
max(1, 2) | sum([]) | abs(1) | functools.partial(len)('') | operator.itemgetter(1)([1, 2]) | re.compile('').match('') | datetime.date(2000, 1, 1)
datetime.date.today() | math.sqrt(1) | math.hypot(1) | exec('') | dir() | vars() | globals() | str.upper('a') | (1).__add__(2) | list.append([], 1)
l = [1]; l.append(1) | l = [1]; l[0] | l = [1]; l[-1] | l = (1, l0); l[-1] | l = (1, l0); l[0] | l = 'abc'; l[0] | l = 'abc'; l[-1] | l = [1]; l[0] = 1
l = [1]; l[-1] = 1 | l = {}; l[-1] = 1 | a = 1; a + a * a - a | a = 2**40; a + a * a - a | a = 1.0; a + a * a - a | a = 1.0; a + 1 | a = True; a + a
a = 'x'; a += a | a = 'x'; b = a + a | not l0 | not [] | a = 0; not a | a = ''; not a | not instance | not Empty | a = object(); not a | not len
a = 1; a == a | a = 1.0; a == a | a = 'x'; a == a | a = 2**40; a == a | a = 1; a in {a} | a = 1; a in {a: 1} | a = 1; a in [a] | a, b = 1, l0 | a = [1, 2]; b, c = a
"""


def names(function):
    wanted = "CALL ATTR BINARY_OP TO_BOOL CONTAINS COMPARE UNPACK SUBSCR GLOBAL CONST".split()
    return [it.opname for it in dis.get_instructions(function, adaptive=True) if any(word in it.opname for word in wanted)]


def run(function, times):
    for _ in range(times):
        try:
            function()
        except TypeError:
            pass


for line in PROGRAMS.strip().splitlines():
    for text in line.split(" | "):
        namespace = dict(globals())
        exec(f"def function(l0=None): {text}", namespace)
        run(namespace["function"], 3)
        print(text, *names(namespace["function"]))
run(Dict, 3)
run(Dict().q, 3)
print(*names(Dict.__init__), *names(Dict.q))


def call(it): it()
def truth(it): not it


# What misses becomes something else when the counter has run down.
for function, first, second in ((call, len, Plain), (call, Plain, len), (call, method, Empty), (call, Empty, instance.m), (truth, 1, ""), (truth, None, [])):
    copy = types.FunctionType(function.__code__.replace(), globals())
    run(lambda: copy(first), 3)
    before = names(copy)
    run(lambda: copy(second), 20)
    middle = names(copy)
    run(lambda: copy(second), 60)
    print(*before, *middle, *names(copy))
# A changed `__init__` takes other arguments.
class Changing:
    def __init__(self, a): self.a = a
def make(): return Changing(1)
run(make, 5)
Changing.__init__.__code__ = (lambda self, a, b, c=3: None).__code__
try:
    make()
except TypeError as error:
    print(error)
Changing.__init__.__defaults__ = (2, 3)
print(vars(make()))
