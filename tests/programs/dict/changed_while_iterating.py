def attempt(change, make=iter):
    d = {i: i for i in range(4)}
    iterator = make(d)
    seen = [next(iterator)]
    try:
        change(d)
        seen.extend(iterator)
    except Exception as error:
        print(type(error).__name__, error, seen)
    else:
        print(seen)
    try:
        print(list(iterator), iterator.__length_hint__())
    except Exception as error:
        print(type(error).__name__, error)

attempt(lambda d: d.update(new=1))
attempt(lambda d: d.pop(0))
attempt(lambda d: d.clear())
attempt(lambda d: d.update({0: "other"}))
attempt(lambda d: (d.pop(3), d.update(new=1)))
attempt(lambda d: (d.pop(0), d.update(new=1)), lambda d: iter(d.items()))
attempt(lambda d: d.update(new=1), reversed)
attempt(lambda d: None, lambda d: reversed(d.values()))

class Evil:
    def __init__(self, target, action):
        self.target, self.action = target, action
    def __hash__(self):
        return 1
    def __eq__(self, other):
        self.action(self.target)
        return False

d = {1: "one"}
key = Evil(d, lambda d: d.clear())
print(key in d, d)
d = {1: "one"}
d[Evil(d, lambda d: d.update({k: k for k in range(100)}))] = "evil"
print(len(d), d[1])
d = {1: "one"}
print(d.get(Evil(d, lambda d: d.pop(1, None))), d)
