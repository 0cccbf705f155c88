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
    'float.from_number(1j)',
    'type(F(1.5).conjugate())',
    '1.5 < 1j',
    "complex('1+2j')",
    "complex('a')",
    "complex('1_')",
    "complex(1,'a')",
    "complex('1',1)",
    'complex([])',
    'complex(1,[])',
    'complex(real=1)',
    'complex(imag=2)',
    "complex(real='1')",
    "complex(imag='1')",
    "complex(b'1')",
    "complex.from_number('1')",
    'complex.from_number(1)',
    'complex.from_number([])',
    '1j/0',
    '1j//1',
    '1j%1',
    'divmod(1j,1)',
    '0j**-1',
    '0j**1j',
    '0**1j',
    '1j**2',
    'pow(1j,1,1)',
    'abs(complex(1e308,1e308))',
    '(1e308+1e308j)*(1e308+1e308j)',
    '(1e308+1e308j)**2',
    '1j<1j',
    'hash(1j)',
    'hash(complex(1,nan))==hash(complex(1,nan))',
    'repr(complex(-0.0,1)), repr(complex(1,-0.0)), repr(-1j), repr(complex(nan,inf))',
    "format(1j,'')",
    "format(1j,'=10')",
    "format(1+2j,'010')",
    "format(1+2j,'>20.3f')",
    '1+complex(-0.0,-0.0)',
    'complex(1,-0.0)-0',
    '2*complex(inf,nan)',
    'complex(inf,1)*2',
    '1/complex(inf,1)',
    'complex(inf,1)/2',
    'complex(inf,nan)*complex(inf,1)',
    '1j.__complex__()',
    '1j.conjugate()',
    '1j.__getnewargs__()',
    'int(1j)',
    'float(1j)',
    "1j.__add__('a')",
    'bool(0j)',
    'complex(10**400)',
    '1j+10**400',
    '1j==10**400',
    '1j==0',
    'complex(5)==5',
    'complex.__new__(int)',
    '(1+1j)**100',
    '(1+1j)**-3',
    '(1+1j)**1.5',
    '(1+1j)**101',
    'complex(3,4)**0',
)
