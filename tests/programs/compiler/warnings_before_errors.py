"""What is warned of before the compiler meets an error is warned of all the same; and what is said first of a tree with several mistakes."""
import ast
import warnings


def told(source):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, "<told>", "exec")
        except (SyntaxError, SystemError, TypeError, ValueError) as error:
            print(type(error).__name__, error)
        print([str(it.message) for it in caught])


for source in ("1()\nbreak", "def f():\n 1()\n return\nx = 1; break", "1()\n''[1.5]\n'a' is x\nawait y\n", "assert (1, 2)\nyield", "break\n1()"):
    told(source)
tree = ast.parse("1()\nf'{x}'")
tree.body[1].value.values[0].conversion = 7
told(tree)
tree = ast.parse("x = [y]\ndef f(a): pass")
tree.body[0].value.elts.append(None)
told(tree)
del tree.body[1].args.args[0].arg
told(tree)
