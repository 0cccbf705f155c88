"""`exec` of a function's code with a mapping: the function has variables of its own."""
import sys
import types


def scope():
    shared = seen = None

    def inner():
        nonlocal shared, seen
        try:
            def local(): return 1
        finally:
            seen["seen"] = [locals(), sys._getframe().f_locals, vars(), dir()]
        exec("added = 2")
        seen["after"] = locals()
    return inner.__code__


class Mapping(dict):
    pass


for mapping in ({"shared": 2}, Mapping(shared=3)):
    seen = {}
    cells = {"shared": types.CellType(5), "seen": types.CellType(seen)}
    code = scope()
    exec(code, {"sys": sys}, mapping, closure=tuple(cells[name] for name in code.co_freevars))
    print(*(f"{type(it).__name__} {sorted(it)}" for it in seen["seen"]), sorted(seen["after"]), mapping)
