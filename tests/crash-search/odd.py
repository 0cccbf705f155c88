"""Odd objects for the crash search: what both of its searchers (calls.py, chains.py) draw arguments from.

Every odd object is written as an expression, so that a finding can be read and repeated. `World` evaluates such expressions; the
evil objects that it makes act on the world's victims (the receiver and the arguments of the call that is tried) in the middle of it.
"""
import gc
import sys
import types
import weakref

# Which special methods an evil object of each kind has.
KINDS = {
    "index": ["__index__"],
    "int": ["__int__", "__trunc__"],
    "float": ["__float__"],
    "complex": ["__complex__"],
    "bool": ["__bool__"],
    "len": ["__len__"],
    "hint": ["__iter__", "__next__", "__length_hint__"],
    "iter": ["__iter__"],
    "next": ["__iter__!", "__next__"],
    "eq": ["__eq__", "__hash__!"],
    "hash": ["__eq__!", "__hash__"],
    "order": ["__lt__", "__le__", "__gt__", "__ge__"],
    "item": ["__len__", "__getitem__"],
    "setitem": ["__setitem__", "__delitem__", "__contains__"],
    "mapping": ["keys", "__getitem__"],
    "items": ["items", "keys", "__getitem__"],
    "get": ["__getattr__"],
    "getall": ["__getattribute__"],
    "setattr": ["__setattr__", "__delattr__"],
    "call": ["__call__"],
    "text": ["__str__", "__repr__", "__format__"],
    "bytes": ["__bytes__"],
    "path": ["__fspath__"],
    "buffer": ["__buffer__", "__release_buffer__"],
    "release": ["__buffer__!", "__release_buffer__"],
    "number": ["__add__", "__sub__", "__mul__", "__or__", "__and__", "__xor__", "__pow__", "__mod__", "__lshift__",
               "__radd__", "__rsub__", "__rmul__", "__ror__", "__rand__", "__rxor__", "__rpow__", "__rmod__", "__divmod__",
               "__truediv__", "__floordiv__", "__matmul__", "__neg__", "__abs__", "__invert__", "__round__"],
    "inplace": ["__iadd__", "__ior__", "__iand__", "__isub__", "__ixor__", "__imul__"],
    "check": ["__instancecheck__", "__subclasscheck__"],
    "entries": ["__mro_entries__"],
    "descriptor": ["__get__", "__set__", "__delete__"],
    "name": ["__set_name__"],
    "await": ["__await__"],
    "aiter": ["__aiter__", "__anext__"],
    "enter": ["__enter__", "__exit__"],
    "reduce": ["__reduce_ex__", "__reduce__", "__getstate__"],
    "reversed": ["__reversed__"],
    "sizeof": ["__sizeof__", "__dir__"],
    "del": ["__del__"],
    "class": ["__class__"],
    "dict": ["__dict__"],
    "abstract": ["__isabstractmethod__", "__bases__", "__name__"],
}
LOOPING = {"__next__": StopIteration, "__getitem__": IndexError, "__anext__": StopAsyncIteration}
ACTIONS = ["nothing", "shrink", "grow", "spin", "again", "raise", "drop"]
RESULTS = ["None", "0", "1", "-1", "3", "2**63", "2**1000", "'x'", "b'xyz'", "me", "NotImplemented", "True", "iter([1, 2])", "[]", "(1, 2)",
           "1.5", "nan", "{}", "int", "victim", "memoryview(b'abc')", "'\\ud800'", "('a', 1)", "lambda *a: me", "lists()"]

