"""`locals()` and `f_locals` while a comprehension runs at a module's or class's level, and functions that are made of a module's code."""
import sys
import types

print([locals() for name in "ab"], type([sys._getframe().f_locals for name in "a"][0]).__name__)
print([(vars()["name"], dir(), eval("name")) for name in "ab"], "name" in globals())


class Class:
    inside = 1
    items = [(sorted(locals()), sorted(sys._getframe().f_locals)) for name in "a"]
    after = "inside" in locals()


print(Class.items, Class.after)
code = compile("result = given + 1\nseen = locals() is globals()", "<module's>", "exec")
names = {"given": 1}
function = types.FunctionType(code, names)
for _ in range(4):
    function()
    names["given"] += 1
print(names["result"], names["seen"])
