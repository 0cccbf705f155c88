"""What each protocol writes for each type, byte by byte, and what is read back."""
import _pickle
import collections
import pickle
import types


class Plain:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return self.__dict__ == other.__dict__

    class Inner:
        pass


class Slots:
    __slots__ = ("a", "b")


class WithArguments(tuple):
    def __new__(cls, first, *, named):
        return tuple.__new__(cls, (first, named))

    def __getnewargs_ex__(self):
        return (self[0],), {"named": self[1]}


class MyList(list):
    pass


class MyDict(dict):
    pass


slots = Slots()
slots.a = 1
items = MyList([1, 2])
items.extra = "x"
mapping = MyDict(a=1)
values = [
    None, True, False, 0, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 2**64,
    -2**2040, 2**2100, 1.5, -0.0, float("inf"), "", "a", "é", "\u20ac", "\U0001f40d", "\ud800", "back\\slash\n\r\0\x1a", "x" * 256,
    b"", b"a", b"\xff" * 300, bytearray(), bytearray(b"ab"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2],
    {}, {1: 2}, {1: 2, 3: 4}, set(), {1}, frozenset(), frozenset([1]), 1j, range(3), slice(1, 2), Ellipsis, NotImplemented,
    type(None), type(...), type(NotImplemented), int, len, Plain, Plain.Inner, Plain(1), items, mapping,
    WithArguments(1, named=2), collections.Counter("aab"), collections.OrderedDict(b=1, a=2), types.SimpleNamespace(a=1),
    ValueError("x", 1), list(range(1001)), dict.fromkeys(range(1000)), {i: i for i in range(1001)},
]
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    total = 0
    for value in values:
        written = _pickle.dumps(value, protocol)
        same = written == pickle._dumps(value, protocol)
        back = _pickle.loads(written)
        equal = back == value and type(back) is type(value) or isinstance(value, ValueError)
        total += len(written)
        if not same or not equal:
            print(protocol, type(value), same, equal, written[:60])
    copy = _pickle.loads(_pickle.dumps(slots, protocol)) if protocol >= 2 else slots
    print(protocol, total, copy.a, hasattr(copy, "b"))
for value in [2**31, "é", [1, (2, 3)], {"a": [None, True]}, Plain(1.5), len, frozenset("a"), bytearray(b"q")]:
    for protocol in range(6):
        print(_pickle.dumps(value, protocol))

shared = ["s"]
recursive = [shared, shared]
recursive.append(recursive)
keyed = {}
keyed[1] = (keyed,)
for protocol in range(6):
    a, b, c = _pickle.loads(_pickle.dumps(recursive, protocol))
    print(a is b, c[2] is c, _pickle.loads(_pickle.dumps(keyed, protocol))[1][0][1][0][1] is not None)