SAMPLES = {
    "object": ["object()", "Plain()"],
    "int": ["0", "1", "-1", "7", "2**31", "2**62", "2**63-1", "2**63", "-2**63", "-2**63-1", "2**64", "2**1000", "-2**1000", "Int(5)", "True"],
    "float": ["0.0", "-0.0", "1.5", "nan", "inf", "-inf", "1e308", "5e-324", "Float(2.5)"],
    "complex": ["0j", "complex(nan, inf)", "1+2j"],
    "str": ["''", "'a'", "'abc def'", "'\\ud800'", "'\\0'", "'\\U0010ffff'", "'é'", "'x' * 5000", "Str('sub')", "'{} {0!r:>{1}}'", "'%s %(a)s %*d'",
            "'__class__'", "'123_4'", "'9' * 5000", "'utf-8'", "'strict'", "'surrogatepass'", "'x = 1'", "'1' + '('*300"],
    "bytes": ["b''", "b'abc'", "b'\\xff\\x00'", "b'a' * 5000", "Bytes(b'sub')", "b'%s %d'"],
    "bytearray": ["bytearray()", "bytearray(b'abcdef')", "held(bytearray(b'exported'))", "bytearray(3000)", "Bytearray(b'xy')"],
    "memoryview": ["memoryview(b'abcd')", "memoryview(bytearray(b'abcdefgh')).cast('H')", "released()", "memoryview(b'abcdef')[::-2]",
                   "memoryview(bytearray(8)).cast('B', (2, 4))", "memoryview(b'')", "memoryview(bytearray(16)).cast('d')"],
    "list": ["[]", "[1, 2, 3]", "own_list()", "deep_list()", "List([3, 1, 2])", "lists()", "list(range(1000))", "[1, 'a', None]", "['b', 'a']"],
    "tuple": ["()", "(1,)", "(1, 2)", "Tuple((1, 2))", "(1, 'x', 2.0)", "own_tuple()", "(None,) * 100", "('a', 'b')"],
    "dict": ["{}", "{'a': 1}", "own_dict()", "{1: 2, 3: 4, 'x': 5}", "Dict(a=1)", "dict.fromkeys(range(100))", "Missing()"],
    "set": ["set()", "{1, 2, 3}", "Set([1])", "set(range(100))", "frozenset()", "frozenset([1, 'a'])"],
    "range": ["range(0)", "range(10)", "range(0, 2**70, 2**65)", "range(5, -5, -2)", "range(0, 2**1000, 2**996)"],
    "slice": ["slice(None)", "slice(1, 2)", "slice(None, None, -1)", "slice(-2**70, 2**70, 2**63)", "slice('a', None, 0)"],
    "None": ["None", "NotImplemented", "...", "__debug__"],
    "type": ["int", "type", "object", "Plain", "list", "Int", "dict", "tuple", "Meta", "Exception", "WithSlots", "fresh_class()", "Generic", "str",
             "float", "bytes", "super", "property", "BaseException", "ExceptionGroup", "OwnMro", "bool", "set"],
    "function": ["len", "print", "lambda *a, **k: None", "lambda: 1/0", "fresh_function()", "fresh_closure()", "[].append", "Plain.method", "Plain().method",
                 "list.append", "int.__add__", "(1).__add__", "dict.fromkeys", "type.__call__", "str.join", "object.__init__", "object.__new__", "sum"],
    "code": ["fresh_function().__code__", "fresh_closure().__code__", "CODE"],
    "frame": ["fresh_frame()", "generator().gi_frame", "finished_frame()"],
    "traceback": ["fresh_traceback()"],
    "generator": ["generator()", "started()", "closed()", "running()", "delegating()", "coroutine()", "asynchronous()", "asynchronous().asend(None)",
                  "asynchronous().athrow(ValueError)", "asynchronous().__anext__()", "coroutine().__await__()", "asynchronous().aclose()",
                  "anext(asynchronous(), 1)", "wrapped_coroutine()"],
    "iterator": ["iter([1, 2, 3])", "iter('abc')", "iter('é\u20ac')", "iter((1, 2))", "iter({1: 2})", "iter({1, 2})", "iter(b'ab')", "iter(bytearray(b'ab'))", "iter(range(5))",
                 "iter(range(-2**70, 2**70, 2**66))", "reversed([1, 2])", "reversed((1, 2))", "reversed({1: 2})", "enumerate('ab')", "zip([1], [2])", "zip([1], [2, 3], strict=True)", "map(str, [1])",
                 "filter(None, [1])", "iter(lambda: 1, 1)", "iter({1: 2}.items())", "iter({1: 2}.values())", "iter(Sequence())", "iter(memoryview(b'ab'))",
                 "reversed({1: 2}.items())", "reversed({1: 2}.values())", "enumerate('ab', 2**63-1)", "own_map()", "fresh_function().__code__.co_lines()",
                 "fresh_function().__code__.co_positions()", "iter(list[int])", "reversed(range(10))", "iter(odict())", "reversed(odict())"],
    "view": ["{1: 2}.keys()", "{1: 2}.values()", "{1: 2}.items()", "own_dict().values()", "mappingproxy({1: 2})", "mappingproxy(own_dict())", "odict().keys()", "odict().items()", "odict()",
             "odict().values()", "fresh_frame().f_locals"],
    "module": ["module('m')", "sys", "module.__new__(module)", "builtins_copy()"],
    "descriptor": ["property()", "property(lambda s: 1)", "classmethod(len)", "staticmethod(len)", "int.__dict__['real']", "type.__dict__['__mro__']", "Plain.__dict__['method']",
                   "WithSlots.__dict__['x']", "object.__dict__['__class__']", "super(Int, Int(1))", "super(Int)", "int.__dict__['from_bytes']", "type.__dict__['__dict__']",
                   "BaseException.__dict__['__traceback__']", "fresh_function().__class__.__dict__['__code__']", "Plain.__dict__['__dict__']", "Plain.__dict__['__weakref__']",
                   "(1).__add__", "cell()", "cell(1)"],
    "exception": ["ValueError('x')", "ExceptionGroup('g', [ValueError(1)])", "StopIteration(1)", "own_cause()", "OSError(2, 'x', 'f')", "SyntaxError('m', ('f', 1, 2, 't'))",
                  "UnicodeDecodeError('u', b'x', 0, 1, 'r')", "UnicodeEncodeError('u', 'x', 0, 1, 'r')", "KeyError('k')", "AttributeError('a', name='n', obj=1)", "raised()",
                  "ImportError('x', name='m')", "NameError('x')", "UnicodeTranslateError('x', 0, 1, 'r')", "SystemExit(3)", "BaseExceptionGroup('g', [KeyboardInterrupt()])", "MemoryError()"],
    "typing": ["list[int]", "int | None", "typevar('T')", "paramspec('P')", "typevartuple('Ts')", "alias('A')", "list[typevar('T')]", "own_alias()", "typevar('T') | list[int]",
               "tuple[*tuple[int, ...]]", "Generic[typevar('T')]", "bounded()", "paramspec('P').args", "paramspec('P').kwargs", "type(typevar('T').__default__)", "typevar('T').__default__"],
    "weak": ["weakref.ref(Plain)", "weakref.proxy(Plain)", "dead_ref()", "dead_proxy()", "weakref.ref(Int, len)", "weakref.proxy(print_it)"],
    "template": ["t'{1} x {2!r:>3}'", "t'{1}'.interpolations[0]", "iter(t'{1} x')", "t''"],
    "other": ["namespace(a=1)", "own_namespace()", "WithSlots()", "sys.flags", "sys.version_info", "sys.float_info", "sys.hash_info", "Sequence()", "Getter()", "context()", "context_var()",
              "context_var().set(1)", "finalized()"],
}


