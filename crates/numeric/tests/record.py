"""Records what the reference interpreter answers, for tests/recorded.

Run from this folder:  /opt/reference/bin/python3.14 record.py
It writes data/*.tsv: one case a line, an operation, its arguments, the expected answer, separated by tabs.
Integers are hexadecimal; floats are the 16 hexadecimal digits of their bits; text has its backslashes, controls
and non-ASCII characters written as \\ and six hexadecimal digits. An answer that starts with "!" is an exception.
"""

import locale
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

DATA = Path(__file__).parent / "data"
random.seed(20260314)
sys.set_int_max_str_digits(0)


def text(value):
    return "".join(c if " " <= c <= "~" and c != "\\" else "\\%06x" % ord(c) for c in value)


def bits(value):
    return struct.pack(">d", value).hex()


def show(value):
    match value:
        case bool():
            return str(value)
        case int():
            return format(value, "x")
        case float():
            return "nan" if value != value else bits(value)
        case str():
            return text(value)
        case bytes():
            return value.hex()
        case tuple():
            return " ".join(map(show, value))
    raise TypeError(value)


def answer(function, *arguments):
    try:
        return show(function(*arguments))
    except (ValueError, OverflowError, ZeroDivisionError, MemoryError, TypeError) as error:
        return "!" + type(error).__name__ + ": " + text(str(error))


def write(name, rows):
    lines = ["\t".join(row) for row in rows]
    assert all(line.count("\n") == 0 for line in lines)
    (DATA / name).write_text("".join(line + "\n" for line in lines), encoding="ascii")
    print(name, len(lines))


# Integers. -----------------------------------------------------------------------------------------------------


def random_integer(most_bits=700):
    size = random.choice([1, 15, 29, 30, 31, 59, 60, 61, 64, 90, 120, 128, 300, most_bits])
    bit_count = random.randint(0, size)
    shape = random.random()
    if shape < 0.15:
        value = (1 << bit_count) + random.choice([-1, 0, 1])
    elif shape < 0.3:
        value = random.getrandbits(bit_count) >> bit_count // 2 << bit_count // 2
    elif shape < 0.4:
        value = (1 << bit_count) - (1 << random.randint(0, bit_count))
    else:
        value = random.getrandbits(bit_count) if bit_count else 0
    return random.choice([value, -value])


BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "divmod": divmod,
    "mod": lambda a, b: a % b,
    "truediv": lambda a, b: a / b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "gcd": math.gcd,
    "lcm": math.lcm,
    "compare": lambda a, b: (a > b) - (a < b),
}
UNARY = {
    "not": lambda a: ~a,
    "neg": lambda a: -a,
    "bit_length": int.bit_length,
    "bit_count": int.bit_count,
    "isqrt": lambda a: math.isqrt(abs(a)),
    "square": lambda a: a * a,
    "hash": hash,
    "float": float,
    "frexp": lambda a: math.frexp(a),
}


