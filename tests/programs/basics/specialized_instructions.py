"""Calls and operators that specialize stay right when what they meet changes, and nothing leaks."""

import sys


def two(function, left, right):
    return function(left, right)


def one(function, value):
    return function(value)


def is_last(item, kind):
    return "called"


for _ in range(100):
    two(isinstance, 1, int)
    one(len, [1])
print(two(isinstance, 1, int), two(isinstance, True, int), two(isinstance, 1, str), two(isinstance, 1, (str, int)))
print(two(issubclass, int, type), two(is_last, 1, int), two(getattr, "a", "__class__"))
print(one(len, "four"), one(len, {1: 2}), one(abs, -300), one(hash, 7), one(repr, len))
try:
    one(len, 5)
except TypeError as error:
    print(error)


class Odd:
    def __len__(self):
        return -1


try:
    one(len, Odd())
except ValueError as error:
    print(error)


def unpack(values):
    first, second, third = values
    return first, second, third


items = [object(), object(), object()]
before = [sys.getrefcount(item) for item in items]
for _ in range(100):
    unpack(items)
print(before == [sys.getrefcount(item) for item in items])
print(unpack([1, 2, 3]), unpack((1, 2, 3)), unpack("abc"))
for wrong in [1, 2], [1, 2, 3, 4]:
    try:
        unpack(wrong)
    except ValueError as error:
        print(error)


def polynomial(x, y):
    """Temporary results: the values and the objects of the operands must not change."""
    left, right = x * 3 + y * 5 - (x - y), (x + y) * (x - y)
    return x, y, left, right, left / 2 + right * 0.5


for _ in range(100):
    polynomial(1000, 77)
    polynomial(1.5, 2.5)
for pair in (1000, 77), (1.5, 2.5), (2**29, 2**29 + 1), (-300, 299), (2**70, 3), (1, 2.5):
    print(polynomial(*pair))


def chain(start):
    kept = start + 1000
    again = kept
    kept += 1
    return kept, again, kept - again + 5 - 5


for _ in range(100):
    chain(5)
print(chain(5), chain(5.5), chain(2**40))


def fill(target, base):
    for step in range(5):
        target[base + step] = step


target = [0] * 1010
for _ in range(50):
    fill(target, 1000)
index = 1000 + len(target) - 1010
count = sys.getrefcount(index)
for _ in range(50):
    target[index] = None
print(count == sys.getrefcount(index), target[998:1008])


def call_back(a, b=2, *rest, **names):
    return a, b, rest, names


print(list(map(call_back, range(2))), list(map(call_back, *[range(1)] * 8)))
print(sorted(range(5), key=lambda value: -value))
