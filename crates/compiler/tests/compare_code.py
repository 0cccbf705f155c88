#!/usr/bin/env python3.14
"""Compares the compiler with the one of the Python that runs this, code object by code object.

    compare_code.py BINARY [PATH ...] [--optimize N] [--mode MODE] [--flags N] [--show N] [--snippets | --strings]

BINARY is the example `marshal_code`.  PATHs are files or folders; without any, the running Python's library.  With
--snippets, files are taken apart into programs at lines that begin with '### '; with --strings, the programs are the
string literals of the files and the examples in docstrings, which in tests are often programs or damaged ones.  Every field of every code object is
compared, the warnings, and the errors of programs that don't compile.  Prints the first difference of each program that
differs and at last how many are the same.
"""
import argparse
import ast
import dis
import doctest
import io
import marshal
import subprocess
import sys
import textwrap
import time
import tokenize
import types
import warnings
from pathlib import Path

FIELDS = ["co_name", "co_qualname", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_flags", "co_varnames",
          "co_cellvars", "co_freevars", "co_names", "co_consts", "co_code", "co_stacksize", "co_firstlineno",
          "co_exceptiontable", "co_linetable", "co_filename"]


class Subject:
    def __init__(self, binary):
        self.process = subprocess.Popen([binary, "--records"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def compile(self, text, filename, mode, optimize, flags):
        data = text.encode("utf-8", "surrogatepass")
        self.process.stdin.write(f"{len(data)} {mode} {optimize} {flags} {filename}\n".encode() + data)
        self.process.stdin.flush()
        head = self.process.stdout.readline().split()
        if not head:
            raise SystemExit(f"the compiler died of {filename}")
        kind, size, size_of_warnings = head[0], int(head[1]), int(head[2])
        payload = self.process.stdout.read(size)
        told = self.process.stdout.read(size_of_warnings).decode("utf-8", "surrogatepass").splitlines()
        if kind == b"code":
            return marshal.loads(payload), told
        return payload.decode("utf-8", "surrogatepass"), told


def reference(text, filename, mode, optimize, flags):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            code = compile(text, filename, mode, flags, dont_inherit=True, optimize=optimize)
        except SyntaxError as error:
            place = [error.lineno, error.offset, error.end_lineno, error.end_offset]
            code = "\t".join(map(str, [type(error).__name__, error.msg, *place]))
        except Exception as error:
            code = "\t".join(map(str, [type(error).__name__, error, *[None] * 4]))
    return code, [f"{warning.lineno}\t{warning.message}" for warning in caught]


def same_constant(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same_constant, a, b))
    if isinstance(a, frozenset):
        return a == b and sorted(map(repr, a)) == sorted(map(repr, b))
    if isinstance(a, types.CodeType):
        return True
    if isinstance(a, (float, complex)):
        return repr(a) == repr(b)
    return a == b


def listing(code):
    out = io.StringIO()
    dis.dis(code, file=out, depth=0, show_caches=False)
    return out.getvalue().splitlines()


def first_lines_that_differ(theirs, ours, count=6):
    for index, (a, b) in enumerate(zip(theirs, ours)):
        if a != b:
            start = max(0, index - 2)
            return [f"  ref {line}" for line in theirs[start:index + count]] + \
                   [f"  own {line}" for line in ours[start:index + count]]
    return [f"  {len(theirs)} and {len(ours)} lines", *theirs[len(ours):][:count], *ours[len(theirs):][:count]]


def positions(code):
    return [f"{instruction.offset} {instruction.opname} {tuple(instruction.positions)}"
            for instruction in dis.get_instructions(code)]


def difference(theirs, ours, name):
    """The first difference of two code objects as lines; None if there is none."""
    for field in FIELDS:
        a, b = getattr(theirs, field), getattr(ours, field)
        same = same_constant(a, b) if field == "co_consts" else a == b
        if same:
            continue
        lines = [f"{name}: {field}"]
        if field == "co_code":
            return lines + first_lines_that_differ(listing(theirs), listing(ours))
        if field == "co_linetable":
            if positions(theirs) != positions(ours):
                return lines + first_lines_that_differ(positions(theirs), positions(ours))
        return lines + [f"  ref {a!r:.500}", f"  own {b!r:.500}"]
    for a, b in zip(theirs.co_consts, ours.co_consts):
        if isinstance(a, types.CodeType):
            found = difference(a, b, f"{name}.{a.co_name}")
            if found:
                return found
    return None


def compare(subject, text, filename, options, seconds):
    start = time.perf_counter()
    theirs, their_warnings = reference(text, filename, options.mode, options.optimize, options.flags)
    between = time.perf_counter()
    ours, our_warnings = subject.compile(text, filename, options.mode, options.optimize, options.flags)
    seconds[0] += between - start
    seconds[1] += time.perf_counter() - between
    if isinstance(theirs, str) or isinstance(ours, str):
        return None if theirs == ours else [f"  ref {theirs}", f"  own {ours}"]
    found = difference(theirs, ours, "<module>")
    if found is None and their_warnings != our_warnings:
        found = ["warnings", *first_lines_that_differ(their_warnings, our_warnings)]
    return found


def strings(tree):
    """String literals that may be programs, and the examples of docstrings; some twice."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 4:
            yield node.lineno, textwrap.dedent(node.value)
            if ">>> " in node.value:
                try:
                    examples = doctest.DocTestParser().get_examples(node.value)
                except ValueError:
                    continue
                for example in examples:
                    yield node.lineno + example.lineno, example.source


def programs(paths, options):
    for path in map(Path, paths):
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            try:
                with tokenize.open(file) as stream:
                    text = stream.read()
            except (SyntaxError, UnicodeDecodeError, OSError):
                continue
            if options.strings:
                try:
                    tree = ast.parse(text)
                except SyntaxError:
                    continue
                for line, program in strings(tree):
                    if "\x00" not in program and not any("\ud800" <= character <= "\udfff" for character in program):
                        yield f"{file}:{line}", program
                continue
            if not options.snippets:
                yield str(file), text
                continue
            for part in text.split("### ")[1:]:
                title, _, program = part.partition("\n")
                yield f"{file.name}:{title.strip().replace(' ', '_')}", program


def main():
    sys.set_int_max_str_digits(0)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("paths", nargs="*", default=[str(Path(dis.__file__).parent)])
    parser.add_argument("--optimize", type=int, default=0)
    parser.add_argument("--mode", default="exec")
    parser.add_argument("--flags", type=lambda text: int(text, 0), default=0)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--snippets", action="store_true")
    parser.add_argument("--strings", action="store_true")
    options = parser.parse_args()
    subject = Subject(options.binary)
    seconds = [0.0, 0.0]
    same = total = 0
    for filename, text in programs(options.paths, options):
        total += 1
        found = compare(subject, text, filename, options, seconds)
        same += found is None
        if found and total - same <= options.show:
            print(filename, *found, sep="\n")
        elif found:
            print(filename)
    print(f"same {same}/{total}; {seconds[0]:.1f} s here, {seconds[1]:.1f} s there, marshalling included")
    sys.exit(same != total)


if __name__ == "__main__":
    main()
