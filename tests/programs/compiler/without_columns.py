"""Code with lines alone: `-X no_debug_ranges` and its variable."""
import os
import subprocess
import sys

PROGRAM = """
def f(a,
      b):
    for x in (a +
              b):
        print(x,
          3)
code = f.__code__
print(code.co_linetable.hex(), list(code.co_positions())[:4], code.replace(co_name="g").co_linetable == code.co_linetable)
import sys, traceback
try:
    f(1, 2)
except TypeError:
    traceback.print_exc(file=sys.stdout)
"""
for options, variables in ([], {}), (["-X", "no_debug_ranges"], {}), ([], {"PYTHONNODEBUGRANGES": "1"}), (["-E"], {"PYTHONNODEBUGRANGES": "1"}):
    done = subprocess.run([sys.executable, *options, "-"], input=PROGRAM, capture_output=True, text=True, env=dict(os.environ, **variables))
    print(options, variables, done.stdout, done.stderr)
