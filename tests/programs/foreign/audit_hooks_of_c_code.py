"""Audit hooks that C code adds: they are told before those of Python code, and may forbid as well."""
import ctypes
import os
import sys
import time

api = ctypes.pythonapi
Hook = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.py_object, ctypes.c_void_p)
EVENTS = ("os.chdir", "time.sleep", "own.event", "sys.addaudithook")
heard = []


@Hook
def first(event, arguments, data):
    event = event.decode()
    if event in EVENTS:
        heard.append(("first", event, arguments, data))
    return 0


@Hook
def second(event, arguments, data):
    if event == b"own.event":
        heard.append(("second", event.decode(), arguments, data))
    return 0


def python_hook(event, arguments):
    if event in EVENTS:
        heard.append(("python", event, arguments))


def show(title):
    print(title, *heard, sep="\n    ")
    heard.clear()


os.chdir(".")
show("before")
print(api.PySys_AddAuditHook(first, None))
os.chdir(".")
show("one of C")
time.sleep(0)
sys.audit("own.event", 1, "a")
show("events")
print(api.PySys_AddAuditHook(second, ctypes.c_void_p(7)))
sys.audit("own.event")
show("two of C")
sys.addaudithook(python_hook)
sys.audit("own.event", 2)
show("one of Python")
os.chdir(".")
show("with the others")

# The functions would be gone before the last events.
sys.stdout.flush()
os._exit(0)
