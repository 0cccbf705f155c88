"""Which items a sort compares, and in which order."""
import random
import zlib

compared = []


class Item:
    def __init__(self, number):
        self.number = number

    def __lt__(self, other):
        compared.append((self.number, other.number))
        return self.number < other.number


def patterns(count, numbers):
    yield [numbers.randrange(10 * count) for _ in range(count)]
    yield [numbers.randrange(3) for _ in range(count)]
    yield sorted(numbers.randrange(count) for _ in range(count))[::-1]
    yield [*range(count // 2), *range(count // 3, -1, -1), *range(count // 5, count)]
    yield [it ^ 5 for it in range(count)]
    yield [*range(0, count, 2), *range(1, count, 2)] * 2


numbers = random.Random(3)
for count in (2, 9, 33, 63, 64, 65, 100, 128, 300, 1000):
    for items in patterns(count, numbers):
        for reverse in (False, True):
            compared.clear()
            done = [it.number for it in sorted(map(Item, items), reverse=reverse)]
            assert done == sorted(items, reverse=reverse)
            print(count, reverse, len(compared), zlib.crc32(repr(compared).encode()))


class Contrary:
    """Comparisons that contradict each other."""
    answers = random.Random(4)

    def __lt__(self, other):
        compared.append(1)
        return self.answers.random() < 0.5


for count in (10, 70, 500):
    compared.clear()
    sorted(Contrary() for _ in range(count))
    print(count, len(compared))
