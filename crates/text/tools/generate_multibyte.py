#!/usr/bin/env python3.14
"""Writes src/codecs/multibyte/generated_*: the tables of the East Asian codecs, asked of the reference.

Run it with the reference, from the folder of the crate:

    /opt/reference/bin/python3.14 tools/generate_multibyte.py && rustfmt --edition 2024 src/codecs/multibyte/generated_tables.rs

A codec is described by runs of single bytes, a table of pairs of bytes, for some a table of triples that open
with 0x8F, and the code points whose code is not what inverting these tables gives. A table is either stored
whole or as differences to another codec's. See src/codecs/multibyte/tables.rs.
"""

import pathlib

TARGET = pathlib.Path(__file__).parent.parent / "src" / "codecs" / "multibyte"
# Codecs with the one whose tables they are stored as differences to.
CODECS = {
    "gb18030": None, "gbk": "gb18030", "gb2312": "gbk", "big5hkscs": None, "big5": None, "cp950": "big5",
    "cp932": None, "shift_jis": "cp932", "shift_jis_2004": None, "shift_jisx0213": "shift_jis_2004", "euc_jp": None,
    "euc_jis_2004": None, "euc_jisx0213": "euc_jis_2004", "cp949": None, "euc_kr": "cp949", "johab": None,
}
LEAD, ILLEGAL = 0xFFFF, 0xFFFE
# A sequence that is illegal as a whole; the text for it is a noncharacter, which no codec has.
RESERVED = "\uffff"
FIRST_EXTRA = 0xD800
extras = {}


def decoded(codec, data):
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        if "incomplete" in error.reason:
            return LEAD
        return RESERVED if len(data) > 1 and error.end - error.start == len(data) else None


def cell(text):
    """A decoded text as 16 bits: what does not fit is a number of an extra."""
    if len(text) == 1 and ord(text) < 0x10000:
        return ord(text)
    return FIRST_EXTRA + extras.setdefault(text, len(extras))


def single_runs(codec):
    runs = []
    for byte in range(256):
        text = decoded(codec, bytes([byte]))
        value = LEAD if text is LEAD else ILLEGAL if text is None else ord(text)
        if runs and value == (value if value >= ILLEGAL else runs[-1][2] + byte - runs[-1][0]) and (
            (runs[-1][2] == value) if value >= ILLEGAL else runs[-1][2] < ILLEGAL
        ):
            runs[-1][1] = byte
        else:
            runs.append([byte, byte, value])
    return runs


def pair_table(codec, prefix, singles):
    pairs = {}
    for first in range(0x80, 0x100):
        if not prefix and singles[first] is not LEAD:
            continue
        for second in range(0x21, 0x100):
            text = decoded(codec, prefix + bytes([first, second]))
            if isinstance(text, str) and len(text) <= 2 and not (len(text) == 2 and text[1] == chr(second)):
                pairs[first, second] = text
    return pairs


def encodings(codec):
    codes = {}
    for point in range(0x110000):
        try:
            code = chr(point).encode(codec)
        except UnicodeEncodeError:
            continue
        if len(code) < 4:
            codes[point] = int.from_bytes(code)
    return codes


class Tables:
    def __init__(self, codec):
        self.singles = {byte: decoded(codec, bytes([byte])) for byte in range(256)}
        self.pairs = pair_table(codec, b"", self.singles)
        self.triples = pair_table(codec, b"\x8f", self.singles) if codec.startswith("euc_j") else {}
        inverse = {}
        for byte, text in self.singles.items():
            if isinstance(text, str):
                inverse.setdefault(ord(text), byte)
        for table, prefix in ((self.pairs, 0), (self.triples, 0x8F0000)):
            for (first, second), text in sorted(table.items()):
                if text == RESERVED:
                    continue
                if len(text) == 1:
                    inverse.setdefault(ord(text), prefix | first << 8 | second)
                else:
                    assert text.encode(codec) == (prefix | first << 8 | second).to_bytes(3 if prefix else 2)
        codes = encodings(codec)
        self.exceptions = [(point, codes.get(point, 0)) for point in sorted(inverse.keys() | codes.keys())
                           if codes.get(point, 0) != inverse.get(point, 0)]


