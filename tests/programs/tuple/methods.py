t = (1, 2, 3, 2)
print(t, (), (1,), t[0], t[-1], t[1:], t[::-1], t[:] is t, t + (4,), t * 2, 2 * (0,), len(t), 3 in t)
print(t.index(2), t.index(2, 2), t.count(2), hash(()), hash((1, 2, 3)), hash((1.5, (2, 3), None)) == hash((1.5, (2, 3), None)))
print(tuple("abc"), tuple([1]), tuple(t) is t, tuple() is (), (1, 2) < (1, 3), (1,) < (1, 0), (1, 2) == (1, 2), () == [], t.__getnewargs__())
class T(tuple):
    def __new__(cls, *items, **kwargs):
        return super().__new__(cls, items)
    def __init__(self, *args, **kwargs):
        self.kwargs = kwargs
x = T(1, 2, color="red")
print(x, x.kwargs, type(x[:]), type(x + ()), x == (1, 2), hash(x) == hash((1, 2)), isinstance(x, tuple))
recursive = ([],)
recursive[0].append(recursive)
print(recursive)
iterator = iter((1, 2, 3))
print(next(iterator), iterator.__length_hint__(), iterator.__reduce__()[1:], list(iterator), iterator.__reduce__()[1:])
for call in (
    lambda: t[9], lambda: t["a"], lambda: t + [1], lambda: t * "a", lambda: t.index(9), lambda: tuple(1), lambda: tuple(1, 2),
    lambda: tuple(x=1), lambda: hash(([],)), lambda: t < [1], lambda: t.__setitem__, lambda: t.index(), lambda: t.count(),
):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
