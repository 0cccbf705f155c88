"""One child of the crash search: calls what a module's types and functions offer with odd arguments, and says what came of it.

    calls.py SEED TRIALS MODULES PART [AFTER]

PART is `attributes` (every entry of every type's dictionary, and its construction), `operators` (every operator on every kind of operands), `functions`
(the functions of the modules) or `chains` (calls of methods on objects that live on). A line before each try and a line after it go to the standard output,
so that the last line tells what the process died of; AFTER is the key of the try after which to go on.
"""
import gc
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import odd
from odd import World, Numbers, outcome, error_outcome, expression

# What a call of these would do outside the interpreter, or to it: not what is searched for here.
SKIPPED = {
    "code.replace", "code.__replace__", "code.__new__", "code()", "builtins.open", "builtins.id", "builtins.hash",  "builtins.breakpoint", "builtins.input", "builtins.exec", "builtins.eval", "builtins.__import__", "builtins.compile",
    "sys.addaudithook", "sys.settrace", "sys.setprofile", "sys.exit", "sys._clear_type_descriptors", "sys.setrecursionlimit", "sys.set_int_max_str_digits", "sys.setswitchinterval", "sys.getallocatedblocks", "sys.getrefcount",
    "sys._current_frames", "sys._current_exceptions", "sys._debugmallocstats", "sys.setdlopenflags", "sys.set_asyncgen_hooks", "sys.set_coroutine_origin_tracking_depth", "sys.activate_stack_trampoline",
    "builtins.help", "builtins.globals", "builtins.locals", "module.__dict__.get", "object.__dir__", "builtins.exit", "builtins.quit",
}

LOG = os.dup(1)
INTERNAL = {"__globals__", "__builtins__", "f_globals", "f_builtins", "f_back", "tb_frame", "gi_frame", "cr_frame", "ag_frame", "replace", "__replace__", "f_locals", "__subclasses__", "__code__",
            "gi_code", "cr_code", "ag_code", "f_code", "f_trace"}


def say(text):
    os.write(LOG, (text.replace("\n", "\\n") + "\n").encode("utf-8", "backslashreplace"))


def types_of(modules):
    seen = {object: None}
    todo = [object]
    while todo:
        for it in type.__subclasses__(todo.pop()):
            if it not in seen:
                seen[it] = None
                todo.append(it)
    module = type.__dict__["__module__"]
    found = {}
    for it in seen:
        # Types made by Python code are not what is searched.
        if not it.__flags__ & 1 << 9 and str(module.__get__(it)) in modules:
            found.setdefault(it.__qualname__, it)
    return sorted(found.items())


class Samples:
    """Which expressions give an instance of which type."""

    def __init__(self):
        self.of = {}
        world = World()
        for text in odd.EXPRESSIONS:
            value = world.value(text)
            for base in type(value).__mro__:
                self.of.setdefault(base, []).append(text)

    def receiver(self, kind, name, numbers):
        which = numbers.below(20)
        if which < 2:
            return expression(numbers)
        if which < 5 or kind not in self.of:
            return f"bare({name})"
        return numbers.choice(self.of[kind])


def bare(kind):
    return kind.__new__(kind)


def subclass(kind):
    return type("Sub", (kind,), {})


def use(value):
    """Goes on with a result, as a program would."""
    if hasattr(type(value), "__next__"):
        return [outcome(it) for it, _ in zip(value, range(20))]
    repr(value)
    return value


def attribute_actions(kind, name, item):
    """How an entry of a type's dictionary can be used: pairs of a word and a function of the receiver and the arguments."""
    described = type(item).__name__
    if described in ("getset_descriptor", "member_descriptor", "property"):
        return [
            ("get", 0, lambda values, _: item.__get__(values[0])),
            ("set", 1, lambda values, _: item.__set__(values[0], values[1])),
            ("delete", 0, lambda values, _: item.__delete__(values[0])),
        ]
    if described in ("staticmethod", "classmethod_descriptor", "classmethod", "builtin_function_or_method"):
        return [("", None, lambda values, names: getattr(kind, name)(*values[1:], **names))]
    if callable(item):
        return [("", None, lambda values, names: item(*values, **names))]
    return []