class Marked:
    """What the evil objects know the plain classes by."""
    __slots__ = ()


def fresh_classes():
    """Classes of its own for each world, since what is tried may change them."""
    class Plain(Marked):
        def method(self, *a, **k):
            return self

    class Meta(type):
        pass

    class Int(int):
        pass

    class Float(float):
        pass

    class Str(str):
        pass

    class Bytes(bytes):
        pass

    class Bytearray(bytearray):
        pass

    class List(list):
        pass

    class Tuple(tuple):
        pass

    class Dict(dict):
        pass

    class Set(set):
        pass

    class Missing(dict):
        def __missing__(self, key):
            self[key] = 1
            return self

    class Sequence:
        def __getitem__(self, index):
            if index > 3:
                raise IndexError
            return index

        def __len__(self):
            return 4

    class Getter:
        def __getattr__(self, name):
            return name

    class WithSlots:
        __slots__ = ("x", "y", "__weakref__")

    class Generic[T]:
        pass

    class MroMeta(type):
        def mro(cls):
            return (cls, object)

    class OwnMro(metaclass=MroMeta):
        pass

    return locals()


class Error(Exception):
    """What evil objects raise."""


def print_it(*a, **k):
    return None


CODE = compile("x = 1\nfor y in (1, 2): x += y", "<odd>", "exec")


