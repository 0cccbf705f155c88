"""Trees whose names are constants, and `try` statements with nothing to it."""
import ast


def attempt(text, **fields):
    tree = ast.parse(text)
    changed = next(node for node in ast.walk(tree) if all(hasattr(node, name) for name in fields) and not isinstance(node, ast.Module))
    for name, value in fields.items():
        setattr(changed, name, value)
    try:
        compile(tree, "<tree>", "exec")
        print(repr(text), "ok")
    except Exception as error:
        print(repr(text), type(error).__name__, error)


for text in ("def x(): pass", "async def x(): pass", "class x: pass", "from a import x", "import x, y", "try: pass\nexcept A as x: pass"):
    attempt(text, name="None")
attempt("def f(): pass", name="None", body=[])
attempt("import a as x", asname="True")
attempt("try: pass\nfinally: pass", finalbody=[])
attempt("try: pass\nexcept* A: pass", handlers=[])
