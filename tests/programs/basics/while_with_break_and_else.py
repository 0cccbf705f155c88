n = 0
while n < 5:
    if n == 3:
        break
    n += 1
else:
    print("never")
print(n)
while n < 5:
    n += 1
else:
    print("else", n)
