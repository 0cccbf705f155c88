a, b = 1, 2
a, b = b, a
first, *middle, last = range(6)
(x, y), z = (1, [2]), 3
print(a, b, first, middle, last, x, y, z)
for bad in [(1,), (1, 2, 3), 5]:
    try:
        p, q = bad
    except (ValueError, TypeError) as error:
        print(error)
