"""Identifiers that are not ASCII: those that stand for a constant, and `unicodedata.normalize` in another's hands."""
import ast
import sys
import unicodedata


def attempt(source, *more):
    try:
        return ascii(ast.dump(ast.parse(source, *more)))
    except Exception as error:
        return f"{type(error).__name__}: {ascii(str(error))}"


WORDS = {"Tru\u1d49": "True", "Fal\u017fe": "False", "N\u00bane": "None", "\uff49f": "if"}
PLACES = [
    "{}", "def {}(): pass", "x.{}", "f({}=1)", "import {}", "from a import b as {}", "from a.{} import b", "class {}: pass", "global {}",
    "lambda {}: 1", "match x:\n case {}: pass", "match x:\n case A({}=1): pass", "try: pass\nexcept E as {}: pass", "type {} = 1",
    "def f[{}](): pass", "{} = 1", "f'{{{}}}'", "{}(", "1 + {} )", ") {}",
]
for word, name in WORDS.items():
    for place in PLACES:
        print(name, ascii(place), attempt(place.format(word)))

original = unicodedata.normalize
for answer in [None, 1, b"x", "x", "None"]:
    asked = set()

    def normalize(*arguments):
        asked.add(arguments)
        return answer

    unicodedata.normalize = normalize
    for source in ["\u03d5", "x.\u03d5", "abc", "'\u03d5'", "\u00e9 = 1; \u03d5", "f'{\u03d5}'", "\u03d5 = = 1"]:
        print(repr(answer), ascii(source), attempt(source), ascii(sorted(asked)))


def fail(*arguments):
    raise KeyError("no form")


unicodedata.normalize = fail
print(attempt("\u03d5"), attempt("\u03d5 ="))
del unicodedata.normalize
print(attempt("\u03d5"))
unicodedata.normalize = original
print(attempt("\u03d5"))
sys.modules["unicodedata"] = None
print(attempt("\u03d5"), attempt("abc"))
