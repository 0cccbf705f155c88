# Where the address space ends, MemoryError comes: for one large block, for many small objects, in native loops and in Python's. After it, memory
# is there again. A child makes each call and says by its exit code what came: 10 for MemoryError, 1 for memory that is there again.
import hashlib
import io
import itertools
import json
import os
import pickle
import resource


def in_use():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def comprehension():
    return [it for it in itertools.count()]


def appending():
    items = []
    while True: items.append([1, 2, 3])


def texts():
    return {it: str(it) * 20 for it in itertools.count()}


data = b"a" * (20 << 20)
text = "a" * (20 << 20)
calls = [
    lambda: list(itertools.count()),
    lambda: tuple(itertools.count()),
    lambda: set(itertools.count()),
    lambda: dict(zip(itertools.count(), itertools.count())),
    lambda: list(map(str, itertools.count())),
    lambda: list(itertools.accumulate(itertools.count())),
    lambda: next(itertools.batched(itertools.count(), 2**28)),
    lambda: sorted(itertools.repeat(3)),
    comprehension,
    appending,
    texts,
    lambda: json.loads("[" + "1.5," * 2**22 + "1]"),
    lambda: pickle.loads(pickle.dumps(list(range(2**23)))),
    lambda: hashlib.shake_128(b"x").digest(2**28),
    lambda: io.BytesIO().truncate(2**40) and io.BytesIO().write(bytes(2**28)),
]


def outcome(call):
    """What the call comes to in a child that has little memory."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    limit = in_use() + (80 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    code = 0
    try:
        call()
    except MemoryError:
        code = 10
    code += len(list(range(10**6))) == 10**6
    os._exit(code)


for number, call in enumerate(calls):
    print(number, outcome(call))
