#!/usr/bin/env python3.14
"""Writes src/unicode_data/generated_*: the Unicode character database as compact tables.

Run it with the reference, from the folder of the crate:

    /opt/reference/bin/python3.14 tools/generate_unicode.py && rustfmt --edition 2024 src/unicode_data/generated_*.rs

Every fact is asked of the reference's own `unicodedata` and `str`, so the tables agree with it by
construction; nothing is downloaded. A table over all code points is a three-level trie (see trie.rs).
Names are a sequence of pieces out of a lexicon (see names.rs).
"""

import collections
import ctypes
import pathlib
import re
import unicodedata
from unicodedata import ucd_3_2_0

TARGET = pathlib.Path(__file__).parent.parent / "src" / "unicode_data"
LIMIT = 0x110000
LEAF_BITS, MIDDLE_BITS = 5, 4
ALL = range(LIMIT)


def rust_array(name, kind, values):
    return f"pub static {name}: [{kind}; {len(values)}] = [{', '.join(map(str, values))}];\n"


def narrowest(values):
    return "u8" if max(values) < 256 else "u16"


def trie(name, values, doc):
    """The Rust text of a trie that maps each code point to a small number."""
    leaves, middle, top = [], [], []
    leaf_at, middle_at = {}, {}
    leaf_size, middle_size = 1 << LEAF_BITS, 1 << MIDDLE_BITS
    for start in range(0, LIMIT, leaf_size * middle_size):
        row = []
        for leaf_start in range(start, start + leaf_size * middle_size, leaf_size):
            leaf = tuple(values[leaf_start : leaf_start + leaf_size])
            if leaf not in leaf_at:
                leaf_at[leaf] = len(leaves) // leaf_size
                leaves.extend(leaf)
            row.append(leaf_at[leaf])
        row = tuple(row)
        if row not in middle_at:
            middle_at[row] = len(middle) // middle_size
            middle.extend(row)
        top.append(middle_at[row])
    assert max(top) < 256
    kind = narrowest(leaves)
    return (
        f"/// {doc}\npub static {name}: Trie<{kind}> ="
        f" Trie {{ top: &{name}_TOP, middle: &{name}_MIDDLE, leaves: &{name}_LEAVES }};\n"
        + rust_array(f"{name}_TOP", "u8", top).replace("pub ", "")
        + rust_array(f"{name}_MIDDLE", "u16", middle).replace("pub ", "")
        + rust_array(f"{name}_LEAVES", kind, leaves).replace("pub ", "")
    )


class Records:
    """Numbers distinct records in the order of their first use."""

    def __init__(self):
        self.ids = {}

    def id(self, record):
        return self.ids.setdefault(record, len(self.ids))


def write(name, about, body):
    text = (
        f"//! {about}\n//!\n//! Written by tools/generate_unicode.py from the reference's Unicode"
        f" {unicodedata.unidata_version}; do not edit.\n\n" + body
    )
    (TARGET / name).write_text(text)


FLAGS = ["ALPHA", "DECIMAL", "DIGIT", "NUMERIC", "SPACE", "UPPER", "LOWER", "TITLE", "XID_START", "XID_CONTINUE",
         "PRINTABLE", "CASE_IGNORABLE", "CASED", "NFD_NO", "NFKD_NO", "NFC_NO", "NFKC_NO", "COMPOSES", "COMBINES"]


def flags_of(point, composing):
    char = chr(point)

    def is_final(prefix):
        return (prefix + "\u03a3").lower().endswith("\u03c2")

    ignorable = is_final("a" + char) and not is_final(char)
    bits = [
        char.isalpha(), char.isdecimal(), char.isdigit(), char.isnumeric(), char.isspace(), char.isupper(),
        char.islower(), char.istitle(), char.isidentifier(), ("a" + char).isidentifier(), char.isprintable(),
        ignorable, (char + "a").title().endswith("a"),
        *(unicodedata.normalize(form, char) != char for form in ("NFD", "NFKD", "NFC", "NFKC")),
        point in composing, unicodedata.combining(char) != 0,
    ]
    # `istitle` of one character is also true of uppercase ones; the property is the category Lt.
    bits[FLAGS.index("TITLE")] = unicodedata.category(char) == "Lt"
    assert len(bits) == len(FLAGS)
    return sum(1 << index for index, bit in enumerate(bits) if bit)


def decomposition(point):
    """The decomposition of a code point, Hangul (which goes by rule) left out."""
    return "" if 0xAC00 <= point <= 0xD7A3 else unicodedata.decomposition(chr(point))


def composition_pairs():
    """The pairs that canonical composition joins, Hangul (which goes by rule) left out."""
    pairs = {}
    for point in ALL:
        parts = decomposition(point).split()
        if len(parts) == 2 and not parts[0].startswith("<") and unicodedata.normalize("NFC", chr(point)) == chr(point):
            pairs[int(parts[0], 16), int(parts[1], 16)] = point
    return pairs


