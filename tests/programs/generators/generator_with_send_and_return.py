def averager():
    total, count, average = 0, 0, None
    while True:
        value = yield average
        if value is None:
            return total
        total += value
        count += 1
        average = total / count

g = averager()
next(g)
print(g.send(10), g.send(20))
try:
    g.send(None)
except StopIteration as stop:
    print(stop.value)

def outer():
    result = yield from inner()
    yield result

def inner():
    yield 1
    yield 2
    return 3

print(list(outer()), sum(x * x for x in range(5)))
