"""Create and manipulate C compatible data types in Python.

C's types as Python classes.  The module _foreign has the memory, the bytes of
simple values and the calls; here is what a type is made of, how values are
converted, and what keeps what alive.

What ctypes needs to know of a class is its _Info, in the class's own
dictionary under _info_.  An instance is bytes of its own, or a place in the
memory of _b_base_, which it keeps alive.
"""

import _foreign
import sys as _sys

__version__ = "1.1.0"

RTLD_LOCAL = 0
RTLD_GLOBAL = 256
CTYPES_MAX_ARGCOUNT = 1024
SIZEOF_TIME_T = 8
FUNCFLAG_CDECL = 1
FUNCFLAG_PYTHONAPI = 4
FUNCFLAG_USE_ERRNO = 8
FUNCFLAG_USE_LASTERROR = 16

from _foreign import (_memmove_addr, _memset_addr, _string_at_addr, _wstring_at_addr,
                      _cast_addr, _memoryview_at_addr, get_errno, set_errno)

_make = _foreign.make
_CData = _foreign.CData
_NO_KEYS = -1  # the index of what a buffer of another object is kept under

# code of a simple type -> size, class in the calling convention, code in buffer formats
_SIMPLE = {
    "c": (1, "I", "c"), "b": (1, "I", "b"), "B": (1, "I", "B"), "?": (1, "I", "?"),
    "h": (2, "I", "h"), "H": (2, "I", "H"), "i": (4, "I", "i"), "I": (4, "I", "I"),
    "l": (8, "I", "q"), "L": (8, "I", "Q"), "q": (8, "I", "q"), "Q": (8, "I", "Q"),
    "f": (4, "S", "f"), "d": (8, "S", "d"), "g": (16, "X", "g"),
    "F": (8, "S", "F"), "D": (16, "SS", "D"), "G": (32, "XX", "G"),
    "v": (2, "I", "v"), "u": (4, "I", "u"), "z": (8, "I", "z"), "Z": (8, "I", "Z"), "P": (8, "I", "P"), "O": (8, "I", "O"),
}
_CODES = "cbBhHiIlLdDFGfuzZqQPOv?g"
_SWAPPABLE = "hHiIlLqQfdFD"
_SIGNED = "bhilq"


# Not by a statement: it has no place in a text.
ArgumentError = type("ArgumentError", (Exception,), {"__module__": "ctypes"})


class _Info:
    """What ctypes knows of a class."""

    __slots__ = ("size", "align", "length", "code", "swapped", "item", "format", "shape", "classes", "parts",
                 "final", "pointer_type", "argtypes", "restype", "flags", "has_pointer", "refusal", "dict_final")

    def __init__(self, size, align, length=0):
        self.size = size
        self.align = align
        self.length = length
        self.code = None
        self.swapped = False
        self.item = None
        self.format = "B"
        self.shape = ()
        self.classes = "M"
        self.parts = ()
        self.final = False
        self.pointer_type = None
        self.argtypes = None
        self.restype = None
        self.flags = 0
        self.has_pointer = False
        self.refusal = None


def _info(cls):
    """What ctypes knows of a class; None if it is no C type that instances can be made of."""
    if isinstance(cls, CType_Type):
        return cls.__dict__.get("_info_")
    return None


def _check_new(cls):
    if "_info_" in cls.__dict__:
        raise SystemError(f"StgInfo of '{cls.__name__}' is already initialized.")


def _set_info(cls, info, item_size=None):
    type.__setattr__(cls, "_info_", info)
    size = info.size if item_size is None else item_size
    type.__setattr__(cls, "_buffer_", (info.format.encode(), size, info.shape))


