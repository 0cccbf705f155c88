def f(a, b, /, c, d=4, *rest, e, g=7, **more):
    return a, b, c, d, rest, e, g, sorted(more.items())

print(f(1, 2, 3, e=5))
print(f(1, 2, c=3, e=5, h=8, i=9))
print(f(1, 2, 3, 40, 50, 60, e=5))
args, kwargs = (1, 2, 3), {"e": 5}
print(f(*args, **kwargs))
for call in [lambda: f(), lambda: f(1, 2, 3), lambda: f(1, 2, 3, e=1, a=2), lambda: f(1, b=2, c=3, e=4)]:
    try:
        call()
    except TypeError as error:
        print(error)
