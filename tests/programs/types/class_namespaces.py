# What type() makes of odd namespaces and names.
import collections
import warnings

warnings.simplefilter('error')
try:
    type('Odd', (), {1: 2})
except RuntimeWarning as error:
    print(error)
for name in ['a\udcdcb', 'a\0b']:
    try:
        type(name, (), {})
    except ValueError as error:
        print(type(error).__name__)
try:
    type('A', (), {'__doc__': 'x\udcdcy'})
except UnicodeEncodeError as error:
    print(error)
ordered = collections.OrderedDict([('a', 1), ('b', 2)])
ordered.move_to_end('a')
print(list(type('C', (), ordered).__dict__)[:2])


class Slotted:
    __slots__ = ['__classcell__', 'a']

    def method(self):
        return __class__


print(type(Slotted.__dict__['__classcell__']).__name__)
try:
    Slotted().a
except AttributeError as error:
    print(error)


class Method(classmethod):
    def __init__(self, function):
        pass


print(repr(Method(print)), None.__ne__(None), None.__eq__(3))
for call in [int().__pow__, lambda: int().__rpow__(1, 2, 3), lambda: str(1, 2, 3, 4), lambda: str(1, 2, 3, errors='')]:
    try:
        call()
    except TypeError as error:
        print(error)
