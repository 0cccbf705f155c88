"""Makes the calls of one module, in the Python under test, and says on a pipe what it is about to do and what came out.

The driver starts `worker.py MODULE KIND FIRST LAST SEED STEPS_FD` for a range of numbered sequences. Each is made from its number and the seed alone.
"""

import gc
import os
import re
import resource
import sys
import warnings
from random import Random
from zlib import crc32

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from module_search import pool  # noqa: E402
from module_search.recipes import EXCLUDED, INSTANCES, SKIPPED, UNSTEADY, WAITING, WAITING_TYPES  # noqa: E402

MEMORY = 1 << 30
PLAIN_RESULTS = (int, float, complex, str, bytes, bool, type(None), type(NotImplemented), type(...))
ADDRESS = re.compile(r"0x[0-9a-fA-F]{5,}")
NUMBERED = re.compile(r"(?<=tmp)[a-z0-9_]{8}")


def limit(cpu):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def names_for_recipes(step, module_name, module):
    """The names that the expressions of `recipes` use."""
    import abc
    import array
    import ast
    import collections
    import functools
    import io
    import itertools
    import json
    import mmap
    import pickle
    import posix
    import pwd
    import select
    import socket
    import time
    import types
    import unicodedata
    import zlib
    import datetime

    class Zone(datetime.tzinfo):
        def __init__(self, step):
            self.step = step
            self.mode = step.random.randrange(10)

        def utcoffset(self, moment):
            return self.answer(datetime.timedelta(hours=1), None, 3, datetime.timedelta(days=2), datetime.timedelta(-1))

        dst = utcoffset
        answer = pool.Hostile.answer

        def tzname(self, moment):
            return self.answer("Z", None, 3, "\ud800")

    class PersistentPickler(pickle.Pickler):
        def __init__(self, step):
            super().__init__(pool.EvilFile(step))
            self.step, self.mode = step, step.random.randrange(10)

        answer = pool.Hostile.answer

        def persistent_id(self, it):
            return self.answer(None, 3, self)

        def reducer_override(self, it):
            return self.answer(NotImplemented, "x", (len, (1,)), None)

    class PersistentUnpickler(pickle.Unpickler):
        def __init__(self, step):
            super().__init__(pool.EvilFile(step))
            self.step, self.mode = step, step.random.randrange(10)

        answer = pool.Hostile.answer

        def persistent_load(self, it):
            return self.answer(None, self)

        def find_class(self, module, name):
            return self.answer(len, self, None, pool.EvilCall)

    class Loop:
        calls = 0

        def get_debug(self):
            return False

        def call_soon(self, function, *arguments, context=None):
            self.calls += 1
            if self.calls < 30:
                function(*arguments)

        def call_exception_handler(self, context):
            pass

        def is_running(self):
            return False

    async def coroutine():
        await _Once()
        return 3

    class _Once:
        def __await__(self):
            yield None

    def tree():
        import _elementtree

        root = _elementtree.Element("root", {"a": "b"})
        for tag in ("a", pool.EvilEqual(step), "b"):
            child = _elementtree.SubElement(root, tag, x="y")
            child.text, child.tail = "text", pool.EvilEqual(step)
            _elementtree.SubElement(child, "c")
        return root

    def database(row_factory=None, text_factory=str, authorizer=None, progress=None, trace=None, **named):
        import _sqlite3

        class Aggregate:
            def __init__(self):
                self.value = self.finalize = pool.EvilCall(step)
                self.step = self.inverse = pool.EvilCall(step)

        connection = _sqlite3.connect(":memory:", **named)
        connection.executescript("create table t (x any, y text, z blob); begin;")
        connection.executemany("insert into t values (?, ?, zeroblob(20))", [(it, str(it)) for it in range(5)])
        connection.create_function("f", -1, pool.EvilCall(step))
        connection.create_aggregate("a", -1, Aggregate)
        connection.create_window_function("g", -1, Aggregate)
        connection.create_collation("c", pool.EvilCall(step))
        connection.row_factory, connection.text_factory = row_factory, text_factory
        _sqlite3.register_converter("any", pool.EvilCall(step))
        _sqlite3.register_adapter(pool.EvilCall, pool.EvilCall(step))
        connection.set_authorizer(authorizer)
        connection.set_progress_handler(progress, 3)
        connection.set_trace_callback(trace)
        return connection

    def zone_file():
        from module_search.damage import zone_file

        return zone_file()

    import re, sys  # noqa: E401

    found = dict(vars(pool))
    found.update(locals())
    found.update({module_name: module, "KEPT_SET": KEPT_SET, "KEPT_CALL": pool.EvilCall(step)})
    pool.KEPT.append(found["KEPT_CALL"])
    return found


