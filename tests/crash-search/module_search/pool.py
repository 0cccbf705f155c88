"""The odd arguments that native modules are called with: plain ones, and objects whose hooks raise or disturb the objects being worked on.

A `Step` is one call under test. It owns the random choices, so that the same seed gives the same call in every Python, and the number of
disturbances that its arguments may still make.
"""

import gc
import io

HUGE = 10**8


class Unhelpful(Exception):
    """Raised by hostile hooks."""


class Step:
    """What hostile objects need to know of the call under way."""

    def __init__(self, random, world):
        self.random = random
        self.world = world
        self.disturbances = 4
        self.depth = 0

    def disturb(self):
        """Calls a method of one of the objects being worked on, from inside a call on them."""
        if self.disturbances <= 0 or self.depth > 1:
            return
        self.disturbances -= 1
        self.depth += 1
        try:
            self._do_something()
        except Exception:
            pass
        finally:
            self.depth -= 1

    def _do_something(self):
        random = self.random
        if random.random() < 0.1:
            gc.collect()
            return
        if not self.world:
            return
        victim = random.choice(self.world)
        names = self.methods_of(victim)
        if not names:
            return
        name = names[int(random.random() * len(names))]
        arguments = [self.argument()[1] for _ in range(random.choice((0, 0, 0, 1, 1, 2)))]
        getattr(victim, name)(*arguments)

    FAVOURITES = (
        "clear", "close", "release", "pop", "append", "detach", "__init__", "__setstate__", "resize", "truncate", "write", "read", "popitem",
        "extend", "insert", "remove", "seek", "cancel", "__delitem__", "__next__", "update", "appendleft", "popleft", "set_result", "unregister",
    )

    def methods_of(self, victim):
        """Names of methods worth calling."""
        found = [it for it in self.FAVOURITES if hasattr(type(victim), it)]
        if not found or self.random.random() < 0.3:
            found = [it for it in sorted(dir(type(victim))) if callable(getattr(type(victim), it, None)) and it not in NEVER]
        return found

    def argument(self):
        """A name and a value: from the pool, or one of the objects at hand."""
        random = self.random
        chance = random.random()
        if self.world and chance < 0.2:
            index = random.randrange(len(self.world))
            return f"world[{index}]", self.world[index]
        if chance < 0.45:
            kind = random.choice(EVIL)
            made = kind(self)
            return f"{kind.__name__}({made.mode})", made
        name, make = random.choice(PLAIN)
        return name, make()


# Methods that no step calls: they end or replace the process, or tell of addresses.
NEVER = {"__subclasshook__", "__init_subclass__", "__class__", "__sizeof__", "__subclasses__", "mro", "__reduce_ex__"}

RAISING = 6


class Hostile:
    """Base of objects with hooks: each hook disturbs, then answers by the object's mode."""

    def __init__(self, step):
        self.step = step
        self.mode = step.random.randrange(10)

    def answer(self, normal, *odd):
        self.step.disturb()
        mode = self.mode
        if mode == RAISING:
            raise Unhelpful("hook")
        if mode > RAISING and odd:
            return self.step.random.choice(odd)
        return normal

    def __repr__(self):
        return type(self).__name__


class EvilNumber(Hostile):
    def __index__(self):
        return self.answer(self.mode, -1, 2**31, 2**63, -(2**63), 2**200, None, 1.5)

    def __int__(self):
        return self.answer(3, 2**64, None)

    def __float__(self):
        return self.answer(1.5, float("nan"), float("inf"), "x", None)

    def __complex__(self):
        return self.answer(1j, complex("nan"), 3)

    def __trunc__(self):
        return self.answer(1, "x")

    def __bool__(self):
        return self.answer(True, False, 2)

    def __round__(self, *rest):
        return self.answer(2, None)


