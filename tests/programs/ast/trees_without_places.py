"""Trees that have no places of their own: code that is equal becomes one, and what is missing is said before what a constant cannot be."""
import ast

TEXT = '''
class A:
    def f(self):
        return lambda: 1
    def g(self):
        return lambda: 1
'''


def without_places(node):
    if isinstance(node, list):
        return [without_places(it) for it in node]
    if isinstance(node, ast.AST):
        return type(node)(**{name: without_places(value) for name, value in ast.iter_fields(node)})
    return node


def names(code):
    yield code.co_qualname
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield from names(constant)


code = compile(ast.fix_missing_locations(without_places(ast.parse(TEXT))), "<tree>", "exec")
print(list(names(code)))

place = dict(lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)
bad = ast.Constant(ast.Not(), **place)
for body in ([ast.Expr(bad, **place)], [ast.Expr(bad, **place), ast.Expr(ast.Constant(1))], [ast.Expr(ast.Constant((1, [2])), **place)],
             [ast.Expr(ast.Constant((1, (slice(1),)), **place), **place)], [ast.Expr(ast.BoolOp(ast.And(), [bad], **place), **place)]):
    try:
        compile(ast.Module(body, []), "<tree>", "exec")
    except Exception as error:
        print(type(error).__name__, error)