def _classify(size, parts):
    """The classes of a struct in the calling convention; parts are (offset, code)."""
    if size == 0:
        return ""
    if size > 16:
        return "M"
    classes = [None] * ((size + 7) // 8)
    for offset, code in parts:
        width, letters, _ = _SIMPLE[code]
        if "X" in letters or offset % min(width, 8):
            return "M"
        for place in range(offset // 8, (offset + width - 1) // 8 + 1):
            if letters[0] == "I":
                classes[place] = "I"
            elif classes[place] is None:
                classes[place] = "S"
    return "".join(it or "S" for it in classes)


class CType_Type(type):
    """metatype for C types"""
    __module__ = "_ctypes"

    def __mul__(self, length):
        try:
            length = length.__index__()
        except AttributeError:
            raise TypeError(f"can't multiply sequence by non-int of type '{type(length).__name__}'") from None
        if length < 0:
            raise ValueError(f"Array length must be >= 0, not {length}")
        return _array_type(self, length)

    def __rmul__(self, length):
        return self * length

    @property
    def __pointer_type__(self):
        info = _info(self)
        if info is None:
            raise TypeError(f"{self!r} must have storage info")
        if info.pointer_type is None:
            raise AttributeError(f"type {self!r} has no attribute '__pointer_type__'")
        return info.pointer_type

    @__pointer_type__.deleter
    def __pointer_type__(self):
        info = _info(self)
        if info is None:
            raise TypeError(f"{self!r} must have storage info")
        info.pointer_type = None

    @__pointer_type__.setter
    def __pointer_type__(self, value):
        info = _info(self)
        if info is None:
            raise TypeError(f"{self!r} must have storage info")
        info.pointer_type = value

    def _required_info(self):
        info = _info(self)
        if info is None:
            raise TypeError("abstract class")
        info.final = True
        return info

    def from_address(self, value, /):
        """C.from_address(integer) -> C instance\naccess a C instance at the specified address"""
        if not isinstance(value, int):
            raise TypeError("integer expected")
        _sys.audit("ctypes.cdata", value)
        self._required_info()
        return _at(self, value)

    def from_buffer(self, obj, offset=0, /):
        """C.from_buffer(object, offset=0, /) -> C instance\ncreate a C instance from a writeable buffer"""
        info = self._required_info()
        view = memoryview(obj)
        if view.readonly:
            raise TypeError("underlying buffer is not writable")
        if not view.c_contiguous:
            raise TypeError("underlying buffer is not C contiguous")
        _check_extent(view.nbytes, offset, info.size)
        _sys.audit("ctypes.cdata/buffer", id(view), view.nbytes, offset)
        address, _ = _foreign.buffer_address(view, True)
        result = _at(self, address + offset)
        _keep(result, _NO_KEYS, view)
        return result

    def from_buffer_copy(self, buffer, offset=0, /):
        """C.from_buffer_copy(object, offset=0, /) -> C instance\ncreate a C instance from a readable buffer"""
        info = self._required_info()
        view = memoryview(buffer).cast("B") if not isinstance(buffer, bytes) else buffer
        _check_extent(len(view), offset, info.size)
        result = self.__new__(self)
        result._write(0, view[offset:offset + info.size])
        return result

    def in_dll(self, dll, name, /):
        """C.in_dll(dll, name) -> C instance\naccess a C instance in a dll"""
        _sys.audit("ctypes.dlsym", dll, name)
        handle = dll._handle
        if not isinstance(handle, int):
            raise TypeError("the _handle attribute of the second argument must be an integer")
        try:
            address = _foreign.dlsym(handle, name)
        except OSError as error:
            raise ValueError(str(error)) from None
        self._required_info()
        return _at(self, address)

    def from_param(self, value, /):
        """Convert a Python object into a function call parameter."""
        if isinstance(value, self):
            return value
        if isinstance(value, CArgObject):
            info = self._required_info()
            if isinstance(value._obj, info.item if info.item is not None else self):
                return value
        parameter = getattr(value, "_as_parameter_", _MISSING)
        if parameter is not _MISSING:
            return self.from_param(parameter)
        raise TypeError(f"expected {self.__name__} instance instead of {type(value).__name__}")


def _check_extent(length, offset, size):
    if offset < 0:
        raise ValueError("offset cannot be negative")
    if size > length - offset:
        raise ValueError(f"Buffer size too small ({length} instead of at least {size + offset} bytes)")


def _at(cls, address, base=None, index=0):
    """An instance at an address; base keeps the memory."""
    info = cls._required_info()
    self = _make(cls, info.size, address)
    if base is not None:
        self._be_part_of(base, index)
    if isinstance(self, CFuncPtr):
        self._be_plain()
    return self


def _new(cls, /, *args, **keywords):
    """Create and return a new object.  See help(type) for accurate signature."""
    return _make(cls, cls._required_info().size)


def _reduce(self):
    if _info(type(self)).has_pointer:
        raise ValueError("ctypes objects containing pointers cannot be pickled")
    return _unpickle, (type(self), (getattr(self, "__dict__", {}), self._read(0, self._size)))


def _set_state(self, attributes, data):
    own = getattr(self, "__dict__", {})
    if not isinstance(own, dict):
        raise TypeError(f"{type(self).__name__}.__dict__ must be a dictionary, not {type(own).__name__}")
    self._write(0, data[:self._size])
    own.update(attributes)


def _unpickle(cls, state):
    result = cls.__new__(cls)
    result.__setstate__(*state)
    return result


# What keeps what alive --------------------------------------------------------------------------------------------------------------

def _container(target):
    """The object whose _objects hold what target needs."""
    while target._b_base_ is not None:
        target = target._b_base_
    if target._kept is None and _info(type(target)).length:
        target._kept = {}
    return target


def _keep(target, index, kept):
    if kept is None:
        return
    container = _container(target)
    if type(container._kept) is not dict:
        if index == _NO_KEYS:
            container._kept = {"ffffffff": kept}
        else:
            container._kept = kept
        return
    key = f"{index & 0xFFFFFFFF:x}"
    while target._b_base_ is not None:
        key += f":{target._index:x}"
        target = target._b_base_
    container._kept[key] = kept


def _kept_by(target):
    return _container(target)._kept


# Getting and setting parts of instances --------------------------------------------------------------------------------------------

def _is_plain(cls):
    """True for the simple types themselves, whose values are Python's; subclasses of them are instances."""
    return isinstance(cls, PyCSimpleType) and cls.__base__ is _SimpleCData


def _get(cls, source, index, offset):
    if _is_plain(cls):
        info = _info(cls)
        return source._load(info.code, info.swapped, offset)
    return _at(cls, source._address + offset, source, index)


def _text_pointer(code, value):
    """The address of text, and what keeps it there."""
    if value is None:
        return 0, None
    if isinstance(value, int):
        return value, None
    if code == "z":
        if isinstance(value, bytes):
            return _foreign.address_of_bytes(value), value
        raise TypeError(f"bytes or integer address expected instead of {type(value).__name__} instance")
    if isinstance(value, str):
        wide = _foreign.wide(value)
        return _foreign.address_of_bytes(wide), wide
    raise TypeError(f"unicode string or integer address expected instead of {type(value).__name__} instance")


def _store_simple(target, info, offset, value):
    code = info.code
    if code in "zZ":
        value, kept = _text_pointer(code, value)
        target._store("P", False, offset, value)
        return kept
    if code in "bBhHiIlLqQ" and not isinstance(value, int):
        value = _as_integer(value)
    target._store(code, info.swapped, offset, value)
    return value if code == "O" else None


def _as_integer(value):
    if isinstance(value, float) or not hasattr(type(value), "__index__"):
        raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    return value.__index__()


def _store(cls, target, offset, value):
    """Stores a value; gives what must be kept alive for it."""
    info = _info(cls)
    if isinstance(value, cls) and isinstance(value, _CData):
        target._write(offset, value._read(0, info.size))
        return _kept_by(value)
    if info.code is not None and (_is_plain(cls) or not isinstance(value, _CData)):
        return _store_simple(target, info, offset, value)
    if not isinstance(value, _CData):
        if isinstance(value, tuple):
            try:
                value = cls(*value)
            except Exception as error:
                raise RuntimeError(f"({cls.__name__}) {type(error).__name__}: {error}") from None
            return _store(cls, target, offset, value)
        if isinstance(cls, PyCPointerType) and value is None:
            target._store("P", False, offset, 0)
            return None
        raise TypeError(f"expected {cls.__name__} instance, got {type(value).__name__}")
    if isinstance(cls, PyCPointerType) and isinstance(value, Array):
        if _info(type(value)).item is not info.item:
            raise TypeError(f"incompatible types, {type(value).__name__} instance instead of {cls.__name__} instance")
        target._store("P", False, offset, value._address)
        return _kept_by(value), value
    raise TypeError(f"incompatible types, {type(value).__name__} instance instead of {cls.__name__} instance")


def _set(cls, target, index, offset, value):
    _keep(target, index, _store(cls, target, offset, value))


# Simple types ----------------------------------------------------------------------------------------------------------------------

class PyCSimpleType(CType_Type):
    """metatype for the PyCSimpleType Objects"""
    __module__ = "_ctypes"

    def __init__(self, name, bases, namespace, /, **keywords):
        super().__init__(name, bases, namespace)
        if _CData in bases:
            return
        _check_new(self)
        try:
            code = self._type_
        except AttributeError:
            raise AttributeError("class must define a '_type_' attribute") from None
        if not isinstance(code, str):
            raise TypeError("class must define a '_type_' string attribute")
        if len(code) != 1:
            raise ValueError("class must define a '_type_' attribute which must be a string of length 1")
        if code not in _SIMPLE:
            raise AttributeError("class must define a '_type_' attribute which must be\n"
                                 "a single character string containing one of the\n"
                                 f"supported types: '{_CODES}'.")
        self._make_info(code, False)
        if type(self) is PyCSimpleType and code in _SWAPPABLE:
            swapped = type.__new__(type(self), name + "_be", bases, {**namespace, "_type_": code})
            swapped._make_info(code, True)
            for it in (self, swapped):
                type.__setattr__(it, "__ctype_le__", self)
                type.__setattr__(it, "__ctype_be__", swapped)

    def _make_info(self, code, swapped):
        size, classes, format = _SIMPLE[code]
        info = _Info(size, min(size, 16) if code not in "FDG" else size // 2)
        info.code = code
        info.swapped = swapped
        info.classes = classes
        info.parts = ((0, code),)
        info.format = (">" if swapped else "<") + format
        info.has_pointer = code in "zZPO"
        _set_info(self, info)

    def from_param(self, value, /):
        """Convert a Python object into a function call parameter."""
        if isinstance(value, self):
            return value
        info = self._required_info()
        code = info.code
        if code in "zZP":
            return _pointer_parameter(self, code, value)
        if code == "O":
            return CArgObject("O", _packed(info, value), value)
        try:
            return CArgObject(code, _packed(info, value), value)
        except Exception:
            parameter = getattr(value, "_as_parameter_", _MISSING)
            if parameter is _MISSING:
                raise
        return self.from_param(parameter)


def _pointer_parameter(cls, code, value):
    if value is None:
        return None
    if code == "P":
        if isinstance(value, int):
            return CArgObject("P", (value & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little"), None)
        if isinstance(value, bytes):
            return _text_parameter("z", value)
        if isinstance(value, str):
            return _text_parameter("Z", value)
        if isinstance(value, (Array, _Pointer)):
            return value
        if isinstance(value, CArgObject) and value._tag == "P":
            return value
        if isinstance(value, CFuncPtr):
            return CArgObject("P", value._read(0, 8), value)
        if isinstance(value, _SimpleCData) and _info(type(value)).code in "zZ":
            return CArgObject("Z", value._read(0, 8), value)
    else:
        if isinstance(value, bytes if code == "z" else str):
            return _text_parameter(code, value)
        letters = ("c",) if code == "z" else ("u",)
        if isinstance(value, (Array, _Pointer)):
            item = _info(_info(type(value)).item) if _info(type(value)).item is not None else None
            if item is not None and item.code in letters:
                return value
        if isinstance(value, CArgObject) and isinstance(value._obj, _SimpleCData):
            if _info(type(value._obj)).code in letters:
                return value
    parameter = getattr(value, "_as_parameter_", _MISSING)
    if parameter is not _MISSING:
        return cls.from_param(parameter)
    name = {"z": "c_char_p", "Z": "c_wchar_p", "P": "c_void_p"}[code]
    raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as ctypes.{name}")


def _text_parameter(code, value):
    address, kept = _text_pointer(code, value)
    argument = CArgObject(code, address.to_bytes(8, "little"), value)
    argument._kept = kept
    return argument


def _packed(info, value):
    """The bytes of a simple value."""
    if info.code in "bBhHiIlLqQ" and not isinstance(value, int):
        value = _as_integer(value)
    scratch = _make(_CData, info.size)
    scratch._store(info.code, info.swapped, 0, value)
    return scratch._read(0, info.size)


def _extended(code, data):
    """The bytes of an integer filled up to a register."""
    if len(data) >= 8 or _SIMPLE[code][1] != "I":
        return data
    return int.from_bytes(data, "little", signed=code in _SIGNED).to_bytes(8, "little", signed=code in _SIGNED)


_MISSING = object()


class _SimpleCData(_CData, metaclass=PyCSimpleType):
    """XXX to be provided"""
    __module__ = "_ctypes"
    __slots__ = ()
    __new__ = _new

    def __init__(self, value=_MISSING, /):
        if value is not _MISSING:
            self.value = value

    @property
    def value(self):
        """current value"""
        info = _info(type(self))
        return self._load(info.code, info.swapped, 0)

    @value.setter
    def value(self, value):
        _keep(self, 0, _store_simple(self, _info(type(self)), 0, value))

    @value.deleter
    def value(self):
        raise TypeError("can't delete attribute")

    def __bool__(self):
        return self._read(0, self._size).strip(b"\0") != b""

    def __repr__(self):
        if type(self).__base__ is not _SimpleCData:
            return f"<{type(self).__name__} object at 0x{id(self):x}>"
        return f"{type(self).__name__}({self.value!r})"

    def __ctypes_from_outparam__(self, /):
        """default __ctypes_from_outparam__ method returns self."""
        if type(self).__base__ is not _SimpleCData:
            return self
        return self.value


# Structs and unions ----------------------------------------------------------------------------------------------------------------

class CField:
    """Structure/Union member"""
    __module__ = "ctypes"
    __slots__ = ("_name", "_type", "_offset", "_size", "_index", "_bit_size", "_bit_offset", "_anonymous")

    def __new__(cls, /, *, name, type, byte_size, byte_offset, index, _internal_use, bit_size=None, bit_offset=None):
        info = _info(type)
        if info is None:
            raise TypeError(f"type of field {name!r} must be a C type")
        if not isinstance(name, str):
            raise TypeError(f"CField() argument 'name' must be str, not {name.__class__.__name__}")
        if byte_size != info.size:
            raise ValueError(f"byte size of field {name!r} ({byte_size}) does not match type size ({info.size})")
        if bit_size is not None:
            if info.code is None or info.code not in "bBhHiIlLqQ?":
                raise TypeError(f"bit fields not allowed for type {type.__name__}")
            if not 0 < bit_size <= byte_size * 8:
                raise ValueError(f"number of bits invalid for bit field {name!r}")
            if (bit_offset or 0) + bit_size > byte_size * 8:
                raise ValueError(f"bit field {name!r} overflows its type ({bit_offset} + {bit_size} > {byte_size * 8})")
        self = object.__new__(cls)
        self._name, self._type, self._offset, self._size, self._index = name, type, byte_offset, byte_size, index
        self._bit_size, self._bit_offset, self._anonymous = bit_size, bit_offset or 0, False
        return self

    name = property(lambda self: self._name, doc="name of this field")
    type = property(lambda self: self._type, doc="type of this field")
    offset = property(lambda self: self._offset, doc="offset in bytes of this field (same as byte_offset)")
    byte_offset = property(lambda self: self._offset,
                           doc="offset in bytes of this field. For bitfields: excludes bit_offset.")
    byte_size = property(lambda self: self._size, doc="size of this field in bytes")
    bit_offset = property(lambda self: self._bit_offset,
                          doc="additional offset in bits (relative to byte_offset); zero for non-bitfields")
    bit_size = property(lambda self: self._size * 8 if self._bit_size is None else self._bit_size,
                        doc="size of this field in bits")
    is_bitfield = property(lambda self: self._bit_size is not None, doc="true if this is a bitfield")
    is_anonymous = property(lambda self: self._anonymous, doc="true if this field is anonymous")

    @property
    def size(self):
        """size in bytes of this field. For bitfields, this is a legacy packed value; use byte_size instead"""
        if self._bit_size is not None:
            return self._bit_size << 16 | self._bit_offset
        return self._size

    def __repr__(self):
        head = f"<ctypes.CField {self._name!r} type={self._type.__name__}, ofs={self._offset}, "
        if self._bit_size is not None:
            return head + f"bit_size={self._bit_size}, bit_offset={self._bit_offset}>"
        return head + f"size={self._size}>"

    def _moved(self, offset, index):
        """The same field as part of a struct that has this field's struct in it."""
        field = object.__new__(CField)
        for slot in CField.__slots__:
            setattr(field, slot, getattr(self, slot))
        field._offset += offset
        field._index = index
        field._anonymous = False
        return field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if not isinstance(instance, _CData):
            raise TypeError("not a ctype instance")
        if self._bit_size is not None:
            return self._get_bits(instance)
        item = _info(self._type).item
        if isinstance(self._type, PyCArrayType) and item is not None and _is_plain(item):
            if _info(item).code in "cu":
                return _at(self._type, instance._address + self._offset, instance, self._index).value
        return _get(self._type, instance, self._index, self._offset)

    def __set__(self, instance, value):
        if not isinstance(instance, _CData):
            raise TypeError("not a ctype instance")
        if self._bit_size is not None:
            return self._set_bits(instance, value)
        if isinstance(self._type, PyCArrayType) and not isinstance(value, (_CData, tuple)):
            item = _info(_info(self._type).item)
            if item.code in ("c", "u"):
                return self._set_text(instance, value, item)
        _set(self._type, instance, self._index, self._offset, value)

    def __delete__(self, instance):
        raise TypeError("can't delete attribute")

    def _set_text(self, instance, value, item):
        length = self._size // item.size
        wanted, text = (bytes, "bytes") if item.code == "c" else (str, "unicode string")
        if not isinstance(value, wanted):
            if item.code == "c":
                raise TypeError(f"expected bytes, {type(value).__name__} found")
            raise TypeError(f"unicode string expected instead of {type(value).__name__} instance")
        if len(value) > length:
            kind = "bytes" if item.code == "c" else "string"
            raise ValueError(f"{kind} too long ({len(value)}, maximum length {length})")
        data = value.split(b"\0", 1)[0] if item.code == "c" else _foreign.wide(value)[:-4]
        if len(data) < self._size:
            data += b"\0" * item.size
        instance._write(self._offset, data)

    def _unit(self, instance):
        info = _info(self._type)
        data = instance._read(self._offset, self._size)
        return int.from_bytes(data, "big" if info.swapped else "little"), info

    def _get_bits(self, instance):
        unit, info = self._unit(instance)
        bits = unit >> self._bit_offset & (1 << self._bit_size) - 1
        if info.code == "?":
            return bool(bits)
        if info.code in _SIGNED and bits >> self._bit_size - 1:
            bits -= 1 << self._bit_size
        return bits

    def _set_bits(self, instance, value):
        unit, info = self._unit(instance)
        if info.code == "?":
            value = bool(value)
        elif not isinstance(value, int):
            value = _as_integer(value)
        mask = (1 << self._bit_size) - 1 << self._bit_offset
        unit = unit & ~mask | value << self._bit_offset & mask
        instance._write(self._offset, unit.to_bytes(self._size, "big" if info.swapped else "little"))


def _struct_init(self, name, bases, namespace, /, **keywords):
    type.__init__(self, name, bases, namespace)
    if _CData in bases:
        return
    _check_new(self)
    if "_abstract_" in namespace:
        return
    info = _Info(0, 1)
    info.classes = ""
    base = _info(self.__base__)
    if base is not None:
        base.final = True
        for slot in ("size", "align", "length", "format", "classes", "parts", "has_pointer", "refusal"):
            setattr(info, slot, getattr(base, slot))
    _set_info(self, info)
    if "_fields_" in namespace:
        self._fields_ = namespace["_fields_"]


def _struct_setattr(self, name, value, /):
    if name != "_fields_":
        return type.__setattr__(self, name, value)
    info = _info(self)
    if info is None:
        raise TypeError("ctypes state is not initialized")
    if info.final:
        raise AttributeError("_fields_ is final")
    type.__setattr__(self, name, value)
    _lay_out(self, info, value)


def _struct_delattr(self, name, /):
    if name == "_fields_":
        raise AttributeError(name)
    type.__delattr__(self, name)


def _lay_out(cls, info, fields):
    """Gives a class its fields."""
    from ctypes._layout import get_layout
    is_struct = isinstance(cls, PyCStructType)
    base = cls.__base__ if _info(cls.__base__) is not None else None
    if base is not None:
        _info(base).final = True
    if not isinstance(fields, (list, tuple)):
        try:
            fields = list(fields)
        except TypeError:
            raise TypeError("_fields_ must be a sequence of pairs") from None
    layout = get_layout(cls, fields, is_struct, base)
    if any(field._type is cls for field in layout.fields):
        raise AttributeError("Structure or union cannot contain itself")
    if info.final:
        raise AttributeError("_fields_ is final")
    start = _info(base).length if base is not None else 0
    parts = list(_info(base).parts) if base is not None else []
    info.has_pointer = base is not None and _info(base).has_pointer
    info.refusal = _info(base).refusal if base is not None else None
    if not is_struct:
        info.refusal = "passes a union by value"
    for number, field in enumerate(layout.fields):
        field._index = start + number
        item = _info(field._type)
        item.final = True
        info.has_pointer |= item.has_pointer
        if item.refusal:
            info.refusal = info.refusal or item.refusal
        if field._bit_size is not None:
            info.refusal = info.refusal or "passes a struct/union with a bitfield by value"
        parts += [(field._offset + offset, code) for offset, code in item.parts]
        type.__setattr__(cls, field._name, field)
    info.size, info.align = layout.size, layout.align
    info.length = start + len(layout.fields)
    info.format = layout.format_spec
    info.parts = tuple(parts)
    info.classes = _classify(info.size, parts)
    info.final = True
    _set_info(cls, info)
    _lift_anonymous(cls)


def _lift_anonymous(cls):
    """Makes the fields of anonymous fields the class's own."""
    names = cls.__dict__.get("_anonymous_", getattr(cls, "_anonymous_", None))
    if names is None:
        return
    try:
        names = list(names)
    except TypeError:
        raise TypeError("_anonymous_ must be a sequence") from None
    for name in names:
        outer = getattr(cls, name)
        if not isinstance(outer, CField):
            raise AttributeError(f"'{name}' is specified in _anonymous_ but not in _fields_")
        outer._anonymous = True
        for inner in _all_fields(outer._type):
            if not inner.startswith("__") or inner not in cls.__dict__:
                field = getattr(outer._type, inner)
                if isinstance(field, CField):
                    type.__setattr__(cls, inner, field._moved(outer._offset, outer._index))


def _all_fields(cls):
    names = []
    for it in reversed(cls.__mro__):
        names += [name for name, value in it.__dict__.items() if isinstance(value, CField) and not value._anonymous]
    return names


class PyCStructType(CType_Type):
    """metatype for the CData Objects"""
    __module__ = "_ctypes"
    __init__, __setattr__, __delattr__ = _struct_init, _struct_setattr, _struct_delattr


class UnionType(CType_Type):
    """metatype for the Union Objects"""
    __module__ = "_ctypes"
    __init__, __setattr__, __delattr__ = _struct_init, _struct_setattr, _struct_delattr


def _field_names(cls):
    names = []
    for it in reversed(cls.__mro__):
        if "_fields_" in it.__dict__ and _info(it) is not None:
            names += [field[0] for field in it.__dict__["_fields_"]]
    return names


def _initialize_fields(self, args, keywords):
    if args:
        names = _field_names(type(self))
        for number, value in enumerate(args):
            if number == len(names):
                raise TypeError("too many initializers")
            name = names[number]
            if name in keywords:
                raise TypeError(f"duplicate values for field {name!r}")
            setattr(self, name, value)
    for name, value in keywords.items():
        setattr(self, name, value)


class Structure(_CData, metaclass=PyCStructType):
    """Structure base class"""
    __module__ = "_ctypes"
    __slots__ = ()
    __new__ = _new

    def __init__(self, /, *args, **keywords):
        _initialize_fields(self, args, keywords)


class Union(_CData, metaclass=UnionType):
    """Union base class"""
    __module__ = "_ctypes"
    __slots__ = ()
    __new__ = _new

    def __init__(self, /, *args, **keywords):
        _initialize_fields(self, args, keywords)


# Arrays ----------------------------------------------------------------------------------------------------------------------------

class PyCArrayType(CType_Type):
    """metatype for the Array Objects"""
    __module__ = "_ctypes"

    def __init__(self, name, bases, namespace, /, **keywords):
        super().__init__(name, bases, namespace)
        if _CData in bases:
            return
        _check_new(self)
        length = getattr(self, "_length_", None)
        if length is None:
            raise AttributeError("class must define a '_length_' attribute")
        if not isinstance(length, int):
            raise TypeError("The '_length_' attribute must be an integer")
        if length < 0:
            raise ValueError("The '_length_' attribute must not be negative")
        if length > _sys.maxsize:
            raise OverflowError("The '_length_' attribute is too large")
        item = getattr(self, "_type_", None)
        if item is None:
            raise AttributeError("class must define a '_type_' attribute")
        of_item = _info(item)
        if of_item is None:
            raise TypeError("_type_ must have storage info")
        if of_item.size * length > _sys.maxsize:
            raise OverflowError("array too large")
        of_item.final = True
        info = _Info(of_item.size * length, of_item.align, length)
        info.item = item
        info.format = of_item.format
        info.shape = (length,) + of_item.shape
        info.has_pointer = of_item.has_pointer
        info.refusal = of_item.refusal
        if info.size <= 16:
            info.parts = tuple((number * of_item.size + offset, code)
                               for number in range(length) for offset, code in of_item.parts)
        size = of_item.size
        while of_item.item is not None and isinstance(item, PyCArrayType):
            item = of_item.item
            of_item = _info(item)
            size = of_item.size
        _set_info(self, info, size)
        if type(self) is PyCArrayType and isinstance(self._type_, PyCSimpleType):
            if self._type_._type_ == "c":
                self._add_text_properties(_array_value, _array_raw)
            elif self._type_._type_ == "u":
                self._add_text_properties(_array_wide_value)

    def _add_text_properties(self, value, raw=None):
        type.__setattr__(self, "value", value)
        if raw is not None:
            type.__setattr__(self, "raw", raw)


def _get_value(self):
    data = self._read(0, self._size)
    return data.split(b"\0", 1)[0]


def _set_value(self, value):
    if not isinstance(value, bytes):
        raise TypeError(f"bytes expected instead of {type(value).__name__} instance")
    if len(value) > self._size:
        raise ValueError("byte string too long")
    self._write(0, value + b"\0" if len(value) < self._size else value)


def _set_raw(self, value):
    data = bytes(memoryview(value))
    if len(data) > self._size:
        raise ValueError("byte string too long")
    self._write(0, data)


def _get_wide_value(self):
    characters = self[:]
    return characters.split("\0", 1)[0]


def _set_wide_value(self, value):
    if not isinstance(value, str):
        raise TypeError(f"unicode string expected instead of {type(value).__name__} instance")
    if len(value) > self._size // 4:
        raise ValueError("string too long")
    self._write(0, _foreign.wide(value)[:self._size])


def _no_deletion(self):
    raise TypeError("can't delete attribute")


def _no_raw_deletion(self):
    raise AttributeError("cannot delete attribute")


_array_value = property(_get_value, _set_value, _no_deletion, "string value")
_array_raw = property(lambda self: self._read(0, self._size), _set_raw, _no_raw_deletion, "value")
_array_wide_value = property(_get_wide_value, _set_wide_value, _no_deletion, "string value")


class Array(_CData, metaclass=PyCArrayType):
    """Abstract base class for arrays.

The recommended way to create concrete array types is by multiplying any
ctypes data type with a non-negative integer. Alternatively, you can subclass
this type and define _length_ and _type_ class variables. Array elements can
be read and written using standard subscript and slice accesses for slice
reads, the resulting object is not itself an Array."""
    __module__ = "_ctypes"
    __slots__ = ()
    __new__ = _new

    def __init__(self, /, *args):
        for index, value in enumerate(args):
            self[index] = value

    def __len__(self):
        return _info(type(self)).length

    def _place(self, index):
        info = _info(type(self))
        if not hasattr(type(index), "__index__"):
            raise TypeError("indices must be integers")
        index = index.__index__()
        if index < 0:
            index += info.length
        if not 0 <= index < info.length:
            raise IndexError("invalid index")
        return index, info.item, index * _info(info.item).size

    def __getitem__(self, key):
        if isinstance(key, slice):
            info = _info(type(self))
            return _items(self, info.item, range(*key.indices(info.length)))
        index, item, offset = self._place(key)
        return _get(item, self, index, offset)

    def __setitem__(self, key, value):
        if isinstance(key, slice):
            places = range(*key.indices(len(self)))
            if len(value) != len(places):
                raise ValueError("Can only assign sequence of same size")
            for place, it in zip(places, value):
                self[place] = it
            return
        index, item, offset = self._place(key)
        _set(item, self, index, offset, value)

    def __delitem__(self, key):
        raise TypeError("Array does not support item deletion")

    def __class_getitem__(cls, item, /):
        """See PEP 585"""
        from types import GenericAlias
        return GenericAlias(cls, item)


def _items(self, item, places):
    """The items of an array at several places: bytes and text for characters."""
    info = _info(item)
    if info.code == "c" and _is_plain(item):
        return b"".join(self._read(place, 1) for place in places)
    if info.code == "u" and _is_plain(item):
        return "".join(self._load("u", False, place * 4) for place in places)
    return [_get(item, self, place, place * info.size) for place in places]


_array_types = {}


def _array_type(item, length):
    key = (item, length)
    found = _array_types.get(key)
    if found is None:
        if not isinstance(item, type):
            raise TypeError("Expected a type object")
        name = f"{item.__name__}_Array_{length}"
        found = PyCArrayType(name, (Array,), {"_length_": length, "_type_": item})
        _array_types[key] = found
    return found


# Pointers --------------------------------------------------------------------------------------------------------------------------

class PyCPointerType(CType_Type):
    """metatype for the Pointer Objects"""
    __module__ = "_ctypes"

    def __init__(self, name, bases, namespace, /, **keywords):
        super().__init__(name, bases, namespace)
        if _CData in bases:
            return
        _check_new(self)
        info = _Info(8, 8, 1)
        info.code = None
        info.classes = "I"
        info.parts = ((0, "P"),)
        info.format = "&B"
        info.has_pointer = True
        _set_info(self, info)
        item = namespace.get("_type_")
        if item is not None:
            self._point_to(info, item)

    def _point_to(self, info, item):
        of_item = _info(item)
        if not isinstance(item, type):
            raise TypeError("_type_ must be a type")
        if of_item is None:
            raise TypeError(f"{item!r} must have storage info")
        info.item = item
        shape = f"({','.join(map(str, of_item.shape))})" if of_item.shape else ""
        info.format = "&" + shape + of_item.format
        _set_info(self, info)
        if of_item.pointer_type is None:
            of_item.pointer_type = self

    def set_type(self, type, /):
        info = _info(self)
        self._point_to(info, type)
        super().__setattr__("_type_", type)

    def from_param(self, value, /):
        """Convert a Python object into a function call parameter."""
        if value is None:
            return None
        item = self._required_info().item
        if item is not None and isinstance(value, item):
            return byref(value)
        if isinstance(value, (_Pointer, Array)):
            other = _info(type(value)).item
            if item is not None and other is not None and issubclass(other, item):
                return value
        return super().from_param(value)


class _Pointer(_CData, metaclass=PyCPointerType):
    """XXX to be provided"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __new__(cls, /, *args, **keywords):
        info = _info(cls)
        if info is None or info.item is None:
            raise TypeError("Cannot create instance: has no _type_")
        return _new(cls)

    def __init__(self, value=None, /):
        if value is not None:
            self.contents = value

    def _target(self):
        address = self._load("P", False, 0)
        if address is None:
            raise ValueError("NULL pointer access")
        return address

    @property
    def contents(self):
        """the object this pointer points to (read-write)"""
        return _at(_info(type(self)).item, self._target(), self, 0)

    @contents.setter
    def contents(self, value):
        item = _info(type(self)).item
        if not isinstance(value, item):
            fits = isinstance(value, Array) and issubclass(_info(type(value)).item, item)
            if not fits:
                raise TypeError(f"expected {item.__name__} instead of {type(value).__name__}")
        self._store("P", False, 0, value._address)
        _keep(self, 1, value)
        _keep(self, 0, _kept_by(value))

    @contents.deleter
    def contents(self):
        raise TypeError("Pointer does not support item deletion")

    def _part(self, index):
        item = _info(type(self)).item
        size = _info(item).size
        return item, self._target() + index * size

    def __getitem__(self, key):
        if isinstance(key, slice):
            return self._slice(key)
        if not hasattr(type(key), "__index__"):
            raise TypeError("Pointer indices must be integer")
        index = key.__index__()
        item, address = self._part(index)
        if _is_plain(item):
            info = _info(item)
            return _foreign.load(info.code, info.swapped, address)
        return _at(item, address, self, index)

    def _slice(self, key):
        step = 1 if key.step is None else key.step
        if step == 0:
            raise ValueError("slice step cannot be zero")
        if key.start is None:
            if step < 0:
                raise ValueError("slice start is required for step < 0")
            start = 0
        else:
            start = key.start
        if key.stop is None:
            raise ValueError("slice stop is required")
        places = range(start, key.stop, step)
        items = [self[place] for place in places]
        item = _info(type(self)).item
        if _is_plain(item) and _info(item).code == "c":
            return b"".join(items)
        if _is_plain(item) and _info(item).code == "u":
            return "".join(items)
        return items

    def __setitem__(self, key, value):
        if isinstance(key, slice) or not hasattr(type(key), "__index__"):
            raise TypeError("Pointer does not support item assignment" if isinstance(key, slice)
                            else "Pointer indices must be integer")
        index = key.__index__()
        item, address = self._part(index)
        target = _at(item, address, self, index)
        _keep(self, index, _store(item, target, 0, value))

    def __delitem__(self, key):
        raise TypeError("Pointer does not support item deletion")

    def __bool__(self):
        return self._load("P", False, 0) is not None


# Functions -------------------------------------------------------------------------------------------------------------------------

class CArgObject:
    """An argument that was converted, and what it needs."""
    __slots__ = ("_tag", "_data", "_obj", "_kept", "__weakref__")

    def __init__(self, tag, data, obj):
        self._tag, self._data, self._obj = tag, data, obj

    def __repr__(self):
        tag, data = self._tag, self._data
        if tag in "bBhHiIlLqQ":
            return f"<cparam '{tag}' ({int.from_bytes(data, 'little', signed=tag in _SIGNED)})>"
        if tag in "fd":
            return f"<cparam '{tag}' ({_load_bytes(tag, data)!r})>"
        if tag == "c":
            byte = data[0]
            shown = chr(byte) if 32 <= byte < 127 and byte not in b"'\\" else f"\\x{byte:02x}"
            return f"<cparam '{tag}' ('{shown}')>"
        if tag in "zZP":
            return f"<cparam '{tag}' (0x{int.from_bytes(data, 'little'):x})>"
        return f"<cparam '{tag}' at 0x{id(self):x}>"


CArgObject.__module__ = "_ctypes"


def _load_bytes(code, data):
    scratch = _make(_CData, max(len(data), _SIMPLE[code][0]))
    scratch._write(0, data)
    return scratch._load(code, False, 0)


def _as_argument(number, value):
    """Class and bytes of an argument, and what keeps it alive."""
    if isinstance(value, _CData):
        info = _info(type(value))
        if isinstance(value, Array):
            return ("I", value._address.to_bytes(8, "little")), value
        if info.code is not None:
            return (info.classes, _extended(info.code, value._read(0, info.size))), value
        return (info.classes, value._read(0, value._size)[:info.size]), value
    if isinstance(value, CArgObject):
        return (_SIMPLE[value._tag][1], _extended(value._tag, value._data)), value
    if value is None:
        return ("I", bytes(8)), value
    if isinstance(value, int):
        return ("I", (value & 0xFFFFFFFF).to_bytes(8, "little") if -1 << 31 <= value < 1 << 32
                else (value & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little")), value
    if isinstance(value, bytes):
        return ("I", _foreign.address_of_bytes(value).to_bytes(8, "little")), value
    if isinstance(value, str):
        return _as_argument(number, _text_parameter("Z", value))
    parameter = getattr(value, "_as_parameter_", _MISSING)
    if parameter is not _MISSING:
        return _as_argument(number, parameter)
    raise TypeError(f"Don't know how to convert parameter {number}")


def _convert_arguments(argtypes, args):
    converted, kept = [], []
    for index, value in enumerate(args):
        try:
            if argtypes is not None and index < len(argtypes):
                value = argtypes[index].from_param(value)
            argument, keep = _as_argument(index + 1, value)
        except Exception as error:
            raise ArgumentError(f"argument {index + 1}: {type(error).__name__}: {error}") from error
        converted.append(argument)
        kept.append(keep)
    return converted, kept


def _result_shape(restype):
    if restype is None:
        return "", 0
    info = _info(restype)
    if info is None:
        return "I", 8
    return info.classes, info.size


def _as_result(restype, data):
    if restype is None:
        return None
    info = _info(restype)
    if info is None:
        return restype(int.from_bytes(data[:4], "little", signed=True))
    if info.code == "O" and _is_plain(restype):
        result = _foreign.object_at(int.from_bytes(data, "little"))
    elif info.code is not None and _is_plain(restype):
        result = _load_bytes(info.code, data)
    else:
        result = restype.__new__(restype)
        result._write(0, data)
    check = getattr(restype, "_check_retval_", None)
    return result if check is None else check(result)


def _check_argtypes(types):
    try:
        types = tuple(types)
    except TypeError:
        raise TypeError("_argtypes_ must be a sequence of types") from None
    if len(types) > CTYPES_MAX_ARGCOUNT:
        raise ArgumentError(f"_argtypes_ has too many arguments ({len(types)}), maximum is {CTYPES_MAX_ARGCOUNT}")
    for number, it in enumerate(types, 1):
        if not hasattr(it, "from_param"):
            raise TypeError(f"item {number} in _argtypes_ has no from_param method")
        info = _info(it)
        if info is not None and info.refusal and not isinstance(it, PyCArrayType):
            raise TypeError(f"item {number} in _argtypes_ {info.refusal}, which is unsupported.")
    return types


def _check_restype(value):
    if value is not None and _info(value) is None and not callable(value):
        raise TypeError("restype must be a type, a callable, or None")
    return value


class PyCFuncPtrType(CType_Type):
    """metatype for C function pointers"""
    __module__ = "_ctypes"

    def __init__(self, name, bases, namespace, /, **keywords):
        super().__init__(name, bases, namespace)
        if _CData in bases:
            return
        _check_new(self)
        info = _Info(8, 8, 1)
        info.classes = "I"
        info.parts = ((0, "P"),)
        info.format = "X{}"
        info.has_pointer = True
        flags = getattr(self, "_flags_", None)
        if not isinstance(flags, int):
            raise TypeError("class must define _flags_ which must be an integer")
        info.flags = flags
        argtypes = getattr(self, "_argtypes_", None)
        if argtypes is not None:
            if not isinstance(argtypes, tuple):
                raise TypeError("_argtypes_ must be a sequence of types")
            info.argtypes = _check_argtypes(argtypes)
        restype = getattr(self, "_restype_", None)
        if restype is not None and _info(restype) is None and not callable(restype):
            raise TypeError("_restype_ must be a type, a callable, or None")
        info.restype = restype
        _set_info(self, info)


def _make_callback(cls, info, function):
    """A closure that converts arguments and results for a Python function."""
    argtypes, restype = info.argtypes, info.restype
    if argtypes is None:
        raise TypeError("cannot construct instance of this class: no argtypes")
    result_info = _info(restype)
    if restype is not None and (result_info is None or result_info.code is None):
        raise TypeError("invalid result type for callback function")
    kinds = tuple((_info(it).classes, _info(it).size) for it in argtypes)

    def convert(cls, data):
        it = _info(cls)
        if it.code is not None and _is_plain(cls):
            return _load_bytes(it.code, data)
        value = cls.__new__(cls)
        value._write(0, data)
        return value

    def callback(*values):
        arguments = [convert(it, data) for it, data in zip(argtypes, values)]
        try:
            result = function(*arguments)
        except BaseException as error:
            _report(f"Exception ignored while calling ctypes callback function {function!r}", error)
            return None
        if restype is None:
            return None
        try:
            scratch = restype.__new__(restype)
            kept = _store(restype, scratch, 0, result)
            if result_info.code == "O":
                Py_INCREF(result)
            elif kept is not None:
                _leaked.append(kept)
                import warnings
                warnings.warn("memory leak in callback function.", RuntimeWarning)
            return _callback_bytes(result_info, scratch)
        except BaseException as error:
            _report(f"Exception ignored while converting result of ctypes callback function {function!r}", error)
            return None

    shape = _result_shape(restype)
    return _foreign.Closure(callback, kinds, (shape[0], 8 if shape[0] == "I" else shape[1]), info.flags)


_leaked = []


def _callback_bytes(info, value):
    data = value._read(0, info.size)
    return _extended(info.code, data) if info.code is not None and info.classes == "I" else data


def _report(message, error):
    import types
    hook = _sys.unraisablehook
    hook(types.SimpleNamespace(exc_type=type(error), exc_value=error, exc_traceback=error.__traceback__,
                               err_msg=message, object=None))


class CFuncPtr(_CData, metaclass=PyCFuncPtrType):
    """Function Pointer"""
    __module__ = "_ctypes"
    __slots__ = ("_closure", "_callable", "_paramflags", "_argtypes_own", "_restype_own", "_errcheck_own", "__dict__")

    def __new__(cls, /, *args):
        self = _new(cls)
        self._be_plain()
        return self

    def _be_plain(self):
        self._closure = self._callable = self._paramflags = self._errcheck_own = None
        self._argtypes_own = self._restype_own = _MISSING

    def __init__(self, /, *args):
        info = _info(type(self))
        if not args:
            return
        if isinstance(args[0], tuple):
            if len(args) > 2:
                raise TypeError(f"function takes at most 2 arguments ({len(args)} given)")
            self._from_dll(args[0], *args[1:])
            return
        if len(args) > 1:
            raise TypeError(f"function takes exactly 1 argument ({len(args)} given)")
        target = args[0]
        if isinstance(target, int):
            self._store("P", False, 0, target)
            return
        if not callable(target):
            raise TypeError("argument must be callable or integer function address")
        self._closure = _make_callback(type(self), info, target)
        self._callable = target
        self._store("P", False, 0, self._closure.address)
        _keep(self, 0, self._closure)

    def _from_dll(self, pair, paramflags=None):
        if len(pair) != 2:
            raise TypeError(f"function takes exactly 2 arguments ({len(pair)} given)")
        name, dll = pair
        _sys.audit("ctypes.dlsym", dll, name)
        if not isinstance(name, (str, bytes)):
            raise TypeError("function name must be string, bytes object or integer") if not isinstance(name, int) \
                else AttributeError(f"function ordinal {name} not found")
        handle = dll._handle
        if not isinstance(handle, int):
            raise TypeError("the _handle attribute of the second argument must be an integer")
        if isinstance(name, bytes):
            name = name.decode()
        try:
            address = _foreign.dlsym(handle, name)
        except OSError as error:
            message = str(error)
            if message == f"symbol '{name}' not found":
                message = f"function '{name}' not found"
            raise AttributeError(message) from None
        self._paramflags = self._check_paramflags(paramflags, _info(type(self)).argtypes)
        self._store("P", False, 0, address)
        _keep(self, 0, dll)

    def _check_paramflags(self, paramflags, argtypes):
        if paramflags is None or argtypes is None:
            return None
        if not isinstance(paramflags, tuple):
            raise TypeError("paramflags must be a tuple or None")
        if len(paramflags) != len(argtypes):
            raise ValueError("paramflags must have the same length as argtypes")
        for it, argtype in zip(paramflags, argtypes):
            if not isinstance(it, tuple) or not it or not isinstance(it[0], int):
                raise TypeError("paramflags must be a sequence of (int [,string [,value]]) tuples")
            kind = it[0] & 7
            if kind not in (0, 1, 2, 3, 4, 5):
                raise TypeError(f"paramflag value {it[0]} not supported")
            if kind & 2 and not (isinstance(argtype, (PyCPointerType, PyCArrayType)) or
                                 _info(argtype) is not None and _info(argtype).code in ("P", "z", "Z")):
                raise TypeError(f"'out' parameter {paramflags.index(it) + 1} must be a pointer type, "
                                f"not {argtype.__name__}")
        return paramflags

    @property
    def argtypes(self):
        """specify the argument types"""
        own = self._argtypes_own
        return _info(type(self)).argtypes if own is _MISSING else own

    @argtypes.setter
    def argtypes(self, value):
        if value is not None:
            value = _check_argtypes(value)
            self._check_paramflags(self._paramflags, value)
        self._argtypes_own = value

    @argtypes.deleter
    def argtypes(self):
        self._argtypes_own = _MISSING

    @property
    def restype(self):
        """specify the result type"""
        own = self._restype_own
        return _info(type(self)).restype if own is _MISSING else own

    @restype.setter
    def restype(self, value):
        self._restype_own = _check_restype(value)

    @restype.deleter
    def restype(self):
        self._restype_own = _MISSING

    @property
    def errcheck(self):
        """a function to check for errors"""
        return self._errcheck_own

    @errcheck.setter
    def errcheck(self, value):
        if value is not None and not callable(value):
            raise TypeError("the errcheck attribute must be callable")
        self._errcheck_own = value

    @errcheck.deleter
    def errcheck(self):
        self._errcheck_own = None

    def __bool__(self):
        return self._load("P", False, 0) is not None

    def __repr__(self):
        return f"<{type(self).__name__} object at 0x{id(self):x}>"

    def __call__(self, /, *args, **keywords):
        argtypes = self.argtypes
        out = []
        if self._paramflags is not None and argtypes:
            args, out = self._build_arguments(argtypes, args, keywords)
        if argtypes is not None:
            if len(args) < len(argtypes):
                plural = "" if len(argtypes) == 1 else "s"
                raise TypeError(f"this function takes at least {len(argtypes)} argument{plural} ({len(args)} given)")
        if len(args) > CTYPES_MAX_ARGCOUNT:
            raise ArgumentError(f"too many arguments ({len(args)}), maximum is {CTYPES_MAX_ARGCOUNT}")
        address = self._load("P", False, 0)
        converted, kept = _convert_arguments(argtypes, args)
        if address is None:
            raise ValueError("attempt to call a NULL function pointer")
        restype = self.restype
        _sys.audit("ctypes.call_function", address, args)
        data = _foreign.call(address, tuple(converted), _result_shape(restype), _info(type(self)).flags)
        result = _as_result(restype, data)
        if self._errcheck_own is not None:
            args = tuple(args)
            checked = self._errcheck_own(result, self, args)
            # A function that gives its arguments back lets the result take its usual way.
            if checked is not args:
                return checked
        if out:
            values = tuple(it.__ctypes_from_outparam__() for it in out)
            return values[0] if len(values) == 1 else values
        return result

    def _build_arguments(self, argtypes, args, keywords):
        """Arguments as the parameter flags want them: outputs are made here."""
        given, built, out, used = list(args), [], [], set()
        for number, (flags, argtype) in enumerate(zip(self._paramflags, argtypes)):
            kind = flags[0] & 7
            name = flags[1] if len(flags) > 1 else None
            has_default = len(flags) > 2
            if kind == 2:
                if has_default:
                    value = flags[2]
                else:
                    value = argtype() if isinstance(argtype, PyCArrayType) else _info(argtype).item()
                out.append(value)
                built.append(value if isinstance(value, Array) else byref(value) if isinstance(value, _CData) else value)
                continue
            if kind == 5 or kind == 4:
                built.append(flags[2] if has_default else 0)
                continue
            if given:
                value = given.pop(0)
            elif name is not None and name in keywords:
                value = keywords[name]
                used.add(name)
            elif has_default:
                value = flags[2]
            else:
                raise TypeError(f"required argument '{name}' missing" if name else "not enough arguments")
            if kind == 3:
                item = _info(argtype).item
                if not isinstance(value, _CData):
                    value = item(value)
                out.append(value)
            built.append(value)
        if given or set(keywords) - used:
            count = len(args) + len(keywords)
            wanted = sum(1 for it in self._paramflags if it[0] & 7 in (0, 1, 3))
            raise TypeError(f"call takes exactly {wanted} arguments ({count} given)")
        return built, out


# Functions of the module -----------------------------------------------------------------------------------------------------------

def _describe(obj):
    return type(obj).__name__


def sizeof(obj, /):
    """Return the size in bytes of a C instance."""
    info = _info(obj)
    if info is not None:
        return info.size
    if isinstance(obj, _CData):
        return obj._size
    raise TypeError("this type has no size")


def alignment(object, /):
    """alignment(C type) -> integer
alignment(C instance) -> integer
Return the alignment requirements of a C instance"""
    info = _info(object) or _info(type(object))
    if info is None:
        raise TypeError("no alignment info")
    return info.align


def byref(obj, offset=0, /):
    """Return a pointer lookalike to a C instance, only usable as function argument."""
    if not isinstance(obj, _CData):
        raise TypeError(f"byref() argument 1 must be _ctypes._CData, not {_describe(obj)}")
    return CArgObject("P", ((obj._address + offset) & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little"), obj)


def addressof(obj, /):
    """Return the address of the C instance internal buffer"""
    if not isinstance(obj, _CData):
        raise TypeError(f"addressof() argument must be _ctypes._CData, not {_describe(obj)}")
    _sys.audit("ctypes.addressof", obj)
    return obj._address


def resize(obj, size, /):
    if not isinstance(obj, _CData):
        raise TypeError(f"resize() argument 1 must be _ctypes._CData, not {_describe(obj)}")
    smallest = _info(type(obj)).size
    if size < smallest:
        raise ValueError(f"minimum size is {smallest}")
    if not obj._is_owner:
        raise ValueError("Memory cannot be resized because this object doesn't own it")
    obj._resize(size)


def buffer_info(object, /):
    """Return buffer interface information"""
    info = _info(object) or _info(type(object))
    if info is None:
        raise TypeError("not a ctypes type or object")
    return info.format, len(info.shape), info.shape


def dlopen(name, flag=2, /):
    """dlopen(name, flag={RTLD_GLOBAL|RTLD_LOCAL}) open a shared library"""
    _sys.audit("ctypes.dlopen", name)
    return _foreign.dlopen(name, flag)


def dlsym(handle, name, /):
    """find symbol in shared library"""
    if not isinstance(name, str):
        raise TypeError(f"dlsym() argument 2 must be str, not {_describe(name)}")
    _sys.audit("ctypes.dlsym/handle", handle, name)
    return _foreign.dlsym(handle, name)


def dlclose(handle, /):
    """dlclose a library"""
    _foreign.dlclose(handle)


def call_function(function, arguments, /):
    return _call_address(function, arguments, 0)


def call_cdeclfunction(function, arguments, /):
    return _call_address(function, arguments, FUNCFLAG_CDECL)


def _call_address(function, arguments, flags):
    if not isinstance(arguments, tuple):
        raise TypeError(f"argument 2 must be tuple, not {_describe(arguments)}")
    _sys.audit("ctypes.call_function", function, arguments)
    converted, kept = _convert_arguments(None, arguments)
    data = _foreign.call(function, tuple(converted), ("I", 4), flags)
    return int.from_bytes(data, "little", signed=True)


def PyObj_FromPtr(address, /):
    _sys.audit("ctypes.PyObj_FromPtr", address)
    return _foreign.load("O", False, _pointer_to(address))


_pointer_cell = _make(_CData, 8)


def _pointer_to(address):
    _pointer_cell._store("P", False, 0, address)
    return _pointer_cell._address


def Py_INCREF(object, /):
    _foreign.change_count(object, 1)
    return object


def Py_DECREF(object, /):
    _foreign.change_count(object, -1)
    return object


def _cast(address, source, cls):
    """What ctypes.cast does, once the address is known."""
    code = _info(cls).code if _info(cls) is not None else None
    if not (isinstance(cls, (PyCPointerType, PyCFuncPtrType)) or code is not None and code in "sPzUZXO"):
        raise TypeError("cast() argument 2 must be a pointer type")
    result = cls()
    if isinstance(source, _CData):
        kept = _kept_by(source)
        if isinstance(kept, dict):
            result._kept = kept
        else:
            result._kept = {}
            if kept is not None:
                result._kept[id(kept)] = kept
        result._kept[id(source)] = source
        if isinstance(kept, dict):
            source_root = _container(source)
            source_root._kept = result._kept
    result._store("P", False, 0, address)
    return result


def _memoryview_at(address, size, readonly):
    if size < 0:
        raise ValueError(f"memoryview_at: size is negative (or overflowed): {size}")
    _sys.audit("ctypes.memoryview_at", address, size, readonly)
    view = memoryview(_make(_CData, size, address))
    return view.toreadonly() if readonly else view


# CPython's are static types, or made from specifications: immutable.
for _class in (CType_Type, PyCSimpleType, PyCStructType, UnionType, PyCArrayType, PyCPointerType, PyCFuncPtrType,
               _SimpleCData, Structure, Union, Array, _Pointer, CFuncPtr, CField, CArgObject):
    _foreign.seal(_class)
del _class
