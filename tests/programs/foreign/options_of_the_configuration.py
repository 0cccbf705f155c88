"""Options of the configuration by the C API: `PyConfig_Get`, `PyConfig_GetInt`, `PyConfig_Set`, `PyConfig_Names` (PEP 741)."""
import ctypes
import os
import sys

api = ctypes.pythonapi
get, get_int, set_option, names = api.PyConfig_Get, api.PyConfig_GetInt, api.PyConfig_Set, api.PyConfig_Names
get.restype, get.argtypes = ctypes.py_object, [ctypes.c_char_p]
get_int.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
set_option.argtypes = [ctypes.c_char_p, ctypes.py_object]
names.restype = ctypes.py_object


def integer(name):
    result = ctypes.c_int()
    get_int(name.encode(), ctypes.byref(result))
    return result.value


def show(title, do, *arguments):
    try:
        print("   ", title, do(*arguments))
    except Exception as error:
        print("   ", title, "!!", type(error).__name__, error)


VALUES = (1, 0, 5, -5, True, 2**40, 1.5, "x", None, ["a"], [1], [], ("a",), {"a": "b"}, {"a": True}, {"a": 1}, {1: 2})
print(type(names()).__name__)
for name in sorted(names()):
    print(name, type(get(name.encode())).__name__)
    old = get(name.encode())
    for value in VALUES:
        try:
            set_option(name.encode(), value)
            print("   ", value, "->", repr(get(name.encode())))
            set_option(name.encode(), old)
        except Exception as error:
            print("   ", value, "!!", type(error).__name__, error)
for name in ("verbose", "isolated", "allocator", "hash_seed", "optimization_level", "platlibdir", "argv", "home", "no such option"):
    show(name, integer, name)
show("unknown", get, b"no such option")
show("unknown", set_option, b"no such option", 1)

print("-- what follows")
before = sys.flags
set_option(b"verbose", 3)
print(sys.flags is before, sys.flags.verbose, before.verbose)
set_option(b"verbose", 0)
set_option(b"cpu_count", 123)
print(os.cpu_count())
set_option(b"cpu_count", -1)
set_option(b"int_max_str_digits", 5000)
print(sys.get_int_max_str_digits(), sys.flags.int_max_str_digits)
set_option(b"optimization_level", 1)
print(compile("assert x", "", "exec").co_names, sys.flags.optimize)
set_option(b"optimization_level", 0)
print(compile("assert x", "", "exec").co_names)
set_option(b"write_bytecode", False)
print(bool(sys.dont_write_bytecode), sys.flags.dont_write_bytecode)
sys.dont_write_bytecode = []
print(get(b"write_bytecode"))
old = sys.path
set_option(b"module_search_paths", ["elsewhere"])
print(sys.path, get(b"module_search_paths"))
sys.path = old
