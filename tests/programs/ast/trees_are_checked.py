"""`compile(tree, …, PyCF_ONLY_AST)` checks the tree and copies it."""
import ast

FLAGS = {"tree": ast.PyCF_ONLY_AST, "optimized": ast.PyCF_OPTIMIZED_AST}


def attempt(tree, mode, flags):
    try:
        made = compile(tree, "<tree>", mode, flags)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return f"{made is tree} {ast.dump(made)}"


one = ast.Constant(1)
trees = [
    ast.parse("x = 1 + 2"),
    ast.Module(),
    ast.Expression(ast.Constant(1)),
    ast.Interactive([]),
    ast.FunctionType([], ast.Constant(1)),
    one,
    ast.Module([one], []),
    ast.fix_missing_locations(ast.Module([ast.Assign([], one)], [])),
    ast.fix_missing_locations(ast.Module([ast.Expr(ast.Name("True"))], [])),
    ast.fix_missing_locations(ast.Module([ast.Expr(ast.Name("x", ast.Store()))], [])),
    ast.fix_missing_locations(ast.Module([ast.Expr(ast.Constant([]))], [])),
    ast.Module([None], []),
]
for tree in trees:
    for mode in ["exec", "eval", "single", "func_type"]:
        for name, flags in FLAGS.items():
            print(ascii(ast.dump(tree)), mode, name, attempt(tree, mode, flags))


class Module(ast.Module):
    pass


print(type(compile(Module([], []), "<tree>", "exec", ast.PyCF_ONLY_AST)) is ast.Module)
