a = [1, 2, 3]
seen = []
for x in a:
    seen.append(x)
    if x < 3:
        a.append(x + 10)
print(seen, a)
a = [1, 2, 3, 4]
for x in a:
    a.remove(x)
print(a)
iterator = iter([1, 2, 3])
print(next(iterator), iterator.__length_hint__(), iterator.__reduce__()[1:], list(iterator), iterator.__reduce__()[1:])
iterator.__setstate__(1)
back = reversed([1, 2, 3])
print(next(back), back.__length_hint__(), back.__reduce__()[1:], list(back))
class Evil:
    def __eq__(self, other):
        a.clear()
        return NotImplemented
a = [Evil(), 1, 2, Evil()]
print(5 in a, a)
a = [1, Evil(), 2]
try:
    print(a.index(2))
except ValueError as error:
    print(error, a)
a = [Evil(), 1]
print(a == [1, 2], a)
class Shrinking:
    def __index__(self):
        a.clear()
        return 0
a = [1, 2, 3]
try:
    print(a[Shrinking()])
except IndexError as error:
    print(error)
a = [1, 2, 3]
a[Shrinking():] = [7]
print(a)
