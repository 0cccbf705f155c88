"""The qualified name of the `__annotate__` that the compiler makes for a function."""


def f() -> None:
    def nested() -> None:
        pass
    return nested


class Outer[T]:
    x: int

    def method(self, x: T):
        pass


def generic[T: int](x: T) -> T:
    pass


for function in (f, f(), Outer.method, generic):
    print(function.__annotate__.__qualname__, function.__annotate__.__name__, function.__annotate__.__code__.co_qualname)
print(Outer.__annotate__.__qualname__)
f.__qualname__ = "other"
print(f.__annotate__.__qualname__)
own = lambda format: {}
f.__annotate__ = own
print(f.__annotate__.__qualname__)
