d = {i: i * i for i in range(5)}
keys, values, items = d.keys(), d.values(), d.items()
print(keys, values, items, len(keys), 3 in keys, (2, 4) in items, (2, 5) in items, 16 in values)
d[9] = 81
print(list(keys)[-1], list(reversed(values)), next(reversed(items)))
print(sorted(keys & {1, 2, 77}), sorted(keys | [100]), sorted(keys - [0, 1]), sorted(keys ^ {0, 500}))
print(sorted({1, 77} & keys), sorted([1, 77] - keys), sorted(items & {(1, 1)}))
print(keys == set(d), keys <= set(range(20)), keys > {0}, keys.isdisjoint([50]), items == d.copy().items(), keys < 5 if False else "")
print(keys.mapping, type(keys.mapping).__name__)
nested = {}
nested["self"] = nested.values()
print(nested.values())
nested["self"] = nested
print(nested, nested.items())
for call in (lambda: keys < 5, lambda: type(keys)(), lambda: keys & 5, lambda: {1: []}.items() | [], lambda: hash(keys)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
print(list({1: [], 2: []}.items() ^ {1: [], 2: []}.items()))
