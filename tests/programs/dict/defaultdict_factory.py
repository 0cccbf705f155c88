# defaultdict: comparison, a factory that is None, a factory that stores a value itself.
from collections import defaultdict

first, second = defaultdict(int, {1: 2}), defaultdict(list, {1: 2})
print(first == second, first != second, first == {1: 2}, {1: 2} == first, first == defaultdict(int), hash is not None)
try:
    hash(first)
except TypeError as error:
    print(error)

first.default_factory = None
print(first, first.__reduce__()[:2], first.copy())
try:
    first[5]
except KeyError as error:
    print("KeyError", error)
del first.default_factory
print(first.default_factory)


def factory():
    values["key"] = "stored"
    return "returned"


values = defaultdict(factory)
print(values["key"], dict(values))


class Watching(defaultdict):
    def __setitem__(self, key, value):
        print("set", key)
        super().__setitem__(key, value)


print(Watching(int)[3])
