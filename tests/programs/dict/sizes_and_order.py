import sys
for n in (0, 1, 5, 6, 10, 11, 21, 22, 42, 43, 85, 86, 170, 171, 1000):
    ints, names = {i: i for i in range(n)}, {str(i): i for i in range(n)}
    print(n, *map(sys.getsizeof, (ints, names, ints.copy(), dict(names), {**ints}, dict.fromkeys(range(n)), ints | names)))
d = {i: i for i in range(100)}
for i in range(60):
    del d[i]
print(sys.getsizeof(d), sys.getsizeof(d.copy()), sys.getsizeof(dict(d)))
d[0] = "again"
print(list(d)[:3], list(d)[-1], d.popitem(), d.popitem())
d.clear()
print(sys.getsizeof(d))
d = {"a": 1}
d[1] = 2
print(sys.getsizeof(d), d)

class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

points = [Point(i, i) for i in range(40)]
print(sys.getsizeof(points[-1].__dict__), vars(points[3]))
p = points[5]
p.z = 1
del p.x
print(vars(p), list(p.__dict__.items()))
p.__dict__[7] = "seven"
p.x = "back"
print(vars(p), p.x, p.z)
