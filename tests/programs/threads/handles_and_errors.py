"""What can be done with a handle before, while and after its thread runs; what starting refuses."""

import _thread
import sys
import threading

handle = _thread._ThreadHandle()
print(handle, handle.is_done())
for action in (
    handle.join,
    handle._set_done,
    lambda: _thread.start_joinable_thread(1),
    lambda: _thread.start_joinable_thread(print, handle=1),
    lambda: _thread.start_new_thread(1, ()),
    lambda: _thread.start_new_thread(print, 2),
    lambda: _thread.start_new_thread(print, (), 3),
    lambda: _thread.stack_size(-1),
    lambda: _thread.interrupt_main(1000),
    lambda: _thread._make_thread_handle("x"),
    lambda: handle.join("soon"),
    lambda: threading.Thread().join(),
    lambda: threading.current_thread().join(),
):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)

results = []
_thread.start_joinable_thread(lambda: results.append("ran"), handle=handle)
handle.join()
handle.join(0)
print(results, handle.is_done(), handle.ident != 0)
try:
    _thread.start_joinable_thread(print, handle=handle)
except RuntimeError as error:
    print(error)


def fail():
    raise ValueError("in a thread")


threading.excepthook = lambda args: print(args.exc_type.__name__, args.exc_value, args.thread.name)
failing = threading.Thread(target=fail, name="failing")
failing.start()
failing.join()
leaving = threading.Thread(target=sys.exit)
leaving.start()
leaving.join()
print(_thread._count())
