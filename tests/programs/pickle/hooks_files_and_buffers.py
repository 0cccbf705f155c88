"""Persistent ids, dispatch tables, reducers; files of several kinds; out-of-band buffers; the memo."""
import io
import pickle


class Persistent(pickle.Pickler):
    def persistent_id(self, object):
        return f"id-{object}" if isinstance(object, int) else None


class Resolving(pickle.Unpickler):
    def persistent_load(self, id):
        return f"<{id}>"


for protocol in range(6):
    file = io.BytesIO()
    Persistent(file, protocol).dump([1, "a", (2, 3)])
    file.seek(0)
    print(file.getvalue(), Resolving(file).load())
    try:
        pickle.loads(file.getvalue())
    except pickle.UnpicklingError as error:
        print(error)


class Point:
    def __init__(self, x):
        self.x = x


class Tables(pickle.Pickler):
    dispatch_table = {Point: lambda point: (Point, (point.x * 2,))}


class Overriding(pickle.Pickler):
    def reducer_override(self, object):
        return (str, ("replaced",)) if isinstance(object, Point) else NotImplemented


for kind in (Tables, Overriding):
    file = io.BytesIO()
    kind(file).dump([Point(4), 5])
    back = pickle.loads(file.getvalue())
    print(kind.__name__, getattr(back[0], "x", back[0]))


class Writer:
    def __init__(self):
        self.pieces = []

    def write(self, data):
        self.pieces.append((type(data).__name__, len(data)))


writer = Writer()
pickle.Pickler(writer, 4).dump([b"x" * 70_000, [1], "y" * 70_000, list(range(70_000)), bytearray(10)])
print(writer.pieces)


class Reader:
    """Reads as little as it can, and says what was asked for."""

    def __init__(self, data, peeks):
        self.data, self.calls = data, []
        if peeks:
            self.peek = lambda size: self.data[:7]

    def read(self, size):
        self.calls.append(size)
        piece, self.data = self.data[:size], self.data[size:]
        return piece

    def readline(self):
        self.calls.append("line")
        end = self.data.index(b"\n") + 1
        piece, self.data = self.data[:end], self.data[end:]
        return piece


for protocol in (0, 2, 5):
    for peeks in (False, True):
        reader = Reader(pickle.dumps([1, "ab", b"c" * 20], protocol) + b"rest", peeks)
        unpickler = pickle.Unpickler(reader)
        print(protocol, peeks, unpickler.load(), reader.calls, reader.data)

stream = io.BytesIO(b"".join(pickle.dumps(n) for n in (1, "two", [3])))
unpickler = pickle.Unpickler(stream)
print([unpickler.load() for _ in range(3)])
try:
    unpickler.load()
except EOFError as error:
    print("EOFError", error)

data = bytearray(b"abcdef")
buffers = []
written = pickle.dumps([pickle.PickleBuffer(data), pickle.PickleBuffer(b"const"), pickle.PickleBuffer(data)], 5, buffer_callback=buffers.append)
print(written, [bytes(it) for it in buffers])
back = pickle.loads(written, buffers=buffers)
print([type(it).__name__ for it in back], back[0] is buffers[0])
print([bytes(it) for it in pickle.loads(written, buffers=[bytearray(b"1"), bytearray(b"2"), b"3"])])
print(pickle.dumps(pickle.PickleBuffer(data), 5), pickle.dumps(pickle.PickleBuffer(b"z"), 5))
for given in (None, [], [b"1"]):
    try:
        pickle.loads(written, buffers=given)
    except pickle.UnpicklingError as error:
        print(error)
view = pickle.PickleBuffer(memoryview(b"abcd")[::2])
for attempt in (lambda: pickle.dumps(view, 5), view.raw, lambda: (view.release(), memoryview(view)), lambda: pickle.PickleBuffer(1)):
    try:
        attempt()
    except Exception as error:
        print(type(error).__name__, error)

file = io.BytesIO()
pickler = pickle.Pickler(file)
text = "shared"
pickler.dump([text, text])
print(sorted(number for number, _ in pickler.memo.copy().values()), pickler.memo.__reduce__()[0])
first = file.tell()
pickler.dump([text])
print(file.getvalue()[first:])
pickler.clear_memo()
print(len(pickler.memo.copy()))
other = pickle.Pickler(io.BytesIO())
other.memo = {id(text): (0, text)}
print(other.memo.copy() == {id(text): (0, text)})
for wrong in ([], {1: 2}, {1: (1, 2, 3)}):
    try:
        other.memo = wrong
    except TypeError as error:
        print(error)
fast = pickle.Pickler(file := io.BytesIO(), 4)
fast.fast = True
fast.dump([text, text])
print(file.getvalue(), fast.bin, fast.fast)
cycle = []
cycle.append(cycle)
try:
    fast.dump(cycle)
except ValueError as error:
    print(str(error).split(" at ")[0])

print(pickle.loads(b"S'abc\\xe9'\n.", encoding="latin-1"), pickle.loads(b"U\x02ab.", encoding="bytes"), pickle.loads(b"U\x01\xe9.", errors="replace"))
print(pickle.loads(b"c__builtin__\nxrange\n."), pickle.dumps(range, 2), pickle.dumps(range, 2, fix_imports=False))
