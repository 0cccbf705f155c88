"""Data that modules read, damaged: each campaign makes a case from random choices and hands what is to be called to `run(text, function)`.

A case is one campaign's number; nothing but the seed and the number decides what it does.
"""

import io
from random import Random

from module_search.memory import memory

SOUP = list("()[]{}|*+?.^$\\-,:;=!<>&%#@~'\"`/ \t\n\r\0aAbBzZ019_") + ["\xe9", "\u20ac", "\U0001f600", "\ud800", "\u0301", "\u0130", "\xdf", "\ufb01"]
SIZES = [0, 1, 2, 3, 7, 8, 9, 255, 256, 65535, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**62, 2**63 - 1, 2**63, 2**64, -1, -2, -(2**31), -(2**63)]


def soup(random, longest=20, letters=SOUP):
    return "".join(random.choice(letters) for _ in range(random.randrange(longest)))


def noise(random, longest=40):
    return bytes(random.choice((0, 1, 255, 128, random.randrange(256))) for _ in range(random.randrange(longest)))


def damaged(random, data):
    """The bytes with a few changes."""
    data = bytearray(data)
    for _ in range(random.choice((0, 1, 1, 1, 2, 3, 8))):
        at = random.randrange(len(data) + 1)
        kind = random.randrange(6)
        if kind == 0:
            data[at : at + 1] = b""
        elif kind == 1:
            data[at:at] = noise(random, 6)
        elif kind == 2 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif kind == 3 and at < len(data):
            data[at] = random.choice((0, 255, 127, 128, random.randrange(256)))
        elif kind == 4:
            del data[at:]
        else:
            other = random.randrange(len(data) + 1)
            data[at:at] = data[other : other + random.randrange(9)]
    return bytes(data)


class Reduced:
    def __init__(self, *rest):
        self.rest = rest

    def __reduce__(self):
        return Reduced, (1, 2), {"a": 1}


def specimens():
    import collections
    import datetime
    import decimal
    import fractions
    import itertools
    import pickle
    import random
    import re

    own = [1]
    own.append(own)
    return [
        None, True, 12, -(2**40), 2**200, 1.5, 1j, "abc\u20ac\ud800", b"bytes", bytearray(b"xyz"), [1, [2]], (1,), (1, 2, 3, 4), {"a": 1, 2: None}, {1, 2}, frozenset([3]), own, slice(1, 2), range(5), ..., len, int,
        collections.OrderedDict(a=1), collections.deque([1, 2], 5), collections.Counter("abca"), collections.defaultdict(list, a=[1]), datetime.datetime(2000, 1, 2, 3, fold=1), datetime.date.max, datetime.time(1, 2),
        datetime.timedelta(1, 2, 3), datetime.timezone(datetime.timedelta(hours=1), "x"), decimal.Decimal("1.5"), decimal.Context(prec=3), fractions.Fraction(1, 2), re.compile("a"), Reduced(1), ValueError("x", 2),
        iter([1, 2]), iter((1, 2)), iter({1: 2}), iter("ab"), iter(b"ab"), iter(range(3)), reversed([1, 2]), enumerate([1]), zip([1], [2]), map(len, ["a"]), filter(None, [1]), itertools.count(2), random.Random(1), "x" * 300, b"y" * 300,
        [["shared"]] * 3, pickle.PickleBuffer(b"buffer"), iter(bytearray(b"ab")), iter(collections.OrderedDict(a=1)), iter(2**70 for _ in ()) and iter(range(2**70)),
    ]  # fmt: skip


SAFE = {
    ("builtins", it) for it in ("int", "list", "len", "slice", "range", "set", "frozenset", "bytearray", "complex", "iter", "reversed", "enumerate", "zip", "map", "filter", "getattr", "object", "str", "bytes", "dict", "tuple", "ValueError", "type")
} | {
    ("collections", "OrderedDict"), ("collections", "deque"), ("collections", "Counter"), ("collections", "defaultdict"), ("_codecs", "encode"), ("copyreg", "_reconstructor"), ("copyreg", "__newobj__"), ("decimal", "Decimal"), ("decimal", "Context"),
    ("datetime", "datetime"), ("datetime", "date"), ("datetime", "time"), ("datetime", "timedelta"), ("datetime", "timezone"), ("fractions", "Fraction"), ("re", "_compile"), ("itertools", "count"), ("random", "Random"), ("array", "_array_reconstructor"),
}  # fmt: skip


def load(data, **options):
    import pickle

    class Careful(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) in SAFE or name == "Reduced":
                return super().find_class(module, name)
            raise pickle.UnpicklingError(f"no {module}.{name}")

        def persistent_load(self, it):
            return it

    return Careful(io.BytesIO(data), **options).load()


_PICKLES = []


def pickled():
    import pickle

    if not _PICKLES:
        for it in specimens():
            for protocol in range(6):
                try:
                    _PICKLES.append(pickle.dumps(it, protocol))
                except Exception:
                    pass
    return _PICKLES


def pickles(random, run):
    data = damaged(random, random.choice(pickled()))
    options = random.choice(({}, {}, {"buffers": [b"abc", bytearray(b"x")]}, {"encoding": "bytes"}, {"fix_imports": False}, {"buffers": iter([3])}))
    run(f"load({data!r}, **{options!r})", lambda: load(data, **options))


PICKLE_SNIPPETS = [
    b"(", b".", b"0", b"1", b"2", b"N", b"I1\n", b"I01\n", b"I-9999999999999999999\n", b"L5L\n", b"F1.5\n", b"S'a'\n", b"Va\\u20ac\n", b"K\x05", b"M\x01\x02", b"J\xff\xff\xff\xff", b"G" + bytes(8), b"U\x01a", b"T\x02\0\0\0ab", b"X\x01\0\0\0a", b"\x8c\x01a",
    b"\x8d\x01\0\0\0\0\0\0\0a", b"C\x01a", b"B\x01\0\0\0a", b"\x8e\x01\0\0\0\0\0\0\0a", b"\x96\x01\0\0\0\0\0\0\0a", b"]", b"}", b")", b"l", b"d", b"t", b"\x85", b"\x86", b"\x87", b"\x8f", b"\x90", b"\x91", b"a", b"e", b"s", b"u", b"p0\n", b"p1\n", b"g0\n",
    b"g1\n", b"q\0", b"q\x01", b"h\0", b"h\x01", b"r\x02\0\0\0", b"j\x02\0\0\0", b"\x94", b"R", b"b", b"o", b"\x81", b"\x92", b"cbuiltins\nlist\n", b"cbuiltins\nint\n", b"cbuiltins\ngetattr\n", b"\x93", b"ibuiltins\nlist\n", b"P3\n", b"Q", b"\x88", b"\x89", b"\x8a\x02ab",
    b"\x8a\0", b"\x8b\x02\0\0\0ab", b"\x80\x02", b"\x80\x04", b"\x95\x05\0\0\0\0\0\0\0", b"\x95\xff\xff\xff\xff\xff\xff\xff\xff", b"\x97", b"\x98", b"\x82\x01", b"X\xff\xff\xff\xff", b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", b"B\xff\xff\xff\x7f", b"\x96\xff\xff\xff\xff\xff\xff\xff\x7f",
    b"r\xff\xff\xff\xff", b"r\xff\xff\xff\x7f", b"\x8b\xff\xff\xff\xff", b"T\xff\xff\xff\xff", b"p999999999999\n", b"p-1\n", b"L" + b"9" * 5000 + b"\n",
]  # fmt: skip


