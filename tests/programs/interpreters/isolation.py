"""Interpreters share no modules, globals or classes."""
import sys
from concurrent import interpreters

sys.mark = 1
one, two = interpreters.create(), interpreters.create()
one.exec("import sys, json; sys.mark = 2; json.mark = 3; value = 4; int.__doc__")
two.exec("import sys, json; print(hasattr(sys, 'mark'), hasattr(json, 'mark'), 'value' in globals(), __name__)")
one.exec("print(sys.mark, json.mark, value, type(value) is int)")
print(sys.mark, "value" in globals())
one.exec("""
class Base: pass
class Derived(Base): pass
print(len(Base.__subclasses__()), [it for it in object.__subclasses__() if it.__name__ == 'Base'])
""")
print([it for it in object.__subclasses__() if it.__name__ == "Base"])
one.exec("import builtins; builtins.extra = 5; print(extra)")
try:
    two.exec("extra")
except interpreters.ExecutionFailed as problem:
    print(problem)
one.close()
two.close()
three = interpreters.create()
three.exec("import sys; sys.setrecursionlimit(321)")
three.exec("import sys; print(sys.getrecursionlimit(), flush=True)")
print(sys.getrecursionlimit())
three.close()
