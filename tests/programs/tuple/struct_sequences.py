import sys
v = sys.version_info
print(type(v).__name__, v[0], v.major, v[:2] == (v.major, v.minor), len(v), v.n_fields, v.n_sequence_fields, v.n_unnamed_fields)
print(type(v).__match_args__, isinstance(v, tuple), repr(v).startswith("sys.version_info(major=3, minor=14, micro="))
print(v == tuple(v), hash(v) == hash(tuple(v)), v > (3, 0), type(v).major.__doc__)
for call in (lambda: type(v)(), lambda: v.__replace__(major=1)[0], lambda: v.nothing, lambda: v.__replace__(bad=1), lambda: v.__replace__(1)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
try:
    v.major = 5
except AttributeError as error:
    print(error)
