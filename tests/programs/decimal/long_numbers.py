# Numbers of thousands of digits: each way of multiplying and dividing, roots, powers, and functions to many digits.
import hashlib
from decimal import Context, Decimal, MAX_EMAX, MIN_EMIN


def digest(number):
    return hashlib.sha256(str(number).encode()).hexdigest()[:16]


def sample(digits, seed):
    text = ""
    while len(text) < digits:
        seed = seed * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        text += str(seed) if seed % 5 else "0" * 19 if seed % 3 else "9" * 38
    return Decimal(text[:digits])


for digits in (30, 100, 500, 1500, 4000, 30000, 60000):
    exact = Context(prec=3 * digits, Emax=MAX_EMAX, Emin=MIN_EMIN)
    left, right = sample(digits, 1), sample(digits * 2 // 3, 2)
    product = exact.multiply(left, right)
    print(digits, digest(product), exact.divide_int(product, left) == right, exact.remainder(exact.add(product, 1), right))
    rounded = Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN)
    print(digest(rounded.divide(right, left)), digest(rounded.sqrt(left)), rounded.sqrt(exact.multiply(left, left)) == left)
    if digits <= 500:
        print(digest(rounded.exp(Decimal("1.25"))), digest(rounded.ln(left)), digest(rounded.log10(right)), digest(rounded.power(left, 7)))
print(int(sample(3000, 5)) == int(str(sample(3000, 5))), Decimal(int("9" * 3000)) == Decimal("9" * 3000))
huge = Context(prec=999999999999999999, Emax=MAX_EMAX, Emin=MIN_EMIN)
print(huge.divide(1, 8), huge.sqrt(Decimal("6.25")), huge.divide(Decimal(10**40), 5**20))
for operation in (huge.divide, huge.power):
    try:
        operation(Decimal(2), Decimal(-3))
        operation(Decimal(1), Decimal(3))
        print("done")
    except MemoryError:
        print("MemoryError")