def integers():
    for name, function in BINARY.items():
        for _ in range(250 if name == "divmod" else 120):
            a, b = random_integer(), random_integer()
            if name == "truediv" and random.random() < 0.3:
                a, b = random_integer(3000), random_integer(2000)
            yield name, show(a), show(b), answer(function, a, b)
    for name, function in UNARY.items():
        for _ in range(100):
            a = random_integer(1100)
            yield name, show(a), "", answer(function, a)
    for _ in range(150):
        a, count = random_integer(), random.choice([0, 1, 29, 30, 31, 60, 61, 100, 1000])
        yield "shl", show(a), show(count), answer(lambda: a << count)
        yield "shr", show(a), show(count), answer(lambda: a >> count)
        places = random.randint(0, 30)
        yield "round", show(a), show(places), answer(lambda: round(a, -places))
        yield "pow", show(a), show(count % 62 % 7), answer(lambda: a ** (count % 62 % 7))
    for a in [5, 15, 25, 35, -5, -15, -25, 45, 50, 150, 250, 49, 51, 10**20 * 5, 10**20 * 15, 0, 1]:
        for places in (1, 2, 20, 21, 22):
            yield "round", show(a), show(places), answer(lambda: round(a, -places))
    for _ in range(200):
        base, exponent, modulus = random_integer(), random_integer(90), random_integer(400)
        if random.random() < 0.3:
            modulus = random.choice([0, 1, -1, 2, -2, 3, 2**61 - 1, 2**127 - 1])
        yield "powmod", show(base) + " " + show(exponent), show(modulus), answer(pow, base, exponent, modulus)
    # Ties and their neighbours, where rounding to a float decides.
    for _ in range(150):
        value = (random.getrandbits(53) | 1 << 52) * 2 + 1 << random.choice([0, 5, 10, 30, 60, 900])
        for a in (value, value - 1, value + 1):
            yield "float", show(a), "", answer(float, a)
            divisor = random.choice([1, 1, 3, 2**1000, 2**1075, 2**1100, random_integer(600) or 1])
            yield "truediv", show(a), show(divisor), answer(lambda: a / divisor)
    for a in (2**1024 - 2**970, 2**1024 - 2**970 - 1, 2**1024 - 2**971, 2**1023, 10**400):
        yield "float", show(a), "", answer(float, a)
        yield "truediv", show(a), show(-1), answer(lambda: a / -1)
        yield "truediv", show(a), show(10**200), answer(lambda: a / 10**200)
    for n in [*range(70), 100, 127, 128, 200]:
        yield "factorial", show(n), "", answer(math.factorial, n)
    for _ in range(150):
        n = random.choice([random.randint(0, 80), random.randint(0, 2000), abs(random_integer(200))])
        k = random.randint(0, min(n, 60))
        yield "comb", show(n), show(k), answer(math.comb, n, k)
        yield "perm", show(n), show(k), answer(math.perm, n, k)


def shortened(shown):
    """Messages quote the whole text."""
    return shown[:150] if shown.startswith("!") else shown


def integer_texts():
    for base in range(2, 37):
        for _ in range(6):
            a = random_integer(900)
            digits, rest = [], abs(a)
            while rest:
                digits.append("0123456789abcdefghijklmnopqrstuvwxyz"[rest % base])
                rest //= base
            written = "-" * (a < 0) + ("".join(reversed(digits)) or "0")
            yield "to_text", show(a), str(base), written
            yield "parse", text(random.choice([written, written.upper(), " +" * (a >= 0) + written])), str(base), show(a)
    for a in (10**300, 10**300 - 1, 10**900, 10**900 - 1, 7**500, -(3**1500), 2**1800):
        yield "to_text", show(a), "10", str(a)
        yield "parse", str(a), "10", show(a)
    odd = "0 00 -0 +0 0_0 01 0_1 1_0 _1 1_ 1__0 0x 0x1f 0X1F 0x_1f 0x__1f _0x1f 0x1f_ 0_x1f 0b1 0B_1 0b2 0o17 0O8 0o_7"
    odd = [*odd.split(), "", " ", "-", "+", "+-1", "--1", "- 1", "1 2", " 12 ", "\t12\n", "\v1\f", "1\0", "1.0", "1e5", "z", "Z", "é"]
    for written in odd:
        for base in (0, 2, 8, 10, 16, 36):
            yield "parse", text(written), str(base), answer(int, written, base).split(":")[0]
    sys.set_int_max_str_digits(640)
    for written in ("1" * 640, "1" * 641, "0" * 641, "1" * 641 + "x", "1_" * 640 + "1", "1" * 700 + "_"):
        for base in (10, 3, 4, 0):
            yield "parse_limited", written, str(base), shortened(answer(int, written, base))
    for a in (10**639, 10**640 - 1, 10**640, 10**2000, -(10**640), -(10**640 - 1)):
        yield "to_decimal_limited", show(a), "640", answer(str, a)
    sys.set_int_max_str_digits(0)