def write_types(pairs):
    composing = {second for _, second in pairs} | set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))
    records = Records()
    values = [records.id(flags_of(point, composing)) for point in ALL]
    body = "use super::trie::Trie;\n\n"
    for index, name in enumerate(FLAGS):
        body += f"pub const {name}: u32 = 1 << {index};\n"
    body += "\n/// Sets of flags, by the number that [`FLAGS`] gives a code point.\n"
    body += rust_array("FLAG_RECORDS", "u32", list(records.ids))
    body += trie("FLAGS", values, "Code point to the number of its set of flags.")
    write("generated_flags.rs", "What kinds of character a code point belongs to.", body)


def write_cases():
    records, special = Records(), []

    def mapping(point, mapped):
        if len(mapped) == 1:
            return ord(mapped) - point
        points = [ord(char) for char in mapped]
        for start in range(len(special) - len(points) + 1):
            if special[start : start + len(points)] == points:
                break
        else:
            start = len(special)
            special.extend(points)
        return 1 << 24 | len(points) << 16 | start

    values = []
    for point in ALL:
        char = chr(point)
        cases = (char.upper(), char.lower(), char.title(), char.casefold())
        values.append(records.id(tuple(mapping(point, mapped) for mapped in cases)))
    body = "use super::trie::Trie;\n\n"
    body += "/// Upper, lower, title and folded case of a code point: what to add to it, or, with bit 24 set, how many\n"
    body += "/// code points (bits 16 to 23) of [`SPECIAL_CASES`] from where (bits 0 to 15).\n"
    body += f"pub static CASE_RECORDS: [[i32; 4]; {len(records.ids)}] = ["
    body += ", ".join("[" + ", ".join(map(str, record)) + "]" for record in records.ids) + "];\n"
    body += "/// The code points of the mappings to more than one.\n" + rust_array("SPECIAL_CASES", "u16", special)
    body += trie("CASES", values, "Code point to its row of [`CASE_RECORDS`].")
    write("generated_cases.rs", "Case mappings of code points.", body)


def rust_strings(name, doc, values):
    quoted = ", ".join(f'"{value}"' for value in values)
    return f"/// {doc}\npub static {name}: [&str; {len(values)}] = [{quoted}];\n"


def property_table(database, prefix, names):
    """A trie to rows of category, bidirectional class, combining class, width and mirroring."""
    records = Records()
    values = []
    for point in ALL:
        char = chr(point)
        values.append(records.id((
            names["CATEGORIES"].id(database.category(char)),
            names["BIDIRECTIONAL"].id(database.bidirectional(char)),
            database.combining(char),
            names["WIDTHS"].id(database.east_asian_width(char)),
            database.mirrored(char),
        )))
    body = f"/// Category, bidirectional class, combining class, width, mirrored.\npub static {prefix}RECORDS: [[u8; 5]; "
    body += f"{len(records.ids)}] = [" + ", ".join("[" + ", ".join(map(str, r)) + "]" for r in records.ids) + "];\n"
    return body + trie(f"{prefix}PROPERTIES", values, f"Code point to its row of [`{prefix}RECORDS`].")


def numeric_table(database, prefix):
    records = Records()
    values = []
    for point in ALL:
        char = chr(point)
        decimal, digit, numeric = (get(char, None) for get in (database.decimal, database.digit, database.numeric))
        values.append(records.id((255 if decimal is None else decimal, 255 if digit is None else digit,
                                  "f64::NAN" if numeric is None else repr(float(numeric)).replace("e+", "e"))))
    body = f"/// Decimal and digit value (255: none) and numeric value (NaN: none).\npub static {prefix}NUMERIC_RECORDS: "
    body += f"[(u8, u8, f64); {len(records.ids)}] = [" + ", ".join(f"({a}, {b}, {c})" for a, b, c in records.ids) + "];\n"
    return body + trie(f"{prefix}NUMERIC", values, f"Code point to its row of [`{prefix}NUMERIC_RECORDS`].")


