#!/usr/bin/env python3.14
"""Compares symbol tables with those of the Python that runs this.

    compare_symbols.py BINARY [PATH ...]

BINARY is the example `dump_symbols`.  PATHs are files or folders; without any, the running Python's library.  Prints the
first difference of each file that differs and at last how many are the same.
"""
import os
import subprocess
import sys
import tokenize
from pathlib import Path

import _symtable


def describe(scope, depth, lines):
    symbols = " ".join(sorted(f"{name}={flags:x}" for name, flags in scope.symbols.items()))
    lines.append(f"{depth} {scope.name} type {scope.type} nested {scope.nested} line {scope.lineno} "
                 f"({' '.join(scope.varnames)}) {symbols}")
    for child in scope.children:
        describe(child, depth + 1, lines)
    return lines


def reference(text):
    try:
        return describe(_symtable.symtable(text, "file", "exec"), 0, [])
    except SyntaxError as error:
        return [f"error {error.msg}"]


def subject(process, text):
    data = text.encode()
    process.stdin.write(f"{len(data)}\n".encode() + data)
    process.stdin.flush()
    count = int(process.stdout.readline())
    return [process.stdout.readline().decode().rstrip("\n") for _ in range(count)]


def main():
    binary, *paths = sys.argv[1:]
    process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    same = total = 0
    for path in map(Path, paths or [os.path.dirname(os.__file__)]):
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            try:
                with tokenize.open(file) as stream:
                    text = stream.read()
            except (SyntaxError, UnicodeDecodeError, OSError):
                continue
            total += 1
            theirs, ours = reference(text), subject(process, text)
            if theirs == ours:
                same += 1
                continue
            pairs = [(a, b) for a, b in zip(theirs + [""], ours + [""]) if a != b]
            print(file, *(f"  ref {a:.300}\n  own {b:.300}" for a, b in pairs[:1]), sep="\n")
    print(f"same {same}/{total}")
    sys.exit(same != total)


if __name__ == "__main__":
    main()
