"""Errors of `eval` and `single` show the line as it was given; warnings come before the error that follows them."""
import ast
import warnings


def show(source, mode, flags=0):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, "<source>", mode, flags)
            outcome = "compiles"
        except SyntaxError as error:
            outcome = f"{type(error).__name__} {error.args}"
    print(repr(source), mode, outcome)
    for warning in caught:
        print("   ", warning.category.__name__, warning.message, warning.lineno)


for source in ["1 +", "(1", "1 1", "", "  1", "1\n 2", "x = 1", "f'{a", "# c", "a\\b", "\\", "1;;"]:
    show(source, "eval")
    show(source, "single")
show("(int) -> ", "func_type", ast.PyCF_ONLY_AST)
show("\\", "func_type", ast.PyCF_ONLY_AST)

show(r"'\e' $", "eval")
show(r"x = '\e'" + "\ny = '\\z' +\n", "exec")
show(r"f'\e{1}' 1", "exec")
show("1if x else 2 3", "exec")

for source in ["import a as b; None = 1", "from a import b, c as d; e = 1; None = 1", "from a import (b as c; d)",
               "import a as b.c"]:
    show(source, "exec")

for source in [b"# coding: utf8\n\n\n'\xe2\x80'", b"# coding: utf-8\n'\xe2\x80'", b"# coding: U8\n\xff"]:
    show(source, "exec")

# Bytes may begin with blanks as text may, and the place is counted without them.
for source in [b" \t 1", b"  '\xff'", b"  # coding: latin-1\n 1", b" \n 1"]:
    try:
        print(source, eval(source))
    except SyntaxError as error:
        print(source, error.msg, error.lineno, error.offset, ascii(error.text))
