# Contexts: what they take and refuse, traps and flags, templates, blocks, and context variables.
import contextvars
import threading
from decimal import *


def attempt(function, *arguments, **keywords):
    try:
        print(repr(function(*arguments, **keywords)))
    except Exception as error:
        print(type(error).__name__, error)


for keywords in (
    dict(prec=0), dict(prec="a"), dict(prec=2**64), dict(rounding="x"), dict(rounding=5), dict(Emin=1), dict(Emax=-1), dict(capitals=2),
    dict(clamp=2), dict(flags=[1]), dict(traps=5), dict(flags={}), dict(prec=1.5), dict(traps=[Inexact], prec=5, rounding=ROUND_UP),
    dict(flags=[ConversionSyntax]),
):
    attempt(Context, **keywords)
for bits in (0, 32, 33, 64, 512, 1024, "a"):
    attempt(IEEEContext, bits)

context = Context(prec=5)
attempt(setattr, context, "spam", 1)
attempt(delattr, context, "prec")
attempt(setattr, context, "flags", 1)
attempt(setattr, context, "flags", [Inexact])
print(context.flags, context.traps == {**context.traps}, context.__reduce__(), sep="\n")
attempt(lambda: context.flags[1])
attempt(lambda: context.flags.__delitem__(Inexact))
context.flags[Inexact] = "yes"
print(context, list(context.flags) == list(context.traps), len(context.flags), context.flags.copy()[Inexact])
flags = Context().flags
attempt(len, flags)
attempt(type(flags))

for function in (
    lambda: Decimal(1) / 0, lambda: Decimal(0) / 0, lambda: Decimal("Infinity") - Decimal("Infinity"), lambda: Decimal("sNaN") + 1,
    lambda: pow(Decimal(2), 3, 0), lambda: Decimal("1e999999") * 10, lambda: Decimal("x"), lambda: Decimal("1e99999999999999999999"),
    lambda: Decimal(10) ** 40 // 1, lambda: Decimal(1) < Decimal("NaN"), lambda: Decimal(1) == Decimal("sNaN"),
):
    attempt(function)
with localcontext(traps=[Inexact, Rounded, FloatOperation]) as local:
    for function in (lambda: Decimal(1) / 3, lambda: Decimal("1e999999") * 10, lambda: Decimal(1.5), lambda: Decimal(1) < 1.5,
                     lambda: Decimal(1) == 1.5, lambda: Decimal.from_float(1.5), lambda: Decimal(float("nan"))):
        attempt(function)
    print(local)

print([cls.__mro__[1:-3] for cls in (Overflow, Underflow, DivisionByZero, FloatOperation, DivisionUndefined)])
setcontext(ExtendedContext)
print(getcontext() is ExtendedContext, getcontext())
setcontext(Context(prec=7))
with localcontext(prec=3) as local:
    print(Decimal(1) / 7, getcontext() is local)
print(Decimal(1) / 7)
contextvars.copy_context().run(setcontext, Context(prec=4))
print(getcontext().prec)
worker = threading.Thread(target=lambda: print("thread", getcontext().prec))
worker.start()
worker.join()
for name, value in contextvars.copy_context().items():
    print(name.name, value.prec)
    name.set(Context(prec=11))
print(getcontext().prec)