def rust_table(codec, suffix, pairs, base):
    """The Rust text of a table, its data beside it in a file."""
    if not pairs:
        return "None"
    rows = sorted({first for first, _ in pairs})
    low, high = min(second for _, second in pairs), max(second for _, second in pairs)
    every = [(first, second) for first in rows for second in range(low, high + 1)]
    file = f"generated_{codec}{suffix}.bin"
    if base is None:
        data = [cell(pairs[pair]) if pair in pairs else 0 for pair in every]
    else:
        data = []
        for pair in every:
            if pairs.get(pair) != base.get(pair):
                data += [pair[0] << 8 | pair[1], cell(pairs[pair]) if pair in pairs else 0]
    (TARGET / file).write_bytes(b"".join(value.to_bytes(2, "little") for value in data))
    name = f"{codec.upper()}{suffix.upper()}"
    parent = "None" if base is None else f"Some(&{CODECS[codec].upper()}{suffix.upper()})"
    text = f"static {name}: Table = Table {{ base: {parent}, rows: &{rows}, columns: ({low}, {high}),"
    text += f' data: include_bytes!("{file}") }};\n'
    return text


def four_byte_runs():
    """Runs of GB 18030's four-byte codes within the BMP: the number of the code and the code point."""
    runs, index = [], 0
    for a in range(0x81, 0x85):
        for b in range(0x30, 0x3A):
            for c in range(0x81, 0xFF):
                for d in range(0x30, 0x3A):
                    text = decoded("gb18030", bytes([a, b, c, d]))
                    if isinstance(text, str) and len(text) == 1:
                        if runs and runs[-1][0] + runs[-1][2] == index and runs[-1][1] + runs[-1][2] == ord(text):
                            runs[-1][2] += 1
                        else:
                            runs.append([index, ord(text), 1])
                    index += 1
    return runs


def greek():
    """ISO 8859-7 from 0xA0 on, in the edition of 1987, as a single shift in ISO-2022-JP-2 shows it; zero for none."""
    points = []
    for byte in range(0x20, 0x80):
        text = decoded("iso2022_jp_2", b"\x1b.F\x1bN" + bytes([byte]))
        points.append(ord(text) if isinstance(text, str) and text != RESERVED else 0)
    return points


def main():
    for old in TARGET.glob("generated_*.bin"):
        old.unlink()
    tables = {codec: Tables(codec) for codec in CODECS}
    body, list_of_codecs = "", []
    for codec, base in CODECS.items():
        own = tables[codec]
        parts = []
        for suffix, name in (("", "pairs"), ("_triples", "triples")):
            pairs = getattr(own, name)
            text = rust_table(codec, suffix, pairs, None if base is None else getattr(tables[base], name))
            if text != "None":
                body += text
                text = f"Some(&{codec.upper()}{suffix.upper()})"
            parts.append(f"{name}: {text}")
        file = f"generated_{codec}_exceptions.bin"
        data = b"".join(point.to_bytes(3, "little") + code.to_bytes(3, "little") for point, code in own.exceptions)
        exceptions = "&[]"
        if data:
            (TARGET / file).write_bytes(data)
            exceptions = f'include_bytes!("{file}")'
        runs = ", ".join(f"({a}, {b}, {c})" for a, b, c in single_runs(codec))
        list_of_codecs.append(
            f'Description {{ name: "{codec}", singles: &[{runs}], {", ".join(parts)}, exceptions: {exceptions} }}'
        )
    body += f"/// The codecs.\npub static CODECS: [Description; {len(list_of_codecs)}] = [" + ", ".join(list_of_codecs) + "];\n"
    assert len(extras) <= 0x800
    pairs = [ord(char) for text in extras for char in text.ljust(2, "\0")]
    body += "/// What cells from 0xD800 on stand for: two code points each, the second of which may be zero.\n"
    body += f"pub static EXTRAS: [u32; {len(pairs)}] = {pairs};\n"
    runs = four_byte_runs()
    body += "/// Runs of GB 18030's codes of four bytes: number of the first, its code point, length.\n"
    body += f"pub static FOUR_BYTE_RUNS: [(u16, u16, u16); {len(runs)}] = ["
    body += ", ".join(f"({a}, {b}, {c})" for a, b, c in runs) + "];\n"
    points = greek()
    body += "/// The upper half of ISO 8859-7, from 0xA0 on; zero for none.\n"
    body += f"pub static ISO_8859_7: [u16; {len(points)}] = {points};\n"
    head = "//! Tables of the East Asian codecs.\n//!\n//! Written by tools/generate_multibyte.py from the reference; do not"
    head += " edit.\n\nuse super::tables::{Description, Table};\n\n"
    (TARGET / "generated_tables.rs").write_text(head + body)


if __name__ == "__main__":
    main()
