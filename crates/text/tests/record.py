#!/usr/bin/env python3.14
"""Records what the reference says into tests/data/*.tsv, for tests/reference.rs to compare with.

    /opt/reference/bin/python3.14 tests/record.py

A line is an operation, its arguments and its result, separated by tabs. A value is a letter and a text: s and
a string in unicode_escape, b and bytes in hexadecimal, i and an integer, n for None, t and f for truth, e and
the message of an exception, and l with values separated by commas.
"""

import codecs
import itertools
import os
import pathlib
import random
import subprocess
import sys
import unicodedata
import warnings
import zlib
from unicodedata import ucd_3_2_0

DATA = pathlib.Path(__file__).parent / "data"
warnings.simplefilter("ignore")
random.seed(314)


def text(value):
    match value:
        case None:
            return "n"
        case True:
            return "t"
        case False:
            return "f"
        case int():
            return f"i{value}"
        case str():
            return "s" + value.encode("unicode_escape").decode("ascii").replace(",", "\\x2c")
        case bytes() | bytearray():
            return "b" + value.hex()
        case list() | tuple():
            assert not any(isinstance(item, (list, tuple)) for item in value)
            return "l" + ",".join(map(text, value))
        case Exception():
            return "e" + str(value).encode("unicode_escape").decode("ascii")
    raise TypeError(value)


class Recording:
    def __init__(self, name):
        self.name, self.lines = name, []

    def add(self, operation, arguments, function=None):
        if function is None:
            function = getattr(type(arguments[0]), operation.partition(".")[2])
        try:
            result = function(*arguments)
        except Exception as error:
            result = error
        line = "\t".join([operation, *map(text, arguments), text(result)])
        if line not in self.lines[-50:]:
            self.lines.append(line)

    def write(self):
        (DATA / f"{self.name}.tsv").write_text("\n".join(self.lines) + "\n", encoding="ascii")
        print(self.name, len(self.lines))


ALPHABETS = [
    "ab", "ab \t\n", "aAbB1'\"\\ ", "a\x1c\x85\r\n\x0b\u2028 ", "aé\xffÀß \xa0", "aΣσς'.A\u0345\xad", "ǅǆǄaβ ", "İıſŉǰΐﬁ",
    "a\u0661²½\u4e00Ⅷ_", "a\ud800\udc00\udfff ", "x\U0001f600\U00010400\U00010428é", "\u3000\u200b\ue000\ufffe ",
    "".join(map(chr, range(128))), "-+0 12",
]


def sample(longest=8):
    return "".join(random.choices(random.choice(ALPHABETS), k=random.randint(0, longest)))


def related(longest=12):
    """A text and a part that often occurs in it."""
    alphabet = random.choice(ALPHABETS)
    hay = "".join(random.choices(alphabet, k=random.randint(0, longest)))
    if random.random() < 0.2:
        return hay, sample(3)
    return hay, "".join(random.choices(alphabet, k=random.randint(0, 3)))


def record_search(r, convert):
    for _ in range(250):
        hay, needle = map(convert, related())
        kind = type(hay).__name__
        for name in ("find", "rfind", "count", "startswith", "endswith", "partition", "rpartition"):
            if needle or "partition" not in name:
                r.add(f"{kind}.{name}", [hay, needle])
        limit = random.randint(-1, 3)
        if needle:
            r.add(f"{kind}.split", [hay, needle, limit])
            r.add(f"{kind}.rsplit", [hay, needle, limit])
        r.add(f"{kind}.replace", [hay, needle, convert(sample(2)), limit])
        r.add(f"{kind}.strip", [hay, needle])
        r.add(f"{kind}.lstrip", [hay, needle])
        r.add(f"{kind}.rstrip", [hay, needle])


def record_single(r, convert):
    predicates = ["isalpha", "isalnum", "isdigit", "isspace", "islower", "isupper", "istitle", "isascii"]
    cases = ["lower", "upper", "title", "capitalize", "swapcase"]
    for _ in range(150):
        value = convert(sample())
        kind = type(value).__name__
        extra = ["isdecimal", "isnumeric", "isidentifier", "isprintable", "casefold"] if kind == "str" else []
        for name in predicates + cases + extra:
            r.add(f"{kind}.{name}", [value])
        limit = random.randint(-1, 3)
        r.add(f"{kind}.split", [value, None, limit])
        r.add(f"{kind}.rsplit", [value, None, limit])
        r.add(f"{kind}.splitlines", [value, bool(limit & 1)])
        for name in ("strip", "lstrip", "rstrip"):
            r.add(f"{kind}.{name}", [value, None])
        width = random.randint(0, 12)
        for name in ("center", "ljust", "rjust"):
            r.add(f"{kind}.{name}", [value, width, convert(random.choice("*é") if kind == "str" else "*")])
        r.add(f"{kind}.zfill", [value, width])
        r.add(f"{kind}.expandtabs", [value, random.randint(0, 9)])
        r.add(f"{kind}.repr", [value], lambda value: repr(value).encode() if kind == "bytes" else repr(value))


