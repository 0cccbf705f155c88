"""What `_fields`, `_attributes` and `_field_types` of a class of nodes may be."""
import ast
import warnings


def attempt(make):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            node = make()
            text = f"{type(node).__name__} {getattr(node, '__dict__', node)}"
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
    print("   ", text, sorted(str(it.message) for it in caught))


for fields in [(b"a",), (1,), (None,), ("a", "a"), ("a", b"b"), {"a": 1}, 3]:
    for types in [{"a": int}, {b"a": int}, {1: int | None}, {1: list[int]}, {"a": list[int], None: ast.expr_context}]:
        class Odd(ast.AST):
            _fields = fields
            _field_types = types

        print(fields, types)
        for make in [Odd, lambda: Odd(1), lambda: Odd(a=1), lambda: Odd(1, a=2), lambda: Odd().__replace__(), lambda: Odd(a=1).__reduce__()]:
            attempt(make)

for name in ["_fields", "_attributes", "_field_types"]:
    for cls in [ast.AST, ast.Name]:
        if name not in vars(cls):
            continue
        kept = vars(cls)[name]
        delattr(cls, name)
        print("without", cls.__name__, name)
        for make in [cls, lambda: cls(1), lambda: cls(a=1), lambda: repr(cls()), lambda: cls().__replace__(), lambda: cls().__replace__(id=1)]:
            attempt(make)
        setattr(cls, name, kept)
