# Sums that mix floats, ints and bools, and the neighbours of floats around zero.
import math

print(sum([1.0, 10**100, 1.0, -10**100]))
print(sum([True, True, 2]), sum([0.1] * 10), sum([0.5, True]))
print(math.sumprod([0.1] * 10, [1] * 10), math.sumprod([0.1] * 20, [True, False] * 10))
print(math.sumprod((-5, -5, 10), (1.5, 4611686018427387904, 2305843009213693952)))
print(math.sumprod([10**400], [1.0 * 0]) if False else math.sumprod([2**80, 1], [2, 1.5]))
print(math.sumprod([10.1, math.inf], [20.2, 30.3]), math.sumprod([], []))
smallest = 5e-324
print(math.nextafter(-smallest, 0.0), math.nextafter(-smallest, 0.0, steps=1), math.nextafter(smallest, -0.0))
