inf = float("inf")
nan = float("nan")


class F(float):
    pass


class NoFloat:
    def __float__(self):
        return 1


def show(*expressions):
    for expression in expressions:
        try:
            print(expression, "->", repr(eval(expression)))
        except Exception as error:
            print(expression, "!!", type(error).__name__, error)

show(
    '0.0**-1',
    '1.0%0',
    '1.0//0',
    'divmod(1.0,0)',
    '1.0/0',
    '(-8.0)**0.5',
    '1e300**2',
    '(-0.0)**-1',
    '1.0 .__round__(None)',
    'inf.__round__()',
    'nan.__round__()',
    'inf.__int__()',
    'nan.__floor__()',
    '1e308.__round__(-308)',
    '1.7e308.__round__(-308)',
    '(2.5).__round__(1000000000000000000000)',
    "(2.5).__round__('a')",
    'inf.as_integer_ratio()',
    'nan.as_integer_ratio()',
    "float.__getformat__('x')",
    "float.__getformat__('double')",
    'float.__getformat__(1)',
    "float.fromhex('x')",
    'float.fromhex(1)',
    "float.fromhex('1p5000')",
    "F.fromhex('1')",
    'F.from_number(1)',
    "float.from_number('1')",
    'float(NoFloat())',
    "float('nan') == float('nan')",
    'F(1.5).real',
    'type(+F(1.5))',
    'F(1.5).__getnewargs__()',
    "1.5.__eq__('a')",
    'float.__new__(int)',
    '1.5.__pow__(2,3)',
    '1.5 % 10**400',
    '10**400 % 1.5',
    "format(1.5, 'd')",
    "format(1.5, 'n')",
    "format(F(1.5), '')",
    '1.5.__format__(5)',
    '1.5.hex()',
    '1.5.__getnewargs__()',
    '1.5 .is_integer()',
    'float()',
    "float('  1.5  ')",
    "float('1_0.5')",
    "float('1__0')",
    "float('1.5\\0')",
)