def record_strings():
    r = Recording("strings")
    record_search(r, str)
    record_single(r, str)
    for _ in range(200):
        value, other = sample(), sample(4)
        r.add("str.ascii", [value], ascii)
        r.add("str.compare", [value, other], lambda a, b: (a > b) - (a < b))
        r.add("str.mul", [value, random.randint(0, 4)], lambda a, b: a * b)
        parts = [sample(3) for _ in range(random.randint(0, 4))]
        r.add("str.join", [other, parts])
    for start, end, length in itertools.product((-5, -3, 0, 2, 3, 4, 9), (-5, -1, 0, 3, 9), (0, 3)):
        r.add("bounds", [start, end, length], lambda s, e, n: ("x" * n).find("", s, e))
    r.write()


def record_bytes():
    def convert(value):
        return value.encode("latin-1", "replace")

    r = Recording("bytes")
    record_search(r, convert)
    record_single(r, convert)
    for _ in range(200):
        value = bytes(random.choices(range(256), k=random.randint(0, 9)))
        r.add("bytes.repr", [value], lambda value: repr(value).encode())
        r.add("bytes.hex", [value], lambda value: value.hex().encode())
        r.add("bytes.hex", [value, b"-", random.randint(-4, 4)], lambda *args: bytes.hex(*args).encode())
        table = bytes(random.choices(range(256), k=256)) if random.random() < 0.05 else None
        r.add("bytes.translate", [value, table, value[:2]])
        r.add("bytes.join", [value[:2], [value[2:4], value[5:]]])
        r.add("bytes.escape_encode", [value], lambda value: codecs.escape_encode(value)[0])
    for value in ["0", "0g", "ab c", "a b", "\u20acab", "ab\u20ac", "z\u20ac", "ab cg", " ", "ab\x1ccd", "ab\x0bcd 12\n", "Aa"]:
        r.add("bytes.fromhex", [value], bytes.fromhex)
    for _ in range(200):
        value = "".join(random.choices("0aF g\t\u0661", [9, 9, 9, 5, 1, 1, 0.2], k=random.randint(0, 9)))
        r.add("bytes.fromhex", [value], bytes.fromhex)
    for _ in range(300):
        value = "".join(random.choices("\\\\x4g7nq\n'", k=random.randint(0, 8))).encode()
        for handler in ("strict", "replace", "ignore"):
            r.add("bytes.escape_decode", [value, handler], lambda *args: codecs.escape_decode(*args)[0])
    r.write()


def logged(function, *arguments):
    """Calls a codec with a handler that writes down what it is asked, replaces by ? and goes on at the end."""
    log = []

    def handler(error):
        log.extend([error.start, error.end, error.reason])
        return "?", error.end

    codecs.register_error("log", handler)
    converted, used = function(arguments[0], "log", *arguments[1:])
    return [converted, used, *log]


def bytes_sample(pieces):
    return b"".join(random.choices(pieces, k=random.randint(0, 6)))


