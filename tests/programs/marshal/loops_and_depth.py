"""Values that hold themselves, and values that are nested deeply."""
import marshal


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def nested(depth):
    head = last = []
    for _ in range(depth):
        last.append([0])
        last = last[-1]
    return head


for depth in (1990, 1998, 1999, 2000):
    result = attempt(lambda: len(marshal.dumps(nested(depth))))
    print(depth, result)
for depth in (1998, 1999, 2000, 3000):
    result = attempt(lambda: len(marshal.loads(b"[\1\0\0\0" * depth + b"N")))
    print(depth, result)

for data in (b"\xa8\1\0\0\0[\1\0\0\0r\0\0\0\0", b"\xa8\1\0\0\0{Nr\0\0\0\x000", b"\xa9\2r\0\0\0\0N", b"\xbe\1\0\0\0r\0\0\0\0", b"\xba[\1\0\0\0r\0\0\0\0NN"):
    result = attempt(marshal.loads, data)
    print(data, result if isinstance(result, str) else (type(result), result))

loop = ([],)
loop[0].append(loop)
back = marshal.loads(marshal.dumps(loop))
print(back[0][0] is back, hash((1,)) == hash(marshal.loads(marshal.dumps((1,)))))

piece = slice([], None)
piece.start.append(piece)
code = (lambda: 1234.5).__code__
items = []
code = code.replace(co_consts=code.co_consts + (items,))
items.append(code)
for version in range(6):
    print(version, attempt(marshal.dumps, piece, version), attempt(marshal.dumps, code, version))
items.clear()


class Grows:
    def __hash__(self):
        return 0

    def __buffer__(self, flags):
        sample.update(range(1000, 1400))
        return memoryview(b"abc")


sample = {Grows(), *range(1, 60)}
print(attempt(marshal.dumps, sample))
