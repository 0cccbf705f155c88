class Index:
    def __index__(self):
        return 7


class Int:
    def __int__(self):
        return 8


class NoInt:
    def __int__(self):
        return 1.5


class Trunc:
    def __trunc__(self):
        return 1


class S(int):
    pass


def show(*expressions):
    for expression in expressions:
        try:
            print(expression, "->", repr(eval(expression)))
        except Exception as error:
            print(expression, "!!", type(error).__name__, error)

show(
    'int(x=1)',
    'int(base=10)',
    "int('1', x=3)",
    "int('z',10)",
    "int('1', base=37)",
    "int('1', base=1)",
    "int('1', base=-1)",
    "int('1', base=10**30)",
    "int('1', base='a')",
    'int(None)',
    'int([])',
    'int(Int())',
    'int(NoInt())',
    'int(Trunc())',
    'int(Index())',
    "int(b'12')",
    "int(bytearray(b'1x'))",
    "int(b'1\\xff')",
    "int(memoryview(b'12'))",
    "int('\\ud800')",
    "int('1\\u0661')",
    "int('\\u2003 12 \\u00a0')",
    "int('1\\0')",
    "int(float('inf'))",
    "int(float('nan'))",
    "int('x'*250)",
    "int(b'x'*250)",
    "int('')",
    'int(12, 10)',
    'int(12, base=10)',
    "int('9'*5000)",
    "int('0x'+'9'*5000,16) and 1",
    'float(10**400)',
    'int.__new__(bool, 5)',
    'int.__new__(str)',
    'int.__new__(5)',
    'int.__new__()',
    "int(' 1_000 ')",
    "int('1__0')",
    "int('0b12',0)",
    "int('010',0)",
    "int('0_7',0)",
    'float(x=1)',
    "float('a')",
    "float(b'1.5')",
    "float(b'a')",
    'float([])',
    "float('1'*400+'a')",
    "float('\\u0661.5')",
    'float(Int())',
    'float(Index())',
)
