import random
random.seed(12)
ints = [random.randrange(-50, 50) for _ in range(300)]
print(sorted(ints) == sorted(ints, key=lambda x: x), sorted(ints)[:5], sorted(ints, reverse=True)[:5])
pairs = [(x % 7, i) for i, x in enumerate(ints)]
by_first = sorted(pairs, key=lambda p: p[0])
print(all(a <= b for a, b in zip(by_first, by_first[1:])), sorted(pairs) == by_first)
backwards = sorted(pairs, key=lambda p: p[0], reverse=True)
print(all(a[0] > b[0] or a[0] == b[0] and a[1] < b[1] for a, b in zip(backwards, backwards[1:])))
print(sorted("banana"), sorted(["b", "ä", "a", "\U0001f600", "\uffff"]), sorted([1.5, 1, True, 0.5]), sorted([2.0, -0.0, 0.0, 1e300, -1e300]))
class Value:
    comparisons = 0
    def __init__(self, n):
        self.n = n
    def __lt__(self, other):
        Value.comparisons += 1
        return self.n < other.n
values = [Value(x) for x in range(100)]
values.sort()
print(Value.comparisons, [v.n for v in values[:3]])
random.shuffle(values)
values.sort(reverse=True)
print([v.n for v in values[:3]], [v.n for v in values[-3:]])
nan = float("nan")
print(len(sorted([3.0, nan, 1.0, nan, 2.0])))
a = [3, 1, 2]
def key(x):
    a.append(x)
    return x
try:
    a.sort(key=key)
except ValueError as error:
    print(error, a)
def bad(x):
    if x == 1:
        raise KeyError(x)
    return x
for call in (lambda: a.sort(key=bad), lambda: [1, "a"].sort(), lambda: [1, 2].sort(1), lambda: [1].sort(key=5), lambda: [].sort(reverse="x")):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
print(a)
class Emptying:
    def __lt__(self, other):
        b.clear()
        return True
b = [Emptying() for _ in range(5)]
try:
    b.sort()
except ValueError as error:
    print(error, len(b))
print(sorted([[2, 1], [1, 2], [1]]), sorted([(1, "b"), (1, "a"), (0, "z")]))