class EvilIterable(Hostile):
    left = 5

    def __iter__(self):
        return self.answer(self, None, 3)

    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return self.answer(self.left, None, self, (1, 2), "x")

    def __len__(self):
        return self.answer(3, -1, 2**62, 2**70, None, HUGE)

    def __length_hint__(self):
        return self.answer(3, -1, 2**62, HUGE, None, NotImplemented)


class EvilSequence(Hostile):
    def __len__(self):
        return self.answer(3, -1, 2**62, 2**70, None, HUGE)

    def __getitem__(self, index):
        if isinstance(index, int) and index > 4:
            raise IndexError
        return self.answer(index, None, self, "x")

    def __contains__(self, item):
        return self.answer(True, None)


class EvilEqual(Hostile):
    def __eq__(self, other):
        return self.answer(True, False, NotImplemented, None, EvilNumber(self.step))

    def __lt__(self, other):
        return self.answer(True, False, NotImplemented, EvilNumber(self.step))

    __gt__ = __le__ = __ge__ = __ne__ = __lt__

    def __hash__(self):
        return self.answer(1, 0, -1, 2**64, None)

    def __add__(self, other):
        return self.answer(self, None, NotImplemented)

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = __iadd__ = __truediv__ = __mod__ = __divmod__ = __add__


class EvilPath(Hostile):
    def __fspath__(self):
        return self.answer("a", b"a", None, "\0", self, "\ud800")

    def fileno(self):
        return self.answer(0, -1, 2**31, 2**70, None, self)


class EvilFile(Hostile):
    closed = False
    encoding = "utf-8"
    errors = None

    def read(self, *size):
        return self.answer(b"", b"abc\r\ndef", "abc", None, b"x" * 5000, 3, self, bytearray(b"q"))

    read1 = readline = readall = read

    def readinto(self, room):
        self.step.world.append(room)
        return self.answer(0, len(room), len(room) + 1, -1, 2**62, None, "x", 2**70)

    readinto1 = readinto

    def write(self, data):
        self.step.world.append(data)
        return self.answer(1, -1, 0, 2**62, None, "x", 2**70)

    def seek(self, *where):
        return self.answer(0, -1, 2**70, None, 5)

    def tell(self):
        return self.answer(0, -1, 2**70, None, 2**62)

    truncate = tell

    def flush(self):
        return self.answer(None, 3)

    close = flush

    def readable(self):
        return self.answer(True, None)

    writable = seekable = isatty = readable

    def fileno(self):
        return self.answer(0, -1, None)


class EvilRaw(EvilFile, io.RawIOBase):
    """A raw stream of Python code, for the buffered types."""

    closed = False

    def __del__(self):
        pass


class EvilCodec(Hostile):
    """Stands for an encoder, a decoder, and a function that gives one."""

    def encode(self, text, *errors):
        return self.answer(b"xy", "xy", None, self, (b"x", 1), ("x", 2**70), (b"", -1))

    def decode(self, data, *errors):
        return self.answer("xy", b"xy", None, self, ("x", 1), ("x", 2**70), ("", -5))

    def getstate(self):
        return self.answer((b"", 0), None, (b"abc", 2**70), (b"x" * 100, -1), (1, 2), ("", 0))

    def setstate(self, state):
        return self.answer(None)

    def reset(self):
        return self.answer(None)


class EvilCall(Hostile):
    def __call__(self, *arguments, **named):
        for it in arguments:
            if len(self.step.world) < 40:
                self.step.world.append(it)
        return self.answer(None, 3, "x", b"x", self, (1, 2), -1, 2**70, NotImplemented, ("", 10**9))

    def __get__(self, instance, owner=None):
        return self.answer(self, None)


class EvilBuffer(Hostile):
    def __buffer__(self, flags):
        return self.answer(memoryview(bytearray(b"abcdefgh")), None, memoryview(b"")[:0], memoryview(b"abcdefgh")[::2], b"abc")

    def __release_buffer__(self, view):
        self.answer(None)


