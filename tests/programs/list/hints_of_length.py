# What extend makes of a hint that is too large: ignored if no list could be so long, MemoryError if only memory lacks.
import sys


class Hinting:
    def __init__(self, hint):
        self.hint = hint

    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    def __length_hint__(self):
        return self.hint


for start in ([], [1, 2, 3]):
    for hint in (sys.maxsize, 0, 5):
        items = list(start)
        try:
            items.extend(Hinting(hint))
            print(start, hint, items)
        except MemoryError:
            print(start, hint, "MemoryError")
