"""tracemalloc: blocks with their sizes and the lines that allocated them; what is freed is not counted any more."""
import tracemalloc


def allocate(size):
    return b"x" * size


def nested(size):
    return [allocate(size)]


print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
for wrong in (0, -1, 70000):
    try:
        tracemalloc.start(wrong)
    except ValueError as problem:
        print(problem)
tracemalloc.start(3)
block = nested(100_000)[0]
traceback = tracemalloc.get_object_traceback(block)
print([it.lineno for it in traceback], traceback.total_nframe, tracemalloc.get_traceback_limit())
snapshot = tracemalloc.take_snapshot()
print([(it.size, [frame.lineno for frame in it.traceback]) for it in snapshot.traces if it.size > 90_000])
before, peak = tracemalloc.get_traced_memory()
del block
after, same_peak = tracemalloc.get_traced_memory()
print(90_000 < before - after < 110_000, same_peak >= before)
tracemalloc.reset_peak()
print(tracemalloc.get_traced_memory()[1] < before)
# Small blocks come and go.
kept = []
for size in range(500):
    kept.append(allocate(size))
    if size % 3 == 0:
        kept.pop(0)
sizes = sorted(tracemalloc.get_object_traceback(it) is not None for it in kept)
print(all(sizes), tracemalloc.get_traced_memory()[0] > sum(map(len, kept)))
tracemalloc.clear_traces()
print(tracemalloc.get_object_traceback(kept[-1]), len(tracemalloc.take_snapshot().traces) < 50)
tracemalloc.stop()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_object_traceback(kept[0]))
del kept
words = [str(it) * 3 for it in range(2000)]
nothing = 0
print(len(words), (b"x" * nothing) is b"".join([]), (b"" * (nothing + 3)) is b"".join([]))
