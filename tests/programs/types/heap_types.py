# Which built-in types look as if their module had made them, and what follows from it.
import _io, _random, _sre, _struct, _thread, array, collections, copyreg, functools, io, itertools, json.scanner, operator
import os, pickle, re, select, sys, time, typing, zlib

HEAPTYPE, STATIC_BUILTIN = 1 << 9, 1 << 1
TYPES = (
    int, str, dict, type, object, set, memoryview, map, BaseException, type(sys.flags), type(sys.float_info), typing.Union,
    typing.TypeAliasType, collections.deque, collections.defaultdict, collections.OrderedDict, functools.partial,
    itertools.chain, operator.itemgetter, array.array, io.BytesIO, io.BufferedReader, io.TextIOWrapper, os.stat_result,
    os.DirEntry, os.sched_param, time.struct_time, re.Pattern, re.Match, _random.Random, select.epoll, _thread.LockType,
    _thread.RLock, _struct.Struct, typing.Generic, typing.TypeVar, type(functools.lru_cache(len)),
)
for kind in TYPES:
    print(kind, bool(kind.__flags__ & HEAPTYPE), bool(kind.__flags__ & STATIC_BUILTIN), vars(kind).get("__module__"))

for kind in (object, set, frozenset, memoryview, io.BytesIO, io.FileIO, io.StringIO, io.BufferedReader, io.BufferedRWPair,
             io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper, io.IncrementalNewlineDecoder):
    print(kind.__name__, kind.__text_signature__)
print(_thread.LockType._at_fork_reinit.__text_signature__, _thread.LockType._at_fork_reinit.__doc__)


class Tagged(io.BufferedReader):
    def __init__(self, raw, tag):
        super().__init__(raw)
        self.tag = tag

    def __getstate__(self):
        return self.tag, self.raw.getvalue()

    def __setstate__(self, state):
        self.tag, contents = state
        super().__init__(io.BytesIO(contents))


T = typing.TypeVar("T")


class Box(typing.Generic[T]):
    pass


tagged, box = Tagged(io.BytesIO(b"data"), "tag"), Box()
box.content = [1]
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    if protocol >= 2:
        copy = pickle.loads(pickle.dumps(tagged, protocol))
        print(copy.tag, copy.read())
    print(protocol, pickle.loads(pickle.dumps(box, protocol)).content,
          pickle.loads(pickle.dumps(os.sched_param(3), protocol)), pickle.loads(pickle.dumps(os.stat("/"), protocol)) == os.stat("/"))
