import sys
def grown(n):
    a = []
    for i in range(n):
        a.append(i)
    return a
for n in (0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 24, 25, 33, 100, 1000):
    makers = (
        list(range(n)), [0] * n, [*range(n)], [i for i in range(n)], list(tuple(range(n))), sorted(range(n)), grown(n),
        list(i for i in range(n)), grown(n)[:], grown(n) + [1],
    )
    print(n, *map(sys.getsizeof, makers))
a = grown(100)
while a:
    a.pop()
    if len(a) % 9 == 0:
        print(len(a), sys.getsizeof(a), end=" ")
print()
a = grown(20)
del a[3:18]
print(sys.getsizeof(a))
a.insert(0, 1); a.extend(range(7)); a += [1, 2]
print(sys.getsizeof(a))
