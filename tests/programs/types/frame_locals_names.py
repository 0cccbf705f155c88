# f_locals takes anything that equals a name for it; what it adds shows in locals().
import sys


class Text(str):
    pass


class Like:
    def __hash__(self):
        return hash("x")

    def __eq__(self, other):
        return other == "x"


def overwrite(key):
    x = 1
    proxy = sys._getframe().f_locals
    proxy[key] = 2
    return x, list(proxy.keys()), proxy[key], key in proxy


def first(key):
    sys._getframe().f_locals[key] = 3
    print(x)
    x = 1


for key in ("x", Text("x"), Like()):
    print(overwrite(key))
    first(key)


def added():
    x = 1
    proxy = sys._getframe().f_locals
    proxy["y"] = 2
    proxy.update({"z": 3, "x": 4})
    print(x, {key: value for key, value in locals().items() if key != "proxy"}, reversed(proxy))


added()
