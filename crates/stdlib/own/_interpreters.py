"""This module provides primitive operations to manage Python interpreters.
The 'interpreters' module provides a more convenient interface.

A process of Naja has one interpreter.  What can be asked of it is here; what
would need another one raises NotImplementedError.
"""

import types as _types

WHENCE_UNKNOWN = 0
WHENCE_RUNTIME = 1
WHENCE_LEGACY_CAPI = 2
WHENCE_CAPI = 3
WHENCE_XI = 4
WHENCE_STDLIB = 5

_MAIN = 0

_SETTINGS = ("use_main_obmalloc", "allow_fork", "allow_exec", "allow_threads", "allow_daemon_threads",
             "check_multi_interp_extensions", "gil")
_NAMED = {
    "isolated": (False, False, False, True, False, True, "own"),
    "legacy": (True, True, True, True, True, False, "shared"),
    "empty": (False, False, False, False, False, False, "default"),
    "default": (False, False, False, True, False, True, "own"),
}


class InterpreterError(Exception):
    """A cross-interpreter operation failed"""
    __module__ = "concurrent.interpreters"


class InterpreterNotFoundError(InterpreterError):
    """An interpreter was not found"""
    __module__ = "concurrent.interpreters"


class NotShareableError(TypeError):
    __module__ = "concurrent.interpreters"


def _check(id, restrict=False):
    if not isinstance(id, int):
        raise TypeError(f"interpreter ID must be an int, got {type(id).__name__}")
    if id < 0:
        raise ValueError("interpreter ID must be a non-negative int")
    if id != _MAIN:
        raise InterpreterNotFoundError(f"unrecognized interpreter ID {id}")
    if restrict:
        raise InterpreterError("unrecognized interpreter 0")


def _current(operation):
    raise InterpreterError(f"cannot {operation} current interpreter")


def create(config=None, *, reqrefs=False):
    """create([config], *, reqrefs=False) -> ID

Create a new interpreter and return a unique generated ID."""
    raise NotImplementedError("a second interpreter in one process: _interpreters.create()")


def destroy(id, *, restrict=False):
    """destroy(id, *, restrict=False)

Destroy the identified interpreter."""
    _check(id, restrict)
    _current("destroy the")


def list_all(*, require_ready=False):
    """list_all() -> [(ID, whence)]

Return a list containing the ID of every existing interpreter."""
    return [(_MAIN, WHENCE_RUNTIME)]


def get_current():
    """get_current() -> (ID, whence)

Return the ID of current interpreter."""
    return _MAIN, WHENCE_RUNTIME


def get_main():
    """get_main() -> (ID, whence)

Return the ID of main interpreter."""
    return _MAIN, WHENCE_RUNTIME


def whence(id):
    """whence(id) -> int

Return an identifier for where the interpreter was created."""
    _check(id)
    return WHENCE_RUNTIME


def is_running(id, *, restrict=False):
    """is_running(id, *, restrict=False) -> bool

Return whether or not the identified interpreter is running."""
    _check(id, restrict)
    return True


def incref(id, *, implieslink=False, restrict=False):
    _check(id, restrict)


def decref(id, *, restrict=False):
    _check(id, restrict)


def new_config(name="isolated", /, **overrides):
    """new_config(name='isolated', /, **overrides) -> type.SimpleNamespace

Return a representation of a new PyInterpreterConfig."""
    try:
        config = _types.SimpleNamespace(**dict(zip(_SETTINGS, _NAMED[name])))
    except KeyError:
        raise ValueError(f"unsupported config name '{name}'") from None
    for key, value in overrides.items():
        if key not in _SETTINGS:
            raise ValueError(f"got 1 extra config value: '{key}'")
        setattr(config, key, value)
    return config


def get_config(id, *, restrict=False):
    """get_config(id, *, restrict=False) -> types.SimpleNamespace

Return a representation of the config used to initialize the interpreter."""
    _check(id, restrict)
    return _types.SimpleNamespace(use_main_obmalloc=True, allow_fork=True, allow_exec=True, allow_threads=True,
                                  allow_daemon_threads=True, check_multi_interp_extensions=False, gil="own")


def is_shareable(obj):
    """is_shareable(obj) -> bool

Return True if the object's data may be shared between interpreters and
False otherwise."""
    if isinstance(obj, tuple) and type(obj) is tuple:
        return all(map(is_shareable, obj))
    if obj is None or type(obj) in (bool, int, float, str, bytes, memoryview):
        return True
    from _interpqueues import _shared_types
    return type(obj) in _shared_types


def _run(id, restrict):
    _check(id, restrict)
    raise InterpreterError("interpreter already running")


def run_string(id, script, shared=None, *, restrict=False):
    """run_string(id, script, shared=None, *, restrict=False)

Execute the provided string in the identified interpreter."""
    _run(id, restrict)


def run_func(id, func, shared=None, *, restrict=False):
    """run_func(id, func, shared=None, *, restrict=False)

Execute the body of the provided function in the identified interpreter."""
    _run(id, restrict)


def exec(id, code, shared=None, *, restrict=False):
    """exec(id, code, shared=None, *, restrict=False)

Execute the provided code in the identified interpreter."""
    _run(id, restrict)


def call(id, callable, args=None, kwargs=None, *, preserve_exc=False, restrict=False):
    """call(id, callable, args=None, kwargs=None, *, restrict=False)

Call the provided object in the identified interpreter."""
    _run(id, restrict)


def set___main___attrs(id, updates, *, restrict=False):
    """set___main___attrs(id, ns, *, restrict=False)

Bind the given attributes in the interpreter's __main__ module."""
    _run(id, restrict)


def capture_exception(exc=None):
    """capture_exception(exc=None) -> types.SimpleNamespace

Return a snapshot of an exception.  If "exc" is None
then the current exception, if any, is used (but not cleared)."""
    import sys
    import traceback
    if exc is None:
        exc = sys.exception()
        if exc is None:
            return None
    elif not isinstance(exc, BaseException):
        raise TypeError(f"expected exception, got {exc!r}")
    cls = type(exc)
    described = _types.SimpleNamespace(__name__=cls.__name__, __qualname__=cls.__qualname__, __module__=cls.__module__)
    name = cls.__qualname__ if cls.__module__ in ("builtins", "__main__") else f"{cls.__module__}.{cls.__qualname__}"
    message = str(exc)
    return _types.SimpleNamespace(type=described, msg=message, formatted=f"{name}: {message}" if message else name,
                                  errdisplay="".join(traceback.format_exception(exc)).rstrip("\n"))
