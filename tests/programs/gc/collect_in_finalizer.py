# A finalizer asks for a collection, which finds cycles of objects that have finalizers and weak references of their own.
import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name
        self.partner = None

    def __del__(self):
        log.append(self.name)


class Collector:
    def __del__(self):
        log.append("collect")
        gc.collect()


def make_cycle(number):
    first, second = Node(f"first {number}"), Node(f"second {number}")
    first.partner, second.partner = [second], {"partner": first}
    first.inner = Node(f"inner {number}")
    weak = weakref.ref(first.inner, lambda _: log.append(f"gone {number}"))
    watched.append(weak)


gc.collect()
gc.disable()
for number in range(3):
    log, watched = [], []
    make_cycle(number)
    holder = [Collector(), Node("after")]
    holder = None
    gc.collect()
    print(sorted(log), [weak() for weak in watched])
