"""Which strings of code objects are interned, and which are the same object."""
import sys
import types

SOURCE = """
x['in_slice':'in_slice_too']
y = ('in_slice', 'in_tuple')
z = w in {'in_slice', 'in_set', 'not in'}
class Outer:
    class Inner:
        text = 'Outer.Inner'
        def method(self, größe, **rest): return self.in_tuple, größe, f(größe=1), 'Outer.Inner', self['lone':'a b']
def generic[T](x: T): return 'in_set', 'not in', (('in_set', 'nested'), 'a b')
from in_module import größe, in_tuple
"""


def show(value, path, numbers):
    if isinstance(value, str):
        number = numbers.setdefault(id(value), len(numbers))
        print(path, repr(value), sys._is_interned(value), sys._is_immortal(value), number)
    elif isinstance(value, types.CodeType):
        for part in "name", "qualname", "names", "varnames", "consts":
            show(getattr(value, f"co_{part}"), f"{path}.{part}", numbers)
    elif isinstance(value, slice):
        show((value.start, value.stop), f"{path}:", numbers)
    elif isinstance(value, frozenset):
        show(tuple(sorted(value)), f"{path}!", numbers)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            show(item, f"{path}[{place}]", numbers)


code = compile(SOURCE, "file", "exec")
show(code, "", {})
