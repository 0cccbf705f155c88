"""The depth that the recursion limit counts, through calls from native code as well."""
import sys


def depth():
    for limit in range(1, 100):
        try:
            sys.setrecursionlimit(limit)
        except RecursionError:
            continue
        sys.setrecursionlimit(1000)
        return limit


def generator():
    yield depth()


def forever():
    forever()


print(depth(), next(generator()), list(map(lambda _: depth(), [1])))
for _ in range(3):
    try:
        forever()
    except RecursionError as error:
        print(error, error.__traceback__.tb_next.tb_frame.f_code.co_name)
print(depth())

calls = 0


def in_body_and_handler():
    global calls
    calls += 1
    try:
        in_body_and_handler()
    except RecursionError:
        in_body_and_handler()


sys.setrecursionlimit(depth() + 8)
try:
    in_body_and_handler()
except RecursionError:
    sys.setrecursionlimit(1000)
print(calls)

nested = ()
for _ in range(200_000):
    nested = (nested,)
for function in (hash, repr):
    try:
        function(nested)
    except RecursionError:
        print(function.__name__, "is too deep")
