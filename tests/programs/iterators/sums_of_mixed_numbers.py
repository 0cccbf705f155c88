# Kinds of numbers that follow each other in a sum: floats are added with compensation only where all before them could be.
from fractions import Fraction


class Real(float):
    pass


class Whole(int):
    pass


TENTHS = [0.1] * 10
for numbers in [
    [Fraction(1, 3), *TENTHS], TENTHS, [Real(0.1)] * 10, [Whole(3), 0.1, 0.2, 0.3], [True, 0.1, 0.1, 0.1], [2**63, 0.1, 0.1, 0.1],
    [2**62] * 4 + TENTHS, [1, 0.1, 1j, *TENTHS], [*TENTHS, Fraction(1, 10), *TENTHS, Real(1e16), -1e16], [1e16, 1, -1e16],
    [1e16, 1.0, 1j, 1, -1e16], [1, 1j, 0.1, 0.1, 0.1, Fraction(1, 3), 0.1, 0.1], [Real(1e16), 1.0, -1e16], [Real(1e16), 1.0, 1.0, -1e16],
]:
    print(sum(numbers), sum(numbers, 0.0), sum(numbers, Real(0)), sum(numbers, 0j))