class EvilAttributes(Hostile):
    def __getattr__(self, name):
        if name in ("step", "mode"):
            raise AttributeError(name)
        return self.answer(EvilCall(self.step), None, 3, "x", self, b"x", 2**70)


class EvilMapping(Hostile):
    def keys(self):
        return self.answer(["a", "b"], None, 3, [self])

    def items(self):
        return self.answer([("a", 1)], None, [1], [(1, 2, 3)])

    def __getitem__(self, key):
        if isinstance(key, int) and key > 4:
            raise IndexError
        return self.answer("x", None, 3, self, 0x110000, 2**70)

    def __setitem__(self, key, value):
        return self.answer(None)

    def __delitem__(self, key):
        return self.answer(None)

    def __len__(self):
        return self.answer(2, -1, 2**70)

    def get(self, *rest):
        return self.answer(None, 3, self)


class EvilText(Hostile):
    def __repr__(self):
        return self.answer("EvilText", None, "\ud800", b"x")

    __str__ = __repr__

    def __format__(self, spec):
        return self.answer("EvilText", None)

    def __bytes__(self):
        return self.answer(b"x", None, "x")

    def __reduce_ex__(self, protocol):
        return self.answer("EvilText", (EvilText,), (len, (1,)), (1, 2), (EvilCall(self.step), (), 3, 4, 5, 6), None, ())

    def __getstate__(self):
        return self.answer(None, 3)

    def __setstate__(self, state):
        return self.answer(None)

    def __instancecheck__(self, other):
        return self.answer(True, None)


class EvilTime(Hostile):
    """Acts as a `tzinfo` where one is not checked for."""

    def utcoffset(self, moment):
        return self.answer(None, 3)

    dst = tzname = fromutc = utcoffset

    def as_integer_ratio(self):
        return self.answer((1, 2), None, (1, 0), (1,), ("a", "b"), (2**70, -3))


def _subclass(base, initial):
    """A hostile subclass of a built-in type."""

    class Sub(base):
        def __new__(cls, step):
            made = base.__new__(cls, initial) if initial is not None else base.__new__(cls)
            return made

        def __init__(self, step):
            if base in (list, dict, set, bytearray):
                base.__init__(self, initial)
            self.step = step
            self.mode = step.random.randrange(10)

        answer = Hostile.answer

        def __len__(self):
            return self.answer(base.__len__(self), 0, 2**62, -1)

        def __eq__(self, other):
            return self.answer(base.__eq__(self, other), True, None)

        def __hash__(self):
            return self.answer(5, -1, None)

        def __iter__(self):
            return self.answer(base.__iter__(self), None, self)

        def __getitem__(self, index):
            return self.answer(base.__getitem__(self, index), None, self)

        def __repr__(self):
            return f"Sub{base.__name__}"

    if not hasattr(base, "__iter__"):
        del Sub.__len__, Sub.__iter__, Sub.__getitem__
    Sub.__name__ = Sub.__qualname__ = f"Sub{base.__name__}"
    return Sub


EVIL = [
    EvilNumber, EvilIterable, EvilSequence, EvilEqual, EvilPath, EvilFile, EvilRaw, EvilCodec, EvilCall, EvilBuffer, EvilAttributes,
    EvilMapping, EvilText, EvilTime,
] + [
    _subclass(*it)
    for it in ((int, 7), (str, "sub"), (bytes, b"sub"), (bytearray, b"sub"), (list, [1, 2, 3]), (dict, {"a": 1}), (tuple, (1, 2)), (set, {1}), (float, 1.5))
]  # fmt: skip


def released_view():
    view = memoryview(b"released")
    view.release()
    return view


def own_list():
    it = [1]
    it.append(it)
    return it


def own_dict():
    it = {"a": 1}
    it["self"] = it
    return it


def nested_list():
    it = []
    for _ in range(3000):
        it = [it]
    return it


def exporting_bytearray():
    it = bytearray(b"exporting")
    KEPT.append(memoryview(it))
    return it


