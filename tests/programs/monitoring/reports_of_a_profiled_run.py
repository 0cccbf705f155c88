"""Which calls `cProfile` reports, and that running something under it adds none of its own."""
import cProfile


def called(number):
    return [len([it]) for it in range(number)]


def shown(code):
    return code if isinstance(code, str) else code.co_name


def report(profile):
    for entry in sorted(profile.getstats(), key=lambda it: shown(it.code)):
        callees = sorted((shown(it.code), it.callcount) for it in entry.calls or ())
        print("  ", shown(entry.code), entry.callcount, entry.reccallcount, callees)


profile = cProfile.Profile()
profile.run("called(3)")
report(profile)
profile = cProfile.Profile()
print(profile.runcall(called, 2))
report(profile)
with cProfile.Profile() as profile:
    called(1)
report(profile)
profile = cProfile.Profile(builtins=False, subcalls=False)
try:
    profile.runctx("called(2); called('x')", globals(), {})
except TypeError as error:
    print(error)
report(profile)
