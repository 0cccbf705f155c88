"""Compares the trees of this parser with those of the reference, for all files of its library and test suite.

    /opt/reference/bin/python3.14 compare_ast.py DUMP [exec|exec+types] [PATH ...] [--show N]

DUMP is the built example `dump`. Prints the files whose trees differ, the first difference of each, and how many agree.
"""
import ast
import subprocess
import sys
import tokenize
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
LIBRARY = "/opt/reference/root/usr/lib/python3.14"


def text_of(path):
    with tokenize.open(path) as file:
        return file.read()


def expected(text, mode):
    try:
        tree = ast.parse(text, type_comments=mode.endswith("+types"))
    except (SyntaxError, ValueError, MemoryError) as error:
        return f"error {error}"
    # The dump of this parser escapes what is not ASCII, as ascii() does.
    return ast.dump(tree, include_attributes=True).encode("ascii", "backslashreplace").decode()


def main():
    dump, *rest = sys.argv[1:]
    show = 5
    if "--show" in rest:
        at = rest.index("--show")
        show = int(rest[at + 1])
        del rest[at:at + 2]
    mode = rest.pop(0) if rest and rest[0].startswith("exec") else "exec"
    paths = []
    for name in map(Path, rest or [LIBRARY]):
        paths += sorted(name.rglob("*.py")) if name.is_dir() else [name]
    child = subprocess.Popen([dump, "--records", mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    same = total = 0
    for path in paths:
        try:
            text = text_of(path)
        except (SyntaxError, UnicodeDecodeError, OSError):
            continue
        data = text.encode()
        child.stdin.write(b"%d\n%s" % (len(data), data))
        child.stdin.flush()
        found = child.stdout.readline().decode().rstrip("\n")
        wanted = expected(text, mode)
        total += 1
        if found == wanted or (wanted.startswith("error") and not found.startswith("Module(")):
            same += 1
            continue
        if show > 0:
            show -= 1
            at = next((i for i, (a, b) in enumerate(zip(found, wanted)) if a != b), min(len(found), len(wanted)))
            print(f"{path}\n  found  {found[max(0, at - 120):at + 160]}\n  wanted {wanted[max(0, at - 120):at + 160]}")
        else:
            print(path)
    print(f"same {same}/{total}")


main()
