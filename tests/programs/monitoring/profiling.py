# sys.setprofile sees calls of C functions; _lsprof counts them with any clock.
import _lsprof
import sys

events = []


def profile(frame, event, argument):
    events.append((event, frame.f_code.co_name, getattr(argument, "__name__", argument)))


def inner(values):
    values.append(len(values))
    return max(values)


def outer():
    return inner([]) + inner([1])


sys.setprofile(profile)
outer()
sys.setprofile(None)
print(*events, sep="\n")

ticks = iter(range(1000))
profiler = _lsprof.Profiler(lambda: next(ticks))
profiler.enable()
outer()
profiler.disable()
name = lambda code: code if isinstance(code, str) else code.co_name
for entry in sorted(profiler.getstats(), key=lambda entry: name(entry.code)):
    calls = sorted((name(call.code), *call[1:]) for call in entry.calls or ())
    print(name(entry.code), *entry[1:5], calls)