class World:
    """Where the expressions of one try are evaluated; `fire` is what its evil objects do to the victims."""

    def __init__(self):
        self.victims = []
        self.fired = 0
        self.names = names = {
            "nan": float("nan"), "inf": float("inf"), "sys": sys, "weakref": weakref, "module": types.ModuleType, "namespace": types.SimpleNamespace,
            "mappingproxy": types.MappingProxyType, "cell": types.CellType, "evil": self.evil, "evil_type": self.evil_type, "evil_class": self.evil_class,
            "print_it": print_it, "CODE": CODE,
        }
        names.update(fresh_classes())
        for it in MAKERS:
            names[it.__name__] = it

    def value(self, expression):
        return eval(expression, self.names)

    def fire(self, action):
        self.fired += 1
        if self.fired > 40:
            return
        if action == "raise":
            raise Error("evil")
        if action == "drop":
            del self.victims[:]
            gc.collect()
            return
        act = getattr(self, action, None)
        if act is None:
            return
        for victim in list(self.victims):
            try:
                act(victim)
            except Exception:
                pass

    def shrink(self, victim):
        kind = type(victim)
        for base, shrink in SHRINK:
            if issubclass(kind, base):
                shrink(victim)

    def grow(self, victim):
        kind = type(victim)
        for base, grow in GROW:
            if issubclass(kind, base):
                grow(victim)

    def spin(self, victim):
        if hasattr(type(victim), "__next__"):
            for count, _ in enumerate(victim):
                if count > 20:
                    break
        elif hasattr(type(victim), "send"):
            victim.send(None)
        elif hasattr(type(victim), "sort"):
            victim.sort()

    def again(self, victim):
        kind = type(victim)
        if not issubclass(kind, type):
            kind.__init__(victim)
        if hasattr(kind, "__setstate__"):
            victim.__setstate__(0)

    def evil_class(self, kind, action, result, base=object):
        world = self

        def make(name):
            def method(me, *arguments, **keywords):
                world.fire(action)
                if world.fired > 30 and name in LOOPING:
                    raise LOOPING[name]
                return world.result(result, me)
            method.__name__ = name
            return method

        space = {}
        for name in KINDS[kind]:
            if name == "__iter__!":
                space["__iter__"] = lambda me: me
            elif name == "__hash__!":
                space["__hash__"] = lambda me: 1
            elif name == "__eq__!":
                space["__eq__"] = lambda me, other: True
            elif name == "__buffer__!":
                space["__buffer__"] = lambda me, flags: memoryview(b"evil buffer")
            elif kind in ("class", "dict", "abstract"):
                space[name] = property(make(name))
            else:
                space[name] = make(name)
        return type("Evil_" + kind, (base,), space)

    def evil(self, kind, action, result):
        return self.evil_class(kind, action, result)()

    def evil_type(self, kind, action, result):
        """A class whose metaclass is evil."""
        meta = self.evil_class(kind, action, result, type)
        return meta("EvilType", (), {})

    def result(self, result, me):
        if result == "me":
            return me
        if result == "victim":
            return self.victims[0] if self.victims else None
        return eval(result, self.names, {"me": me})


def change_type(victim):
    for name in list(vars(victim)):
        try:
            delattr(victim, name)
        except Exception:
            pass
    victim.__bases__ = (Plain,)


