from types import SimpleNamespace

space = SimpleNamespace({"a": 1}, b=2)
space.c = [space]
print(space, space.a, vars(space) is space.__dict__, sorted(space.__dict__))
del space.c
print(space == SimpleNamespace(a=1, b=2), space != SimpleNamespace(a=1), space == {"a": 1, "b": 2})
print(SimpleNamespace([("x", 1)], y=2), SimpleNamespace(), SimpleNamespace(**{"a b": 1}))
print(space.__reduce__(), space.__replace__(b=3, d=4))


class Named(SimpleNamespace):
    def extra(self):
        return self.a


print(Named(a=5), Named(a=5).extra(), Named(a=1).__replace__(a=2))
for action in (
    lambda: SimpleNamespace(1), lambda: SimpleNamespace({1: 2}), lambda: SimpleNamespace({}, {}), lambda: space.missing,
    lambda: hash(space), lambda: space < space, lambda: space.__replace__(1), lambda: delattr(space, "missing"),
):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
