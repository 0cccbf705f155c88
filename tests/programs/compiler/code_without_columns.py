"""Without columns, functions of one line that differ in nothing else are one constant."""
import subprocess
import sys

CODE = "c = compile('f((lambda: 1), (lambda: 1), [x for x in y], (z for z in y), (z for z in y))', 'f', 'exec'); print(*(type(it).__name__ for it in c.co_consts))"
for options in ([], ["-X", "no_debug_ranges"]):
    print(options, subprocess.run([sys.executable, *options, "-c", CODE], capture_output=True, text=True).stdout)
