"""Which strings of code are interned, and for how long, and what that means for marshalled data."""
import hashlib
import marshal
import sys

SOURCE = """
plain_name = 'plain_constant'
def outer(parameter, *, keyword=1):
    class Local:
        attribute: int = 'in a class'
    def inner(): return lambda: parameter
    return ('first_in_tuple', 'not an identifier'), keyword in {'first_of_set', 'second_of_set'}, keyword in {b'bytes', 300, (1, 'x')}
def again(keyword):
    return keyword in {'first_of_set', 'second_of_set'}, keyword in {'plain_name', 'keyword'}, keyword in {'p', 'k'}
def once_more(keyword):
    return keyword in {'first_of_set', 'second_of_set'}, keyword in {'plain_name', 'keyword'}, keyword in {'p', 'k'}
"""


def state(text):
    return f"{text!r} {'interned' if sys._is_interned(text) else 'alone'} {'for ever' if sys._is_immortal(text) else 'for now'}"


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, frozenset)):
        for item in value if isinstance(value, tuple) else sorted(value, key=repr):
            yield from strings(item)


def show(code, indent=""):
    print(indent + "name", state(code.co_name))
    for field in ("co_qualname", "co_filename", "co_names", "co_varnames", "co_freevars", "co_consts"):
        for text in strings(getattr(code, field)):
            print(indent + field, state(text))
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            show(constant, indent + "  ")


code = compile(SOURCE, "some_file_of_its_own.py", "exec")
show(code)
data = marshal.dumps(code)
print(len(data), hashlib.sha256(data).hexdigest())
show(marshal.loads(marshal.dumps(compile("loaded_name = 'loaded_constant'", "loaded_file.py", "exec"))))
changed = code.replace(co_name="another" + "_" * len(sys.argv), co_consts=("constant" + "_" * len(sys.argv), "no constant" * len(sys.argv)))
print(state(changed.co_name), *map(state, changed.co_consts))
functions = [it for it in code.co_consts if hasattr(it, "co_code")]
sets = [[it for it in function.co_consts if isinstance(it, frozenset)] for function in functions]
print([one is other for one, other in zip(sets[1], sets[2])])
