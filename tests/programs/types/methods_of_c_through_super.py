"""What `super()` gives of methods that are not written in Python, and of functions."""


class Base(dict):
    def own(self):
        return "own"

    @classmethod
    def of_class(cls):
        return cls.__name__

    @staticmethod
    def of_nothing():
        return "nothing"

    value = property(lambda self: "value")


class Derived(Base):
    def attributes(self):
        return [super().__len__, super().keys, super().own, super().of_class, super().of_nothing, super().__init_subclass__, super().fromkeys]

    def called(self):
        return super().__len__(), list(super().keys()), super().own(), super().of_class(), super().value

    def own(self):
        return "derived"


it = Derived(a=1)
for _ in range(4):
    print([type(method).__name__ for method in it.attributes()], it.called(), [method() for method in it.attributes()[:5]])