def write_properties():
    names = {name: Records() for name in ("CATEGORIES", "BIDIRECTIONAL", "WIDTHS")}
    current = property_table(unicodedata, "", names)
    old = property_table(ucd_3_2_0, "OLD_", names)
    body = "use super::trie::Trie;\n\n"
    for name, doc in (("CATEGORIES", "General categories."), ("BIDIRECTIONAL", "Bidirectional classes."),
                      ("WIDTHS", "East Asian widths.")):
        body += rust_strings(name, doc, names[name].ids)
    write("generated_properties.rs", "General properties of code points.", body + current)
    write("generated_numeric.rs", "Numeric values of code points.",
          "use super::trie::Trie;\n\n" + numeric_table(unicodedata, ""))
    body = "use super::trie::Trie;\n\n" + old + numeric_table(ucd_3_2_0, "OLD_")
    differences = []
    for point in ALL:
        before, now = ucd_3_2_0.decomposition(chr(point)), unicodedata.decomposition(chr(point))
        # An unassigned character has no decomposition then; the category tells.
        if before != now and ucd_3_2_0.category(chr(point)) != "Cn":
            differences.append((point, before))
    corrected = {point: ucd_3_2_0.normalize("NFD", chr(point)) for point in ALL
                 if ucd_3_2_0.category(chr(point)) != "Cn"
                 and ucd_3_2_0.normalize("NFD", chr(point)) != unicodedata.normalize("NFD", chr(point))}
    assert not differences, differences
    body += "/// Code points whose canonical decomposition Unicode has corrected since, with the one of 3.2.\n"
    body += f"pub static OLD_DECOMPOSITIONS: [(u32, u32); {len(corrected)}] = ["
    body += ", ".join(f"({hex(point)}, {hex(ord(text))})" for point, text in corrected.items()) + "];\n"
    write("generated_old.rs", "Unicode 3.2 where it differs from today's (`unicodedata.ucd_3_2_0`).", body)


def write_decompositions(pairs):
    prefixes, data, offsets = Records(), [], {}
    prefixes.id("")
    points, starts = [], []
    for point in ALL:
        text = decomposition(point)
        if not text:
            continue
        if text not in offsets:
            parts = text.split()
            prefix = parts.pop(0) if parts[0].startswith("<") else ""
            units = "".join(chr(int(part, 16)) for part in parts).encode("utf-16-le")
            units = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
            assert len(units) < 32
            offsets[text] = len(data)
            data += [prefixes.id(prefix) << 5 | len(units), *units]
        points.append(point)
        starts.append(offsets[text])
    body = rust_strings("PREFIXES", "The tags that compatibility decompositions open with.", prefixes.ids)
    body += "/// Decompositions one after the other: the number of the tag (from bit 5) and the count of UTF-16 units\n"
    body += "/// (below), then these.\n"
    body += rust_array("DECOMPOSITIONS", "u16", data)
    ordered = sorted(pairs)
    body += "/// First character, second character and their composition, sorted, in three arrays.\n"
    body += rust_array("COMPOSITION_FIRST", "u32", [first for first, _ in ordered])
    body += rust_array("COMPOSITION_SECOND", "u32", [second for _, second in ordered])
    body += rust_array("COMPOSITION_RESULT", "u32", [pairs[pair] for pair in ordered])
    body += "/// The code points that have a decomposition, and where it starts in [`DECOMPOSITIONS`].\n"
    body += rust_array("DECOMPOSED", "u32", points) + rust_array("DECOMPOSED_AT", "u16", starts)
    write("generated_decomposition.rs", "Decompositions and compositions of characters.", body)


def hidden_names():
    """Aliases and named sequences: the reference keeps them at private code points of its C interface."""
    get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    capsule = get_pointer(unicodedata._ucnhash_CAPI, b"unicodedata._ucnhash_CAPI")
    address = ctypes.cast(capsule, ctypes.POINTER(ctypes.c_void_p))[0]
    get_name = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_int, ctypes.c_int)(address)
    buffer = ctypes.create_string_buffer(300)
    for point in range(0xF0000, 0xF1000):
        if get_name(point, buffer, 300, 1):
            name = buffer.value.decode()
            yield name, unicodedata.lookup(name)


def by_rule(point, name):
    return name.endswith("-%04X" % point) or name.startswith("HANGUL SYLLABLE ")


def rule_ranges():
    """Ranges whose names are a prefix and the code point; and those that only lookup knows (Tangut)."""
    ranges = []
    for point in ALL:
        name = unicodedata.name(chr(point), "")
        prefix = name[: name.rindex("-") + 1] if name.endswith("-%04X" % point) else ""
        shown = bool(prefix)
        if not name and unicodedata.category(chr(point)) == "Lo":
            try:
                unicodedata.lookup("TANGUT IDEOGRAPH-%04X" % point)
                prefix = "TANGUT IDEOGRAPH-"
            except KeyError:
                pass
        if not prefix:
            continue
        if ranges and ranges[-1][1] == point - 1 and ranges[-1][2:] == [prefix, shown]:
            ranges[-1][1] = point
        else:
            ranges.append([point, point, prefix, shown])
    return ranges


