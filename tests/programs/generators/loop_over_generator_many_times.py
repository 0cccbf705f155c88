def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1
    return "done"

def pairs(n):
    found = []
    for a in numbers(n):
        for b in numbers(a):
            found.append((a, b))
    return [len(found), found[-1]]

print([pairs(n) for n in range(3, 9)])
