"""What runs when an interpreter ends: functions for the exit, threads, __del__; and those that are left behind."""
from concurrent import interpreters

one = interpreters.create()
one.exec("""
import atexit, threading, time, sys
atexit.register(print, "exit function", flush=True)
class Object:
    def __del__(self):
        print("deleted", flush=True)
kept = Object()
def work():
    time.sleep(0.05)
    print("thread done", flush=True)
threading.Thread(target=work).start()
""")
one.close()
print("closed", flush=True)
two = interpreters.create()
two.exec("import atexit; atexit.register(print, 'left behind', flush=True)")
del two
three = interpreters.create()
three.exec("import atexit; atexit.register(print, 'at the very end', flush=True)")
print("last line", flush=True)
