# Results that are many times as long as what they are made of, where there is memory for the one and not for the other: MemoryError. A child makes
# each call and says by its exit code what came: 10 for MemoryError.
import array
import ast
import csv
import io
import itertools
import os
import pickle
import re
import resource
import struct
import tokenize
import unicodedata

SIZE = 24 << 20
data = b"a" * SIZE
text = "a" * SIZE
snow = "\u2603" * (SIZE // 4)
source = "x = 1\n" * 2**18


def in_use():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def written(stream, what):
    for _ in range(40): stream.write(what)


def grown(text):
    while True: text += text


calls = [
    lambda: text.split("a"),
    lambda: data.split(b"a"),
    lambda: ("\n" * SIZE).splitlines(),
    lambda: text.replace("a", "bcd"),
    lambda: data.replace(b"a", b"bcd"),
    lambda: ascii(snow),
    lambda: repr(b"\0" * SIZE),
    lambda: data.hex("-", 1),
    lambda: unicodedata.normalize("NFKD", "\ufdfa" * 2**21),
    lambda: snow.encode("ascii", "namereplace"),
    lambda: (snow * 4).encode("unicode_escape"),
    lambda: (snow * 4).encode("utf-7"),
    lambda: memoryview(data).tolist(),
    lambda: array.array("b", data).tolist(),
    lambda: array.array("w", text).tounicode(),
    lambda: struct.unpack("%dB" % SIZE, data),
    lambda: struct.Struct("B" * 2**23),
    lambda: bytes(itertools.repeat(3)),
    lambda: re.findall("a", text),
    lambda: re.sub(b"(.)", rb"\1\1", data),
    lambda: list(csv.reader(["," * SIZE])),
    lambda: pickle.loads(b"(" * SIZE),
    lambda: pickle.dumps([text + str(it) for it in range(9)], 0),
    lambda: open("/dev/zero", "rb").readline(),
    lambda: written(io.StringIO(), text),
    lambda: ast.parse(source),
    lambda: compile(source, "source", "exec"),
    lambda: list(tokenize.generate_tokens(io.StringIO("x " * 2**21).readline)),
    lambda: grown("x"),
]


def outcome(call):
    """What the call comes to in a child that has little memory."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    limit = in_use() + (60 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    code = 0
    try:
        call()
    except MemoryError:
        code = 10
    os._exit(code)


for number, call in enumerate(calls):
    print(number, outcome(call))
