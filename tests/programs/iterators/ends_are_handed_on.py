"""Iterators that give what others give: who asks gets the very StopIteration that the other one raised, and tools are told of it where it arrives."""
import itertools
import sys

monitoring = sys.monitoring


class Ending(StopIteration):
    pass


class Numbers:
    def __init__(self, count=2):
        self.count = count

    def __iter__(self):
        return self

    def __next__(self):
        self.count -= 1
        if self.count < 0:
            raise Ending("over")
        return self.count


MAKERS = {
    "enumerate": lambda: enumerate(Numbers()),
    "map": lambda: map(str, Numbers()),
    "map of two": lambda: map(max, Numbers(3), Numbers()),
    "map, strict": lambda: map(max, Numbers(), Numbers(), strict=True),
    "filter": lambda: filter(None, Numbers(3)),
    "zip": lambda: zip(Numbers(), Numbers(3)),
    "zip, strict": lambda: zip(Numbers(), Numbers(), strict=True),
    "zip of four": lambda: zip(*[Numbers(3) for _ in range(4)]),
    "islice": lambda: itertools.islice(Numbers(5), 2),
    "islice beyond": lambda: itertools.islice(Numbers(), 1, 5),
    "chain": lambda: itertools.chain(Numbers(), Numbers()),
    "cycle": lambda: itertools.cycle(Numbers(0)),
    "takewhile": lambda: itertools.takewhile(lambda it: True, Numbers()),
    "dropwhile": lambda: itertools.dropwhile(lambda it: True, Numbers()),
    "starmap": lambda: itertools.starmap(int, map(lambda it: (it,), Numbers())),
    "accumulate": lambda: itertools.accumulate(Numbers()),
    "pairwise": lambda: itertools.pairwise(Numbers(3)),
    "batched": lambda: itertools.batched(Numbers(3), 2),
    "compress": lambda: itertools.compress(Numbers(), [1, 1, 1]),
    "compress by": lambda: itertools.compress([1, 1, 1], Numbers()),
    "filterfalse": lambda: itertools.filterfalse(None, Numbers()),
    "groupby": lambda: itertools.groupby(Numbers()),
    "zip_longest": lambda: itertools.zip_longest(Numbers(1), Numbers(2)),
    "tee": lambda: itertools.tee(Numbers())[0],
    "callable": lambda: iter(Numbers().__next__, 5),
    "alias": lambda: iter(list[int]),
    "generator": lambda: (it for it in Numbers()),
}


def loop(items):
    for it in items:
        pass


def comprehension(items):
    return [it for it in items]


def delegating(items):
    yield from items


def by_hand(items):
    try:
        while True:
            next(items)
    except StopIteration as error:
        print("   by hand", repr(error))
    print("   once more", next(items, "ended"))


CODES = [it.__code__ for it in (loop, comprehension, delegating)]


def told(code, offset, exception):
    if code in CODES:
        print("  ", code.co_name, offset, repr(exception))


monitoring.use_tool_id(0, "ends")
monitoring.register_callback(0, monitoring.events.RAISE, told)
monitoring.register_callback(0, monitoring.events.STOP_ITERATION, told)
for name, make in MAKERS.items():
    print(name)
    for use in (loop, comprehension, lambda items: list(delegating(items))):
        items = make()
        monitoring.set_events(0, monitoring.events.RAISE | monitoring.events.STOP_ITERATION)
        use(items)
        monitoring.set_events(0, 0)
    by_hand(make())


def returning(value):
    yield 1
    return value


for value in (None, 5, (1, 2), (), ValueError("it"), StopIteration(3), Ending(4)):
    monitoring.set_events(0, monitoring.events.STOP_ITERATION)
    list(delegating(returning(value)))
    loop(returning(value))
    monitoring.set_events(0, 0)
