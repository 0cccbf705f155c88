"""Syntax errors in whole modules show the line of the file of the name that `compile` is given, if the parser reports them."""
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "other.py")
    with open(path, "w") as file:
        file.write("first line\nsecond line here\nthird\n")
    for text in ("a b", "x=1\n(", 'x = "abc', "x=1\nif x:\n", "é = 5 5\n", "x=1\n\\", "x=1\ny=2\nz=3\na b", "if x:\n a\n  b", "x=1\nabc def ghi jkl mno pqr stu",
                 "x=1\nf() = 1", "x=1\nf'{a b}'", "return", "x=1\nf(**a, *b)", "x=1\n0777", "x=1\n$"):
        for mode in ("exec", "eval", "single"):
            try:
                compile(text, path, mode)
            except SyntaxError as error:
                print(repr(text), mode, error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, repr(error.text))