def integer_bytes():
    for _ in range(250):
        a = random_integer(200)
        signed, order = random.random() < 0.6, random.choice(["little", "big"])
        length = max(0, (a.bit_length() + 7) // 8 + random.choice([-1, 0, 0, 0, 1, 3]))
        yield "to_bytes", show(a), f"{order} {signed} {length}", answer(lambda: a.to_bytes(length, order, signed=signed))
        data = random.randbytes(random.randint(0, 12))
        data = random.choice([data, b"\0" * 3 + data, data + b"\xff\xff", b"\x80" + bytes(len(data)), bytes(len(data)) + b"\x80"])
        yield "from_bytes", data.hex(), f"{order} {signed}", answer(int.from_bytes, data, order) if not signed else answer(
            lambda: int.from_bytes(data, order, signed=True)
        )


# Floats. -------------------------------------------------------------------------------------------------------

SPECIAL_FLOATS = [
    0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, 0.25, 0.125, 2.675, 1e15, 1e16, 1e17, 9999999999999998.0, 123456789012345678.0,
    1e-4, 1e-5, 9.999e-5, 0.00012345, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, math.inf,
    -math.inf, math.nan, 1e100, 1 / 3, 2 / 3, 999999.5, 9999995.0, 0.99999949, 99.95, 0.05, 0.005, 1e-7, 100.0, 1e5, 1e6,
    12345.0, 4503599627370496.5, 9007199254740993.0, 2.0**61 - 1, 2.0**61, 314159.0, 5e15, 5e16, 8.5, 15.0, 25.0, 450.0,
]


def random_float():
    shape = random.random()
    if shape < 0.15:
        return random.choice(SPECIAL_FLOATS)
    if shape < 0.35:
        return struct.unpack(">d", random.randbytes(8))[0]
    if shape < 0.6:
        return round(random.uniform(-1000, 1000), random.randint(0, 6))
    if shape < 0.75:
        return random.randint(-(10**6), 10**6) / 2 ** random.randint(0, 8)
    if shape < 0.85:
        return float(random.randint(-(10**18), 10**18))
    return random.uniform(-1, 1) * 10 ** random.randint(-30, 30)


def floats():
    for value in SPECIAL_FLOATS + [random_float() for _ in range(700)]:
        yield "repr", show(value), "", repr(value)
        yield "hex", show(value), "", value.hex()
        if value == value:
            yield "hash", show(value), "", show(hash(value))
        yield "to_integer", show(value), "", answer(int, value) if math.isfinite(value) else "None"
        yield "ratio", show(value), "", answer(value.as_integer_ratio) if math.isfinite(value) else "None"
        places = random.choice([0, 1, 2, 3, 5, 10, 15, 16, 17, 22, 23, 100, 320, 330, -1, -2, -3, -5, -10, -16, -20, -300, -307, -308, -309])
        yield "round", show(value), str(places), answer(round, value, places)
        other = random.choice([random_float(), random_float(), value, -value, value * 3, 0.1, math.inf])
        yield "divmod", show(value), show(other), answer(divmod, value, other)
        style, precision = random.choice("eEfFgG"), random.choice([0, 1, 2, 3, 6, 10, 16, 17, 18, 30, 60, 350, 1200])
        flag = random.choice(["", "", "#"])
        yield "style", show(value), flag + str(precision) + style, "%" + flag + "." + str(precision) + style
    for value in (5.0, 15.0, 25.0, 4.999, 5.0001, 50.0, 150.0, 250.0, 5e22, 4.9999999999999996e22, 1.5e23, 5e299, 8e307, 1.7976931348623157e308, 95.0, 0.5, 1.5):
        for places in (-1, -2, -3, -23, -300, -308, 0, 1):
            yield "round", show(value), str(places), answer(round, value, places)
            yield "round", show(-value), str(places), answer(round, -value, places)


def float_rows():
    for operation, value, argument, expected in floats():
        if operation == "style":
            expected = expected % struct.unpack(">d", bytes.fromhex(value) if value != "nan" else b"\x7f\xf8" + bytes(6))[0]
        yield operation, value, argument, expected


FLOAT_TEXTS = """1 1. .1 . 1.5 -1.5 +1.5 1e5 1E5 1e+5 1e-5 1e 1e+ e5 1_0 1_0.0_1 1_.0 1._0 _1 1_ 1__0 1e1_0 1e_1 1e1_ inf -inf
Infinity iNF infinit nan -NaN nan1 0x1 1..2 1.2.3 ++1 -+1 1e400 -1e400 1e-400 1e99999999999999999999 1e-99999999999999999999
0.1e1 00001.5 2.2250738585072011e-308 9007199254740993 9007199254740992.5 9007199254740993.0000000000000000000000001
179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880
2.47032822920623272e-324 2.4703282292062328e-324 1.5f 1,5 infinity_ in_f 1d5""".split()
HEX_TEXTS = """0x1p0 0x1.8p1 1.8p1 .8p0 0x.p1 0x p1 0x1 1 ff 0xffp-4 -0x1p-1074 0x1p-1075 0x1.8p-1075 0x1.0000000000001p-1075 0x1p1024 0x1.fffffffffffff7p1023
0x1.fffffffffffff8p1023 0x1.fffffffffffff7ffffffffffffffffffffffffffffffp1023 0x0p99999999999999999999 0x1p99999999999999999999 0x1p-99999999999999999999
inf -Infinity nan 0x1p 0x1p+ 0x1.8.p1 0x1_0p0 0x1.00000000000008p0 0x1.00000000000018p0 0x1.000000000000080000000000000000000000001p0 0x123456789abcdef0123456789abcdef0123456789abcdefp-100
+0x1P+3 -0X1.Ap-2 x1 0x 1p1p1 0x0.00000000000000000000000000000000000000001p0 infi""".split()


COMPLEX_TEXTS = """1|1j|j|+j|-j|1+2j|1-2j|(1+2j)|( 1+2j )| ( 1+2j) |(1+2j|1+2j)|1 + 2j|1+ 2j|1e5j|1e5+1e-5j|1+j|1-j|1++2j|1+-2j|1+2|1j+2
1_0+2_0j|1_+2j|inf+nanj|nanj|infj|1+infj|infinityj|-infinity-infj|1+2J||()|j1|1.j|.5j|.j|1e|1e+j|1+2jj|(1)+2j|((1))|nan+1j|_1j|1__0j|1_j
0x1j|(j)|+1|-0j|-0-0j|1e400j|()1|(1))|)1(|1e5|1e-j|e5j|1e+5+1e+5j|i|1+2i|(|)|+|-|1_0.0_1e1_0-1_0j""".replace("\n", "|")


def random_complex_text():
    parts = ["", "1", "2.5", ".5", "1e5", "1e", "inf", "nan", "j", "J", "+", "-", "(", ")", " ", "_", "1_0"]
    return "".join(random.choice(parts) for _ in range(random.randint(1, 6)))


def complex_answer(written):
    try:
        value = complex(written)
    except ValueError as error:
        return "!" + str(error).partition(":")[0]
    return show((value.real, value.imag))


def float_texts():
    for written in [*FLOAT_TEXTS, ""]:
        yield "parse", text(written), "", answer(float, written).split(":")[0]
    for _ in range(400):
        written = "%s%d.%de%d" % (random.choice(["", "-"]), random.getrandbits(random.randint(0, 70)), random.getrandbits(random.randint(0, 90)), random.randint(-330, 310))
        yield "parse", written, "", answer(float, written)
    for written in [*HEX_TEXTS, "", " 0x1p1 ", "\t1\n"]:
        yield "fromhex", text(written), "", answer(float.fromhex, written)
    for _ in range(150):
        written = "0x%x.%xp%d" % (random.getrandbits(random.randint(0, 70)), random.getrandbits(random.randint(0, 90)), random.choice([0, random.randint(-1200, 1030)]))
        yield "fromhex", written, "", answer(float.fromhex, written)
    for written in [*COMPLEX_TEXTS.split("|"), *(random_complex_text() for _ in range(300))]:
        yield "parse_complex", text(written), "", complex_answer(written)
    for _ in range(150):
        real, imaginary = random_float(), random_float()
        value = complex(random.choice([real, 0.0, -0.0, math.inf, math.nan]), random.choice([imaginary, 0.0, -0.0, -math.inf, -math.nan]))
        yield "complex_repr", bits(value.real), bits(value.imag), repr(value)
        if value == value:
            yield "complex_hash", bits(value.real), bits(value.imag), show(hash(value))


# Formatting. ---------------------------------------------------------------------------------------------------


CODES = {"int": "bcdeEfFgGnoxX%dxd", "float": "eEfFgGn%fffg", "str": "s", "complex": "eEfFgGn"}


def random_spec(name):
    """Mostly what the type takes, sometimes anything."""
    wild = random.random() < 0.25
    maybe = lambda likely, *choices: random.choice(choices) if wild or random.random() < likely else ""
    plain = name in ("str", "complex") and not wild
    spec = maybe(0.5, "<", ">", "^", "*<", "x^", "é>", "\U0001f40d^", "\ud800>", "<<", *([] if plain else ["=", "0=", "0>"]))
    spec += maybe(0 if name == "str" else 0.3, "+", "-", " ")
    spec += maybe(0 if name in ("str", "int") else 0.15, "z")
    spec += maybe(0 if name == "str" else 0.2, "#")
    spec += maybe(0 if name == "complex" else 0.3, "0")
    spec += maybe(0.6, "1", "5", "10", "12", "20", "33", "\u0661\u0662")
    separators = [",", "_", ",,", "_,", ",_"] if wild else [",", "_"]
    spec += maybe(0 if name == "str" else 0.4, *separators)
    precisions = [".0", ".1", ".2", ".3", ".6", ".10", ".,", "._", ".4,", ".8_", ".20", ".\u0663"]
    spec += maybe(0 if name == "int" else 0.4, *precisions, *([".", ".3,_"] if wild else []))
    return spec + maybe(0.8, *(["q", "\x01", "é", "ff", "\U0001f40d", *"bcdeEfFgGnosxX%"] if wild else CODES[name]))


def formats():
    values = []
    for _ in range(1300):
        values.append(("int", random.choice([random_integer(120), random.randint(-1000, 100000), 0])))
        values.append(("float", random_float()))
        values.append(("str", random.choice(["", "a", "abc", "hello world", "é\U0001f40d"])))
        if random.random() < 0.4:
            values.append(("complex", complex(random.choice([0.0, -0.0, random_float()]), random_float())))
    for name, value in values:
        spec = random_spec(name)
        if not spec:
            continue
        match value:
            case complex():
                shown = show((value.real, value.imag))
            case _:
                shown = show(value)
        yield name, shown, text(spec), answer(format, value, spec)
    for spec in ("9" * 18, "9" * 19, "9" * 30, "." + "9" * 30 + "f", ".2147482624g", ".2147482623g"):
        for value in (3, 1.5, "abc", 3j):
            shown = show((value.real, value.imag)) if isinstance(value, complex) else show(value)
            yield type(value).__name__, shown, spec, answer(format, value, spec)
    for value in (2**40, 2**70, -1, 0x110000, 0x10FFFF, 0xD800, 65):
        yield "int", show(value), "c", answer(format, value, "c")
    yield "int", show(10**400), "f", answer(format, 10**400, "f")


LOCALES = ["de_DE", "bn_BD", "fr_FR", "C"]


def locale_formats():
    """Type n: the locales are compiled for the purpose, into a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LOCPATH"] = folder
        for name in LOCALES:
            if name != "C":
                subprocess.run(["localedef", "-i", name, "-f", "UTF-8", f"{folder}/{name}.UTF-8"], check=True)
            locale.setlocale(locale.LC_ALL, name if name == "C" else name + ".UTF-8")
            conventions = locale.localeconv()
            shown = " ".join([text(conventions["decimal_point"]), text(conventions["thousands_sep"]) or "-",
                              ",".join(map(str, conventions["grouping"])) or "-"])
            for _ in range(60):
                spec = random.choice(["", "", "0", "0", "*=", "<", "x^", "+", "#"]) + random.choice(["", *map(str, range(1, 24))]) + random.choice(["", "", ".3", ".9"]) + "n"
                value = random.choice([random.randint(-(10**9), 10**12), random.randint(0, 5000), random.uniform(-(10**7), 10**7), 0])
                yield "n " + type(value).__name__ + " " + shown, show(value), text(spec), answer(format, value, spec)
        locale.setlocale(locale.LC_ALL, "C")


def percents():
    values = [0, 1, -1, 7, -42, 255, 10**20, -(10**20), 0.0, -0.0, 1.5, -2.25, 1e100, 1e-10, math.inf, -math.inf, math.nan]
    for _ in range(1000):
        specification = "".join(random.choice(["", "", flag]) for flag in "-+ #0")
        specification += random.choice(["", "", "1", "5", "8", "12", "25"])
        specification += random.choice(["", "", "", ".", ".0", ".1", ".3", ".7", ".20"])
        specification += random.choice(["", "", "", "l", "h", "L"])
        specification += random.choice("diuoxXeEfFgGs")
        value = random.choice([*values, random_integer(100), random_float()])
        if isinstance(value, float) and specification[-1] in "diuoxX":
            value = random_integer(70)
        if specification[-1] == "s":
            value = random.choice(["", "abc", "hello"])
        yield "str", text("%" + specification), type(value).__name__ + " " + show(value), answer(lambda: "%" + specification and ("%" + specification) % value)
    arguments = {"": (), "3": (3,), "3 4": (3, 4), "-5 4": (-5, 4), "a=5": {"a": 5}, "3 5 -7": (3, 5, -7)}
    percent_formats = """% %% %5 %5% %-5% %l% %hhd %lld %ld %y %( %(a %(a)d %(a)5d %(a)% %(a)* %(b(a) %*d %.*d %-*d %*.*d %* %.* x%dy%%z%d %d%d%d %d%% %99999999999999999999d
        %.99999999999d %.2147483645d %.2147483647f %z %5.3 %0+-#d a%""".split()
    for written in [*percent_formats, "%\x01", "%é", "% d", "plain", ""]:
        for shown, argument in arguments.items():
            yield "str", text(written), "arguments " + shown, answer(lambda: written % argument)
            if isinstance(argument, tuple):
                data = written.encode("latin-1")
                yield "bytes", text(written), "arguments " + shown, answer(lambda: (data % argument).decode("latin-1"))


# Mathematics. --------------------------------------------------------------------------------------------------


def many(values):
    return " ".join(bits(value) for value in values)


def nearby(count):
    """Floats whose sums cancel and whose squares matter."""
    spread = random.choice([2, 20, 300])
    values = [random.uniform(-1, 1) * 10.0 ** random.uniform(-spread, spread) for _ in range(count)]
    values += [-value * random.choice([1, 1, 1 + 2**-52]) for value in random.sample(values, count // 2)]
    random.shuffle(values)
    return values


def mathematics():
    for _ in range(250):
        values = nearby(random.randint(1, 12))
        yield "fsum", many(values), "", answer(math.fsum, values)
        yield "sum", many(values), "", answer(sum, values)
        yield "hypot", many(values), "", answer(math.hypot, *values)
        others = nearby(len(values))[: len(values)]
        others += [1.0] * (len(values) - len(others))
        expected = math.sumprod(values, others)
        if math.isfinite(expected):
            yield "sumprod", many(values), many(others), show(expected)
    for values in ([math.inf], [math.inf, -math.inf], [math.nan, math.inf], [1e308, 1e308], [1e308, 1e308, -1e308], [1e16, 1.0, 1e-16],
                   [2.0**53, -0.5, -(2.0**-54)], [2.0**53, 1.0, 2.0**-100], [-math.inf, 1.0], [-0.0], [0.0, -0.0], [5e-324, 5e-324], [3e-320, 4e-320], [1.5e308, 1e308]):
        yield "fsum", many(values), "", answer(math.fsum, values)
        yield "hypot", many(values), "", answer(math.hypot, *values)
        yield "sum", many(values), "", answer(sum, values, 0.0)
    for _ in range(300):
        value, other = random_float(), random_float()
        yield "ulp", show(value), "", answer(math.ulp, value)
        yield "frexp", show(value), "", answer(math.frexp, value)
        third = random.choice([random_float(), -value * other])
        yield "fma " + show(value), show(other), show(third), answer(math.fma, value, other, third)
        exponent = random.choice([0, 1, -1, 52, -1074, -1080, 1023, 1100, -1022, -1030, 10**6, -(10**6), random.randint(-1100, 1100)])
        yield "ldexp", show(value), show(exponent), answer(math.ldexp, value, exponent)
        steps = random.choice([0, 1, 1, 2, 1000, 2**63])
        yield "nextafter " + show(steps), show(value), show(other), answer(lambda: math.nextafter(value, other, steps=steps))
        if other and math.isfinite(value):
            yield "remainder", show(value), show(other), answer(math.remainder, value, other)
            half = other * (random.randint(-9, 9) + 0.5)
            yield "remainder", show(half), show(other), answer(math.remainder, half, other) if math.isfinite(half) else "nan"
    for name in ("gamma", "lgamma", "erf", "erfc", "asinh"):
        for _ in range(150):
            value = random.choice([random.uniform(-6, 6), random.uniform(-180, 180), random_float(), float(random.randint(-5, 175))])
            yield "ulps", name + " " + show(value), "", answer(getattr(math, name), value)
    for _ in range(150):
        value = random.choice([1 + 10.0 ** random.uniform(-15, 15), random.uniform(1, 3)])
        yield "ulps", "acosh " + show(value), "", answer(math.acosh, value)
        value = random.choice([random.uniform(-1, 1), 10.0 ** random.uniform(-20, 0)])
        yield "ulps", "atanh " + show(value), "", answer(math.atanh, value)


TABLES = Path(sys.prefix) / "lib/python3.14/test/mathdata"


def table_lines(name):
    for line in (TABLES / name).read_text().splitlines():
        line = line.partition("--")[0].strip()
        if line and not line.startswith("#"):
            yield line


def special_function_table():
    """The arguments of CPython's own table for the functions that are not the C library's."""
    for line in table_lines("math_testcases.txt"):
        _, name, argument = line.partition("->")[0].split()
        if name in ("gamma", "lgamma", "erf", "erfc", "asinh", "acosh", "atanh"):
            value = float(argument)
            yield "ulps", name + " " + show(value), "", answer(getattr(math, name), value)


def float_format_table():
    for line in table_lines("formatfloat_testcases.txt"):
        left, expected = line.split(" -> ")
        specification, argument = left.split()
        if specification != "%r":
            yield "str", specification, "float " + show(float(argument)), expected


DATA.mkdir(exist_ok=True)
write("integers.tsv", integers())
write("integer_texts.tsv", integer_texts())
write("integer_bytes.tsv", integer_bytes())
write("floats.tsv", float_rows())
write("float_texts.tsv", float_texts())
write("formats.tsv", [*formats(), *locale_formats()])
write("percents.tsv", [*percents(), *float_format_table()])
write("mathematics.tsv", [*mathematics(), *special_function_table()])
