# Buffered and text streams whose position, buffer or raw stream changes in the middle of an operation.
import io

raw = io.BytesIO(b"asdfghjkl")
both = io.BufferedRandom(raw)
print(both.read(2), both.tell(), both.seek(0), both.read(4), both.write(b"123f"), both.seek(0), both.read(), both.tell())
print(raw.getvalue())

both = io.BufferedRandom(io.BytesIO(b"abcdefghi"))
print(both.read(2), both.write(b"12"), both.read(2), both.tell(), both.flush(), both.tell(), both.read())

# A pair can't be positioned: what was read ahead stays.
pair = io.TextIOWrapper(io.BufferedRWPair(io.BytesIO(b"foo\nbar\n"), io.BytesIO()))
print(repr(pair.readline()), pair.write("x"), repr(pair.readline()))


class Raw(io.RawIOBase):
    """Writes to the text stream above it the first time that it is written to."""

    def __init__(self):
        self.stack = []

    def writable(self):
        return True

    def write(self, data):
        if not self.stack:
            self.stack.append(b"")
            text.write("middle")
        self.stack.append(bytes(data))
        return len(data)


raw = Raw()
text = io.TextIOWrapper(raw)
text.write("abc")
text.write("def")
text.write("g" * 8192)
text.flush()
print([it[:10] for it in raw.stack], [len(it) for it in raw.stack])


class Replacing(str):
    def replace(self, *arguments):
        print(arguments)
        return action()


def other(value):
    return lambda: value


stream = io.TextIOWrapper(io.BytesIO(), newline="\r\n")
for action in (other("zz"), other(None), other(Replacing("a\n")), stream.close):
    try:
        print(stream.write(Replacing("a\nbc")), stream.flush(), stream.buffer.getvalue())
    except Exception as error:
        print(type(error).__name__, error)
for action in (lambda: stream.detach() and "x", lambda: stream.__init__(io.BufferedReader(io.BytesIO())) or "x"):
    stream = io.TextIOWrapper(io.BytesIO(), newline="\r\n")
    try:
        print(stream.write(Replacing("a\nbc")))
    except Exception as error:
        print(type(error).__name__, error)


class Detaching(io.RawIOBase):
    @property
    def closed(self):
        global stream
        if stream is not None:
            open_stream, stream = stream, None
            open_stream.detach()
        return False


stream = None
stream = wrapper = io.TextIOWrapper(Detaching())
print(wrapper.close())
for encoding in ("\udcfe", "a\0b"):
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    except Exception as error:
        print(type(error).__name__, error)
