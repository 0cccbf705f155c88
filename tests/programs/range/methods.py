def show(*expressions):
    for expression in expressions:
        try:
            print(expression, "->", repr(eval(expression)))
        except Exception as error:
            print(expression, "!!", type(error).__name__, error)

show(
    'iter(range(5)).__reduce__()',
    'iter(range(10**20)).__reduce__()',
    'iter(range(5,2,-1)).__reduce__()',
    'iter(range(5)).__setstate__(3)',
    "iter(range(5)).__setstate__('a')",
    "iter(range(10**20)).__setstate__('a')",
    'iter(range(10**20)).__length_hint__()',
    'reversed(range(10**20)).__reduce__()',
    'range()',
    'range(1,2,3,4)',
    'range(stop=1)',
    'range(1,2,0)',
    "range('a')",
    'range(1.5)',
    'range(5)[10]',
    "range(5)['a']",
    'range(10**20)[10**21]',
    'range(10**20)[-1]',
    'range(10**20)[::-1]',
    'range(10**20)[5:10**19:7]',
    'range(10)[::0]',
    'len(range(10**20))',
    "range(5).index('a')",
    'range(5).index(7)',
    'range(5).index(2.0)',
    'range(5).count(2.0)',
    'range(5).count(True)',
    'range(0,10,-1)',
    'range(5) == range(0,5,1)',
    'range(0) == range(2,1)',
    'range(5) < range(3)',
    'hash(range(0)), hash((0,None,None))',
    'range(5).__reduce__()',
    '(2**63) in range(2**63+1)',
    'range(-2**63, 2**63-1)',
    'iter(range(2**63-10, 2**63-1,7)).__reduce__()',
)

words = iter(range(10, 0, -3))
print(next(words), words.__length_hint__(), words.__reduce__())
words.__setstate__(2)
print(list(words), list(words))
long = iter(range(2**70, 2**70 + 9, 3))
print(next(long) - 2**70, long.__length_hint__())
long.__setstate__(1)
print([value - 2**70 for value in long])
print(type(iter(range(2**63 - 1, -2**63, -7))).__name__, type(reversed(range(2**63))).__name__, type(reversed(range(9))).__name__)
print([*reversed(range(-5, 6, 4))], [*reversed(range(2**64, 2**64 + 3))] == [2**64 + 2, 2**64 + 1, 2**64])
print(range(0, 3, 2) == range(0, 4, 2), hash(range(0, 3, 2)) == hash(range(0, 4, 2)), {range(3): 1}[range(0, 3)])
print(range(10)[2:8:2], range(10)[-1:2:-3], range(10)[7:], range(0)[5:], range(5)[True])
print(2.0 in range(5), 2.5 in range(5), True in range(2), "a" in range(3), 2**80 in range(2**81))
