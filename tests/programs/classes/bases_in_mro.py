"""An `mro()` that changes bases itself, or gives a strange order."""


class Meta(type):
    action = staticmethod(lambda cls: None)

    def mro(cls):
        Meta.action(cls)
        return type.mro(cls)


class A(metaclass=Meta): ...
class B1(A): ...
class B2(A): ...
class C(A): ...


def once(cls):
    if cls.__name__ == "C":
        Meta.action = staticmethod(lambda cls: None)
        C.__bases__ = (B2,)


Meta.action = staticmethod(once)
C.__bases__ = (B1,)
B1.__bases__ = (C,)
print(C.__bases__, B2.__subclasses__(), B1.__subclasses__(), B1.__bases__, C.__subclasses__(), B1.__mro__)


class D1(A): ...
class D2(A): ...


def crosswise(cls):
    if cls.__name__ == "D1":
        D2.__bases__ = (D1,)
    if cls.__name__ == "D2":
        D1.__bases__ = (D2,)


Meta.action = staticmethod(crosswise)
try:
    D1.__bases__ = (A,)
except TypeError as error:
    print(error)


class Base: ...


for order in ((), (Base,), (1,)):
    class Odd(type):
        def mro(cls):
            return order

    try:
        class Made(metaclass=Odd): ...
    except TypeError as error:
        print(error)
