import gc

print(gc.get_threshold(), gc.isenabled(), gc.get_debug())
for arguments in [(), (1, 2, 3, 4), ("a",), (2**40,)]:
    try:
        gc.set_threshold(*arguments)
    except Exception as error:
        print(type(error).__name__, error)
for generation in (3, -1, "a"):
    for function in (gc.collect, gc.get_objects):
        try:
            function(generation)
        except Exception as error:
            print(function.__name__, type(error).__name__, error)
gc.set_threshold(5)
print(gc.get_threshold())
gc.set_threshold(5, 6)
print(gc.get_threshold())
gc.set_threshold(2000, 10, 0)
gc.disable()
print(gc.isenabled())
gc.collect()
before = gc.get_stats()


def callback(phase, information):
    print(phase, information)


gc.callbacks.append(callback)
for generation in range(3):
    cycle = []
    cycle.append(cycle)
    del cycle
    print(generation, gc.collect(generation), gc.get_count()[1:])
gc.callbacks.clear()
for old, new in zip(before, gc.get_stats()):
    print({name: new[name] - old[name] for name in new})
gc.callbacks.append(lambda phase, information: None)
gc.callbacks.clear()
print(gc.callbacks, gc.garbage)
gc.freeze()
print(gc.get_freeze_count() > 100, len(gc.get_objects()) < 10)
gc.unfreeze()
print(gc.get_freeze_count())
a = []
b = [a]
print([it is a or it for it in gc.get_referents([a, 1, "x"])])
print(any(it is b for it in gc.get_referrers(a)))
print(gc.get_referents(1, "a"))
gc.set_debug(gc.DEBUG_SAVEALL)
gc.collect()
gc.garbage.clear()


class Kept:
    pass


kept = Kept()
kept.self = kept
del kept
print(gc.collect(), [type(it).__name__ for it in gc.garbage])
gc.set_debug(0)
gc.garbage.clear()
print(gc.collect())
print(gc.collect.__doc__, gc.collect.__text_signature__)
print(gc.is_tracked([]), gc.is_tracked(1), gc.is_tracked({}), gc.is_tracked(Kept), gc.is_tracked(int))
one = 1
for value in [(), (one, 2.0, "a"), (one, []), tuple([1, b""]), (one, Kept)]:
    print(gc.is_tracked(value), end=" ")
print()
nested = (one, (one, "a"))
print(gc.is_tracked(nested))
gc.collect()
print(gc.is_tracked(nested))
