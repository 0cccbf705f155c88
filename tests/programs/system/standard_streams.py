# The encodings of the standard streams follow the locale, UTF-8 mode and PYTHONIOENCODING; a closed stream is None.
import subprocess
import sys

STATE = ("import sys, os, locale; print(sys.stdin.encoding, sys.stdin.errors, sys.stdout.errors, sys.stderr.errors, "
         "sys.flags.utf8_mode, os.environ.get('LC_CTYPE'), locale.setlocale(locale.LC_CTYPE), open(os.devnull).encoding)")


def run(code, *options, environment=(), **keywords):
    done = subprocess.run([sys.executable, *options, "-c", code], env=dict(environment), capture_output=True, **keywords)
    print(dict(environment), *options, done.returncode, done.stdout, done.stderr)


for settings in (
    {}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LANG": "C"}, {"LC_CTYPE": "C.UTF-8"}, {"LANG": "no_SUCH"},
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "warn"}, {"PYTHONCOERCECLOCALE": "warn"},
    {"PYTHONCOERCECLOCALE": "0"}, {"PYTHONUTF8": "0"}, {"PYTHONUTF8": "1", "LANG": "C.UTF-8"},
    {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": ":replace"}, {"PYTHONIOENCODING": "ascii:ignore"},
    {"LANG": "C.UTF-8", "PYTHONIOENCODING": ":strict"},
):
    run(STATE, environment=settings)
run(STATE, "-E", environment={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
run("print('\\xa2')", environment={"PYTHONIOENCODING": "cp424"})
run("print('\\xa2')", environment={"PYTHONIOENCODING": "ascii:replace"})
run("import sys; sys.exit('escaped: \\udcff')")
run("import sys; sys.exit('f\\xe9')", environment={"PYTHONIOENCODING": "ascii"})

# Streams that were closed before the start.
for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
    code = "import sys, os; sys.exit(40 + (sys.stdin is None) + 2 * (sys.stdout is None) + 4 * (sys.stderr is None))"
    print(closed, subprocess.call(["/bin/sh", "-c", f'"$0" -c "$1" {closed}', sys.executable, code]))

# Settings that the interpreter can't start with.
run("pass", environment={"PYTHONMALLOC": "none"})
run("pass", environment={"PYTHONUTF8": "x"})
run("pass", "-X", "cpu_count=0")
run("import os; print(os.cpu_count(), os.process_cpu_count())", "-X", "cpu_count=4321")
run("import os; print(os.cpu_count(), os.process_cpu_count())", environment={"PYTHON_CPU_COUNT": "12"})
