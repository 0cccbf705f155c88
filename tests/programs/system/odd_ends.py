"""How programs end that break what reports errors: exit codes and what is said, with addresses left out."""
import re
import subprocess
import sys

PROGRAMS = [
    "import sys; sys.stdout = None; print(1)",
    "import sys; sys.stdout = 5; print(1)",
    "import sys; sys.stderr = None; 1/0",
    "import sys; sys.stderr = 5; 1/0",
    "import sys; del sys.stdout; print(1)",
    "import sys; del sys.stderr; 1/0",
    "import sys; sys.stderr.close(); 1/0",
    "import sys\nclass O:\n def write(s, t): raise ValueError\n def flush(s): raise KeyError\nsys.stdout = O()",
    "import sys\nclass O:\n def write(s, t): raise ValueError\nsys.stderr = O(); 1/0",
    "import sys; sys.excepthook = None; 1/0",
    "import sys; sys.excepthook = lambda *a: 2/0; 1/0",
    "import sys; del sys.excepthook; 1/0",
    "import sys; del sys.stderr; sys.excepthook(1, 2, 3)",
    "import sys; sys.unraisablehook = lambda a: 2/0\nclass D:\n def __del__(s): 1/0\nD()",
    "import sys; sys.unraisablehook = 5\nclass D:\n def __del__(s): 1/0\nD()",
    "class D:\n def __del__(s): e = ValueError(); e.add_note('note'); raise e from KeyError(1)\nD()",
    "raise SystemExit(2**100)",
    "raise SystemExit(-1)",
    "raise SystemExit(2**33 + 5)",
    "class E:\n def __str__(s): 1/0\nraise SystemExit(E())",
    "import atexit\ndef f(): atexit.register(f); print('f')\nf()",
    "import atexit\natexit.register(lambda: 1/0); atexit.register(print, 'last registered')",
    "import sys; sys.stdin = None; input()",
    "import sys; vars(sys).clear(); 1/0",
    "import sys; vars(sys).clear(); print(1)",
    "import sys; sys.modules.clear(); print(1)",
    "__builtins__ = {}; print(1)",
    "exec('import os', {'__builtins__': {}})",
    "e = ValueError(1); e.__context__ = k = KeyError(2); k.__context__ = e; raise e",
]


def plain(text):
    lines = [line for line in text.splitlines() if not re.match(r"  |object (address|refcount|type ) ", line)]
    return [re.sub("0x[0-9a-f]+", "0x", line) for line in lines]


for program in PROGRAMS:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    print("#", program.splitlines()[0], done.returncode, done.stdout.split())
    for line in plain(done.stderr):
        print("   ", line)

for program in ["1/0", "import sys; sys.excepthook = lambda *a: 2/0; 1/0", "import sys; del sys.excepthook; 1/0", "raise SystemExit('text')"]:
    with open("/dev/full", "w") as full:
        print("# full", program, subprocess.run([sys.executable, "-c", program], stderr=full).returncode)
