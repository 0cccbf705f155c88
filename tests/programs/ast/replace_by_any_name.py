# Named arguments that are no strings: some functions take them as they come, others want strings.
import ast


class Odd:
    def __repr__(self):
        return "Odd()"


def show(call):
    try:
        print(call())
    except TypeError as error:
        print("TypeError:", error)


odd = {Odd(): 1}
show(lambda: ast.AST().__replace__(**odd))
show(lambda: ast.Name("x").__replace__(**odd))
show(lambda: ast.Name.__replace__(ast.Name("x"), **{"a": 1, Odd(): 1}))
show(lambda: ast.Name("x").__replace__(**{1: 2, "id": "y"}))
show(lambda: ast.dump(ast.Name("x").__replace__(**{"id": "y"})))
show(lambda: "{0}".format(3, **odd))
show(lambda: str.format("{a}", **{"a": 5, Odd(): 1}))
show(lambda: (lambda **names: names)(**odd))
show(lambda: (lambda odd: odd)(*(), **odd))
show(lambda: sorted([], **odd))
show(lambda: {}.update(**odd))
show(lambda: "a".encode(**{"encoding": "utf-8", Odd(): 1}))