SHRINK = [
    (list, lambda it: list.clear(it)), (bytearray, lambda it: bytearray.clear(it)), (dict, lambda it: dict.clear(it)), (set, lambda it: set.clear(it)),
    (memoryview, lambda it: it.release()), (types.GeneratorType, lambda it: it.close()), (types.CoroutineType, lambda it: it.close()),
    (types.FrameType, lambda it: it.clear()), (BaseException, lambda it: it.__init__()), (types.SimpleNamespace, lambda it: vars(it).clear()),
    (Marked, lambda it: vars(it).clear()), (types.CellType, lambda it: it.__delattr__("cell_contents")),
    (types.ModuleType, lambda it: vars(it).clear() if it is not sys else None),
]
GROW = [
    (list, lambda it: list.extend(it, range(50))), (bytearray, lambda it: bytearray.extend(it, bytes(300))), (dict, lambda it: dict.update(it, dict.fromkeys(range(200, 260), 1))),
    (set, lambda it: set.update(it, range(200, 260))), (types.FunctionType, lambda it: setattr(it, "__code__", CODE)), (types.GeneratorType, lambda it: it.throw(Error)),
    (BaseException, lambda it: setattr(it, "__context__", it)), (Marked, lambda it: setattr(it, "__class__", Other)), (types.ModuleType, lambda it: setattr(it, "__class__", Module) if it is not sys else None),
    (types.CellType, lambda it: setattr(it, "cell_contents", it)),
]


class Plain(Marked):
    pass


class Other:
    def __repr__(self):
        return "Other()"


class Module(types.ModuleType):
    pass


def own_list():
    it = [1]
    it.append(it)
    return it


def own_tuple():
    it = ([],)
    it[0].append(it)
    return it


def own_dict():
    it = {}
    it["self"] = it
    it[1] = it.values()
    return it


def own_namespace():
    it = types.SimpleNamespace()
    it.it = it
    return it


def own_cause():
    it = ValueError(1)
    it.__context__ = other = KeyError(it)
    other.__cause__ = it
    return it


def own_alias():
    it = []
    it.append(list[it[0]] if it else int)
    return list[*it]


def own_map():
    it = iter([1])
    for _ in range(50):
        it = map(str, it)
    return it


def deep_list():
    it = []
    for _ in range(5000):
        it = [it]
    return it


def lists():
    return [[1], [2], "c", 4, None]


def held(it):
    it_view = memoryview(it)
    held.views = getattr(held, "views", [])[-20:] + [it_view]
    return it


def released():
    it = memoryview(bytearray(b"released"))
    it.release()
    return it


def fresh_class():
    return type("Fresh", (Plain,), {"x": 1, "__slots__": ()})


def fresh_function():
    def function(a=1, *b, c=2, **d):
        return a, b, c, d
    return function


def fresh_closure():
    x = 1

    def closure(y: int = 5) -> "z":
        nonlocal x
        x += 1
        return x, y
    return closure


def fresh_frame():
    local = [1]
    return sys._getframe(0)


def finished_frame():
    return fresh_traceback().tb_frame


def fresh_traceback():
    try:
        1 / 0
    except ZeroDivisionError as error:
        return error.__traceback__


def raised():
    try:
        {}["x"]
    except KeyError as error:
        return error


def generator(*a):
    got = yield 1
    yield got
    return 5


def started():
    it = generator()
    next(it)
    return it


def closed():
    it = generator()
    it.close()
    return it


def running():
    """A generator that is running while it is used: it hands itself out through what it iterates over."""
    def run():
        yield from Recall()

    class Recall:
        left = 40

        def __iter__(self):
            return self

        def __next__(self):
            self.left -= 1
            if self.left < 0:
                raise StopIteration
            try:
                it.send(None)
            except ValueError:
                pass
            try:
                it.close()
            except ValueError:
                pass
            return 1
    it = run()
    next(it)
    return it


def delegating():
    def run():
        return (yield from generator())
    it = run()
    next(it)
    return it


async def coroutine():
    return 1


class Awaitable:
    def __await__(self):
        yield 1


def wrapped_coroutine():
    async def run():
        await Awaitable()
    it = run()
    it.send(None)
    return it


async def asynchronous():
    got = yield 1
    yield got


def dead_ref():
    return weakref.ref(Plain())


def dead_proxy():
    return weakref.proxy(Plain())


def odict():
    import collections
    return collections.OrderedDict(a=1, b=2)


def builtins_copy():
    it = types.ModuleType("builtins")
    vars(it).update(len=len)
    return it


def typevar(name):
    def function[T](): pass
    return function.__type_params__[0]


