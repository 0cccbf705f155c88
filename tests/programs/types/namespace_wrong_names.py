import copy
import types

for arguments, keywords in (((), {1: 2}), (({1: 2},), {}), (([(1, 2)],), {"a": 1}), ((1,), {}), (([], []), {})):
    try:
        print(types.SimpleNamespace(*arguments, **keywords))
    except TypeError as problem:
        print(problem)


class Other(types.SimpleNamespace):
    def __new__(cls, *arguments, **keywords):
        return super().__new__(cls) if not made else 12345


made = False
namespace = Other()
made = True
try:
    copy.replace(namespace)
except TypeError as problem:
    print(problem)
