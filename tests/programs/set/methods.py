s = {3, 1, 2}
s.add(9); s.discard(1); s.discard(77); s.remove(2)
print(s, len(s), 9 in s, 1 in s, set(), frozenset(), frozenset({1}), {frozenset({2})})
a, b = set(range(6)), frozenset(range(4, 9))
print(a | b, a & b, a - b, a ^ b, b | a, type(b | a).__name__, a <= b, a >= {1}, {1} < a, a == set(b), a != b, a.isdisjoint([77]))
print(sorted(a.union([10], "x"), key=str), a.intersection([1, 2], {2}), a.difference([1], [2]), a.symmetric_difference([1, 99]), a.issubset(range(9)), a.issuperset([1]))
a |= {50}; a &= set(range(60)); a -= {0}; a ^= {1, 51}
print(sorted(a), a.copy() == a, a.copy() is a, b.copy() is b)
a.update([1], {2: 3}, "z"); a.intersection_update({1, "z", 50}); a.difference_update([1]); a.symmetric_difference_update(["q"])
print(len(a), "q" in a, {frozenset({1, 2})} == {frozenset([2, 1])}, {1} in {frozenset({1})})
print(hash(frozenset([1, 2, 3])), hash(frozenset(range(100))), hash(frozenset()), hash(frozenset([frozenset([1])])))
class S(set):
    pass
class F(frozenset):
    pass
print(S([1]), F([1]), S(), type(S([1]) | S([2])).__name__, type(F([1]).copy()).__name__, S([1]).__reduce__())
r = set()
class Holder:
    def __repr__(self):
        return repr(r)
r.add(Holder())
print(r)
for call in (
    lambda: set().pop(), lambda: s.remove(77), lambda: s.add([]), lambda: [] in s, lambda: s | [1], lambda: s < [1], lambda: set(1), lambda: set(1, 2),
    lambda: set(x=1), lambda: hash(s), lambda: s.remove({1, 2}), lambda: s.union(5), lambda: frozenset().add, lambda: s & 5,
    lambda: {[]}, lambda: s.issubset(5), lambda: frozenset(x=1),
):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
