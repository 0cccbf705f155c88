"""`__dict__` of instances whose built-in base guards it, `__class__` between layouts, and a property's read-only functions."""
import types


class Base:
    pass


class Meta(type, Base):
    pass


class Made(metaclass=Meta):
    pass


class Module(types.ModuleType, Base):
    pass


class Failure(Exception, Base):
    pass


descriptor = Base.__dict__["__dict__"]
for it in (Made, Module("m"), Failure()):
    for action in (lambda: descriptor.__set__(it, {"a": 1}), lambda: descriptor.__delete__(it),
                   lambda: type(descriptor.__get__(it)).__name__):
        try:
            print(type(it).__name__, action())
        except (AttributeError, TypeError) as error:
            print(type(it).__name__, type(error).__name__, error)


class Slots:
    __slots__ = ["a"]


class WithDict(Slots):
    __slots__ = ["__dict__"]


class WithBoth(Slots):
    __slots__ = ["__dict__", "__weakref__"]


class Plain(Slots):
    pass


for old, new in ((WithDict, WithBoth), (Slots, WithDict), (WithBoth, Plain), (Plain, WithBoth)):
    it = old()
    try:
        it.__class__ = new
        print(type(it).__name__)
    except TypeError as error:
        print(error)

for name in ("fget", "fset", "fdel"):
    try:
        setattr(property(), name, 1)
    except AttributeError as error:
        print(error, type(vars(property)[name]).__name__)
it = property(doc="text")
it.__doc__ = "other"
print(it.__doc__)
