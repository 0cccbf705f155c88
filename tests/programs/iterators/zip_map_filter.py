def show(*expressions):
    for expression in expressions:
        try:
            print(expression, "->", repr(eval(expression)))
        except Exception as error:
            print(expression, "!!", type(error).__name__, error)

show(
    "enumerate([],'a')",
    'enumerate([],1,2)',
    "next(enumerate('a',2**63-1))",
    'zip([1],foo=1)',
    'list(zip([1,2],[1],strict=True))',
    'list(zip([1],[1,2],strict=True))',
    'list(zip([1],[1],[1,2],strict=True))',
    'list(zip([1,2],[1,2],[1],strict=True))',
    'list(zip([1,2],[1,2],[1,2],[1],strict=True))',
    'list(zip([1],[1],[1],[1,2],strict=True))',
    'zip([1]).__setstate__(1)',
    'map()',
    'map(1)',
    'map(len,[1],foo=1)',
    'list(map(max,[1,2],[1],strict=True))',
    'list(map(max,[1],[1,2],strict=True))',
    'list(map(max,[1],[1],[1,2],strict=True))',
    'filter(None)',
    'filter(None,[1],foo=1)',
    'filter(1)',
    'reversed()',
    'reversed({1})',
    "reversed('abc').__length_hint__()",
    "reversed('abc').__setstate__(10)",
    'type(reversed([1]))',
    "list(enumerate('ab', 5))",
    '[*map(divmod, [7, 8], [2, 3])]',
    "list(zip('ab', (1, 2), [3, 4], {5: 0, 6: 0}))",
    "list(filter(None, [0, 1, '', 'a']))",
    "list(reversed(type('Q', (), {'__len__': lambda self: 3, '__getitem__': lambda self, index: index * 10})()))",
)

# A tuple that nobody kept is used again; one that was kept is not.
pairs = zip([1, 2, 3], "abc")
first = next(pairs)
second = next(pairs)
print(first, second, first is second)
del second
print(next(pairs), next(pairs, None))
print(len({id(pair) for pair in zip(range(5), range(5))}), len({id(pair) for pair in enumerate(range(5))}))
numbered = enumerate("ab", 2**63 - 2)
print(list(numbered), numbered.__reduce__()[1][1])
