# What becomes a Decimal, and what a Decimal becomes.
import copy
import pickle
import sys
from decimal import Decimal, Context, DecimalTuple
from fractions import Fraction


def attempt(function, *arguments):
    try:
        result = function(*arguments)
        print(type(result).__name__, result)
    except Exception as error:
        print(type(error).__name__, error)


class Child(Decimal):
    pass


for value in (
    "12", " 1_0.5e-3 ", "+.5", "5.", ".", "", "_", "1e", "1e+", "1e5.", "0x1", "NaN12", "sNaN", "inF", "infinit", "\u0661.\u0662\u3000", "1\x00",
    "1 0", True, 10**50, -(2**70), 0.1, -0.0, float("inf"), b"1", None, [1], (1, 2), (0, (1, 2), "x"), (2, (1,), 0), (0, (11,), 0), (0, [1, 2], -3),
    (1, (), 0), (1, (1, 2), "F"), (1, (0, 2), "N"), (0, (1,), 1.5), (0, (1,), 10**30), Fraction(1, 2), Child("1.50"),
):
    attempt(Decimal, value)
for value in (12345, "1.23456", "nan1234", " 1", "1_0", 1.23456, (0, (1, 2, 3, 4), 0), None, Decimal("nan1234")):
    attempt(Context(prec=3, traps=[]).create_decimal, value)
for text in ("0", "-1.5", "2.5", "1e30", "-7E-3", "Infinity", "NaN", "-sNaN5", "123456789.987654321"):
    number = Decimal(text)
    for function in (int, float, round, complex, hash, bool, Decimal.as_tuple, Decimal.as_integer_ratio, Decimal.__floor__, Decimal.__ceil__,
                     Decimal.__trunc__, Decimal.to_eng_string, Decimal.adjusted):
        if function is hash and number.is_qnan():
            continue
        attempt(function, number)
    attempt(round, number, 1)
    attempt(round, number, -1)
for left, right in ((Decimal("0.5"), Fraction(1, 2)), (Decimal("0.5"), 0.5), (Decimal(1), 1 + 0j), (Decimal(2), 2), (Decimal(1), "1")):
    print(left == right, right == left, left != right)
    attempt(lambda: left < right)
attempt(lambda: Decimal(1) + 1.0)
attempt(lambda: Decimal(1) + None)
print([hash(Decimal(text)) == hash(value) for text, value in (("1e20", 10**20), ("0.5", 0.5), ("-3", -3), ("-1", -1), ("0.25", Fraction(1, 4)))])
child = Child("1.5")
print(type(child + 1), type(Child.from_float(0.5)), type(copy.copy(child)), type(copy.deepcopy(child)), type(pickle.loads(pickle.dumps(child))))
print(repr(child), child.__reduce__(), DecimalTuple(0, (1,), 2), Decimal(5).real, Decimal(5).imag)
print(Decimal(10 ** (19 * 25)).__sizeof__() - Decimal(10 ** (19 * 24)).__sizeof__())
