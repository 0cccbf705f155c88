"""How `marshal.load` reads a file: through `readinto`, piece by piece."""
import io
import marshal


class Told(io.BytesIO):
    def read(self, *arguments):
        print("read", arguments, end="; ")
        return super().read(*arguments)

    def readinto(self, buffer):
        print(len(buffer), end=" ")
        return super().readinto(buffer)


def attempt(file):
    try:
        print(marshal.load(file))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


value = (1, "abc", 2.5, b"xyz" * 10, [1, 2], {3: 4j}, frozenset({5}), -10**30, "é", None, slice(1, 2), compile("1", "f", "eval").co_code)
file = Told(marshal.dumps(value) + marshal.dumps("the rest"))
attempt(file)
attempt(file)
attempt(file)
for size in range(0, 40, 3):
    attempt(io.BytesIO(marshal.dumps(value)[:size]))

for result in (None, "x", 0, -1, 10**6, 10**30):
    class Lies(io.BytesIO):
        def readinto(self, buffer):
            return result

    attempt(Lies(marshal.dumps(1)))


class WithoutReadinto:
    def read(self, size):
        return b""


attempt(WithoutReadinto())
attempt(io.StringIO(""))
attempt(io.BytesIO(b"?"))
attempt(io.BytesIO(b"s\xff\xff\xff\xff"))
