import sys

class Thing:
    pass

x = Thing()
print(sys.getrefcount(x))
y = x
print(sys.getrefcount(x))
items = [x, x]
print(sys.getrefcount(x))
del items
print(sys.getrefcount(x))

def inside(thing):
    return sys.getrefcount(thing)

print(inside(x))
d = {"k": x}
print(sys.getrefcount(x))
d.clear()
print(sys.getrefcount(x))