DECODERS = {
    "utf-8": (codecs.utf_8_decode, [b"a", b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\xc3", b"\xe2\x82", b"\xf0\x9f",
              b"\xed\xa0\x80", b"\xed\xa0", b"\xff", b"\x80", b"\xc0", b"\xe0\x80", b"\xf0\x80", b"\xf4\x90", b"\xf4\x8f\xbf\xbf"]),
    "utf-16-le": (codecs.utf_16_le_decode, [b"a\0", b"\xac\x20", b"\0\xd8", b"\0\xdc", b"x", b"\x3d\xd8\0\xde"]),
    "utf-16-be": (codecs.utf_16_be_decode, [b"\0a", b"\x20\xac", b"\xd8\0", b"\xdc\0", b"x"]),
    "utf-32-le": (codecs.utf_32_le_decode, [b"a\0\0\0", b"\0\xd8\0\0", b"\0\0\x11\0", b"\0\xf6\1\0", b"x"]),
    "utf-32-be": (codecs.utf_32_be_decode, [b"\0\0\0a", b"\0\0\xd8\0", b"\0\x11\0\0", b"\0\1\xf6\0", b"x"]),
    "utf-7": (codecs.utf_7_decode, [b"a", b"+", b"-", b"+AGE-", b"AGE", b"2D3eAA", b"\xff", b"Y", b"!", b"+2AA", b"+AAA"]),
    "unicode_escape": (codecs.unicode_escape_decode, [b"a", b"\\", b"\\x", b"41", b"\\u", b"\\U", b"000", b"11", b"\\N", b"{", b"}",
                       b"{DIGIT ONE}", b"{x}", b"\\n", b"\\7", b"\\q", b"\n", b"\xe9", b"\\'"]),
    "raw_unicode_escape": (codecs.raw_unicode_escape_decode, [b"a", b"\\", b"\\u", b"\\U", b"0041", b"001", b"00", b"\xe9", b"g"]),
}
ENCODERS = {
    "utf-8": codecs.utf_8_encode, "utf-16": codecs.utf_16_encode, "utf-16-le": codecs.utf_16_le_encode,
    "utf-16-be": codecs.utf_16_be_encode, "utf-32": codecs.utf_32_encode, "utf-32-le": codecs.utf_32_le_encode,
    "utf-32-be": codecs.utf_32_be_encode, "utf-7": codecs.utf_7_encode, "latin-1": codecs.latin_1_encode,
    "ascii": codecs.ascii_encode, "unicode_escape": codecs.unicode_escape_encode,
    "raw_unicode_escape": codecs.raw_unicode_escape_encode,
}
HANDLERS = ["strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace", "surrogateescape",
            "surrogatepass"]


def strictly(function):
    """The result, or of a codec's error the start, end and reason."""
    def call(*arguments):
        try:
            return function(*arguments)
        except UnicodeError as error:
            return [error.start, error.end, error.reason]
        except TypeError:
            return None
    return call


def record_codecs():
    r = Recording("codecs")
    for name, (function, pieces) in DECODERS.items():
        for _ in range(150):
            value = bytes_sample(pieces)
            for final in (True, False):
                r.add(f"decode:{name}", [value, final], lambda *args: logged(function, *args))
    for name in ("ascii", "latin-1"):
        for _ in range(30):
            value = bytes(random.choices([97, 98, 128, 255], k=random.randint(0, 6)))
            r.add(f"decode:{name}", [value, True], lambda value, _: logged(getattr(codecs, name.replace("-", "_") + "_decode"), value))
    for name, function in ENCODERS.items():
        for _ in range(120):
            r.add(f"encode:{name}", [sample()], lambda value: logged(function, value))
    for handler in HANDLERS:
        for name in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "ascii", "latin-1"):
            pieces = DECODERS.get(name, (None, [b"a", b"\xe9"]))[1]
            for _ in range(40):
                r.add(f"handled:{name}:{handler}", [bytes_sample(pieces)], strictly(lambda value: value.decode(name, handler)))
                value = "".join(random.choices("aé€\U0001f600\ud800\udc80\udcff\udfff\ue000", k=random.randint(0, 5)))
                r.add(f"handled:{name}:{handler}", [value], strictly(lambda value: value.encode(name, handler)))
    for codec in ("cp1252", "cp437", "koi8-r"):
        table = __import__(f"encodings.{codec.replace('-', '_')}", fromlist=["decoding_table"]).__dict__.get("decoding_table")
        if table is None:
            continue
        mapping = codecs.charmap_build(table)
        r.add("charmap_size", [table], lambda table: mapping.size())
        for _ in range(8):
            value = bytes(random.choices(range(256), k=5))
            r.add("charmap_decode", [value, table], lambda value, table: logged(lambda v, e: codecs.charmap_decode(v, e, table), value))
            value = "".join(random.choices("aé€Я\0\u2592?\U0001f600", k=5))
            r.add("charmap_encode", [value, table], lambda value, table: logged(lambda v, e: codecs.charmap_encode(v, e, mapping), value))
    r.write()


def record_hashes():
    r = Recording("hashes")
    values = [sample(20) for _ in range(60)] + [sample(20).encode("utf-8", "surrogatepass") for _ in range(60)]
    code = "import sys; exec(sys.stdin.read()); print([hash(value) for value in values])"
    for seed in (0, 1, 12345, 4294967295):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        source = "values = eval(" + repr(ascii(values)) + ")"
        output = subprocess.run([sys.executable, "-c", code], input=source, text=True, env=environment, capture_output=True, check=True)
        for value, result in zip(values, eval(output.stdout)):
            r.add("hash", [seed, value], lambda *_: result)
    r.write()


