import sys
print(list({10, 3, 1, 100, 7, 8, 9, 64, 32}), list(set(range(0, 1000, 37))), list({1 << n for n in range(0, 60, 7)}))
for n in (0, 1, 4, 5, 6, 10, 19, 20, 30, 32, 50, 100, 1000, 5000):
    s = set(range(n))
    print(n, *map(sys.getsizeof, (s, frozenset(s), set(dict.fromkeys(range(n))), s | {1}, {*range(n)}, s & s, s - {1})))
a = set(range(20))
for i in range(0, 20, 2):
    a.discard(i)
a.add(100)
print(list(a), a.pop(), a.pop(), list(a))
a.difference_update(range(5))
print(list(a), sys.getsizeof(a))
class Clash:
    def __init__(self, n):
        self.n = n
    def __hash__(self):
        return self.n % 3
    def __eq__(self, other):
        return self.n == other.n
    def __repr__(self):
        return f"C{self.n}"
c = {Clash(i) for i in range(15)}
print(c, Clash(7) in c, Clash(77) in c, len(c & {Clash(3), Clash(40)}))
while len(c) > 3:
    print(c.pop(), end=" ")
print(c)
def changing(change):
    s = {1, 2, 3}
    try:
        for x in s:
            change(s)
        print(s)
    except RuntimeError as error:
        print(error)
changing(lambda s: s.add(50))
changing(lambda s: s.discard(2))
changing(lambda s: None)
class Evil:
    def __hash__(self):
        return 1
    def __eq__(self, other):
        s.clear()
        return False
s = {1, 2}
print(Evil() in s, s)
s = {1, 2}
s.add(Evil())
print(len(s))
