import operator
class Odd:
    def __iter__(self):
        return 5
    def __len__(self):
        return -1
    def __bool__(self):
        return 5
    def __index__(self):
        return "a"
    def __float__(self):
        return "a"
    def __repr__(self):
        return 5
    def __str__(self):
        return 5
    def __format__(self, spec):
        return 5
    def __length_hint__(self):
        return "a"
    def __contains__(self, x):
        raise KeyError(x)
def item_set():
    5[0] = 1
def item_deleted():
    del (5)[0]
def add(a, b):
    a += b
def power(a, b):
    a **= b
odd = Odd()
five = 5
for call in (
    lambda: 1 in five, lambda: iter(odd), lambda: iter(5), lambda: next(5), lambda: iter(5, 3), lambda: len(5), lambda: len(odd), lambda: bool(odd),
    lambda: operator.length_hint(odd), lambda: five[1], lambda: int[1], item_set, item_deleted, lambda: isinstance(1, 5), lambda: issubclass(1, 5),
    lambda: issubclass(int, 5), lambda: 1 + "a", lambda: "a" + 1, lambda: [1] + 1, lambda: [1] * "a", lambda: "a" * [1], lambda: print >> 5,
    lambda: 1 ** "a", lambda: pow(1, "a", 2), lambda: -"a", lambda: +"a", lambda: ~"a", lambda: abs("a"), lambda: add(1, "a"), lambda: add([], 1),
    lambda: power(1, "a"), lambda: divmod("a", 1), lambda: 1 @ 2, lambda: 1 < "a", lambda: [] >= (), lambda: hash([]), lambda: format(1, 5),
    lambda: format([], "d"), lambda: repr(odd), lambda: str(odd), lambda: format(odd), lambda: operator.index(odd), lambda: operator.index(5.0),
    lambda: float(odd), lambda: [1][odd], lambda: operator.concat(1, 2), lambda: 3 in odd, lambda: isinstance(1, (int, 5)), lambda: isinstance("a", (int, 5)),
):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