def pickle_soup(random, run):
    data = b"".join(random.choice(PICKLE_SNIPPETS) for _ in range(random.randrange(1, 25))) + random.choice((b".", b".", b""))
    run(f"load({data!r})", lambda: load(data, buffers=[b"abc"]))


_MARSHALLED = []


def marshal_streams(random, run):
    import marshal

    if not _MARSHALLED:
        code = compile("def f(a, *b, c=1, **d):\n    x = [i for i in a if i]\n    try:\n        return x, (1, 2.5, 'x', b'y', None, 1j, frozenset({1}))\n    except E as e:\n        yield c\nclass A: pass\n", "name", "exec")
        for it in (None, 1, 2**70, 1.5, 1j, "abc", "\u20ac" * 3, b"abc", (1, 2), [1, [2]], {1: 2}, {1}, frozenset([1]), ..., StopIteration, code, code, slice(1, 2, 3), ("a", "a", "b") * 3):
            for version in range(6):
                try:
                    _MARSHALLED.append(marshal.dumps(it, version))
                except ValueError:
                    pass
    data = damaged(random, random.choice(_MARSHALLED))
    if random.random() < 0.2:
        data = bytes(random.choice(b"0NFTS.igfyxulst()[{}<>crRAaZz)\xe9\xdb\xa9\xda:\x01\x02\0\0\0\xff") for _ in range(random.randrange(30)))
    kind = random.randrange(3)
    if kind == 0:
        run(f"marshal.load(BytesIO({data!r}))", lambda: len(repr(marshal.load(io.BytesIO(data)))) and None)
    else:
        run(f"marshal.loads({data!r})", lambda: marshal.loads(data))


def struct_formats(random, run):
    import struct

    form = "".join(random.choice("xcbB?hHiIlLqQnNefdspPFD@=<>!  0123459") for _ in range(random.randrange(8)))
    if random.random() < 0.1:
        form += str(random.choice(SIZES)) + random.choice("xisq")
    values = [random.choice((0, 1, -1, 255, 2**63, -(2**63), 1.5, b"a", b"abc", "a", None, True, float("nan"), 1e300, 1j, 2**70)) for _ in range(random.randrange(5))]
    run(f"struct.pack({form!r}, *{values!r})", lambda: struct.pack(form, *values))
    data = noise(random)
    run(f"struct.unpack({form!r}, {data!r})", lambda: struct.unpack(form, data))
    at = random.choice(SIZES)
    run(f"struct.unpack_from({form!r}, {data!r}, {at})", lambda: struct.unpack_from(form, data, at))
    run(f"struct.pack_into({form!r}, room, {at}, *{values!r})", lambda: struct.pack_into(form, bytearray(20), at, *values))
    run(f"struct.calcsize({form!r})", lambda: struct.calcsize(form))
    run(f"list(struct.iter_unpack({form!r}, {data!r}))", lambda: list(struct.iter_unpack(form, data)))


