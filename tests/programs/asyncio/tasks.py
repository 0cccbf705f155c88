# Tasks: order of steps, cancellation, errors, names, contexts, eager start, bad yields.
import asyncio
import contextvars
import gc

variable = contextvars.ContextVar("variable", default="default")


async def worker(name, count, log):
    for step in range(count):
        log.append(f"{name}{step}")
        await asyncio.sleep(0)
    return name


async def sleeper():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError as error:
        print("sleeper:", error.args)
        raise


async def stubborn():
    for _ in range(2):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            print("not yet", asyncio.current_task().cancelling(), asyncio.current_task().uncancel())
    return "finished"


@asyncio.coroutines.types.coroutine
def yields(value):
    return (yield value)


async def outcome(awaitable):
    try:
        return await awaitable
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


async def main():
    log = []
    tasks = [asyncio.create_task(worker(name, count, log), name=name) for name, count in (("a", 3), ("b", 1), ("c", 2))]
    print([task.get_name() for task in tasks], len(asyncio.all_tasks()), asyncio.current_task().get_name())
    print(await asyncio.gather(*tasks), log, repr(tasks[0]).replace(__file__, "FILE"), tasks[0].done())

    task = asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    print(task.cancel("enough"), task.cancelling(), task.cancelled())
    print(await outcome(task), task.cancelled(), task._coro is not None, task.get_stack())

    early = asyncio.create_task(sleeper())
    early.cancel("before it began")
    print(await outcome(early))

    task = asyncio.create_task(stubborn())
    for _ in range(2):
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
    print(await task, task.cancelling())

    async def fail():
        raise KeyError("failed")

    task = asyncio.create_task(fail())
    print(await outcome(task), repr(task.exception()))

    for value in (1, asyncio.get_running_loop().create_future(), (it for it in ())):
        text = await outcome(asyncio.create_task(outcome(yields(value))))
        print(text.split(" in task")[0].split(": <")[0])
    itself = None

    async def waits_for_itself():
        await itself

    itself = asyncio.create_task(waits_for_itself())
    print((await outcome(itself)).split(": <")[0])

    async def shows():
        before = variable.get()
        variable.set("changed")
        await asyncio.sleep(0)
        return before, variable.get()

    variable.set("outer")
    context = contextvars.copy_context()
    print(await asyncio.create_task(shows()), variable.get())
    print(await asyncio.create_task(shows(), context=context), context[variable])

    eager = asyncio.Task(worker("eager", 0, log), eager_start=True, loop=asyncio.get_running_loop())
    print(eager.done(), eager.result(), eager._coro)
    blocking = asyncio.Task(worker("blocks", 1, log), eager_start=True, loop=asyncio.get_running_loop())
    print(blocking.done(), log[-1], blocking in asyncio.all_tasks(), await blocking)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(sleeper())
            group.create_task(fail())
    except* KeyError as errors:
        print(errors.exceptions)
    for call in (lambda: asyncio.Task(3), lambda: task.set_result(1), lambda: asyncio._set_running_loop):
        try:
            call()
        except (TypeError, RuntimeError, AttributeError) as error:
            print(type(error).__name__, error)


async def leave_pending():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print(context["message"], sorted(context)))

    async def never():
        await loop.create_future()

    task = asyncio.create_task(never())
    await asyncio.sleep(0)
    del task
    gc.collect()


asyncio.run(main())
asyncio.run(leave_pending())
try:
    asyncio.get_running_loop()
except RuntimeError as error:
    print(error)
