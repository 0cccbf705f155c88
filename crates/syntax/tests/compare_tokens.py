"""Compares this crate's tokens with those of the reference's C tokenizer, tuple by tuple.

    python3.14 compare_tokens.py EXAMPLE [--extra|--compile] [--damage N] [--seed N] [--show N] [PATH ...]

Run by the reference (/opt/reference/bin/python3.14).  EXAMPLE is the built `examples/tokens`; a PATH is a file or a folder, by
default the reference's library.  With --damage, N damaged pieces of each file are compared instead of the file.
With --compile, the subject's first error is compared with that of compile(), where that is one of the tokenizer's.
"""

import _tokenize
import argparse
import io
import os
import random
import re
import subprocess
import sys
import tempfile
import tokenize
import warnings


def escaped(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def reference_lines(path, extra):
    with open(path, "rb") as file:
        data = file.read()
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        text = data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        return None
    lines = io.StringIO(text, newline="\n")
    if not hasattr(_tokenize, "TokenizerIter"):
        sys.exit("run this with the reference")
    result = []
    try:
        for kind, string, start, end, line in _tokenize.TokenizerIter(lines.readline, extra_tokens=extra):
            result.append(f"{kind} {escaped(string)} {start[0]},{start[1]} {end[0]},{end[1]} {escaped(line)}")
    except UnicodeDecodeError:
        return None  # the reference cut a character in two
    except SyntaxError as error:
        end = None if error.end_lineno is None else f"{error.end_lineno},{error.end_offset}"
        text = None if error.text is None else escaped(error.text)
        result.append(f"{type(error).__name__} {error.msg} {error.lineno},{error.offset} {end} {text}")
    return result


TOKENIZER_ERROR = re.compile(
    r"invalid (decimal|hexadecimal|octal|binary|imaginary) literal|invalid digit|leading zeros|unterminated|unmatched"
    r"|.-string: (single|expressions nested|unmatched|newlines)|invalid character|invalid non-printable|closing paren"
    r"|too many nested (par|f-)|too many levels|unindent|inconsistent use|unexpected (character after|EOF)|source code"
    r"|Non-UTF-8|encoding problem|.* prefixes are incompatible"
)
# The parser reports these too.
SHARED_ERROR = re.compile(r".-string: expecting '}'$|'.' was never closed")


def compile_error(path):
    """The error of compile() if it is the tokenizer's; "shared" ones begin with a question mark."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        compile(data, "<damaged>", "exec", dont_inherit=True)
    except SyntaxError as error:
        shared = SHARED_ERROR.match(error.msg)
        if not shared and not TOKENIZER_ERROR.match(error.msg):
            return None
        text = None if error.text is None else escaped(error.text)
        place = f"{error.lineno},{error.offset} {error.end_lineno},{error.end_offset} {text}"
        return ["?" * bool(shared) + f"{type(error).__name__} {error.msg} {place}"]
    except ValueError:
        return None
    return ["no error"]


def is_same(expected, subject):
    if expected[0].startswith("?"):
        return not SHARED_ERROR.search(subject[0]) or expected[0][1:] == subject[0]
    return expected == subject


def subject_lines(example, mode, paths):
    command = [example, *mode, *paths]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    files, current = {}, None
    for line in output.split("\n")[:-1]:
        if line.startswith("== ") and line[3:] in paths:
            current = files.setdefault(line[3:], [])
        else:
            current.append(line)
    return files


def python_files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            inside = [os.path.join(folder, name) for name in sorted(names) if name.endswith(".py")]
            yield from filter(os.path.isfile, inside)


DAMAGE = (
    list("()[]{}'\"\\:!=#,.;$?`~@0123456789_eExXoObBjJrRuUfFtT \t\n\f\r\x00\x01\x7f")
    + ["'''", '"""', "f'", 't"', "f'{", "rb'", "bf'", "ub'", "{{", "}}", "\\\n", "\\N{", ":=", "!r", "0x", "0o9", "0b2", "1_", "1e"]
    + ["\u00e9", "\u00d7", "\u00a0", "\u200b", "\u2028", "\ud7ff", "\U0001f600", "\u0301", "1if", "0777", "\n  ", "\n\t", "\r\n"]
)


def damaged(path, count, seed):
    """Short pieces of a file, each with a few characters deleted, inserted or cut off behind."""
    with open(path, "rb") as file:
        lines = file.read().decode("utf-8", "replace").splitlines(keepends=True)
    generator = random.Random(f"{seed} {os.path.basename(path)} {len(lines)}")
    for _ in range(count if lines else 0):
        start = generator.randrange(len(lines))
        piece = "".join(lines[start:start + generator.randrange(1, 12)])
        for _ in range(generator.randrange(1, 4)):
            at = generator.randrange(len(piece) + 1)
            match generator.randrange(4):
                case 0:
                    piece = piece[:at] + piece[at + generator.randrange(1, 4):]
                case 1 | 2:
                    piece = piece[:at] + generator.choice(DAMAGE) + piece[at:]
                case 3 if generator.randrange(4) == 0:
                    piece = piece[:at]
        yield piece


def write_damaged(files, count, seed, folder):
    for number, path in enumerate(files):
        for variant, piece in enumerate(damaged(path, count, seed)):
            target = os.path.join(folder, f"{number:05}_{variant}_{os.path.basename(path)}")
            with open(target, "wb") as file:
                file.write(piece.encode())
            yield target


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("example")
    parser.add_argument("--extra", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--damage", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("paths", nargs="*", default=[os.path.dirname(os.__file__)])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    files = list(python_files(options.paths))
    if not options.damage:
        return compare(files, options)
    with tempfile.TemporaryDirectory() as folder:
        return compare(list(write_damaged(files, options.damage, options.seed, folder)), options)


def compare(files, options):
    different = skipped = tokens = 0
    for start in range(0, len(files), 50):
        chunk = files[start:start + 50]
        mode = [f"--{name}" for name in ("extra", "compile") if getattr(options, name)]
        subject = subject_lines(options.example, mode, chunk)
        for path in chunk:
            expected = compile_error(path) if options.compile else reference_lines(path, options.extra)
            if expected is None or subject[path][0:1] and "unknown encoding" in subject[path][0]:
                skipped += 1
                continue
            tokens += len(expected)
            if is_same(expected, subject[path]) if options.compile else expected == subject[path]:
                continue
            different += 1
            if different <= options.show:
                pairs = zip(expected + ["(end)"], subject[path] + ["(end)"])
                at, (want, got) = next((at, pair) for at, pair in enumerate(pairs) if pair[0] != pair[1])
                if options.damage:
                    with open(path, "rb") as file:
                        print(repr(file.read().decode()))
                print(f"{path}, token {at}:\n  reference {want[:300]}\n  subject   {got[:300]}")
    print(f"{len(files)} files, {tokens} tokens, {skipped} not comparable, {different} different")
    return different != 0


sys.exit(main())