PATTERN_PARTS = [
    "a", "b", ".", "^", "$", "*", "+", "?", "{2}", "{1,3}", "{,2}", "{3,1}", "*?", "++", "??", "?+", "(", ")", "(?:", "(?P<n>", "(?P=n)", "\\1", "\\2", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i)", "(?i:", "(?-i:", "(?a:", "(?u:", "(?L:", "(?x)", "(?#x)", "|", "[", "]", "[^a]", "[a-z]",
    "[]]", "[z-a]", "[\\w-]", "\\d", "\\W", "\\b", "\\B", "\\A", "\\Z", "\\z", "\\x41", "\\u20ac", "\\N{DIGIT ONE}", "\\0", "\\777", "(?(1)a|b)", "(?(n)a)", "(?(2)a|b)", "\u0130", "\xdf", "\u017f", "{4294967295}", "{4294967294,}", "{65536}", "(a*)*", "(a|b)*?", "(?:a?){9}",
]  # fmt: skip


def patterns(random, run):
    import re

    text = "".join(random.choice(PATTERN_PARTS) for _ in range(random.randrange(1, 9)))
    flags = random.choice((0, 0, 0, re.I, re.M, re.S, re.A, re.X, re.I | re.A, 2**30))
    subject = "".join(random.choice("aabb \n1Z\u0130\xdf") for _ in range(random.randrange(12)))
    made = []
    run(f"re.compile({text!r}, {flags})", lambda: made.append(re.compile(text, flags)))
    if not made:
        return
    pattern = made[0]
    start, stop = random.choice(((0, 2**63), (2, 5), (-3, 100), (5, 2)))
    for name in ("match", "search", "fullmatch", "findall"):
        run(f"{text!r}.{name}({subject!r}, {start}, {stop})", lambda: getattr(pattern, name)(subject, start, stop))
    template = "".join(random.choice(("\\1", "\\g<n>", "\\g<0>", "x", "\\", "\\n", "\\07", "\\g<", "\\99", "\\q")) for _ in range(random.randrange(4)))
    run(f"{text!r}.sub({template!r}, {subject!r})", lambda: pattern.sub(template, subject))
    run(f"{text!r}.split({subject!r})", lambda: pattern.split(subject, random.choice((0, 1, -1))))
    run(f"{text!r}.spans", lambda: [(it.span(), it.regs, it.lastindex, it.lastgroup) for it in pattern.finditer(subject)])


def pattern_code(random, run):
    import re
    import _sre
    from re import _compiler, _parser

    text = "".join(random.choice(("a", "b", "(a)", "(?:ab)*", "[a-c]", "[^\u20ac\\d]", "(?=a)", "(?<!b)", "a+?", "(b)*+", "(?>a|b)", "(?(1)a|b)", "|", "^", "\\b", ".", "(?i:a\xdf)", "\\1", "a{2,3}", "[\u0100-\u0400x]")) for _ in range(random.randrange(1, 6)))
    try:
        tree = _parser.parse(text)
        code = _compiler._code(tree, tree.state.flags)
    except re.error:
        return
    code = [int(it) for it in code]
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        at = random.randrange(len(code))
        kind = random.randrange(5)
        if kind == 0:
            code[at] = random.choice((0, 1, 2, 3, 4, 5, 10, 100, 2**31, 2**32 - 1, random.randrange(50)))
        elif kind == 1:
            del code[at]
        elif kind == 2:
            code.insert(at, random.randrange(50))
        elif kind == 3:
            code[at] = max(0, code[at] + random.choice((-1, 1)))
        else:
            del code[at:]
        if not code:
            return
    groups = tree.state.groups - 1 + random.choice((0, 0, 0, 1, -1, 2**30))
    flags = tree.state.flags
    index = random.choice(({}, {}, {"n": 1}, {"n": 2**70}, {3: None}))
    names = random.choice(((), (None,), (None, "n"), (None, 3)))
    made = []
    run(f"_sre.compile({text!r}, {flags}, {code}, {groups}, {index}, {names})", lambda: made.append(_sre.compile(text, flags, code, groups, index, names)))
    for pattern in made:
        for name in ("match", "search", "findall", "split"):
            run(f"that.{name}", lambda: getattr(pattern, name)("abaabbacc\u20acb"))
        run("that.groups", lambda: [(it.groups(), it.groupdict(), it.lastgroup, it.expand("x")) for it in pattern.finditer("abaab")])


def templates(random, run):
    import re
    import _sre

    pattern = re.compile("(a)(?P<n>b)?")
    items = [random.choice(("x", "", 0, 1, 2, 3, -1, 2**70, None, b"x", 1.5)) for _ in range(random.randrange(6))]
    made = []
    run(f"_sre.template({items!r})", lambda: made.append(_sre.template(pattern, items)))
    match = pattern.match("ab")
    for it in made:
        run("use", lambda: pattern.sub(lambda m: m.expand("\\1"), "ab"))
    run("expand", lambda: match.expand(soup(random, 8, ["\\", "g", "<", ">", "1", "n", "0", "9", "\\1", "\\g<n>"])))


def compressed(random, run):
    import bz2
    import lzma
    import zlib

    plain = random.choice((b"", b"a", b"abc" * 100, bytes(range(256)) * 4, bytes(70000)))
    name, pack, loads, makes = random.choice((
        ("zlib", zlib.compress, zlib.decompress, zlib.decompressobj),
        ("gzip", lambda it: zlib.compress(it, wbits=31), lambda it: zlib.decompress(it, wbits=random.choice((31, 47))), lambda: zlib.decompressobj(wbits=47)),
        ("raw", lambda it: zlib.compress(it, wbits=-15), lambda it: zlib.decompress(it, wbits=-15), lambda: zlib._ZlibDecompressor(wbits=-15)),
        ("bz2", bz2.compress, bz2.decompress, bz2.BZ2Decompressor),
        ("xz", lzma.compress, lzma.decompress, lzma.LZMADecompressor),
        ("alone", lambda it: lzma.compress(it, lzma.FORMAT_ALONE), lzma.decompress, lambda: lzma.LZMADecompressor(memlimit=random.choice((1, 10**5, 10**8)))),
        ("rawxz", lambda it: lzma.compress(it, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "preset": 1}]), lambda it: lzma.decompress(it, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]), lzma.LZMADecompressor),
    ))  # fmt: skip
    data = damaged(random, pack(plain))
    run(f"{name} decompress {data[:100]!r}", lambda: len(loads(data)))
    made = makes()
    for _ in range(random.randrange(1, 6)):
        size = random.choice((1, 5, 100, -1, 0, 2**31))
        piece, data = data[: random.randrange(1, 60)], data[random.randrange(1, 60) :]
        if name in ("zlib", "gzip"):
            size = abs(size)
        run(f"{name}.decompress({len(piece)}, {size})", lambda: made.decompress(piece, size))
        run(f"{name} state", lambda: (made.eof, made.unused_data, getattr(made, "needs_input", None), getattr(made, "unconsumed_tail", None)))
        if hasattr(made, "flush"):
            run(f"{name}.flush", lambda: made.flush(random.choice((1, 10, 2**30))))
        if hasattr(made, "copy"):
            run(f"{name}.copy", lambda: made.copy().decompress(b"x"))


def lzma_filters(random, run):
    import lzma

    names = ["id", "preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth", "dist", "start_offset", "bogus"]
    filters = []
    for _ in range(random.choice((1, 1, 2, 5))):
        one = {"id": random.choice((3, 4, 0x21, 0x4000000000000001, 5, 6, 7, 8, 9, -1, None, 2**70))}
        for _ in range(random.randrange(3)):
            one[random.choice(names)] = random.choice((*SIZES, None, "x", 4, 5))
        filters.append(one)
    kind = random.choice((lzma.FORMAT_RAW, lzma.FORMAT_XZ, lzma.FORMAT_ALONE, 99))
    run(f"lzma.compress({kind}, {filters})", lambda: len(lzma.compress(b"abc" * 20, kind, filters=filters)))
    run(f"lzma.decompress({kind}, {filters})", lambda: lzma.decompress(b"\x01\0\x02abc\0", kind, None, filters))
    run(f"_encode {filters}", lambda: lzma._encode_filter_properties(filters[0]))
    run("_decode", lambda: lzma._decode_filter_properties(random.choice((3, 0x21, 0x4000000000000001)), noise(random, 8)))


def decimals(random, run):
    import decimal

    def number():
        digits = "".join(random.choice("0123456789") for _ in range(random.randrange(1, 40)))
        exponent = random.choice(("", "e5", "e-5", "e999999", "e-999999", "e999999999999999999", "e-1999999999999999997", "e99999999999999999999"))
        return random.choice((digits + exponent, "-" + digits + exponent, digits[:3] + "." + digits, "NaN", "sNaN12", "-Inf", "0e" + str(random.choice(SIZES)), soup(random, 5), "1e1", "0"))

    context = decimal.Context(prec=random.choice((1, 2, 9, 28, 100, 425_000)), rounding=random.choice(("ROUND_UP", "ROUND_HALF_EVEN", "ROUND_05UP")), traps=[] if random.random() < 0.5 else None, clamp=random.choice((0, 1)))
    if random.random() < 0.2:
        context.Emax, context.Emin = random.choice(((0, 0), (999999999999999999, -999999999999999999), (5, -5)))
    texts = [number() for _ in range(3)]
    values = []
    for it in texts:
        try:
            values.append(decimal.Decimal(it))
        except decimal.InvalidOperation:
            values.append(decimal.Decimal(1))
    names = [it for it in dir(context) if not it.startswith("_") and callable(getattr(context, it)) and it not in ("copy", "clear_flags", "clear_traps")]
    name = random.choice(names)
    count = random.choice((1, 2, 2, 3))
    if name in ("exp", "ln", "log10", "power", "sqrt") and context.prec > 1000:
        context.prec = 50
    run(f"{name} {values[:count]} {context}", lambda: getattr(context, name)(*values[:count]))
    form = random.choice(("", "<", "x^", ">+", "=")) + random.choice(("", "0", "5", "010", "99")) + random.choice(("", ",", "_")) + random.choice(("", ".3", ".0", ".200")) + random.choice(("", "e", "f", "g", "n", "%", "x", "E"))
    run(f"format({values[0]}, {form!r})", lambda: format(values[0], form))
    state = random.choice(((0, (1, 2), 3), (2, (1,), 0), (0, (10,), 0), (0, (), "n"), (1, (1, None), "F"), ("a", "b", "c"), (0, [1, 2], 2**70), (0, (0,) * 50, -(2**62)), (0, 5, "N")))
    run(f"Decimal({state})", lambda: decimal.Decimal(state))
    run(f"hash {values[1]}", lambda: hash(values[1]))
    if abs(values[0].adjusted()) < 10000:
        run("int", lambda: (values[0].as_integer_ratio(), int(values[0]), float(values[0]), round(values[0], random.choice((0, 3, -3)))))
    for attribute in ("prec", "Emax", "Emin", "rounding", "capitals", "clamp", "flags", "traps"):
        value = random.choice((*SIZES, None, "ROUND_UP", {}, {decimal.Inexact: 1}, "x", []))
        run(f"{attribute} = {value}", lambda: setattr(context, attribute, value))


def date_states(random, run):
    import datetime

    kind = random.choice((datetime.date, datetime.datetime, datetime.time, datetime.timezone, datetime.timedelta))
    state = noise(random, 13)
    if random.random() < 0.5:
        state = bytes(random.randrange(14) for _ in range(random.choice((4, 6, 10))))
    if random.random() < 0.3:
        state = state.decode("latin-1")
    zone = random.choice((None, datetime.timezone.utc, 3))
    run(f"{kind.__name__}({state!r})", lambda: kind(state))
    run(f"{kind.__name__}({state!r}, {zone})", lambda: kind(state, zone))
    text = "".join(random.choice(("2000", "-", "01", "T", " ", ":", "12", "W", "7", "60", ".", ",", "123456", "+", "Z", "24", "00", "\xe9", "9", "\0", "\ud800")) for _ in range(random.randrange(1, 14)))
    for it in (datetime.date, datetime.datetime, datetime.time):
        run(f"{it.__name__}.fromisoformat({text!r})", lambda: it.fromisoformat(text))
    form = "".join(random.choice(("%", "%Y", "%d", "%z", "%:z", "%f", "%Z", "%E", "%", "a", "\0", "\ud800", "\xe9", "%5", "%-d", "%s", "%c", "%G", "%C", "%F")) for _ in range(random.randrange(6)))
    moment = datetime.datetime(random.choice((1, 99, 1000, 2000, 9999)), 1, 2, 3, 4, 5, 6, random.choice((None, datetime.timezone.utc, datetime.timezone(datetime.timedelta(seconds=-3601.5)))))
    run(f"{moment!r}.strftime({form!r})", lambda: moment.strftime(form))
    run(f"format {form!r}", lambda: format(moment.time(), form))
    odd = random.choice((*SIZES, 1e18, float("nan"), float("inf"), -1e300, 1.5))
    run(f"timedelta({odd})", lambda: datetime.timedelta(odd))
    run(f"timedelta * {odd}", lambda: datetime.timedelta(1, 2, 3) * odd)
    run(f"timedelta // {odd}", lambda: datetime.timedelta(1, 2, 3) // odd)
    run(f"fromtimestamp({odd})", lambda: datetime.datetime.fromtimestamp(odd, datetime.timezone.utc))
    run(f"fromordinal({odd})", lambda: datetime.date.fromordinal(odd))
    run(f"replace({odd})", lambda: moment.replace(**{random.choice(("year", "month", "day", "hour", "microsecond", "fold")): odd}))
    run(f"iso({odd})", lambda: datetime.date.fromisocalendar(2000, odd, 1))


def zone_file():
    """The data of a zone with two kinds of time and a rule for the future."""
    import struct

    def block(form, moments):
        kinds = struct.pack(">lbb", 3600, 0, 0) + struct.pack(">lbb", 7200, 1, 4)
        names = b"CET\0CEST\0"
        head = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, len(moments), 2, len(names))
        return head + struct.pack(f">{len(moments)}{form}", *moments) + bytes(it % 2 for it in range(len(moments))) + kinds + names

    moments = [0, 10**6, 10**7, 10**8, 10**9]
    return block("l", moments) + block("q", moments) + b"\nCET-1CEST,M3.5.0,M10.5.0/3\n"


def zones(random, run):
    import datetime
    import zoneinfo

    data = damaged(random, zone_file())
    if random.random() < 0.5:
        rule = random.choice(("CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3", "A1B,J60,300/25:61:61", "EST5EDT,0/0,J365/23", "", "X", "AAA24:59:59BBB-167,M13.6.7/-168,M0.0.0/168"))
        rule = damaged(random, rule.encode())
        data = zone_file().rsplit(b"\n", 2)[0] + b"\n" + rule + b"\n"
    made = []
    run(f"from_file({data!r})", lambda: made.append(zoneinfo.ZoneInfo.from_file(io.BytesIO(data), "k")))
    for zone in made:
        for year in (1, 1969, 1971, 2001, 2030, 9999):
            moment = datetime.datetime(year, 7, 1, 2, 30, tzinfo=zone)
            run(f"offsets {year}", lambda: (moment.utcoffset(), moment.dst(), moment.tzname(), repr(moment.astimezone(datetime.timezone.utc))))
            late = datetime.datetime(2001, 9, 9, 1, 46, random.choice((39, 40, 41, 59)), tzinfo=datetime.timezone.utc) + datetime.timedelta(hours=random.choice((0, 0, 1, 2)))
            run(f"fromutc {late}", lambda: (repr(late.astimezone(zone)), late.astimezone(zone).fold))
            run(f"fromutc {year}", lambda: repr(datetime.datetime(year, 12, 31, 23, tzinfo=datetime.timezone.utc).astimezone(zone)))


def csv_rows(random, run):
    import csv

    letters = [",", ";", '"', "'", "\n", "\r", "\r\n", " ", "a", "1", "\0", "\\", "\u20ac", "\ud800", "1.5", "\t"]
    options = {}
    for _ in range(random.randrange(4)):
        name = random.choice(("delimiter", "quotechar", "escapechar", "doublequote", "skipinitialspace", "lineterminator", "quoting", "strict"))
        options[name] = random.choice((",", '"', "\\", None, True, False, 0, 1, 2, 3, 4, 5, "", "ab", "\n", " ", 3.5, "\ud800", "\0", "x"))
    lines = ["".join(random.choice(letters) for _ in range(random.randrange(12))) for _ in range(random.randrange(4))]
    run(f"reader({lines!r}, {options!r})", lambda: list(csv.reader(lines, **options)))
    rows = [[random.choice(("a", "", None, 1.5, 2, 'q"q', "x,y", "\n", b"b", " lead", "\\")) for _ in range(random.randrange(4))] for _ in range(3)]
    out = io.StringIO()
    run(f"writer({rows!r}, {options!r})", lambda: csv.writer(out, **options).writerows(rows))
    run("written", out.getvalue)


JSON_PARTS = ["{", "}", "[", "]", ",", ":", '"', '"a"', "1", "-1", "1.5", "1e5", "1e999", "-", "true", "false", "null", "NaN", "-Infinity", "\\u", "\\ud800", "\\", " ", "\n", "\t", "\u20ac", "\ud800", "0" * 20, "9" * 5000, '"\\ud83d\\ude00"', "[" * 200, '{"a":' * 50, "\0", "\xa0"]


def json_texts(random, run):
    import json

    text = "".join(random.choice(JSON_PARTS) for _ in range(random.randrange(1, 9)))
    if random.random() < 0.5:
        text = '{"a": [' + text + "]}"
    options = random.choice(({}, {"strict": False}, {"parse_int": float}, {"parse_float": str}, {"object_pairs_hook": list}, {"object_hook": len}, {"parse_constant": str}))
    run(f"json.loads({text[:200]!r}, **{options})", lambda: json.loads(text, **options))
    start = random.choice((0, 1, 2, 3, -1, 2**62, -(2**63)))
    run(f"scanstring({text[:50]!r}, {start})", lambda: json.decoder.scanstring(text, start))
    run(f"scan_once({start})", lambda: json.JSONDecoder().scan_once(text, start))
    value = random.choice(({"a": 1, 2: 3, None: 4, 1.5: 5, True: 6}, [float("nan"), 1e300], {(1, 2): 3}, "\ud800\u20ac\"\\\x7f", [[]] * 5, {"a": {"b": [1, {"c": ()}]}}, 2**200, {b"x": 1}, [1, "a", {"b": None}]))
    options = {random.choice(("indent", "separators", "sort_keys", "skipkeys", "ensure_ascii", "allow_nan")): random.choice((None, True, False, 0, 3, -1, "\t", (",", ":"), ("", ""), 3.5, "x"))}
    run(f"json.dumps({value!r}, **{options})", lambda: json.dumps(value, **options))


def text_streams(random, run):
    """Text of odd bytes through every part of a text stream."""
    encoding = random.choice(("utf-8", "utf-16", "utf-32-be", "latin-1", "ascii", "utf-8-sig", "utf-7", "cp1252", "utf-16-le", "idna", "punycode", "unicode_escape", "hex", "rot13"))
    data = b"".join(random.choice((b"a", b"\r", b"\n", b"\r\n", b"\xc3\xa9", b"\xff", b"\xfe\xff", b"\0", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"+AGE-", b"xyz" * 20)) for _ in range(random.randrange(30)))
    newline = random.choice((None, "", "\n", "\r", "\r\n"))
    errors = random.choice(("strict", "ignore", "replace", "surrogateescape", "backslashreplace", "bogus"))
    made = []
    run(f"TextIOWrapper({data!r}, {encoding}, {errors}, {newline!r})", lambda: made.append(io.TextIOWrapper(io.BufferedRandom(io.BytesIO(data), 16), encoding, errors, newline)))
    if not made:
        return
    stream = made[0]
    stream._CHUNK_SIZE = random.choice((1, 2, 3, 16, 8192))
    cookies = [0]
    for _ in range(random.randrange(3, 10)):
        kind = random.randrange(8)
        if kind == 0:
            size = random.choice((0, 1, 3, -1, 2**62))
            run(f"read({size})", lambda: stream.read(size))
        elif kind == 1:
            run("readline", lambda: stream.readline(random.choice((-1, 0, 1, 5))))
        elif kind == 2:
            run("tell", lambda: cookies.append(stream.tell()))
        elif kind == 3:
            cookie = random.choice(cookies) + random.choice((0, 0, 0, 1, 1 << 64, 5 << 128, 1 << 192, -1, 1 << 256, 3 << 64 | 2 << 128 | 7 << 192))
            run(f"seek({cookie})", lambda: stream.seek(cookie))
        elif kind == 4:
            text = random.choice(("a", "\n", "\r\n", "\xe9\u20ac", "\ud800", "x" * 50, ""))
            run(f"write({text!r})", lambda: stream.write(text))
        elif kind == 5:
            run("flush", stream.flush)
        elif kind == 6:
            new = random.choice(({"newline": "\r"}, {"encoding": "latin-1"}, {"errors": "ignore"}, {"line_buffering": True}, {"write_through": 2**70}, {"newline": "x"}))
            run(f"reconfigure({new})", lambda: stream.reconfigure(**new))
        else:
            run("truncate", lambda: stream.truncate(random.choice((None, 0, 5))))
    run("newlines", lambda: stream.newlines)
    run("close", stream.close)


def characters(random, run):
    import unicodedata

    letters = [chr(random.choice((0x300, 0x301, 0x1100, 0x1161, 0x11A7, 0x11A8, 0xAC00, 0xFB1D, 0x1D15E, 0x2F800, 0x344, 0xD800, random.randrange(0x110000)))) for _ in range(random.randrange(1, 12))]
    text = "".join(letters)
    for form in ("NFC", "NFD", "NFKC", "NFKD", "X"):
        for old in (unicodedata, unicodedata.ucd_3_2_0):
            run(f"normalize({form}, {text!a})", lambda: old.normalize(form, text))
            run(f"is_normalized({form}, {text!a})", lambda: old.is_normalized(form, text))
    for name in ("name", "category", "decimal", "digit", "numeric", "decomposition", "mirrored", "bidirectional", "combining", "east_asian_width"):
        run(f"{name}({letters[0]!a})", lambda: getattr(unicodedata, name)(letters[0]))
        run(f"ucd {name}({letters[0]!a})", lambda: getattr(unicodedata.ucd_3_2_0, name)(letters[0]))
    name = random.choice(("HANGUL SYLLABLE GAG", "CJK UNIFIED IDEOGRAPH-4E00", "LATIN SMALL LETTER A", "CJK UNIFIED IDEOGRAPH-", "hangul syllable ", "DIGIT ONE\0", "KEYCAP DIGIT ONE", "\xe9"))
    name = damaged(random, name.encode()).decode("latin-1")
    run(f"lookup({name!r})", lambda: unicodedata.lookup(name))


CODECS = ["utf_8", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be", "utf_7", "latin_1", "ascii", "unicode_escape", "raw_unicode_escape", "escape", "utf_16_ex", "utf_32_ex", "charmap", "readbuffer"]


def codecs_with_handlers(random, run):
    import _codecs

    def handler(error):
        chance = random.randrange(9)
        if chance == 0:
            error.object = random.choice(("", b"", "x" * 50, b"y" * 50))
        if chance == 1:
            error.start, error.end = random.choice(SIZES[:12]), random.choice(SIZES[:12])
        if chance == 2:
            raise error
        return random.choice((("x", error.end), (b"x", error.end), ("\ud800", error.end), ("", 0), ("x" * 100, -1), ("x", 2**70), None, (1, 2), ("x",), ("\u20ac", error.start + 1), ("", error.end + 1)))

    _codecs.register_error("odd", handler)
    errors = random.choice(("odd", "odd", "odd", "strict", "replace", "surrogatepass", "xmlcharrefreplace", "namereplace", "\ud800", None, "surrogateescape"))
    name = random.choice(CODECS)
    limited = [0]

    def counted(error):
        limited[0] += 1
        if limited[0] > 50:
            raise error
        return handler(error)

    _codecs.register_error("odd", counted)
    data = b"".join(random.choice((b"a", b"\xff", b"\xd8\0", b"\0\xd8", b"\xed\xa0\x80", b"\\u12", b"\\N{DIGIT ONE}", b"\\x4", b"+", b"+2AA-", b"-", b"\xf4\x90\x80\x80", b"\\777", b"\xc3", b"\xe2\x82", b"\\", b"\0\0\x11\0")) for _ in range(random.randrange(8)))
    text = "".join(random.choice(("a", "\xe9", "\u20ac", "\ud800", "\udc80", "\U0001f600", "\\", "+", "\0")) for _ in range(random.randrange(8)))
    decode = getattr(_codecs, f"{name}_decode", None)
    encode = getattr(_codecs, f"{name}_encode", None)
    mapping = random.choice((None, {97: "b", 0xE9: None, 0x20AC: 300}, "abc" * 30 + "\ufffe", {97: 2**70}, [1], {97: b"xyz", 0xE9: b"q"}, b"x"))
    extra = (mapping,) if name == "charmap" else ()
    if decode:
        run(f"{name}_decode({data!r}, {errors!r}, {extra})", lambda: decode(data, errors, *extra))
        if not extra:
            run(f"{name}_decode({data!r}, {errors!r}, True)", lambda: decode(data, errors, True))
    if encode:
        run(f"{name}_encode({text!r}, {errors!r}, {extra})", lambda: encode(text, errors, *extra))


def binary_text(random, run):
    import binascii

    letters = b"AZaz09+/=-_ \n\r\t!@\x80\0.:"
    data = bytes(random.choice(letters) for _ in range(random.randrange(30)))
    for name in ("a2b_base64", "a2b_hex", "a2b_uu", "a2b_qp", "b2a_hex", "b2a_base64", "b2a_qp", "b2a_uu", "unhexlify", "crc_hqx", "crc32", "a2b_ascii85", "a2b_base85"):
        function = getattr(binascii, name, None)
        if function:
            more = (random.choice(SIZES),) if name.startswith("crc") else ()
            run(f"{name}({data!r}, {more})", lambda: function(data, *more))
    run("strict", lambda: binascii.a2b_base64(data, strict_mode=True))
    sep, every = random.choice(("-", b":", "", "ab", "\xe9", "\u20ac", 3)), random.choice(SIZES)
    run(f"hexlify({data!r}, {sep!r}, {every})", lambda: binascii.hexlify(data, sep, every))


def array_states(random, run):
    import array

    code = random.choice("bBuwhHiIlLqQfdxX\u20ac")
    kind = random.choice((*range(-1, 24), 2**31))
    data = noise(random)
    run(f"_array_reconstructor({code!r}, {kind}, {data!r})", lambda: array._array_reconstructor(array.array, code, kind, data))
    run(f"array({code!r}, {data!r})", lambda: array.array(code, data))
    items = [random.choice((0, -1, 255, 2**63, 1.5, "a", None, "\U0001f600", True)) for _ in range(random.randrange(6))]
    made = []
    run(f"array({code!r}, {items!r})", lambda: made.append(array.array(code, items)))
    for it in made:
        at, size = random.choice(SIZES), random.choice(SIZES)
        run(f"insert({at})", lambda: it.insert(at, items[0] if items else 1))
        run(f"slice {at} {size}", lambda: it[at:size])
        run(f"* {size}", lambda: it * (size if abs(size) < 10**6 or abs(size) > 2**60 else 1))
        run(f"pop({at})", lambda: it.pop(at))
        run("fromfile", lambda: it.fromfile(io.BytesIO(data), random.randrange(-1, 20)))
        run("frombytes", lambda: it.frombytes(data))
        run("compare", lambda: it < array.array("d", [1.5]))
        run("text", lambda: (it.tolist(), it.tobytes()))


def iterator_states(random, run):
    import itertools

    make = random.choice((
        lambda: iter([1, 2, 3]), lambda: reversed([1, 2, 3]), lambda: iter((1, 2, 3)), lambda: iter("abc"), lambda: iter(b"abc"), lambda: iter(bytearray(b"abc")), lambda: iter(range(5)), lambda: iter(range(2**70)), lambda: zip("ab", "cd", strict=True),
        lambda: map(len, ["a"], strict=True), lambda: reversed((1, 2)), lambda: iter(memoryview(b"abc")), lambda: reversed("abc"), lambda: itertools.count(), lambda: itertools.chain([1], [2]), lambda: iter(len, 3),
    ))  # fmt: skip
    it = make()
    state = random.choice((*SIZES, None, True, (1,), (1, 2), "x", 1.5, (None, None), ()))
    run(f"{type(it).__name__}.__setstate__({state!r})", lambda: it.__setstate__(state))
    for _ in range(3):
        run("next", lambda: next(it))
    run("hint", lambda: it.__length_hint__())
    run("reduce", lambda: it.__reduce__())


def time_values(random, run):
    import time

    moment = [random.choice((*SIZES, 1900, 2000, 12, 31, 59, 366, None, 1.5)) if random.random() < 0.4 else it for it in (2000, 1, 2, 3, 4, 5, 6, 7, -1)]
    form = "".join(random.choice(("%Y", "%y", "%", "%Z", "%z", "%c", "%s", "a", "\0", "\ud800", "\u20ac", "%5Y", "%#", "%E", "%j", "%U")) for _ in range(random.randrange(5)))
    run(f"strftime({form!r}, {moment})", lambda: time.strftime(form, tuple(moment)))
    run(f"asctime({moment})", lambda: time.asctime(tuple(moment)))
    run(f"mktime({moment})", lambda: time.mktime(tuple(moment)))
    odd = random.choice((*SIZES, 1e18, float("nan"), 1e300, None, "x"))
    run(f"gmtime({odd})", lambda: time.gmtime(odd))
    run(f"ctime({odd})", lambda: time.ctime(odd))
    run(f"struct_time", lambda: time.struct_time(moment[: random.randrange(12)]))


def format_strings(random, run):
    import _string

    text = soup(random, 12, ["{", "}", "!", ":", "r", "0", "[", "]", ".", "a", "{}", "\ud800", "9" * 25])
    run(f"formatter_parser({text!r})", lambda: list(_string.formatter_parser(text)))
    run(f"split({text!r})", lambda: (lambda a, b: (a, list(b)))(*_string.formatter_field_name_split(text)))
    spec = soup(random, 8, ["<", "^", "=", "+", "-", " ", "#", "0", "9", ",", "_", ".", "e", "f", "n", "x", "b", "c", "s", "%", "z", "99999999999"])
    for value in (5, 1.5, "a", 2**70, 1j, True, -0.0):
        run(f"format({value}, {spec!r})", lambda: format(value, spec)[:100])
    percent = "%" + soup(random, 6, ["(", "a", ")", "*", "5", ".", "d", "s", "x", "c", "%", "#", "0", "-", "l"]) + random.choice("dsxrcfe%")
    run(f"{percent!r} % (5, 3)", lambda: percent % (5, 3))
    run(f"{percent!r} % dict", lambda: percent % {"a": 5})
    run(f"bytes {percent!r}", lambda: percent.encode() % (5, 3))


def socket_addresses(random, run):
    import _socket

    address = random.choice((("127.0.0.1", 0), ("127.0.0.1", 2**16), ("", -1), ("::1", 0, 2**70, 0), "x" * 200, b"\0abc", "a\0b", (1, 2), ("256.1.1.1", 0), None, [], ("127.0.0.1",), ("127.0.0.1", "x"), (), ("\ud800", 1)))
    family = random.choice((_socket.AF_INET, _socket.AF_INET6, _socket.AF_UNIX, -1, 99, 2**40))
    made = []
    run(f"socket({family})", lambda: made.append(_socket.socket(family, _socket.SOCK_DGRAM)) or None)
    for it in made:
        it.setblocking(False)
        run(f"bind({address!r})", lambda: it.bind(address))
        run(f"connect({address!r})", lambda: it.connect(address))
        run(f"sendto({address!r})", lambda: it.sendto(b"x", address))
        size = random.choice(SIZES)
        if abs(size) < 2**24 or size > 2**60:
            run(f"recv({size})", lambda: it.recv(size))
            run(f"recvmsg({size})", lambda: it.recvmsg(10, size))
            run(f"getsockopt({size})", lambda: it.getsockopt(1, 2, size))
        room = bytearray(5)
        run(f"recv_into({size})", lambda: it.recv_into(room, size))
        run("sendmsg", lambda: it.sendmsg([b"a"] * random.choice((0, 1, 2000)), [(1, random.choice(SIZES[:10]), noise(random, 8))], 0, address))
        run("setsockopt", lambda: it.setsockopt(1, random.randrange(60), random.choice((0, 1, b"", b"abc", None, 2**70))))
        run("setsockopt none", lambda: it.setsockopt(1, 2, None, size))
        run("timeout", lambda: it.settimeout(random.choice((None, 0, -1, float("nan"), 1e300, 2**70))))
        it.close()
    data = noise(random, 20)
    run(f"inet_ntop({data!r})", lambda: _socket.inet_ntop(random.choice((2, 10, 5)), data))
    run(f"inet_ntoa({data!r})", lambda: _socket.inet_ntoa(data[:4]))
    text = soup(random, 12, list("0123456789.:abcf%") + ["::", "255", "\0"])
    run(f"inet_pton({text!r})", lambda: _socket.inet_pton(random.choice((2, 10)), text))
    run(f"inet_aton({text!r})", lambda: _socket.inet_aton(text))


def tls_data(random, run):
    """Damaged records and certificates."""
    import _ssl
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(coming, going, server_hostname=random.choice((None, "a.example", "x" * 300, "\xe9", ""))) if random.random() < 0.9 else None
    if client is None:
        return
    run("handshake", client.do_handshake)
    hello = bytes.fromhex("160303004a020000460303") + bytes(32) + b"\x20" + bytes(32) + bytes.fromhex("130100")
    run("server hello", lambda: coming.write(damaged(random, hello)))
    run("handshake", client.do_handshake)
    run("read", lambda: client.read(random.choice((0, 1, 100, -1))))
    run("write", lambda: client.write(b"abc"))
    run("unwrap", client.unwrap)
    run("peer", lambda: (client.getpeercert(), client.cipher(), client.version(), client.selected_alpn_protocol()))
    der = damaged(random, bytes.fromhex("30820122300d06092a864886f70d01010105000382010f00") + bytes(60))
    run("cadata", lambda: context.load_verify_locations(cadata=der))
    text = "-----BEGIN CERTIFICATE-----\n" + soup(random, 40, list("ABCabc+/=\n")) + "\n-----END CERTIFICATE-----\n"
    run("pem", lambda: context.load_verify_locations(cadata=text))
    run("alpn", lambda: context.set_alpn_protocols(random.choice((["h2"], ["x" * 300], [""], ["\xe9"], [3]))))
    run("txt2obj", lambda: _ssl.txt2obj(soup(random, 10, list("0123456789."))))
    run("nid2obj", lambda: _ssl.nid2obj(random.choice(SIZES)))
    run("ciphers", lambda: context.set_ciphers(random.choice(("ALL", "bogus", "", "\0", "DEFAULT:@SECLEVEL=9", "x" * 5000))))


def trees(random, run):
    """Trees for `compile` with fields that do not fit."""
    import ast

    sources = ["x = [i for i in y if z]", "def f(a, *b, c=1, **d) -> 3: return a", "class A[T](B, metaclass=C): x: int = 3", "match x:\n case {'a': 1, **r} | [1, *_]: pass", "try:\n x\nexcept* E as e:\n y\nfinally: z", "f'{x!r:>{w}}'", "async def f():\n async with a as b: await c", "lambda: (yield)", "t'{a}'"]
    tree = ast.parse(random.choice(sources))
    nodes = list(ast.walk(tree))
    for _ in range(random.choice((1, 1, 2, 3))):
        node = random.choice(nodes)
        names = list(node._fields) + list(node._attributes)
        if not names:
            continue
        name = random.choice(names)
        value = random.choice((None, 3, "x", [], [None], [3], random.choice(nodes), -1, 2**70, b"x", 1.5, ..., "\ud800", "None", [random.choice(nodes)], "", object))
        if random.random() < 0.1:
            if name in node.__dict__:
                delattr(node, name)
        else:
            setattr(node, name, value)
    mode = random.choice(("exec", "exec", "eval", "single"))
    run("compile", lambda: compile(tree, "name", mode) and None)
    run("unparse", lambda: ast.dump(tree) and None)


def uninitialized_pickles(random, run):
    """Whatever has `__setstate__` or `__reduce__`, with states of another shape."""
    import _functools
    import _operator
    import _random
    import collections

    make = random.choice((
        lambda: _functools.partial(len), lambda: _random.Random(1), lambda: io.BytesIO(b"abc"), lambda: io.StringIO("abc"), lambda: _operator.itemgetter(1), lambda: collections.deque([1]), lambda: collections.OrderedDict(a=1), lambda: ValueError(1),
        lambda: ImportError("x"), lambda: OSError(1, "x"), lambda: bytearray(b"x"),
    ))  # fmt: skip
    it = make()
    pieces = (*SIZES, None, len, (), (1,), {}, {"a": 1}, "abc", b"abc", [1], (1, 2), {1: 2}, {"": None})
    state = random.choice((None, *[tuple(random.choice(pieces) for _ in range(count)) for count in (1, 2, 3, 4, 5)], {"a": 1}, 3))
    run(f"{type(it).__name__}.__setstate__({state!r})", lambda: it.__setstate__(state))
    if isinstance(it, _random.Random):
        words = tuple(random.choice(SIZES[:12]) for _ in range(624)) + (random.choice(SIZES),)
        run(f"setstate(..., {words[-1]})", lambda: it.setstate(words))
        run("random", lambda: it.random() and None)
    run("reduce", lambda: it.__reduce_ex__(random.choice((0, 2, 4, 5))))
    run("use", lambda: repr(it))
    if isinstance(it, (io.BytesIO, io.StringIO)):
        run("read", lambda: (it.read(), it.tell(), it.write(it.getvalue())))


def threads(random, run):
    """Several threads that use one object at once."""
    import threading

    from module_search import pool
    from module_search.recipes import INSTANCES, WAITING

    module = random.choice(("_io", "_collections", "zlib", "array", "_queue", "itertools", "_io", "_pickle", "_random", "_json", "mmap", "_bz2", "_lzma", "_csv", "_struct", "_md5"))
    step = pool.Step(Random(1), [])
    from module_search.worker import names_for_recipes

    names = names_for_recipes(step, module, __import__(module))
    text = random.choice([it for it in INSTANCES[module] if "Evil" not in it])
    value = eval(text, names)
    methods = [it for it in dir(type(value)) if callable(getattr(type(value), it, None)) and it not in pool.NEVER and it not in WAITING and it not in ("__setattr__", "__delattr__")]
    seeds = [random.random() for _ in range(4)]

    def work(seed):
        mine = Random(seed)
        for _ in range(60):
            name = mine.choice(methods)
            arguments = [mine.choice((1, 0, b"abc" * 50, "abc", None, -1, bytearray(b"x" * 20), [1, 2])) for _ in range(mine.choice((0, 0, 1, 1, 2)))]
            try:
                getattr(value, name)(*arguments)
            except BaseException:
                pass

    def play():
        started = [threading.Thread(target=work, args=(it,)) for it in seeds]
        for it in started:
            it.start()
        for it in started:
            it.join()

    run(f"threads on {text}", play)


CAMPAIGNS = {
    it.__name__: it
    for it in (
        memory,
        pickles, pickle_soup, marshal_streams, struct_formats, patterns, pattern_code, templates, compressed, lzma_filters, decimals, date_states, zones, csv_rows, json_texts, text_streams, characters, codecs_with_handlers, binary_text,
        array_states, iterator_states, time_values, format_strings, socket_addresses, tls_data, trees, uninitialized_pickles, threads,
    )
}  # fmt: skip


# Campaigns that a short search leaves out: they begin with much data, or with waiting.
SLOW = {"memory", "threads"}


def play(name, first, last, seed, teller, clean, told, told_error):
    campaign = CAMPAIGNS[name]
    for number in range(first, last):
        random = Random(f"{seed}:{name}:{number}")
        memory.number = number
        count = 0

        def run(text, function):
            nonlocal count
            key = f"{number}.{count}"
            count += 1
            teller.say("S", key, clean(text[:600]))
            try:
                result = function()
            except BaseException as error:
                teller.say("R", key, told_error(error))
                return
            teller.say("R", key, told(result, True))

        try:
            campaign(random, run)
        except Exception as error:
            teller.say("S", f"{number}.bug", f"the campaign itself: {type(error).__name__}: {clean(str(error))}")
            teller.say("R", f"{number}.bug", "")