def endless():
    number = 0
    while number < 100_000:
        number += 1
        yield number


def few():
    yield 1
    yield 2


def raising():
    yield 1
    raise Unhelpful("generator")


KEPT = []

_TEXTS = [
    "None", "True", "False", "...", "NotImplemented", "0", "1", "-1", "2", "3", "5", "17", "255", "256", "-2", "100", "1000", "65536", "0x10FFFF", "0x110000", "2**31-1", "2**31", "-2**31",
    "2**32", "2**62", "2**63-1", "2**63", "-2**63", "-2**63-1", "2**64", "2**200", "-2**200", "10**8", "10**7", "0.0", "-0.0", "1.5", "-1.5", "1e308", "1e-320", "1e20", "float('nan')", "float('inf')",
    "-float('inf')", "1j", "complex('nan+infj')", "''", "'a'", "'abc'", "'a\\0b'", "'\\ud800'", "'\\U0001f600x'", "'\\xe9'", "'x'*5000", "'%s %d'", "'{}'", "'utf-8'", "'strict'", "'r'", "'w'",
    "'rb'", "'surrogateescape'", "'\\n'", "'\\r\\n'", "'i'", "'d'", "'1.5'", "'__class__'", "'ascii'", "'surrogatepass'", "'a.b'", "b''", "b'a'", "b'abc'", "b'\\0'", "b'\\xff\\xfe'", "b'x'*5000",
    "b'abc\\ndef\\r\\nghi'", "bytearray()", "bytearray(b'abc')", "bytearray(5000)", "exporting_bytearray()", "memoryview(b'abc')", "memoryview(bytearray(b'abcdef'))",
    "memoryview(b'abcdef')[::2]", "memoryview(bytearray(b'abcdef'))[::-1]", "released_view()", "memoryview(b'abcdefgh').cast('I')", "memoryview(b'abcd').cast('B', (2, 2))",
    "memoryview(b'abcdefgh').cast('d')", "memoryview(b'')", "array.array('i', [1, 2, 3])", "array.array('d')", "array.array('w', 'abc')", "[]", "[1, 2, 3]", "['a', 'b']", "[b'a', b'b']", "[None]", "own_list()",
    "nested_list()", "[2**70]", "[1.5, float('nan')]", "list(range(100))", "()", "(1,)", "(1, 2)", "(1, 2, 3)", "('a', 1)", "((1, 2), (3, 4))", "tuple(range(20))", "('127.0.0.1', 0)", "{}", "{'a': 1}", "{1: 2}", "own_dict()",
    "{'a': None, 2: 'b'}", "set()", "{1, 2}", "frozenset()", "range(3)", "range(10**6)", "slice(None)", "slice(1, 2**70, -1)", "few()", "raising()", "endless()", "iter([])", "object()", "object", "int", "type", "str", "dict", "len",
    "lambda *a, **k: None", "lambda *a: a", "lambda x: x", "print", "io.BytesIO(b'abc')", "io.StringIO('abc')", "ValueError('x')", "ValueError", "KeyError", "datetime.date(2000, 1, 2)",
    "datetime.datetime(2000, 1, 2)", "datetime.timedelta(1, 2, 3)", "datetime.timezone.utc", "decimal.Decimal('1.5')", "decimal.Decimal('NaN')", "fractions.Fraction(1, 3)", "types.SimpleNamespace(a=1)", "collections.deque([1, 2])",
    "collections.OrderedDict(a=1)", "re.compile('a')", "weakref.ref(KEPT_TYPE)", "io", "compile('1', '', 'eval')", "super", "property()", "types.MappingProxyType({})",
]  # fmt: skip


def _plain():
    import array
    import collections
    import datetime
    import decimal
    import fractions
    import re
    import types
    import weakref

    names = dict(globals(), KEPT_TYPE=Hostile, **locals())
    return [(it, eval(f"lambda: ({it})", names)) for it in _TEXTS]


PLAIN = _plain()