KEPT_SET = frozenset_subclass = type("KeptSet", (set,), {})({1, 2})


def callables(module_name, module):
    """Functions and types of a module that may be called, with their names."""
    out = EXCLUDED.get(module_name, set())
    found = []
    for name in sorted(dir(module)):
        if name in out or name in ("__loader__", "__spec__", "breakpoint"):
            continue
        value = getattr(module, name)
        if callable(value) and not (isinstance(value, type) and issubclass(value, BaseException)):
            if getattr(value, "__module__", None) == "builtins" and isinstance(value, type):
                continue
            if hasattr(value, "__call__") and type(value).__name__ not in ("ModuleSpec",):
                found.append((f"{module_name}.{name}", value))
    return found


def pick(random, names):
    """One of the names, such that a name more or less in one Python seldom changes which."""
    salt = str(random.random()).encode()
    return min(names, key=lambda it: crc32(salt + it.encode()))


def is_type(value):
    """As `isinstance(value, type)`, without asking a proxy for its class."""
    return issubclass(type(value), type)


def methods(value):
    """Names of what can be called on a value, hooks included."""
    kind = value if is_type(value) else type(value)
    waiting = any(it.__name__ in WAITING_TYPES for it in kind.__mro__)
    found = []
    for name in sorted(set(dir(kind)) | set(dir(value) if is_type(value) else ())):
        if name in pool.NEVER or (waiting and name in WAITING):
            continue
        found.append(name)
    return found


def told(value, steady):
    """What a result looks like, without addresses."""
    kind = type(value).__name__
    if not steady:
        return kind
    try:
        text = repr(value)
    except BaseException as error:
        text = f"<{type(error).__name__} in repr>"
    if not isinstance(text, str):
        return kind
    return f"{kind} {clean(text[:300])}"


def clean(text):
    return NUMBERED.sub("…", ADDRESS.sub("0x…", text)).encode("ascii", "backslashreplace").decode().replace("\n", "\\n")


def told_error(error):
    try:
        text = str(error)
    except BaseException as inner:
        text = f"<{type(inner).__name__} in str>"
    return f"!{type(error).__name__}: {clean(text[:300])}"


class Teller:
    """Writes to the driver: a line before each call and one after."""

    def __init__(self, descriptor):
        self.descriptor = descriptor

    def say(self, letter, key, text):
        os.write(self.descriptor, f"{letter} {key} {text}\n".encode("ascii", "backslashreplace"))


