# Tracebacks that need no interpreter: on request, on signals, after a time, and on faults.
import re
import subprocess
import sys

import faulthandler


def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


def report(program, *options):
    done = subprocess.run([sys.executable, *options, "-c", program], capture_output=True, text=True)
    text = re.sub(r"0x[0-9a-f]+ \[[^]]*\]", "ID", done.stderr)
    text = re.sub(r'File "[^"<]*threading.py", line \d+', 'File "threading.py"', text)
    print(done.returncode, text.split("\nCurrent thread's C stack")[0])


report("""
import faulthandler
def inner(): faulthandler.dump_traceback(all_threads=False)
def outer(): inner()
outer()
""")
report("""
import faulthandler, threading
ready, done = threading.Event(), threading.Event()
def wait():
    ready.set()
    done.wait()
thread = threading.Thread(target=wait)
thread.start()
ready.wait()
while threading.active_count() != 2: pass
faulthandler.dump_traceback(all_threads=False)
done.set()
""")
report("""
import faulthandler
class Ende: pass
exec("def " + "n" * 600 + "(): faulthandler.dump_traceback()\\n" + "n" * 600 + "()")
""")
report("import faulthandler; faulthandler.enable(all_threads=False); faulthandler._sigsegv()")
report("import faulthandler\nfaulthandler.enable()\nfaulthandler._sigabrt()")
report("import faulthandler\nfaulthandler._read_null()", "-X", "faulthandler")
report("import faulthandler\nfaulthandler.enable()\nfaulthandler._stack_overflow()")
report("import faulthandler\nfaulthandler.enable()\nfaulthandler.disable()\nfaulthandler._sigfpe()")
report("""
import faulthandler, signal, time
faulthandler.dump_traceback_later(0.05)
time.sleep(0.5)
faulthandler.dump_traceback_later(60)
faulthandler.cancel_dump_traceback_later()
def handler(number, frame): print("chained", number)
signal.signal(signal.SIGUSR1, handler)
faulthandler.register(signal.SIGUSR1, all_threads=False, chain=True)
signal.raise_signal(signal.SIGUSR1)
print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))
faulthandler.dump_traceback_later(0.05, exit=True)
time.sleep(5)
""")


class File:
    def __init__(self, number):
        self.number = number

    def fileno(self):
        return self.number

    def flush(self):
        raise KeyError


for file in [-1, "text", File(-1), File("text")]:
    attempt(faulthandler.enable, file)
for timeout in [0, -1, "soon", 1e30, float("nan")]:
    attempt(faulthandler.dump_traceback_later, timeout)
for signal in [11, 0, 1000, 9]:
    attempt(faulthandler.register, signal)
attempt(faulthandler.enable, File(2))
attempt(faulthandler.is_enabled)
attempt(faulthandler.disable)
attempt(faulthandler.disable)
sys.stderr = None
attempt(faulthandler.enable)
