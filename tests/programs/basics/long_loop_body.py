def f(items):
    t = 0
    for op, av in items:
        if op == 1: t += av; t -= 1; t += 1; t = t * 2 - t; t += av - av
        elif op == 2: t += av; t -= 1; t += 1; t = t * 2 - t; t += av - av
        elif op == 3: t += av; t -= 1; t += 1; t = t * 2 - t; t += av - av
        elif op == 4: t += av; t -= 1; t += 1; t = t * 2 - t; t += av - av
        elif op == 5: t += av; t -= 1; t += 1; t = t * 2 - t; t += av - av
        elif op == 6: t += av; t -= 1; t += 1; t = t * 2 - t; t += av - av
    return t

print([f([(n % 7, n) for n in range(m)]) for m in range(12)])
