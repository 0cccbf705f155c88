# Every operation in contexts of all kinds: the result and the flags.
from decimal import *
import random

chosen = random.Random(14)
ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
ONE_OPERAND = """abs copy_abs copy_negate create_decimal exp is_normal is_subnormal ln log10 logb logical_invert minus next_minus
    next_plus normalize number_class plus sqrt to_eng_string to_integral_exact to_integral_value to_sci_string""".split()
TWO_OPERANDS = """add compare compare_signal compare_total compare_total_mag copy_sign divide divide_int divmod logical_and
    logical_or logical_xor max max_mag min min_mag multiply next_toward power quantize remainder remainder_near rotate
    same_quantum scaleb shift subtract""".split()


def context():
    return Context(
        prec=chosen.choice([1, 2, 3, 5, 9, 16, 19, 20, 28, 38, 39, 57]), rounding=chosen.choice(ROUNDINGS),
        Emax=chosen.choice([0, 5, 96, 384, 999999]), Emin=-chosen.choice([0, 5, 95, 383, 999999]),
        capitals=chosen.randrange(2), clamp=chosen.randrange(2), traps=[])


def number():
    kind = chosen.random()
    if kind < 0.06:
        return Decimal(chosen.choice(["NaN", "sNaN", "Infinity", "-Infinity", "-NaN123", "sNaN77", "0", "-0", "0E+9", "-0E-9"]))
    if kind < 0.2:
        digits = chosen.choice(["1", "10", "99", "5", "1" + "0" * 30, "9" * 40, "11", "101"])
    else:
        digits = str(chosen.randrange(10 ** chosen.choice([1, 2, 5, 9, 19, 20, 30, 38, 40, 60])))
    exponent = chosen.choice([0, 0, chosen.randrange(-5, 5), -len(digits) + chosen.randrange(-3, 4), chosen.randrange(-60, 60)])
    return Decimal(chosen.choice(["", "-"]) + digits + "E" + str(exponent))


def small():
    return Decimal(chosen.randrange(-40, 40)).scaleb(-chosen.randrange(3))


def run(name, *operands):
    here = context()
    result = getattr(here, name)(*operands)
    flags = [signal.__name__ for signal, is_set in here.flags.items() if is_set]
    print(name, *operands, "->", result if type(result) is not tuple else result[0:2], *flags)


for _ in range(12):
    for name in ONE_OPERAND:
        run(name, small() if name in ("exp", "ln", "log10") else number())
    for name in TWO_OPERANDS:
        second = small() if name in ("power", "rotate", "scaleb", "shift") else number()
        if name.startswith("logical"):
            run(name, Decimal(bin(chosen.randrange(1 << 20))[2:]), Decimal(bin(chosen.randrange(1 << 9))[2:]))
        elif name == "power":
            run(name, small(), second)
        else:
            run(name, number(), second)
    run("fma", number(), number(), number())
    run("power", chosen.randrange(-99, 99), chosen.randrange(99), chosen.randrange(1, 999))
