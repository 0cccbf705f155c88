"""Jumps (`f_lineno`) from each line to each line of functions with each kind of block, alone and in each other: why they are refused, in the first
letters of the message's words, or a checksum of all that follows."""
import inspect
import itertools
import re
import sys
import warnings
import zlib

HEADS = {
    "if": ["if flag:", "|", "else:", "    log(0)"],
    "for": ["for it in (1, 2):", "|", "else:", "    log(1)"],
    "while": ["while turn():", "|", "else:", "    log(2)"],
    "except": ["try:", "|", "    fail()", "except ValueError as error:", "|", "else:", "    log(3)"],
    "group": ["try:", "|", "    fail()", "except* ValueError as error:", "|"],
    "finally": ["try:", "|", "finally:", "|"],
    "with": ["with Manager() as it:", "|"],
    "match": ["match point:", "    case (1, x):", "|", "    case _:", "|"],
    "async with": ["async with Manager() as it:", "|"],
    "async for": ["async for it in Counter():", "|", "else:", "    log(4)"],
    "comprehension": ["list(", "    it", "    for it in (1, 2)", "    if log(it))", "if flag:", "|"],
    "await": ["await pause()", "if flag:", "|"],
    "yield": ["yield 1", "if flag:", "|"],
    "return": ["try:", "|", "    return log(5)", "finally:", "|"],
}
ASYNC = {"async with", "async for", "await"}


def write(kinds, indent=1):
    if not kinds:
        return ["    " * indent + "log('body')"]
    lines = []
    for line in HEADS[kinds[0]]:
        if line == "|":
            extra = 2 if kinds[0] == "match" else 1
            lines += write(kinds[1:], indent + extra)
        else:
            lines.append("    " * indent + line)
    return lines


def source(kinds):
    keyword = "async def" if ASYNC & set(kinds) else "def"
    return "\n".join([f"{keyword} function(flag=True, point=(1, 2)):", "    log('start')", *write(kinds), "    log('end')", "    x = 1", ""])


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *rest):
        return True

    async def __aenter__(self):
        return self

    async def __aexit__(self, *rest):
        return True


class Counter:
    count = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.count += 1
        if self.count > 2:
            raise StopAsyncIteration
        return self.count


class Pause:
    def __await__(self):
        yield 1


async def pause():
    await Pause()


class TooLong(Exception):
    pass


def short(message):
    """A few letters for a message, the same in every process."""
    return "".join(it[0] for it in message.split())


def run(code, start, target, event="line", visit=1):
    """What happens when the function is sent from one line to another, at the given visit of it."""
    told = []
    namespace = {"Manager": Manager, "Counter": Counter, "pause": pause}
    turns = iter((1, 1))

    def log(value):
        told.append(value)
        return value

    def fail():
        raise ValueError("made")

    namespace.update(log=log, fail=fail, turn=lambda: next(turns, 0))
    exec(code, namespace)
    function = namespace["function"]
    left = visit

    def trace(frame, what, argument):
        nonlocal left
        if frame.f_code is not function.__code__:
            return None
        told.append(f"{what[0]}{frame.f_lineno}")
        if len(told) > 150:
            raise TooLong
        if what == event and frame.f_lineno == start and left:
            left -= 1
            if not left:
                try:
                    frame.f_lineno = target
                    told.append("jumped")
                except ValueError as error:
                    told.append(f"!{short(str(error))}")
        return trace

    def call():
        result = function()
        if hasattr(result, "send"):
            sent = []
            try:
                for _ in range(20):
                    sent.append(result.send(None))
            except StopIteration as error:
                return sent, error.value
            return "endless"
        return result

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sys.settrace(trace)
        try:
            told.append(re.sub("0x[0-9a-f]+", "0x", f"gave {call()!r}"))
        except BaseException as error:
            told.append(f"raised {type(error).__name__} {error}")
        finally:
            sys.settrace(None)
    told += [f"warned {it.message}" for it in caught]
    return told


def outcomes(code, event, visit, start, targets):
    row = []
    for target in targets:
        told = run(code, start, target, event, visit)
        refused = [it for it in told if str(it).startswith("!")]
        if refused:
            row.append(refused[0])
        elif "jumped" in told:
            row.append(f"{zlib.crc32(repr(told).encode()) % 1000:03}")
        else:
            return None
    return row


def main(kinds_lists, event, visits):
    for kinds in kinds_lists:
        text = source(kinds)
        try:
            code = compile(text, "jumps", "exec")
        except SyntaxError:
            continue
        last = text.count("\n")
        function = next(it for it in code.co_consts if hasattr(it, "co_code"))
        makes_generator = function.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE)
        for visit, start in itertools.product(visits, range(1, last + 1)):
            # CPython dies when a generator is sent to where generators are made.
            targets = [it for it in range(last + 2) if it != 1 or not makes_generator]
            if row := outcomes(code, event, visit, start, targets):
                print(*kinds, event, visit, start, ":", *row)


warnings.simplefilter("ignore")
main([(it,) for it in HEADS], "line", (1, 2))
for event in ("call", "return", "exception"):
    main([("finally",), ("group",), ("yield",), ("await",)], event, (1,))
main(list(itertools.product(HEADS, repeat=2))[::7], "line", (1,))