def attribute_tries(modules, seed, trials):
    samples = Samples()
    for type_name, kind in types_of(modules):
        targets = []
        for name, item in sorted(type.__dict__["__dict__"].__get__(kind).items()):
            for word, count, act in attribute_actions(kind, name, item):
                if name in ("__hash__", "__sizeof__") and type_name not in ("int", "float", "complex", "str", "tuple", "bytes"):
                    continue
                targets.append((f"{type_name}.{name}{'.' + word if word else ''}", count, act))
        targets.append((f"{type_name}()", None, lambda values, names, kind=kind: kind(*values[1:], **names)))
        targets.append((f"{type_name}.Sub()", None, lambda values, names, kind=kind: subclass(kind)(*values[1:], **names)))
        for target, count, act in targets:
            if target in SKIPPED:
                continue
            for trial in range(trials):
                key = f"{target}#{trial}"
                numbers = Numbers(odd.seed_of(key, seed))

                def attempt(key=key, numbers=numbers, count=count, act=act):
                    number = numbers.choice([0, 1, 1, 1, 2, 2, 3]) if count is None else count
                    texts = [samples.receiver(kind, type_name, numbers)] + [expression(numbers) for _ in range(number)]
                    names = []
                    if count is None and numbers.below(12) == 0:
                        names = [numbers.choice(["key", "x", "object", "default", "encoding", "sep", "start", "end", "reverse", "strict", "name", "value", "self", "a"])]
                        texts.append(expression(numbers))
                    say(f"> {key} {' ; '.join(texts)} {names}")

                    def call(values):
                        if names:
                            return act(values[:-1], {names[0]: values[-1]})
                        return act(values, {})
                    world_run(key, texts, kind, type_name, call)
                yield key, attempt


def world_run(key, texts, kind, type_name, call):
    texts = [it if it != f"bare({type_name})" else "bare(kind_of_it)" for it in texts]
    world = World()
    world.names.update(bare=bare, kind_of_it=kind)
    try:
        values = [world.value(it) for it in texts]
    except BaseException as error:
        say(f"< arguments {error_outcome(error)}")
        return
    finish(world, values, call)


def finish(world, values, call):
    world.victims = values[:]
    result = None
    try:
        result = call(values)
        said = outcome(result)
        used = outcome(use(result))
        if used != said:
            said += " then " + used
    except BaseException as error:
        said = error_outcome(error)
    try:
        after = " ".join([outcome(it) for it in values[:1]])
        repr(values[:1])
    except BaseException as error:
        after = error_outcome(error)
    world.fired = 100
    world.victims = []
    say(f"< {said} | {after}")
    del result, values[:]


def function_tries(modules, seed, trials):
    for module_name in modules:
        try:
            module = __import__(module_name, fromlist=["x"])
        except ImportError:
            continue
        for name, item in sorted(vars(module).items()):
            target = f"{module_name}.{name}"
            if type(item).__name__ != "builtin_function_or_method" or target in SKIPPED:
                continue
            for trial in range(trials):
                key = f"{target}#{trial}"
                numbers = Numbers(odd.seed_of(key, seed))

                def attempt(key=key, numbers=numbers, item=item):
                    texts = [expression(numbers) for _ in range(numbers.choice([0, 1, 1, 1, 2, 2, 3]))]
                    names = []
                    if numbers.below(12) == 0:
                        names = [numbers.choice(["key", "default", "start", "sep", "end", "file", "reverse", "strict", "flush", "ndigits", "mod", "base", "exp"])]
                        texts.append(expression(numbers))
                    say(f"> {key} {' ; '.join(texts)} {names}")
                    world_run(key, texts, None, "", lambda values: item(*values[:-1], **{names[0]: values[-1]}) if names else item(*values))
                yield key, attempt


