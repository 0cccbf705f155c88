"""One child of the crash search: runs test methods of CPython's own test suite after changing them at random places.

    mutants.py SEED TRIALS LIBRARY MODULES [AFTER]

LIBRARY is the folder that has the reference's package `test`. Says what it does as calls.py does. A change replaces a constant, a name, an operator, an
attribute or an argument by another one, possibly by an evil object, or leaves out, doubles or exchanges statements.
"""
import ast
import builtins
import copy
import importlib
import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import odd
from odd import Numbers, World, error_outcome

LOG = os.dup(1)
CONSTANTS = [0, 1, -1, 2, 255, 256, 2**31, 2**63, -2**63, 2**64, 10**30, None, True, False, "", "a", "é\u20ac", "\ud800", "%s", "{}", b"", b"a", b"\xff", 1.5, float("inf"), 1j, (), ..., -5, "x" * 300]
ATTRIBUTES = ["append", "pop", "clear", "update", "send", "throw", "close", "__class__", "__dict__", "__iter__", "__next__", "__len__", "__init__", "__new__", "sort", "extend", "remove", "join", "format",
              "__getitem__", "__eq__", "__hash__", "__repr__", "copy", "keys", "values", "items", "split", "encode", "decode", "release", "tobytes", "cast", "__bases__", "__mro__", "__name__", "__code__", "gi_frame",
              "f_locals", "__traceback__", "__context__", "__cause__", "args", "with_traceback", "__call__", "__get__", "__set__", "__reduce__", "__reduce_ex__", "__setstate__", "__getattribute__"]
BUILTINS = [it for it in sorted(vars(builtins)) if it.islower() and it not in ("exit", "quit", "input", "breakpoint", "help", "copyright", "credits", "license", "open", "print")] + ["Exception", "StopIteration", "ExceptionGroup"]
OPERATORS = [ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.BitOr, ast.BitAnd, ast.BitXor, ast.MatMult]
COMPARISONS = [ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn]
MODULES = """test_list test_dict test_set test_tuple test_str test_bytes test_generators test_coroutines test_asyncgen test_descr test_exceptions test_int test_long test_float test_complex test_iter test_slice
test_memoryview test_weakref test_types test_class test_super test_scope test_grammar test_builtin test_enumerate test_range test_format test_fstring test_tstring test_unpack test_with test_dictviews test_frame test_code
test_traceback test_raise test_patma test_type_params test_genericalias test_gc test_property test_metaclass test_compare test_richcmp test_sort test_bool test_index test_hash test_yield_from test_named_expressions
test_positional_only_arg test_keywordonlyarg test_call test_extcall test_except_star test_exception_group test_baseexception test_funcattrs test_operator test_functools test_itertools test_collections test_userdict
test_userlist test_userstring test_deque test_defaultdict test_ordered_dict test_contextlib test_copy test_typing test_dynamic test_augassign test_binop test_decorators test_isinstance test_subclassinit test_unary
test_unpack_ex test_listcomps test_setcomps test_dictcomps test_genexps test_buffer test_sys_settrace test_sys_setprofile test_monitoring test_type_annotations test_type_aliases test_finalization""".split()


class Late(BaseException):
    """A try took too long."""


def late(*ignored):
    raise Late


def say(text):
    os.write(LOG, (text.replace("\n", "\\n") + "\n").encode("utf-8", "backslashreplace"))


