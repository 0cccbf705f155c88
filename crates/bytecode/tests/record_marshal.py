"""Records marshal data for the tests of marshal/ and pyc.rs.

Run by the reference:  python3.14 record_marshal.py > data/marshal.tsv
"""
import _imp
import marshal

from samples import SAMPLES

VALUES = [
    "None", "...", "True", "False", "0", "-1", "2**31-1", "2**31", "-2**31-1", "2**30", "10**40", "-10**40", "1.5", "-0.0",
    "1e400", "1-2j", "''", "'a'", "'a b'", "'\\xe9'", "'\\ud800\\udc00'", "'x'*256", "b''", "b'\\x00\\xff'", "()", "(1, (2, 'a'))",
    "tuple(range(256))", "frozenset()", "slice(1, None, 'x')", "('shared!', 'shared!', (1.5, 'shared!'))",
]
DAMAGED = [
    "", "69", "690000", "ff", "3f", "7a", "7a0541", "6c00000080", "6c0100000000000000", "6c010000000080", "7300000080",
    "28000000ff", "5b000000ff", "3c000000ff", "7200000000", "72ffffffff", "a90172000000", "30", "290130",
    "3e0100000030", "7501000000ff", "6301", "2901" * 2000 + "4e", "2901" * 1999 + "4e", "66ff", "6603312e35", "780131023234",
    "49ffffffffffffffff", "5b010000004e", "7b30", "53",
]


def main():
    for text in VALUES:
        value = eval(text)
        print("value", text, marshal.dumps(value).hex(), sep="\t")
    for data in DAMAGED:
        try:
            result = "ok " + repr(marshal.loads(bytes.fromhex(data)))
        except Exception as error:
            result = f"{type(error).__name__} {error}"
        print("damaged", data, result if len(result) < 200 else result[:20], sep="\t")
    for name, source in SAMPLES.items():
        print("code", name, marshal.dumps(compile(source, "sample.py", "exec")).hex(), sep="\t")
    for source in (b"", b"x", b"12345678", b"x = 1\n" * 100):
        print("hash", source.hex(), _imp.source_hash(_imp.pyc_magic_number_token, source).hex(), sep="\t")


main()
