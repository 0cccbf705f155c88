"""The reference's times for what measure.rs measures. Run: python3.14 measure.py [largest size]"""

import math
import random
import sys
import time

sys.set_int_max_str_digits(0)
random.seed(1)
LARGEST = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


def best_time(run):
    best, total, runs = 9.0, 0.0, 0
    while runs < 2 or (total < 0.2 and runs < 20_000):
        repeats = range(50 if best < 2e-6 else 1)
        start = time.perf_counter()
        for _ in repeats:
            run()
        elapsed = time.perf_counter() - start
        best = min(best, elapsed / len(repeats))
        total += elapsed
        runs += 1
    return best * 1e6


def number(size):
    return random.getrandbits(30 * size) | 1 << 30 * size - 1


def row(size, *runs):
    print(f"{size:7}", *(f"{best_time(run):12.3f}" for run in runs), flush=True)


print(" digits          mul       square       divmod   to decimal        parse")
for size in (2, 5, 10, 30, 100, 1000, 3000, 10_000, 100_000):
    if size > LARGEST:
        break
    a, b = number(size), number(size)
    product = a * b + 1
    decimal = str(a)
    row(size, lambda: a * b, lambda: a * a, lambda: divmod(product, b), lambda: str(a), lambda: int(decimal))
print("\n digits          gcd      pow mod        isqrt          add")
for size in (2, 10, 35, 70, 140, 1000):
    a, b, c = number(size), number(size), number(size) | 1
    power = (lambda: pow(a, b, c)) if size <= 140 else (lambda: None)
    row(size, lambda: math.gcd(a, b), power, lambda: math.isqrt(a), lambda: a + b)
