d = {"a": 1, "b": 2}
print(d.get("a"), d.get("z"), d.get("z", 5), d.setdefault("c"), d.setdefault("a", 9))
print(d.pop("b"), d.pop("b", "none"), d.popitem(), d)
d.update({"x": 1}, y=2)
d.update([("p", 3), ["q", 4]])
print(d, len(d), "x" in d, "zz" in d, list(d), list(reversed(d)))
print(d.copy() == d, d | {"a": 0}, {"a": 0} | d)
d |= [("last", None)]
print(d, d == dict(d), d != {}, dict.fromkeys("abc", 0), dict.fromkeys([1, 2]))
print(dict(a=1), dict([(1, 2)], b=3), dict({"k": 0}, k=1), dict(zip("ab", (1, 2))))
d.clear()
print(d, bool(d), {1: {2: {}}}, {None: (), (): [], 1.5: "text"})
for call in (
    lambda: d["missing"], lambda: d.pop(1), lambda: d.popitem(), lambda: dict(1), lambda: dict([1]), lambda: dict([(1, 2, 3)]),
    lambda: dict(1, 2), lambda: d.update(1, 2), lambda: {[]: 1}, lambda: d[[]], lambda: d.get({}), lambda: {} | 1,
    lambda: {} < {}, lambda: hash({}), lambda: dict(**{1: 2}), lambda: d.fromkeys(1),
):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error, getattr(error, "__notes__", ""))
