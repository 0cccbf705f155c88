# C's types and functions through ctypes: values, layouts, calls, callbacks, and who keeps what alive.
import ctypes
import pickle
from ctypes import *


def attempt(function, *arguments):
    try:
        print(repr(function(*arguments)))
    except Exception as error:
        print(type(error).__name__, error)


print("values")
for code, value in [(c_int, -1), (c_uint8, 300), (c_short, 70000), (c_double, 1), (c_float, 0.1), (c_bool, "x"),
                    (c_char, b"x"), (c_wchar, "é"), (c_longdouble, 2.5), (c_void_p, 0), (c_char_p, b"text"),
                    (c_int64, 2**100 + 5), (c_double_complex, 1 + 2j)]:
    print(code.__name__, sizeof(code), alignment(code), repr(code(value).value), memoryview(code()).format)
for code, value in [(c_int, "x"), (c_int, 1.5), (c_char, b"ab"), (c_wchar, "ab"), (c_char_p, 3.5), (c_void_p, "x")]:
    attempt(code, value)
print(c_int.__ctype_be__(1).value, bytes(c_int.__ctype_be__(1)), bytes(c_int(1)))


class Inner(Structure):
    _fields_ = [("x", c_short), ("y", c_double)]


class Either(Union):
    _fields_ = [("number", c_int), ("bytes", c_char * 4)]


class Outer(Structure):
    _anonymous_ = ["either"]
    _fields_ = [("first", c_byte), ("inner", Inner), ("either", Either), ("low", c_int, 3), ("high", c_uint, 5),
                ("items", c_int * 3), ("name", c_char * 5), ("next", POINTER(c_int))]


print("layouts")
for field in ["first", "inner", "either", "low", "high", "items", "name", "next", "number"]:
    print(getattr(Outer, field))
print(sizeof(Outer), alignment(Outer), memoryview(Outer()).format)
outer = Outer(1, (2, 3.5), low=-3, high=40, items=(1, 2, 3), name=b"abc")
outer.number = 0x64636261
print(outer.bytes, outer.low, outer.high, outer.items[:], outer.items[::-2], outer.name, outer.inner.y, bool(outer.next))
outer.inner.x += 5
print(outer.inner.x, outer.inner._b_base_ is outer, bytes(outer)[:12])
attempt(lambda: outer.next.contents)
attempt(lambda: outer.items[3])
attempt(setattr, outer, "name", b"too long")
attempt(setattr, outer, "inner", 3)
attempt(Outer, 1, 2)
attempt(setattr, Outer, "_fields_", [])
attempt(Structure)
print(pickle.loads(pickle.dumps(Inner(1, 2.0))).y)


class Big(BigEndianStructure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("a", c_short), ("b", c_int)]


print(bytes(Big(1, 2)), sizeof(Big))

print("memory")
number = c_int(5)
pointer_to = pointer(number)
pointer_to[0] = 7
print(number.value, pointer_to.contents.value, pointer_to._objects, addressof(number) == addressof(pointer_to.contents))
buffer = create_string_buffer(b"abc", 8)
print(buffer.raw, buffer.value, len(buffer), buffer[1], buffer[:2])
memmove(buffer, b"xyz", 2)
memset(addressof(buffer) + 4, 65, 2)
print(buffer.raw, string_at(buffer), string_at(buffer, 6), wstring_at(create_unicode_buffer("wide"), 2))
data = bytearray(b"\1\0\0\0\2\0\0\0")
array = (c_int * 2).from_buffer(data)
array[1] = 9
print(data, list(array), (c_int * 2).from_buffer_copy(data)[0])
attempt((c_int * 3).from_buffer, data)
attempt(c_int.from_buffer, b"four")
print(cast(array, POINTER(c_short))[0:4], memoryview_at(addressof(array), 4).tobytes())
resize(number, 64)
print(sizeof(number), number.value)
attempt(resize, number, 1)

print("calls")
library = CDLL(None)
library.strtod.restype = c_double
library.strtod.argtypes = [c_char_p, POINTER(c_char_p)]
rest = c_char_p()
print(library.strtod(b"2.5rest", byref(rest)), rest.value)
attempt(library.strtod, b"1")
attempt(library.strtod, "text", None)
print(library.abs(-5), library.atoi(b"77"), library.toupper(c_int(97)))
library.ldexp.restype = c_double
library.ldexp.argtypes = [c_double, c_int]
print(library.ldexp(1.5, 4))
print(hasattr(library, "no_such_function"))


class Division(Structure):
    _fields_ = [("quotient", c_long), ("remainder", c_long)]


library.ldiv.restype = Division
library.ldiv.argtypes = [c_long, c_long]
division = library.ldiv(17, 5)
print(division.quotient, division.remainder)
text = create_string_buffer(60)
print(library.snprintf(text, c_size_t(60), b"%d %s %.2f %g", 5, b"text", c_double(2.5), c_double(0.1)), text.value)

comparer = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
numbers = (c_int * 6)(5, 2, 9, -1, 7, 0)
library.qsort.restype = None
library.qsort(numbers, 6, sizeof(c_int), comparer(lambda left, right: left[0] - right[0]))
print(list(numbers))
by_value = CFUNCTYPE(c_double, c_double, c_int, c_float, c_char)(lambda a, b, c, d: a + b + c + d[0])
print(by_value(1.5, 2, 0.5, b"A"))
many = CFUNCTYPE(c_longlong, *[c_int, c_double] * 10)(lambda *values: int(sum(values)))
print(many(*range(20)))

library = CDLL(None, use_errno=True)
set_errno(0)
print(library.close(-1), get_errno())


def check(result, function, arguments):
    return result, arguments


library.labs.errcheck = check
library.labs.restype = c_long
library.labs.argtypes = [c_long]
print(library.labs(-3))
attempt(CFUNCTYPE(c_int), "text")
attempt(lambda: CFUNCTYPE(c_int, int))
print(c_int.from_param(3), c_char.from_param(b"x"), sizeof(c_int * 3), (c_int * 3).__name__, POINTER(c_int) is POINTER(c_int))
