class Counting(dict):
    def __missing__(self, key):
        return f"no {key}"
    def __setitem__(self, key, value):
        super().__setitem__(key, value + 1)

c = Counting(a=1)
c["b"] = 1
print(c["a"], c["b"], c["c"], c.get("c"), c, "c" in c, type(c.copy()), type(c | {}), Counting.fromkeys("xy", 0))
class Mapping:
    def keys(self):
        return iter("pq")
    def __getitem__(self, key):
        return key * 2
print(dict(Mapping()), {**Mapping(), "r": 0})
class Bad:
    keys = 5
class Worse:
    def keys(self):
        return 5
for source in (Bad(), Worse()):
    try:
        dict(source)
    except TypeError as error:
        print(error)
class Name(str):
    pass
d = {"plain": 1}
d[Name("plain")] = 2
d[Name("other")] = 3
print(d, [type(k).__name__ for k in d], d["other"], d[Name("plain")])
