"""`sum` of complex numbers, `breakpoint` with a hook, and `anext` without a default."""
import sys

print(sum([2 + 1j, 10E100j, 1j, -10E100j]), sum([0.1] * 10, 1j), sum([1j, 2, 0.5, True]), sum([0.1] * 10))
sys.breakpointhook = lambda *arguments, **keywords: (arguments, keywords)
print(breakpoint(), breakpoint(1, two=2))
del sys.breakpointhook
try:
    breakpoint()
except RuntimeError as error:
    print(error)


class Counter:
    def __aiter__(self):
        return self

    async def __anext__(self):
        return 42


async def use():
    return await anext(Counter())


try:
    use().send(None)
except StopIteration as stop:
    print(stop.value)
try:
    anext(1)
except TypeError as error:
    print(error)
