"""Methods that C code tells the class which defines them: another type once they are bound, and arguments parsed as if they had names."""
import _queue
import array
import asyncio
import io
import os
import pickle
import re
import zlib
import zoneinfo

loop = asyncio.new_event_loop()
coroutine = asyncio.sleep(0)
future, task = loop.create_future(), asyncio.Task(coroutine, loop=loop)
pattern, numbers, compressor = re.compile("a"), array.array("i"), zlib.compressobj()
CASES = [
    (future, "cancel exception get_loop set_result add_done_callback done"),
    (task, "get_stack print_stack exception cancel done result"),
    (pattern, "match sub split scanner finditer findall"),
    (pattern.scanner("a"), "match search"),
    (compressor, "copy compress flush"),
    (zlib.decompressobj(), "decompress"),
    (numbers, "extend fromfile __reduce_ex__ append"),
    (iter(numbers), "__reduce__ __setstate__"),
    (io.BytesIO(), "getbuffer read"),
    (io.FileIO(os.devnull), "read readinto truncate close readall"),
    (_queue.SimpleQueue(), "get_nowait put"),
    (zoneinfo.ZoneInfo, "from_file clear_cache no_cache"),
    (pickle.Pickler(io.BytesIO()), "dump clear_memo"),
]


def outcome(function, arguments, keywords):
    try:
        return type(function(*arguments, **keywords)).__name__
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for owner, names in CASES:
    for name in names.split():
        method = getattr(owner, name)
        print(type(owner).__name__, name, type(method).__name__, method.__qualname__, method.__text_signature__)
        for arguments, keywords in [((1, 2, 3, 4, 5, 6), {}), ((), {"bogus": 1}), ((), {"bogus": 1, "other": 2}), ((1,), {"bogus": 1})]:
            print("   ", outcome(method, arguments, keywords))
            if not isinstance(owner, type):
                assert outcome(getattr(type(owner), name), (owner, *arguments), keywords) == outcome(method, arguments, keywords)
future.cancel()
task.cancel()
loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
loop.close()
