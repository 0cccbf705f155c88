"""Which types of modules are made when the module is imported, and which may be subclassed: what `__flags__` and `__module__` say."""
import _json
import _multiprocessing
import _struct
import array
import asyncio
import ctypes
import decimal
import os
import pickle
import re
import select
import typing
import zlib

HEAP_TYPE, BASE_TYPE = 1 << 9, 1 << 10


def by_name(owner, name):
    """A type that no module shows."""
    todo = [owner]
    for it in todo:
        todo.extend(type.__subclasses__(it))
        if it.__name__ == name:
            return it


async def iterator():
    return type(asyncio.Future().__await__())


scanner = re.compile("x").scanner("")
types = [
    by_name(object, "_abc_data"), asyncio.run(iterator()), by_name(object, "TaskStepMethWrapper"),
    by_name(object, ctypes.c_int.__mro__[2].__name__), _json.make_encoder, _json.make_scanner,
    _multiprocessing.SemLock, type(scanner),
    type(_struct.Struct("b").iter_unpack(b"")), type(typing.TypeVar("T", bound=int).evaluate_bound), type(iter(array.array("b"))), type(decimal.localcontext()),
    pickle.PickleBuffer, type(os.scandir(".")), type(select.poll()), type(zlib.compressobj()), type(zlib.decompressobj()),
]
for it in types:
    flags = it.__flags__
    print(it.__module__, it.__qualname__, bool(flags & HEAP_TYPE), bool(flags & BASE_TYPE), "__module__" in vars(it))
for it in (pickle.PickleBuffer, _json.make_encoder, _json.make_scanner):
    try:
        type("Derived", (it,), {})
    except TypeError as error:
        print(error)