class Mutator:
    def __init__(self, numbers):
        self.numbers = numbers

    def mutate(self, function):
        for _ in range(self.numbers.choice([1, 1, 2, 3])):
            nodes = [(parent, field, at) for parent in ast.walk(function) for field, at in self.places(parent)]
            if nodes:
                self.change(*self.numbers.choice(nodes))

    def places(self, node):
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and not isinstance(getattr(value, "ctx", None), (ast.Store, ast.Del)):
                yield field, None
            elif isinstance(value, (ast.operator,)):
                yield field, None
            elif isinstance(value, list):
                for at, it in enumerate(value):
                    if isinstance(it, (ast.stmt, ast.cmpop)) or isinstance(it, ast.expr) and not isinstance(getattr(it, "ctx", None), (ast.Store, ast.Del)):
                        yield field, at

    def change(self, parent, field, at):
        old = getattr(parent, field)
        if at is None:
            setattr(parent, field, self.other(old))
        elif isinstance(old[at], ast.stmt):
            which = self.numbers.below(3)
            if which == 0 and len(old) > 1:
                del old[at]
            elif which == 1:
                old.insert(at, copy.deepcopy(old[at]))
            else:
                to = self.numbers.below(len(old))
                old[at], old[to] = old[to], old[at]
        elif isinstance(old[at], ast.cmpop):
            old[at] = self.numbers.choice(COMPARISONS)()
        elif isinstance(parent, ast.Call) and self.numbers.below(3) == 0:
            if self.numbers.below(2):
                del old[at]
            else:
                old.insert(at, old[at])
        else:
            old[at] = self.other(old[at])

    def other(self, old):
        numbers = self.numbers
        if isinstance(old, ast.operator):
            return numbers.choice(OPERATORS)()
        which = numbers.below(10)
        if isinstance(old, ast.Attribute) and which < 5:
            return ast.Attribute(old.value, numbers.choice(ATTRIBUTES), ast.Load())
        if which < 4:
            return ast.Constant(numbers.choice(CONSTANTS))
        if which < 6:
            return ast.Name(numbers.choice(BUILTINS), ast.Load())
        if which == 6:
            return ast.parse("_world." + odd.evil_expression(numbers), mode="eval").body
        if which == 7:
            return ast.parse(f"_world.value({odd.expression(numbers)!r})", mode="eval").body
        if which == 8:
            return ast.Call(old, [], [])
        return ast.List([old, old], ast.Load())


def methods_of(module, path):
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found = getattr(module, node.name, None)
            if isinstance(found, type) and issubclass(found, unittest.TestCase):
                for item in node.body:
                    if isinstance(item, ast.FunctionDef) and item.name.startswith("test"):
                        yield found, item


def run(module, kind, function, key):
    world = World()
    names = dict(vars(module), _world=world)
    case = kind(function.name)
    world.victims = [case]
    signal.setitimer(signal.ITIMER_REAL, 3)
    try:
        code = compile(ast.fix_missing_locations(ast.Module([function], [])), f"<{key}>", "exec")
        exec(code, names)
        case.setUp()
        names[function.name](case)
        said = "ok"
    except Late:
        said = "late"
    except BaseException as error:
        said = error_outcome(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    signal.setitimer(signal.ITIMER_REAL, 3)
    try:
        case.tearDown()
        case.doCleanups()
    except BaseException as error:
        said += " then " + error_outcome(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    world.fired = 100
    world.victims = []
    say(f"< {said}")


def main():
    seed, trials, library = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    modules = MODULES if sys.argv[4] == "all" else sys.argv[4].split(",")
    after = sys.argv[5] if len(sys.argv) > 5 else None
    only = after[1:] if after and after.startswith("=") else None
    sys.path.append(library)
    sys.unraisablehook = lambda it: None
    signal.signal(signal.SIGALRM, late)
    sink = open(os.devnull, "w")
    sys.stdout = sys.stderr = sink
    for name in modules:
        if only and not only.startswith(name + "#"):
            continue
        if after and not only:
            if not after.startswith(name + "#"):
                continue
        try:
            module = importlib.import_module("test." + name)
        except BaseException as error:
            say(f"> {name}#import")
            say(f"< {error_outcome(error)}")
            continue
        methods = list(methods_of(module, module.__file__ if os.path.exists(str(module.__file__)) else f"{library}/test/{name}.py"))
        for trial in range(trials if methods else 0):
            key = f"{name}#{trial}"
            if only and key != only:
                continue
            if after and not only:
                if key == after:
                    after = None
                continue
            numbers = Numbers(odd.seed_of(key, seed))
            kind, original = numbers.choice(methods)
            function = copy.deepcopy(original)
            function.decorator_list = []
            Mutator(numbers).mutate(function)
            try:
                text = ast.unparse(ast.fix_missing_locations(function))
            except BaseException as error:
                text = str(error)
            say(f"> {key} {kind.__name__} {text if only else ''}")
            run(module, kind, function, key)
            sys.stdout = sys.stderr = sink
            sys.settrace(None)
            sys.setprofile(None)
            sys.setrecursionlimit(1000)
        if after and not only and after.startswith(name + "#"):
            after = None
    say("= done")


main()
