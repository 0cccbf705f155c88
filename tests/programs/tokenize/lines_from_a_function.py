import _tokenize, io, tokenize


def show(readline, **options):
    try:
        for token in _tokenize.TokenizerIter(readline, **{"extra_tokens": True} | options):
            print(token)
    except Exception as error:
        print(type(error).__name__, error.args)


show(io.StringIO("# c\nimport a\n\nif x:\n    y = (1,\n   2)\n'''t\nu'''\n").readline)
show(io.StringIO("a = (1,\n").readline)
show(io.StringIO("if 1:\n    a\n  b\n").readline)
show(io.StringIO("if 1:\n\ta\n        b\n").readline)
show(io.StringIO("a \\ b\n").readline)
show(io.StringIO("'''abc").readline)
show(lambda: 1)
show(lambda: "a\n", encoding="utf-8")
show(iter([b'a = "\xff"\n', b""]).__next__, encoding="utf-8")
show(iter([b'a = "\xff"\n', b""]).__next__, encoding="latin-1")
show(iter([b"a\n", b""]).__next__, encoding="foo")


def failing():
    yield "a\n"
    yield "b "
    1 / 0


show(failing().__next__)
for token in tokenize.generate_tokens(io.StringIO("f(x, y)  # z").readline):
    print(token)
