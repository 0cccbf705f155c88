def total(n):
    result = 0
    for i in range(n):
        result += i * i
    return result

print(total(10), total(1000))