OPERATORS = [
    "a + b", "a - b", "a * b", "a / b", "a // b", "a % b", "a ** b", "a << b", "a >> b", "a & b", "a | b", "a ^ b", "a @ b", "a < b", "a <= b", "a == b", "a != b", "a > b", "a >= b",
    "a in b", "a is b", "a[b]", "a[b:c]", "a[b:c:b]", "a[b, c]", "-a", "+a", "~a", "not a", "a(b)", "a(*b)", "a(**b)", "a(b, c, x=b)", "a.x", "[*a]", "{*a}", "{**a}", "(*a, *b)", "f'{a}'", "f'{a!r:{b}}'",
    "f'{a:{b}}{c!a}'", "a if b else c", "a and b or c", "[x for x in a]", "{x: y for x, y in a}", "a[b] = c", "a[b:c] = c", "del a[b]", "del a[b:c]", "a[::b] = c", "a += b", "a -= b", "a *= b", "a |= b", "a &= b", "a ^= b",
    "a @= b", "a /= b", "a //= b", "a %= b", "a **= b", "a <<= b", "a >>= b", "a.x = b", "del a.x", "a[b] += c", "a.x += b", "x, y = a", "x, *y = a", "for x in a: b\nelse: c", "with a as x: b", "with a, b: raise c",
    "raise a", "raise a from b", "try: raise a\nexcept b: pass", "try: raise a\nexcept* b: pass", "assert a, b",
    "match a:\n case [x, *y]: pass\n case {'a': x, **y}: pass\n case int(): pass\n case _: pass", "match a:\n case b.x: pass\n case str(x) | list(x): pass",
    "class A(a): pass", "class A(a, b, metaclass=c): pass", "class A(a, x=b): y = c", "class A(metaclass=a): x = b", "class A(b, c): __slots__ = a", "class A(list): __slots__ = a",
    "class A:\n x = a\n __set_name__ = b", "import_star(a)", "exec(a, b)", "eval(a, b, c)", "compile(a, b, 'exec')", "compile(a, 'f', b)", "__import__(a, b)", "__import__('sys', a, b, c)",
    "isinstance(a, b)", "issubclass(a, b)", "repr(a)", "print(a, b, file=c)", "sorted(a, key=b)", "sum(a, b)", "min(a, key=b)", "max(a, b)", "dict(a)", "list(a)", "set(a)", "tuple(a)", "str(a)", "bytes(a)", "int(a)",
    "float(a)", "complex(a, b)", "type(a, b, c)", "'%s' % a", "'%s %d %r' % (a, b, c)", "b'%s' % a", "'{0.x} {1[0]}'.format(a, b)", "'{:{}}'.format(a, b)", "'x'.join(a)", "b''.join(a)", "bytearray().join(a)", "getattr(a, b)",
    "setattr(a, b, c)", "a.__class__ = b", "a.__dict__ = b", "a.__bases__ = b", "a.__name__ = b", "a.__doc__ = b", "a.__code__ = b", "a.__defaults__ = b", "a.__kwdefaults__ = b", "a.__annotations__ = b", "a.__annotate__ = b",
    "a.__type_params__ = b", "a.__traceback__ = b", "a.__cause__ = b", "a.__context__ = b", "a.args = b", "a.__qualname__ = b", "a.__module__ = b", "a.__abstractmethods__ = b", "a.send(b)", "a.throw(b)", "a.throw(b, c)", "a.close()", "next(a, b)",
    "iter(a, b)", "reversed(a)", "zip(a, b)", "list(map(a, b, c))", "list(filter(a, b))", "list(zip(a, b, strict=c))", "list(enumerate(a, b))", "slice(a, b, c).indices(b)", "range(a, b, c)", "super(a, b)", "super(a, b).x", "property(a, b, c)", "round(a, b)", "divmod(a, b)", "pow(a, b, c)",
    "type(a)(b)", "type(a).__new__(b)", "type(a).__new__(type(b))", "copy(a)", "reduce(a)", "memoryview(a)[b] = c", "memoryview(a).cast(b, c)", "bytearray(a)", "a[b](c)", "g = run(a)\nnext(g)\ng.send(b)", "drive(a)",
    "gc.collect()\na\ngc.get_referents(a, b)", "weakref.ref(a, b)", "weakref.proxy(a) + b", "list[a]", "list[a][b]", "a | b | c", "a[b] | c", "type(a)[b]", "vars(a)", "dir(a)", "callable(a)", "abs(a)", "bin(a)", "hex(a)", "chr(a)", "ord(a)", "len(a)", "all(a)", "any(a)",
    "format(a, b)", "ascii(a)", "a.__setstate__(b)", "a.__init__(b, c)", "a.__reduce_ex__(b)", "object.__reduce_ex__(a, 2)", "a.__sizeof__()", "a.__dir__()", "a.__getstate__()", "t'{a!r:{b}}'", "lambda x=a, *, y=b: c", "x: a = b", "global x\nx = a",
    "def f(x: a, y=b) -> c: pass\nf(a)\nf.__annotations__", "type X[T: a] = b\nX.__value__", "def f[T: a = b](x: T): pass\nf.__type_params__[0].__bound__", "class A[T](a): pass", "async def f():\n async with a: pass\ndrive(f())", "async def f():\n async for x in a: b\ndrive(f())",
    "async def f():\n return [x async for x in a]\ndrive(f())", "async def f():\n await a\ndrive(f())", "def f():\n yield from a\ndrive(f())", "def f(): return a\nf.__code__ = b\nf()", "x = a\ndel x, a, b, c\ngc.collect()",
    "sys.settrace(a)\nsys.settrace(None)", "sys.setprofile(a)\nlen('')\nsys.setprofile(None)", "sys.excepthook(a, b, c)", "sys.displayhook(a)", "sys.unraisablehook(a)", "sys.intern(a)", "sys._getframe(a)", "sys.set_int_max_str_digits(a)",
]


