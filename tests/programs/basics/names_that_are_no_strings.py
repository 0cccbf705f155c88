"""Names of arguments that are no strings: who refuses them, and in which words."""
import collections
import functools


class Name(str):
    pass


def function(**names):
    return names


class Plain:
    pass


class Taking(dict):
    def __init__(self, **names):
        pass


callables = """list set frozenset tuple dict bool float int str range map filter reversed enumerate super type slice complex
    vars dir len print sorted object staticmethod BaseException ValueError ImportError AttributeError
    collections.defaultdict collections.OrderedDict collections.Counter functools.partial(function)
    {}.update {}.pop ''.format ''.join [].append function Plain Taking""".split()
for text in callables:
    for arguments in ("**{1: 2}", "1, **{1: 2}", "**{None: 1, 'a': 2}", "*[1], **{b'x': 2}"):
        try:
            result = eval(f"{text}({arguments})")
            print(text, arguments, "->", type(result).__name__)
        except TypeError as error:
            print(text, arguments, "!!", error)
print(dict(**{Name("a"): 1}), function(**{Name("a"): 1}), collections.defaultdict(None, **{Name("b"): 2}))
