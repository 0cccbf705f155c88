"""Where exceptions come from while calls are watched, and how many references a watched call keeps."""
import asyncio
import sys

monitoring = sys.monitoring
events = monitoring.events
OWN = __file__


def failing(*arguments, **keywords):
    raise ValueError(arguments, keywords)


def plain():
    failing(1)


def spread():
    failing(*[1], **{"a": 2})


def constructor():
    class Failing:
        def __init__(self):
            failing()
    Failing()


class Delegate:
    def __await__(self):
        yield 1
        failing()


async def inner():
    await Delegate()


async def awaiting():
    await inner()


def delegating():
    yield from Delegate().__await__()


class ByHand:
    def __init__(self, count):
        self.count = count

    def __iter__(self):
        return self

    def __next__(self):
        self.count -= 1
        if not self.count:
            raise StopIteration("over")
        return self.count


def over_objects():
    return (yield from ByHand(3))


def drive(coroutine):
    while True:
        coroutine.send(None)


async def with_futures():
    loop = asyncio.get_running_loop()
    for outcome in (None, 5):
        future = loop.create_future()
        loop.call_soon(future.set_result, outcome)
        await future


def tell(name):
    def callback(code, offset, *rest):
        if code.co_filename == OWN:
            print(" ", name, code.co_qualname, offset, *(type(it).__name__ for it in rest if isinstance(it, BaseException)))
    monitoring.register_callback(0, getattr(events, name), callback)


monitoring.use_tool_id(0, "raising")
for name in ("RAISE", "RERAISE", "PY_UNWIND", "EXCEPTION_HANDLED", "STOP_ITERATION", "PY_THROW", "CALL"):
    tell(name)
RAISING = events.RAISE | events.RERAISE | events.PY_UNWIND | events.EXCEPTION_HANDLED | events.STOP_ITERATION | events.PY_THROW
CASES = [plain, spread, constructor, lambda: drive(awaiting()), lambda: drive(delegating()), lambda: drive(over_objects()),
         lambda: asyncio.run(with_futures())]
for case in CASES:
    for wanted in (RAISING, RAISING | events.CALL):
        print(case.__name__, wanted == RAISING)
        monitoring.set_events(0, wanted)
        try:
            case()
        except Exception as error:
            monitoring.set_events(0, 0)
            print(" ", type(error).__name__)
        monitoring.set_events(0, 0)


class Counted:
    pass


monitoring.register_callback(0, events.CALL, lambda *rest: None)
monitoring.set_events(0, events.CALL)
one = Counted()
print(sys.getrefcount(one), sys.getrefcount(*[one]), (lambda it: sys.getrefcount(it))(one))