def operator_tries(modules, seed, trials):
    def copy(it):
        import copy
        return copy.copy(it)

    def reduce(it):
        return it.__reduce_ex__(4)

    def import_star(it):
        sys.modules["odd_module"] = it
        try:
            exec("from odd_module import *", {})
        finally:
            del sys.modules["odd_module"]

    def drive(it):
        for _ in range(10):
            it.send(None)

    def run(it):
        got = yield it
        yield got

    import weakref
    shared = dict(copy=copy, reduce=reduce, import_star=import_star, drive=drive, run=run, gc=gc, weakref=weakref, sys=sys)
    for operator in OPERATORS:
        code = None
        for trial in range(trials):
            key = f"{operator!r}#{trial}".replace(" ", "_")
            numbers = Numbers(odd.seed_of(key, seed))

            def attempt(key=key, numbers=numbers, operator=operator):
                nonlocal code
                texts = [expression(numbers) for _ in range(3)]
                say(f"> {key} {' ; '.join(texts)}")
                is_value = False
                try:
                    compiled = compile(operator, "<operator>", "eval")
                    is_value = True
                except SyntaxError:
                    compiled = compile(operator, "<operator>", "exec")

                def call(values):
                    names = dict(shared, a=values[0], b=values[1], c=values[2])
                    if is_value:
                        return eval(compiled, names)
                    exec(compiled, names)
                    for name in "xyA":
                        if name in names:
                            return outcome(names[name])
                world_run(key, texts, None, "", call)
            yield key, attempt


def chain_tries(modules, seed, trials):
    """Objects that live on: each step calls a method or an operator of one with others, and results join them."""
    operators = [(it, compile(it, "<operator>", "eval")) for it in OPERATORS if "\n" not in it and " = " not in it and "del " not in it and "raise" not in it and "with " not in it and "= " not in it.replace("== ", "")
                 and ":" not in it and "assert" not in it and "class" not in it and "sys." not in it and "exec(" not in it and "eval(" not in it and "import" not in it and "run" not in it and "copy(" not in it and "drive" not in it
                 and "reduce(" not in it and "gc." not in it and "weakref." not in it]
    for trial in range(trials):
        key = f"chain#{trial}"
        numbers = Numbers(odd.seed_of(key, seed))

        def attempt(key=key, numbers=numbers):
            say(f"> {key}")
            texts = [expression(numbers) for _ in range(4)]
            world = World()
            values = []
            for it in texts:
                try:
                    values.append(world.value(it))
                except BaseException:
                    values.append(None)
            world.victims = values
            steps = []
            for step in range(12):
                which = numbers.below(len(values)), numbers.below(len(values)), numbers.below(len(values))
                it, *others = [values[at] for at in which]
                world.fired = 0
                if numbers.below(3):
                    names = names_of(it)
                    name = numbers.choice(names) if names else "x"
                    others = others[:numbers.below(3)]
                    say(f"  {step}: {which[0]}.{name} {which[1:1 + len(others)]}")
                    act = lambda: use_attribute(it, name, others)
                else:
                    text, code = numbers.choice(operators)
                    say(f"  {step}: {text} {which}")
                    act = lambda: eval(code, {"a": it, "b": others[0], "c": others[1]})
                try:
                    result = act()
                    steps.append(outcome(result))
                    if len(values) < 12:
                        values.append(result)
                    else:
                        values[numbers.below(12)] = result
                except BaseException as error:
                    steps.append(error_outcome(error))
                if len(values) < 4:
                    values.extend([None] * 4)
            world.fired = 100
            say(f"< {' || '.join(steps)}")
            if "-v" in sys.argv:
                say(f"  {texts}")
            world.victims = []
            del values[:]
            it = others = result = None
        yield key, attempt


def names_of(it):
    try:
        return [name for name in dir(type(it)) if name not in INTERNAL]
    except Exception:
        return []


def use_attribute(it, name, others):
    found = getattr(it, name)
    if callable(found):
        return found(*others)
    return found


PARTS = {"attributes": attribute_tries, "functions": function_tries, "operators": operator_tries, "chains": chain_tries}


def main():
    seed, trials, modules, part = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(","), sys.argv[4]
    after = sys.argv[5] if len(sys.argv) > 5 else None
    only = after[1:] if after and after.startswith("=") else None
    sys.stdout = sys.stderr_text = Sink()
    sys.unraisablehook = lambda it: None
    waiting = after is not None
    count = 0
    for key, attempt in PARTS[part](modules, seed, trials):
        if only:
            if key == only:
                attempt()
            continue
        if waiting:
            waiting = key != after
            continue
        attempt()
        count += 1
        if count % 500 == 0:
            gc.collect()
    say("= done")


class Sink:
    def write(self, text):
        return len(text)

    def flush(self):
        pass


main()
