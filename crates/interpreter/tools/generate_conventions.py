#!/usr/bin/env python3.14
"""Prints src/specialize/conventions.rs: how CPython 3.14 declares what is called in ways for which it has no specialized instruction.

    python3.14 crates/interpreter/tools/generate_conventions.py > crates/interpreter/src/specialize/conventions.rs

Reads the flags of `PyMethodDef`s, and `tp_vectorcall` of types, in the memory of the CPython that runs it.
"""
import ctypes
import importlib
import sys
import types
import warnings

VARARGS, KEYWORDS, NOARGS, O, FASTCALL, METHOD = 1, 2, 4, 8, 0x80, 0x200
SPECIALIZED = {NOARGS, O, FASTCALL, FASTCALL | KEYWORDS}
IMMUTABLE = 1 << 8
TP_VECTORCALL = 400
PASSED_OVER = "antigravity idlelib lib2to3 pip this tkinter _tkinter turtle turtledemo test".split()
function, method, class_method = type(len), type(str.join), type(dict.__dict__["fromkeys"])


def word(address):
    return ctypes.c_uint64.from_address(address).value


def is_general(definition):
    flags = ctypes.c_int.from_address(definition + 16).value
    return flags & (VARARGS | KEYWORDS | NOARGS | O | FASTCALL | METHOD) not in SPECIALIZED


def definition_of(value):
    if type(value) is staticmethod:
        value = value.__func__
    if type(value) is function:
        return word(id(value) + 16)
    return word(id(value) + 40) if type(value) in (method, class_method) else None


def name_of(class_):
    return class_.__qualname__ if class_.__module__ == "builtins" else f"{class_.__module__}.{class_.__qualname__}"


def all_types(start, found):
    for each in type.__subclasses__(start):
        if each not in found:
            found.add(each)
            all_types(each, found)
    return found


def list_of(names):
    return ", ".join(f'"{name}"' for name in sorted(names))


def main():
    warnings.simplefilter("ignore")
    for name in sorted(sys.stdlib_module_names - set(PASSED_OVER)):
        try:
            importlib.import_module(name)
        except Exception:
            continue
    general, quick = {}, set()
    for module in list(sys.modules.values()):
        for value in list(vars(module).values()):
            if type(value) is function and isinstance(value.__self__, (types.ModuleType, type(None))) and is_general(word(id(value) + 16)):
                general.setdefault(value.__module__, set()).add(value.__name__)
    for class_ in all_types(object, set()):
        if class_.__flags__ & IMMUTABLE and word(id(class_) + TP_VECTORCALL):
            quick.add(name_of(class_))
        for name, value in class_.__dict__.items():
            definition = definition_of(value)
            if name != "__new__" and definition and is_general(definition):
                general.setdefault(name_of(class_), set()).add(name)
    print("""//! How CPython 3.14 declares built-in functions and classes, where that decides what a call of them specializes to.
//!
//! Made by `crates/interpreter/tools/generate_conventions.py`; `specialize::calls` looks here. Ours may have quicker conventions than CPython's, which
//! serve calls by the general instruction too.

/// Functions by the module or type that they belong to whose convention has no specialized instruction; all `__new__` are such. Sorted.
#[rustfmt::skip]
pub(super) const GENERAL: &[(&str, &[&str])] = &[""")
    for owner in sorted(filter(None, general)):
        print(f'    ("{owner}", &[{list_of(general[owner])}]),')
    print("""];

/// Classes with a vectorcall function. Sorted.
#[rustfmt::skip]
pub(super) const WITH_VECTORCALL: &[&str] = &[""")
    for name in sorted(quick):
        print(f'    "{name}",')
    print("];")


if __name__ == "__main__":
    main()
