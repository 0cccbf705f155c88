"""What the locale that a process starts in decides: UTF-8 mode, and how the standard streams treat what does not fit."""
import subprocess
import sys

PROGRAM = """
import locale, os, sys
print(os.environ.get("LC_CTYPE"), sys.flags.utf8_mode, sys.stdout.encoding, sys.stdout.errors, sys.stdin.errors, sys.stderr.errors)
print(locale.getencoding(), locale.setlocale(locale.LC_CTYPE))
"""

for environment in [
    {}, {"LANG": "C.UTF-8"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_CTYPE": "C"}, {"LANG": "C", "LC_CTYPE": "C.UTF-8"}, {"LANG": "no_SUCH.locale"}, {"PYTHONUTF8": "0"},
    {"PYTHONUTF8": "0", "LC_ALL": "C"}, {"PYTHONUTF8": "1", "LANG": "C.UTF-8"}, {"PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": ":replace"},
    {"PYTHONIOENCODING": "latin-1:ignore"}, {"PYTHONIOENCODING": "latin-1:", "LANG": "C.UTF-8"},
]:
    for option in ["-s", "-I"]:
        done = subprocess.run([sys.executable, option, "-c", PROGRAM], capture_output=True, text=True, env=environment)
        print(environment, option, done.returncode, done.stdout.splitlines())

name = subprocess.run([sys.executable, "-c", r"print('a\udcffb')"], stdout=subprocess.PIPE, env={"LANG": "C.UTF-8"}).stdout
print(name)
