# Futures: states, callbacks in order, errors, the awaiting iterator.
import asyncio
import gc


class Loop:
    """A loop that only notes what it is asked."""

    debug = False

    def __init__(self):
        self.calls = []

    def get_debug(self):
        return self.debug

    def call_soon(self, callback, *args, context=None):
        self.calls.append((callback, args, context is not None))

    def call_exception_handler(self, context):
        print("handler:", {key: value for key, value in context.items() if key != "future"})

    def run(self):
        while self.calls:
            callback, args, _ = self.calls.pop(0)
            callback(*args)


def attempt(function, *args):
    try:
        return function(*args)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


loop = Loop()
future = asyncio.Future(loop=loop)
for name in "first second third".split():
    future.add_done_callback(lambda it, name=name: print(name, it))
future.add_done_callback(print)
print(future.remove_done_callback(print), len(future._callbacks), future.remove_done_callback(print))
print(repr(future).replace(__file__, "FILE"), future.done(), future.cancelled(), future._state, future.get_loop() is loop)
print(attempt(future.result), attempt(future.exception))
future.set_result(42)
print(future, future.result(), future.exception(), future._callbacks, len(loop.calls))
loop.run()
print(attempt(future.set_result, 1), attempt(future.set_exception, ValueError), future.cancel())
future.add_done_callback(lambda it: print("late", it))
loop.run()

failed = asyncio.Future(loop=loop)
print(attempt(failed.set_exception, 3))
failed.set_exception(KeyError)
print(failed, failed._log_traceback, attempt(failed.result), failed._log_traceback, repr(failed.exception()))
stopped = asyncio.Future(loop=loop)
stopped.set_exception(StopIteration(1))
print(repr(stopped.exception()), repr(stopped.exception().__cause__))
del failed, stopped
unseen = asyncio.Future(loop=loop)
unseen.set_exception(ValueError("unseen"))
del unseen
gc.collect()

cancelled = asyncio.Future(loop=loop)
print(cancelled.cancel("why"), cancelled, cancelled._cancel_message, cancelled.cancelled(), cancelled.done(), cancelled.cancel())
print(attempt(cancelled.result), attempt(cancelled.exception), repr(cancelled._make_cancelled_error()))

waiting = asyncio.Future(loop=loop)
steps = iter(waiting)
print(next(steps) is waiting, waiting._asyncio_future_blocking, attempt(next, steps))
waiting.set_result("done")
print(attempt(next, steps), attempt(next, steps))
steps = waiting.__await__()
print(attempt(steps.send, 3), attempt(steps.throw, ValueError("x")), attempt(next, steps))
print(attempt(asyncio.Future, 1), attempt(asyncio.Future.__new__(asyncio.Future).cancel))

first, second, third = (asyncio.Future(loop=loop) for _ in range(3))
asyncio.future_add_to_awaited_by(first, second)
print(first._asyncio_awaited_by == {second})
asyncio.future_add_to_awaited_by(first, third)
print(first._asyncio_awaited_by == {second, third})
asyncio.future_discard_from_awaited_by(first, second)
print(first._asyncio_awaited_by == {third}, second._asyncio_awaited_by)


class Named(asyncio.Future):
    def __del__(self):
        print("gone", self.name)
        super().__del__()


named = Named(loop=loop)
named.name = "named"
named.set_exception(ValueError("of a subclass"))
del named
print(asyncio.Future[int], attempt(setattr, waiting, "_log_traceback", True))
