a = [3, 1, 2]
a.append(4); a.insert(0, 0); a.insert(-1, 9); a.insert(100, 5); a.insert(-100, -1); a.extend("xy"); a.extend(a[:1])
print(a, len(a), a.index(9), a.index(4, 5), a.count(9), a.count("z"))
print(a.pop(), a.pop(0), a.pop(-2), a)
a.remove("y"); a.reverse()
print(a, a + [1], [0] * 3, 2 * [1, 2], [1] * -1, a.copy() is a, a == a.copy())
a += (7, 8); a *= 2
print(a, a < [9], [1, 2] < [1, 3], [1] < [1, 0], [2] > [1, 5], [] == (), [1] != [2])
print(list("abc"), list((1, 2)), list({1: 2}), list(range(3)), list(), [[]] * 2)
b = []; b.append(b)
print(b, [b, b], 5 in [1, 5], 5 not in [])
a.clear()
print(a, bool(a), list(reversed([1, 2, 3])))
for call in (
    lambda: [].pop(), lambda: [1].pop(3), lambda: [].remove(1), lambda: [].index(1), lambda: [1][1], lambda: [1]["x"], lambda: [1] + (1,),
    lambda: [1] * 1.5, lambda: [1] * (1 << 80), lambda: [1].index(), lambda: list(5), lambda: list(1, 2), lambda: list(x=1),
    lambda: [].insert("a", 1), lambda: [1] < 5, lambda: hash([]), lambda: [1].__setitem__(4, 0), lambda: [1].__delitem__(4),
    lambda: [1].__getitem__(1 << 90), lambda: [1].index(1, None),
):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