def record_unicode():
    r = Recording("unicode")
    singles = {
        "category": unicodedata.category, "bidirectional": unicodedata.bidirectional, "combining": unicodedata.combining,
        "east_asian_width": unicodedata.east_asian_width, "mirrored": unicodedata.mirrored,
        "decomposition": unicodedata.decomposition, "name": lambda c: unicodedata.name(c, ""),
        "decimal": lambda c: unicodedata.decimal(c, -1), "digit": lambda c: unicodedata.digit(c, -1),
        "numeric": lambda c: round(unicodedata.numeric(c, -1) * 1e6),
        "old_category": ucd_3_2_0.category, "old_bidirectional": ucd_3_2_0.bidirectional, "old_combining": ucd_3_2_0.combining,
        "old_east_asian_width": ucd_3_2_0.east_asian_width, "old_mirrored": ucd_3_2_0.mirrored,
        "old_decomposition": ucd_3_2_0.decomposition, "old_name": lambda c: ucd_3_2_0.name(c, ""),
        "old_decimal": lambda c: ucd_3_2_0.decimal(c, -1), "old_digit": lambda c: ucd_3_2_0.digit(c, -1),
        "old_numeric": lambda c: round(ucd_3_2_0.numeric(c, -1) * 1e6),
        "flags": lambda c: "".join(str(int(flag)) for flag in (
            c.isalpha(), c.isalnum(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.isspace(), c.isupper(), c.islower(),
            c.istitle(), c.isidentifier(), ("a" + c).isidentifier(), c.isprintable(), len(("a" + c + "b").splitlines()) > 1)),
        "case": lambda c: "/".join(ascii(m)[1:-1] for m in (c.upper(), c.lower(), c.title(), c.casefold(), c.swapcase())),
    }
    for prefix, database in (("", unicodedata), ("old_", ucd_3_2_0)):
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            singles[f"{prefix}{form}"] = lambda c, f=form, d=database: ascii(d.normalize(f, c))[1:-1]
    # One checksum per property and plane of Unicode.
    for name, function in singles.items():
        for plane in range(17):
            content = "".join(f"{function(chr(point))};" for point in range(plane << 16, (plane + 1) << 16))
            r.add("plane", [name, plane], lambda *_: zlib.crc32(content.encode()))
    alphabet = "aeoAKΩ가ᄀ각ힰ\u1161\u11a8\u0300\u0301\u0315\u0327\u0323\u0345\u0338ﬁ½éＡ\u1100\u0f71\u0f72\u0f74\u09c7\u09be"
    alphabet += "\u1e9b\u0307\u212b\u2f868\U0001d15e\U00011131\U00011127\ud800\u3099か\uff76\uff9e\u0340\u0344\U00016121\U0001611e"
    for _ in range(200):
        value = "".join(random.choices(alphabet, k=random.randint(1, 7)))
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            r.add("normalize", [form, value], unicodedata.normalize)
            r.add("old_normalize", [form, value], ucd_3_2_0.normalize)
            r.add("is_normalized", [form, value], unicodedata.is_normalized)
            r.add("old_is_normalized", [form, value], ucd_3_2_0.is_normalized)
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tools"))
    from generate_unicode import hidden_names

    for name, value in hidden_names():
        r.add("lookup", [name], unicodedata.lookup)
    for name in ["cjk unified ideograph-4e00", "CJK UNIFIED IDEOGRAPH-04E00", "HANGUL SYLLABLE ", "Hangul Syllable gAg",
                 "hangul syllable a", "HANGUL SYLLABLE GX", "TANGUT IDEOGRAPH-18800", "tangut ideograph-17000", "latin small letter a",
                 "CJK UNIFIED IDEOGRAPH-1FFFF", "LATIN SMALL LETTER  A", "", " ", "-", "CJK UNIFIED IDEOGRAPH-+4E0", "é"]:
        r.add("lookup", [name], unicodedata.lookup)
    r.write()


MULTIBYTE = ["gb18030", "gbk", "gb2312", "big5hkscs", "big5", "cp950", "cp932", "shift_jis", "shift_jis_2004",
             "shift_jisx0213", "euc_jp", "euc_jis_2004", "euc_jisx0213", "cp949", "euc_kr", "johab", "hz", "iso2022_kr",
             "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext"]
SHIFTS = [b"\x1b" + mid + bytes([last]) for mid in (b"(", b")", b".", b"$", b"$(", b"$)", b"&") for last in b"@ABCDFIJOPQ"]
# What leads to each character set of the codecs with state.
OPENINGS = {"hz": [b"~{"], "iso2022_kr": [b"\x1b$)C\x0e"], "iso2022_jp": [b"\x1b$B", b"\x1b$@", b"\x1b(J"],
            "iso2022_jp_1": [b"\x1b$(D"], "iso2022_jp_2": [b"\x1b$(C", b"\x1b$A", b"\x1b.A\x1bN", b"\x1b.F\x1bN"],
            "iso2022_jp_2004": [b"\x1b$(Q", b"\x1b$(P"], "iso2022_jp_3": [b"\x1b$(O", b"\x1b$(P"], "iso2022_jp_ext": [b"\x1b(I"]}


def multibyte_pieces(name):
    pieces = [bytes([byte]) for byte in (0x30, 0x31, 0x41, 0x5C, 0x7E, 0x80, 0x81, 0x82, 0x88, 0x8E, 0x8F, 0xA1, 0xA4, 0xB0, 0xBF,
                                         0xD4, 0xD8, 0xFD, 0xFE, 0xFF)]
    if name in OPENINGS:
        pieces = pieces[:6] + [b"\x1b", b"\x1bN", b"\x0e", b"\x0f", b"\n", b"&@", b"~{", b"~}", b"~~", b"!", b"$&", b"+D"]
        pieces += random.sample(SHIFTS, 12) + 3 * OPENINGS[name] + [b"\x1b&@\x1b$B", b"\x1b(1234567890123456", b"\x1b+aB", b"\x1b&a\x1b$B", b"\x1b.F\x1bN\xa1"]
    return pieces + ["\u4e00".encode(name, "ignore"), "\u3042".encode(name, "ignore"), "\uac00".encode(name, "ignore"),
                     "\uac02".encode(name, "ignore"), "\U00020000".encode(name, "ignore")]


def logged_incrementally(name, value, final):
    """As `logged`, through the incremental decoder, which alone has a `final`."""
    log = []

    def handler(error):
        log.extend([error.start, error.end, error.reason])
        return "?", error.end

    codecs.register_error("log", handler)
    decoder = codecs.getincrementaldecoder(name)("log")
    return [decoder.decode(value, final), len(value) - len(decoder.getstate()[0]), *log]


def record_multibyte():
    r = Recording("multibyte")
    for name in MULTIBYTE:
        random.seed(name)
        pieces = multibyte_pieces(name)
        for _ in range(60):
            value = bytes_sample(pieces)
            for final in (True, False):
                r.add(f"decode:{name}", [value, final], lambda *args: logged_incrementally(name, *args))
        for _ in range(30):
            value = "".join(random.choices("aé\u4e00\u3042\uac00\uac02\U00020000\ud800\u304b\u309aÊ\u0304\u030c¥‾\ue000\0\n~\u31f7\uff71æ\u0300\u7a72\u4e02", k=6))
            r.add(f"encode:{name}", [value], lambda value: logged(lambda v, e: (v.encode(name, e), len(v)), value))
        for plane in (0, 2):
            points = range(plane << 16, (plane + 1) << 16)
            content = b";".join(chr(point).encode(name, "ignore") for point in points)
            r.add("encode_plane", [name, plane], lambda *_: zlib.crc32(content))
        for opening in OPENINGS.get(name, ()):
            for first in range(0x21, 0x80):
                content = "".join((opening + bytes([first, second])).decode(name, "replace") + ";" for second in range(256))
                r.add("decode_after", [name, opening, first], lambda *_: zlib.crc32(ascii(content).encode()))
        for first in range(0x80, 0x100) if name not in OPENINGS else ():
            content = "".join(bytes([first, second]).decode(name, "replace") + ";" for second in range(256))
            r.add("decode_row", [name, first], lambda *_: zlib.crc32(ascii(content).encode()))
        if name.startswith("euc_j"):
            for second in range(0xA1, 0xFF):
                content = "".join(bytes([0x8F, second, third]).decode(name, "replace") + ";" for third in range(256))
                r.add("decode_row", [name, 0x8F00 + second], lambda *_: zlib.crc32(ascii(content).encode()))
    r.write()


if __name__ == "__main__":
    record_strings()
    record_bytes()
    record_codecs()
    record_hashes()
    record_unicode()
    record_multibyte()
