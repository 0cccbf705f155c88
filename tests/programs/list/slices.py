a = list(range(10))
bounds = (None, 0, 1, 3, 9, 10, 20, -1, -3, -10, -20)
steps = (None, 1, 2, 3, -1, -2, -7, 100, -100)
total = 0
for start in bounds:
    for stop in bounds:
        for step in steps:
            part = a[start:stop:step]
            total = (total * 31 + sum(x * (i + 1) for i, x in enumerate(part)) + len(part)) % 1000003
            b = a[:]
            del b[start:stop:step]
            total = (total * 31 + sum(b)) % 1000003
            c = a[:]
            c[start:stop:step] = part
            assert c == a
print(total)
a[2:4] = "xyz"; print(a)
a[::3] = [0] * len(a[::3]); print(a)
a[5:2] = [99]; print(a)
a[:] = a[::-1]; print(a)
a[1:1] = a; print(a)
del a[::2]; print(a)
a[len(a):] = [1, 2]; print(a)
print(slice(1, 2), slice(None, None, -1).indices(5), slice(-3, None).indices(10), slice(1) == slice(None, 1, None), slice(1, 2) < slice(1, 3))
print(slice(10**30, None, -(10**30)).indices(10**31), hash(slice(1, 2, 3)))
def change(call):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
change(lambda: a.__setitem__(slice(0, 1), 5))
change(lambda: a.__setitem__(slice(None, None, 2), [1]))
change(lambda: a.__setitem__(slice(None, None, 2), 1))
change(lambda: a[::0])
change(lambda: a["x":])
change(lambda: slice())
change(lambda: slice(1).indices(-1))