def paramspec(name):
    def function[**P](): pass
    return function.__type_params__[0]


def typevartuple(name):
    def function[*Ts](): pass
    return function.__type_params__[0]


def bounded():
    def function[T: (1 / 0) = 1 / 0](): pass
    return function.__type_params__[0]


def alias(name):
    type A[T] = list[A[T]] | T | undefined
    return A


def context():
    import contextvars
    return contextvars.copy_context()


def context_var():
    import contextvars
    return contextvars.ContextVar("v", default=[])


class Finalized:
    def __del__(self):
        finalized.last = self


def finalized():
    Finalized()
    it, finalized.last = finalized.last, None
    return it


MAKERS = [own_list, own_tuple, own_dict, own_namespace, own_cause, own_alias, own_map, deep_list, lists, held, released, fresh_class, fresh_function, fresh_closure, fresh_frame,
          finished_frame, fresh_traceback, raised, generator, started, closed, running, delegating, coroutine, wrapped_coroutine, asynchronous, dead_ref, dead_proxy, odict, builtins_copy, typevar,
          paramspec, typevartuple, bounded, alias, context, context_var, finalized]

EXPRESSIONS = [it for group in SAMPLES.values() for it in group]


class Numbers:
    """A small generator of numbers that is the same in every Python, and needs no import."""

    def __init__(self, seed):
        self.state = (seed * 0x9E3779B97F4A7C15 + 0x1234567) & (2**64 - 1)

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return (self.state >> 33) % limit

    def choice(self, items):
        return items[self.below(len(items))]


def seed_of(text, seed):
    for letter in text:
        seed = (seed * 1000003 ^ ord(letter)) & (2**61 - 1)
    return seed


def evil_expression(numbers):
    kind = numbers.choice(list(KINDS))
    maker = "evil_type" if numbers.below(12) == 0 else "evil"
    return f"{maker}({kind!r}, {numbers.choice(ACTIONS)!r}, {numbers.choice(RESULTS)!r})"


def expression(numbers):
    """Any odd argument."""
    which = numbers.below(10)
    if which < 3:
        return evil_expression(numbers)
    if which == 3:
        return f"[{evil_expression(numbers)}, {numbers.choice(EXPRESSIONS)}, {evil_expression(numbers)}]"
    if which == 4 and numbers.below(2):
        return f"({numbers.choice(EXPRESSIONS)}, {evil_expression(numbers)})"
    group = numbers.choice(list(SAMPLES))
    return numbers.choice(SAMPLES[group])


def outcome(value, depth=0):
    """A text for a result that is the same in every Python: no addresses, no order of sets."""
    kind = type(value)
    if value is None or kind in (int, bool, float, complex, str, bytes, bytearray):
        if kind is int and not -2**200 < value < 2**200:
            return f"int of {value.bit_length()} bits"
        text = repr(value)
        if "0x" in text[:1000]:
            return f"{kind.__name__} {without_addresses(text[:100])}"
        return text if len(text) < 120 else f"{text[:100]}... {len(text)}"
    if depth < 3 and kind in (list, tuple):
        return f"{kind.__name__}[{', '.join([outcome(it, depth + 1) for it in value[:20]])}] {len(value)}"
    if depth < 3 and kind is dict:
        return f"dict{{{', '.join([outcome(k, depth + 1) + ': ' + outcome(v, depth + 1) for k, v in list(value.items())[:20]])}}} {len(value)}"
    if kind in (set, frozenset):
        return f"{kind.__name__}{{{', '.join(sorted([outcome(it, depth + 1) for it in value])[:20])}}}"
    if kind in (range, slice):
        return repr(value)[:200]
    if isinstance(value, type):
        return f"<class {type.__dict__['__name__'].__get__(value)}>"
    return f"<{kind.__name__}>"


def error_outcome(error):
    try:
        text = str(error)
    except BaseException as other:
        text = f"(str: {type(other).__name__})"
    return f"! {type(error).__name__}: {without_addresses(text)[:300]}"


def without_addresses(text):
    parts = text.split("0x")
    return parts[0] + "".join(["0x" + it.lstrip("0123456789abcdef") for it in parts[1:]])
