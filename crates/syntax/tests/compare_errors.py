"""Compares what this parser says of wrong programs with what the reference says.

    /opt/reference/bin/python3.14 compare_errors.py DUMP [PATH ...] [--seed N] [--variants N] [--sample K] [--show N]

DUMP is the built example `dump`. Each file of the reference's library and test suite is damaged in N ways, which depend
only on the seed and the file. Prints the pieces whose error differs, and how many agree: kind, message, line, offset, end
and text.
"""
import collections
import hashlib
import re
import subprocess
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
LIBRARY = "/opt/reference/root/usr/lib/python3.14"
PIECES = list("()[]{}:,.=*;\\'\"@!$?#%<>") + [
    "if ", "else ", "for ", "in ", "def f(", "class ", "lambda ", "async ", "await ", "yield ", "return ", "import ", "from ",
    "as ", "with ", "try:", "except ", "except* ", "match ", "case ", "global x", "nonlocal x", "del ", "not ", "is ", "f'{",
    "f'{x!z}'", "t'{", "0777", "1_", "0x", "1e", "b'é'", ":=", "->", "\n", "\t", " ", "print x", "None = 1", "*a, *b = c",
    "x = yield = 1", "break", "continue", "__debug__ = 1", "type X[", "**", "elif x:\n", "finally:\n", "raise ", "assert ",
    "u'a'b'b'", "f'{a b}'", "t'{x=}'", "'''", "\\N{", "'\\x", "/", "1 if x", "==", "+= "]


class Shuffler:
    """The same numbers for the same text, in every version of Python."""

    def __init__(self, text):
        self.state = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") | 1

    def below(self, n):
        self.state ^= (self.state << 13) & (2**64 - 1)
        self.state ^= self.state >> 7
        self.state ^= (self.state << 17) & (2**64 - 1)
        return self.state % n


def damaged(text, path, seed, variants):
    lines = text.splitlines(keepends=True)
    random = Shuffler(f"{seed}:{path.name}:{len(text)}")
    for _ in range(variants):
        start = random.below(max(1, len(lines)))
        piece = "".join(lines[start:start + 1 + random.below(30)])
        for _ in range(1 + random.below(2)):
            at = random.below(len(piece) + 1)
            how = random.below(4)
            if how == 0:
                piece = piece[:at] + piece[at + 1 + random.below(3):]
            elif how == 1:
                piece = piece[:at] + PIECES[random.below(len(PIECES))] + piece[at:]
            elif how == 2:
                piece = piece[:at]
            else:
                other = random.below(len(piece) + 1)
                piece = piece[:at] + piece[other:other + 12] + piece[at:]
        yield piece


def expected(text):
    import ast
    try:
        compile(text, "<damaged>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        place = error.lineno, error.offset, error.end_lineno, error.end_offset
        return type(error).__name__, error.msg, *place, error.text
    except Exception as error:
        return type(error).__name__, str(error)
    return None


ERROR = re.compile(r'(\w+) "((?:[^"\\]|\\.)*)" (?:nowhere|(-?\d+):(-?\d+)-(-?\d+):(-?\d+) (?:None|Some\("((?:[^"\\]|\\.)*)"\)))')


def unescape(text):
    """Undoes the escapes of Rust's Debug."""
    def one(match):
        found = match[1]
        if found.startswith("u"):
            return chr(int(found[2:-1], 16))
        return {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}.get(found, found)
    return re.sub(r"\\(u\{[0-9a-f]+\}|.)", one, text)


def found(line):
    match = ERROR.fullmatch(line)
    if not match:
        return None
    kind, message, *place, text = match.groups()
    if place[0] is None:
        return kind, unescape(message)
    return kind, unescape(message), *map(int, place), text and unescape(text)


def main():
    dump, *rest = sys.argv[1:]
    options = {"--seed": 1, "--variants": 5, "--sample": 1, "--show": 20}
    for name in options:
        if name in rest:
            at = rest.index(name)
            options[name] = int(rest[at + 1])
            del rest[at:at + 2]
    paths = []
    for name in map(Path, rest or [LIBRARY]):
        paths += sorted(name.rglob("*.py")) if name.is_dir() else [name]
    child = subprocess.Popen([dump, "--records", "exec"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    same = total = 0
    differences = collections.Counter()
    for path in paths[::options["--sample"]]:
        try:
            text = path.read_bytes().decode("utf-8", "replace").replace("\r", "")
        except OSError:
            continue
        for piece in damaged(text, path, options["--seed"], options["--variants"]):
            if "\0" in piece:
                continue
            data = piece.encode()
            child.stdin.write(b"%d\n%s" % (len(data), data))
            child.stdin.flush()
            answer = found(child.stdout.readline().decode().rstrip("\n"))
            wanted = expected(piece)
            total += 1
            if answer == wanted:
                same += 1
                continue
            kind = (answer and answer[1][:50], wanted and wanted[1][:50])
            differences[kind] += 1
            if differences[kind] <= 2 and sum(differences.values()) <= options["--show"]:
                print(f"{piece!r}\n  found  {answer}\n  wanted {wanted}")
    for kind, count in differences.most_common(20):
        print(count, *kind, sep="\t")
    print(f"same {same}/{total}")


main()
