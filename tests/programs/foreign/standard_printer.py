"""The stream that `PyFile_NewStdPrinter` gives, and annotations, pairs and ancestors that the C API does not find."""
import ctypes
import os

api = ctypes.pythonapi
api.PyFile_NewStdPrinter.restype = ctypes.py_object
printer = api.PyFile_NewStdPrinter(1)
kind = type(printer)
print(kind, kind.__doc__, repr(printer).split(" object")[0])
print(printer.fileno(), printer.isatty(), printer.closed, printer.encoding, printer.mode, printer.flush(), printer.close(), printer.closed)

reading, writing = os.pipe()
kept = os.dup(1)
os.dup2(writing, 1)
counts = [printer.write(text) for text in ("text\n", "é€😀\n", "[\udc80]\n", "")]
os.dup2(kept, 1)
print(counts, os.read(reading, 100))
for arguments in ((), (1,), (b"x",), ("a", "b")):
    try:
        printer.write(*arguments)
    except TypeError as error:
        print(error)
try:
    kind()
except TypeError as error:
    print(error)


def plain():
    pass


def annotated(a: int):
    pass


api.PyFunction_GetAnnotations.restype = ctypes.c_void_p
for function in (plain, annotated):
    print(bool(api.PyFunction_GetAnnotations(ctypes.py_object(function))))
print(api.PyFunction_GetAnnotations(ctypes.py_object(plain)) == id(None))
result = ctypes.c_void_p()
print(api.PyDict_Pop(ctypes.py_object({}), None, ctypes.byref(result)), result.value)