class Sequence:
    """A few calls on the same objects."""

    def __init__(self, seed, module_name, module, number, teller):
        self.random = Random(f"{seed}:{module_name}:{number}")
        self.module_name = module_name
        self.module = module
        self.number = number
        self.teller = teller
        self.steady = module_name not in UNSTEADY
        self.world = []
        self.step = pool.Step(self.random, self.world)
        self.count = 0

    def arguments(self):
        random = self.random
        count = random.choice((0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5))
        return [self.step.argument() for _ in range(count)]

    def make(self, text):
        """An instance by an expression, kept for what follows."""
        names = names_for_recipes(self.step, self.module_name, self.module)
        self.run(text, lambda: eval(text, names), keep=True)

    def run(self, text, call, keep=False):
        key = f"{self.number}.{self.count}"
        self.count += 1
        self.step.disturbances = 4
        self.teller.say("S", key, clean(text))
        try:
            result = call()
        except BaseException as error:
            self.teller.say("R", key, told_error(error))
            error = None
            return
        self.teller.say("R", key, told(result, self.steady))
        if len(self.world) < 12 and (keep or type(result) not in PLAIN_RESULTS):
            self.world.append(result)

    def call(self, text, function):
        arguments = self.arguments()
        named = {}
        if self.random.random() < 0.15:
            named = self.names_of(function)
        inside = ", ".join([name for name, _ in arguments] + [f"{name}={text}" for name, (text, _) in named.items()])
        values = [value for _, value in arguments]
        named = {name: value for name, (_, value) in named.items()}
        self.run(f"{text}({inside})", lambda: function(*values, **named))

    def names_of(self, function):
        signature = getattr(function, "__text_signature__", None)
        if not isinstance(signature, str):
            return {}
        found = re.findall(r"(\w+)\s*=", signature)
        if not found:
            return {}
        return {it: self.step.argument() for it in self.random.sample(found, min(len(found), self.random.choice((1, 1, 2))))}

    def on_object(self, index):
        random = self.random
        value = self.world[index]
        names = methods(value)
        if not names:
            return
        if random.random() < 0.5:
            better = [it for it in names if it in pool.Step.FAVOURITES or not it.startswith("__")]
            names = better or names
        name = pick(random, names)
        text = f"world[{index}:{type(value).__name__}].{name}"
        member = getattr(type(value), name, None)
        if callable(member) or is_type(value):
            self.call(text, lambda *a, **k: getattr(value, name)(*a, **k))
            return
        chance = random.random()
        if chance < 0.6:
            self.run(text, lambda: getattr(value, name))
        elif chance < 0.8:
            shown, new = self.step.argument()
            self.run(f"{text} = {shown}", lambda: setattr(value, name, new))
        elif chance < 0.9:
            self.run(f"del {text}", lambda: delattr(value, name))
        else:
            shown, other = self.step.argument()
            kind = type(value)
            self.run(f"{text} of {shown}", lambda: kind.__dict__[name].__get__(other))

    def one_of(self, things):
        named = dict(things)
        name = pick(self.random, list(named))
        return name, named[name]

    def uninitialized(self, kinds):
        text, kind = self.one_of(kinds)
        self.run(f"{text}.__new__({text})", lambda: kind.__new__(kind), keep=True)

    def unbound(self, kinds):
        text, kind = self.one_of(kinds)
        names = methods(kind)
        name = pick(self.random, names)
        self.call(f"{text}.{name}", lambda *a, **k: getattr(kind, name)(*a, **k))

    def subclass(self, kinds):
        text, kind = self.one_of(kinds)

        def make():
            made = type("Made", (kind,), {})
            return made.__new__(made)

        self.run(f"subclass({text})", make, keep=True)

    def play(self, things):
        random = self.random
        kinds = [it for it in things if isinstance(it[1], type)]
        recipes = INSTANCES.get(self.module_name, [])
        if recipes:
            for _ in range(random.choice((0, 1, 1, 2))):
                self.make(random.choice(recipes))
        for _ in range(random.choice((3, 6, 10))):
            chance = random.random()
            if self.world and chance < 0.6:
                self.on_object(random.randrange(len(self.world)))
            elif kinds and chance < 0.66:
                self.uninitialized(kinds)
            elif kinds and chance < 0.72:
                self.unbound(kinds)
            elif kinds and chance < 0.75:
                self.subclass(kinds)
            elif things:
                self.call(*self.one_of(things))
        self.teller.say("S", f"{self.number}.end", "letting go")
        self.world.clear()
        self.step = None
        pool.KEPT.clear()
        if random.random() < 0.1:
            gc.collect()
        self.teller.say("R", f"{self.number}.end", "")


def play(module_name, first, last, seed, teller):
    module = __import__(module_name)
    things = callables(module_name, module)
    for number in range(first, last):
        Sequence(seed, module_name, module, number, teller).play(things)


def described(value):
    """The kind of an attribute, and what `help` tells of it."""
    kind = type(value).__name__
    if not callable(value) and kind not in ("getset_descriptor", "member_descriptor"):
        return kind
    signature, doc = getattr(value, "__text_signature__", None), getattr(value, "__doc__", None)
    return f"{kind} signature={signature!r} doc={str(doc)[:400]!r}"


def inventory(module_name, teller):
    """Says what is in a module and in its types."""
    module = __import__(module_name)
    for name in sorted(dir(module)):
        value = getattr(module, name)
        if name.startswith("__") or type(value).__name__ == "module":
            continue
        teller.say("S", f"{name}:", f"{module_name}.{name}")
        teller.say("R", f"{name}:", clean(described(value)))
        if not is_type(value) or value.__module__ == "builtins":
            continue
        for attribute in sorted(dir(value)):
            if attribute in vars(value):
                teller.say("S", f"{name}:{attribute}", f"{module_name}.{name}.{attribute}")
                teller.say("R", f"{name}:{attribute}", clean(described(vars(value)[attribute])))


def main():
    module_name, kind, first, last, seed, descriptor = sys.argv[1:]
    teller_at = 250
    os.dup2(int(descriptor), teller_at, inheritable=False)
    os.close(int(descriptor))
    teller = Teller(teller_at)
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda it: None
    if kind == "calls":
        if module_name in SKIPPED:
            return
        limit(60)
        play(module_name, int(first), int(last), seed, teller)
    elif kind == "inventory":
        inventory(module_name, teller)
    else:
        from module_search import damage

        limit(60)
        damage.play(module_name, int(first), int(last), seed, teller, clean, told, told_error)
    teller.say("E", "end", "")
    os._exit(0)


if __name__ == "__main__":
    main()
