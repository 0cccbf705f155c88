# anext() with a default gives it where the iterator has ended, and lets everything else through.
import asyncio


async def two():
    yield 1
    yield 2


class Failing:
    async def __anext__(self):
        raise ValueError("from __anext__")


class NoAwaitable:
    def __anext__(self):
        return 5


async def main():
    items = two()
    print(await anext(items, "default"), await anext(items, "default"))
    print(await anext(items, "default"), await anext(items, None))
    try:
        await anext(items)
    except StopAsyncIteration as error:
        print("ended", error.args)
    for failing in Failing(), NoAwaitable():
        try:
            await anext(failing, 1)
        except Exception as error:
            print(type(error).__name__, error)
    waiting = anext(two(), "default")
    print(type(waiting).__name__, iter(waiting.__await__()) is not None)
    waiting.close()


asyncio.run(main())
try:
    anext(3, 4)
except TypeError as error:
    print(error)
