"""Virtual subclasses: registration, caches, hooks, and what patterns make of them."""
import abc
import collections.abc
import _abc


class Shape(abc.ABC):
    @property
    @abc.abstractmethod
    def area(self): ...

    @abc.abstractmethod
    def scale(self, factor): ...


class Partial(Shape):
    area = 1


class Square(Partial):
    def scale(self, factor): ...


print(sorted(Shape.__abstractmethods__), sorted(Partial.__abstractmethods__), Square.__abstractmethods__)
for cls in (Shape, Partial, Square):
    try:
        print(type(cls()).__name__)
    except TypeError as error:
        print(error)


class Number(abc.ABC):
    pass


token = abc.get_cache_token()
print(isinstance(1, Number), issubclass(int, Number), Number.register(int), abc.get_cache_token() - token)
print(isinstance(1, Number), isinstance(True, Number), isinstance("", Number))
print([len(part) if isinstance(part, set) else part - token for part in _abc._get_dump(Number)])
for action in (lambda: Number.register(1), lambda: int.__subclasses__ and Number.register(abc.ABC) and 0,
               lambda: issubclass(1, Number), lambda: _abc._abc_subclasscheck(int, int)):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)


class Hooked(abc.ABC):
    @classmethod
    def __subclasshook__(cls, other):
        return {int: True, str: False, bytes: 1}.get(other, NotImplemented)


for cls in (int, str, list, bytes):
    try:
        print(issubclass(cls, Hooked))
    except AssertionError as error:
        print(error)


def kind(value):
    match value:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"
        case str(text) | bytes(text) | bytearray(text):
            return text


class Parent: ...


class Child(Parent):
    def __len__(self):
        return 0


class Items(collections.abc.Sequence):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return [1, 2][index]


print(kind(Child()), kind(Items()), kind("a"), kind(b"b"), kind(bytearray(b"c")))
collections.abc.Mapping.register(Parent)
print(kind(Child()))
try:
    class Both(metaclass=abc.ABCMeta):
        __abc_tpflags__ = (1 << 5) | (1 << 6)
except TypeError as error:
    print(error)
