"""This module provides primitive operations to manage Python interpreters.
The 'interpreters' module provides a more convenient interface.

The queues of the one interpreter that a process of Naja has.
"""

import _thread
from collections import deque as _deque

_lock = _thread.RLock()
_queues = {}
_last_id = 0
_shared_types = set()
_full_class = _empty_class = None


class QueueError(RuntimeError):
    """Indicates that a queue-related error happened."""
    __module__ = "concurrent.interpreters"


class QueueNotFoundError(QueueError):
    __module__ = "concurrent.interpreters"


class _Queue:
    __slots__ = ("items", "maxsize", "unbound", "fallback", "references")

    def __init__(self, maxsize, unbound, fallback):
        self.items = _deque()
        self.maxsize, self.unbound, self.fallback = maxsize, unbound, fallback
        self.references = 0


def _find(qid):
    if not isinstance(qid, int):
        raise TypeError(f"queue ID must be an int, got {type(qid).__name__}")
    try:
        return _queues[qid]
    except KeyError:
        raise QueueNotFoundError(f"queue {qid} not found") from None


def _register_heap_types(queuetype, emptyerror, fullerror):
    global _full_class, _empty_class
    _shared_types.add(queuetype)
    _empty_class, _full_class = emptyerror, fullerror


def create(maxsize, unboundop=-1, fallback=-1):
    """create(maxsize, unboundop, fallback) -> qid

Create a new cross-interpreter queue and return its unique generated ID."""
    global _last_id
    with _lock:
        _last_id += 1
        _queues[_last_id] = _Queue(maxsize, unboundop, fallback)
        return _last_id


def destroy(qid):
    """destroy(qid)

Clear and destroy the queue."""
    with _lock:
        _find(qid)
        del _queues[qid]


def list_all():
    """list_all() -> [(qid, unboundop, fallback)]

Return the list of IDs for all queues."""
    with _lock:
        return [(qid, it.unbound, it.fallback) for qid, it in _queues.items()]


def put(qid, obj, unboundop=-1, fallback=-1):
    """put(qid, obj)

Add the object's data to the queue."""
    from _interpreters import NotShareableError, is_shareable
    with _lock:
        queue = _find(qid)
        if not is_shareable(obj):
            raise NotShareableError(f"{obj!r} does not support cross-interpreter data")
        if 0 < queue.maxsize <= len(queue.items):
            raise (_full_class or QueueError)(f"queue {qid} is full")
        queue.items.append((obj, queue.unbound if unboundop < 0 else unboundop))


def get(qid):
    """get(qid) -> (obj, unboundop)

Return a new object from the data at the front of the queue."""
    with _lock:
        queue = _find(qid)
        if not queue.items:
            raise (_empty_class or QueueError)(f"queue {qid} is empty")
        return queue.items.popleft()[0], None


def bind(qid):
    """bind(qid)

Take a reference to the identified queue."""
    with _lock:
        _find(qid).references += 1


def release(qid):
    """release(qid)

Release a reference to the queue."""
    with _lock:
        queue = _find(qid)
        if queue.references == 0:
            raise QueueError(f"queue {qid} not bound")
        queue.references -= 1
        if queue.references == 0:
            del _queues[qid]


def get_maxsize(qid):
    """get_maxsize(qid)

Return the maximum number of items in the queue."""
    return _find(qid).maxsize


def get_queue_defaults(qid):
    """get_queue_defaults(qid)

Return the queue's default values, set when it was created."""
    queue = _find(qid)
    return queue.unbound, queue.fallback


def is_full(qid):
    """is_full(qid)

Return true if the queue has a maxsize and has reached it."""
    queue = _find(qid)
    return 0 < queue.maxsize <= len(queue.items)


def get_count(qid):
    """get_count(qid)

Return the number of items in the queue."""
    return len(_find(qid).items)
