class S(int):
    pass


def show(*expressions):
    for expression in expressions:
        try:
            print(expression, "->", repr(eval(expression)))
        except Exception as error:
            print(expression, "!!", type(error).__name__, error)

show(
    '1<<-1',
    '1>>-1',
    '1<<(1<<70)',
    '0<<(1<<70)',
    '1>>(1<<70)',
    '-1>>(1<<70)',
    '2**-1',
    '0**-1',
    '(-3)**-2',
    'pow(2,-1,4)',
    'pow(2,3,0)',
    'pow(2,3,1)',
    'pow(2,-1,1)',
    'pow(3,-1,-7)',
    'pow(2,3,2.0)',
    'pow(2.0,3,2)',
    'divmod(1,0)',
    '1//0',
    '1%0',
    '1/0',
    '10**400/1',
    '1/10**400',
    '10**400*1.0',
    '10**400/10**399',
    'S(5)',
    'type(S(5)+1)',
    'type(+S(5))',
    'S(5).__getnewargs__()',
    'S(5).real',
    '(5).__round__(-1)',
    '(15).__round__(-1)',
    '(25).__round__(-1)',
    '(5).__round__(None)',
    "(5).__round__('a')",
    '(5).__round__(10**30)',
    "format(5,'z')",
    "format(5,'.3')",
    "format(10**400,'f')",
    "format(5,'c')",
    "format(-5,'c')",
    "format(10**10,'c')",
    'str(10**5000)',
    '(10**5000).__repr__()',
    "f'{10**5000}'",
    "'%d'%10**5000",
    'hex(10**5000)[:5]',
    '(5).__sizeof__()',
    '(2**30).__sizeof__()',
    '(0).__sizeof__()',
    '(5).__add__(5.0)',
    '(5).__pow__(2,3)',
    '(5).__rpow__(2)',
    '(5).__pow__(2.0)',
    '(5).__eq__(5.0)',
    "5 < 'a'",
    '(5).bit_length(1)',
    '(5).numerator',
)

# Every operator, over values on both sides of the sizes where the algorithm changes.
values = [0, 1, -1, 5, -7, 256, 2**30 - 1, -(2**30), 2**59 + 3, -(2**60), 2**61, 2**63 - 1, -(2**63), 2**64, 3**50, -(5**60)]
total = 0
for left in values:
    for right in values:
        results = [left + right, left - right, left * right, left & right, left | right, left ^ right]
        if right:
            results += [left // right, left % right, *divmod(left, right)]
            assert results[-1] == left - right * (left // right)
        if 0 <= right < 300:
            results += [left << right, left >> right, left**right]
        results += [left < right, left <= right, left == right, left != right, left > right, left >= right]
        total = (total * 31 + sum(results)) % (2**61 - 1)
print(total)
for value in values:
    print(value, -value, +value, abs(value), ~value, hash(value), value.bit_length(), value.bit_count(), bool(value), float(value), value.__sizeof__())
    print(hex(value), oct(value), bin(value), f"{value:,}", f"{value:+x}", f"{value:#010b}", f"{value:^25_}", round(value, -3))
print((5).__class__, int("5") is int("5"), int("300") is int("300"), (2**100 - int("1") * 2**100 + 7) is int("7"))
