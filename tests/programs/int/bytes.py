class S(int):
    pass


def show(*expressions):
    for expression in expressions:
        try:
            print(expression, "->", repr(eval(expression)))
        except Exception as error:
            print(expression, "!!", type(error).__name__, error)

show(
    '(5).to_bytes()',
    '(5).to_bytes(-1)',
    '(500).to_bytes(1)',
    '(-5).to_bytes(1)',
    '(-5).to_bytes(1,signed=True)',
    '(-500).to_bytes(1,signed=True)',
    "(5).to_bytes(1,'x')",
    '(5).to_bytes(1,5)',
    "int.from_bytes('a','big')",
    "int.from_bytes([1,2],'big')",
    "int.from_bytes([1,256],'big')",
    'int.from_bytes(5)',
    "int.from_bytes(b'a','x')",
    "S.from_bytes(b'a')",
    "bool.from_bytes(b'a')",
    "int.from_bytes(b'',signed=True)",
)