def write_names():
    named = [(point, name) for point in ALL if (name := unicodedata.name(chr(point), "")) and not by_rule(point, name)]
    hidden = list(hidden_names())
    aliases = [(name, ord(value)) for name, value in hidden if len(value) == 1]
    sequences = [(name, value) for name, value in hidden if len(value) > 1]
    texts = [name for _, name in named] + [name for name, _ in aliases] + [name for name, _ in sequences]
    split = [re.findall(r"[ -]?[^ -]+|[ -]", text) for text in texts]
    counts = collections.Counter(piece for pieces in split for piece in pieces)
    pieces = [piece for piece, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    number = {piece: index for index, piece in enumerate(pieces)}
    single = max(k for k in range(256) if len(pieces) - k <= (256 - k) * 256)

    def encoded(piece):
        index = number[piece]
        if index < single:
            return bytes([index])
        high, low = divmod(index - single, 256)
        return bytes([single + high, low])

    def three_bytes(values):
        return b"".join(value.to_bytes(3, "little") for value in values)

    phrases, phrase_offsets = b"", []
    chunks, position = [], 0
    for index, parts in enumerate(split):
        if index % 8 == 0:
            phrase_offsets.append(position)
        phrase = b"".join(map(encoded, parts))
        chunks.append(bytes([len(phrase)]) + phrase)
        position += len(chunks[-1])
    phrases = b"".join(chunks)
    piece_offsets = [0]
    for piece in pieces:
        piece_offsets.append(piece_offsets[-1] + len(piece))
    order = sorted(range(len(texts)), key=lambda index: texts[index])
    tables = [
        ("PIECES", "The lexicon: pieces of names, the most used first.", "".join(pieces).encode()),
        ("PIECE_OFFSETS", "Where each piece starts, three bytes each.", three_bytes(piece_offsets)),
        ("PHRASES", "Names as numbers of pieces, each with its length in front.", phrases),
        ("PHRASE_OFFSETS", "Where each eighth name starts, three bytes each.", three_bytes(phrase_offsets)),
        ("ORDER", "The names in alphabetical order, two bytes each.",
         b"".join(index.to_bytes(2, "little") for index in order)),
    ]
    body = ""
    for name, doc, data in tables:
        file = f"generated_names_{name.lower()}.bin"
        (TARGET / file).write_bytes(data)
        body += f'/// {doc}\npub static {name}: &[u8] = include_bytes!("{file}");\n'
    body += f"/// Pieces below this number take one byte.\npub const SINGLE_BYTE_PIECES: usize = {single};\n"
    body += f"/// Names of characters; aliases follow, then named sequences.\npub const NAMED: usize = {len(named)};\n"
    body += f"/// All names.\npub const NAME_COUNT: usize = {len(texts)};\n"
    starts, bases, ends = [], [], []
    for index, (point, _) in enumerate(named):
        if ends and ends[-1] == point - 1:
            ends[-1] = point
        else:
            starts.append(point)
            bases.append(index)
            ends.append(point)
    body += "/// Ranges of named code points: first, last, and the number of the first's name.\n"
    body += rust_array("RANGE_FIRST", "u32", starts) + rust_array("RANGE_LAST", "u32", ends)
    body += rust_array("RANGE_NAME", "u16", bases)
    body += "/// What the aliases stand for.\n" + rust_array("ALIASES", "u32", [point for _, point in aliases])
    widest = max(len(value) for _, value in sequences)
    flat = [ord(char) for _, value in sequences for char in value.ljust(widest, "\0")]
    body += f"/// Code points of the longest named sequence.\npub const SEQUENCE_LENGTH: usize = {widest};\n"
    body += "/// What the named sequences stand for, each filled up with zeros.\n" + rust_array("SEQUENCES", "u32", flat)
    rules = rule_ranges()
    body += "/// Ranges whose names are a prefix and the code point in hexadecimal: first, last, prefix, and whether\n"
    body += "/// `unicodedata.name` knows it (of Tangut ideographs only the lookup does).\n"
    body += f"pub static RULES: [(u32, u32, &str, bool); {len(rules)}] = ["
    body += ", ".join(f'({hex(a)}, {hex(b)}, "{prefix}", {str(shown).lower()})' for a, b, prefix, shown in rules) + "];\n"
    syllables = [unicodedata.name(chr(point))[16:] for point in range(0xAC00, 0xD7A4)]
    vowels = [syllables[(11 * 21 + vowel) * 28] for vowel in range(21)]
    leads = [syllables[lead * 588][: -len(vowels[0])] for lead in range(19)]
    trails = [syllables[11 * 588 + trail][len(vowels[0]):] for trail in range(28)]
    for name, doc, values in (("LEADS", "Hangul leading consonants.", leads), ("VOWELS", "Hangul vowels.", vowels),
                              ("TRAILS", "Hangul trailing consonants.", trails)):
        body += rust_strings(name, doc, values)
    write("generated_names.rs", "Names of characters.", body)


def main():
    pairs = composition_pairs()
    write_types(pairs)
    write_cases()
    write_properties()
    write_decompositions(pairs)
    write_names()


if __name__ == "__main__":
    main()
