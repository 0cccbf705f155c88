"""A generator that waited for another lets go of it when an exception takes it off its stack, not later."""
import sys


def inner():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("  inner is told")
        yield 3
    finally:
        print("  inner ends")


def outer():
    try:
        yield from inner()
    except RuntimeError as error:
        print("  outer", error)
        raise
    finally:
        print("  outer ends")


def trace(frame, event, argument):
    print("   ", event, frame.f_code.co_name, frame.f_lineno)
    return trace


for use in (lambda it: it.close(), lambda it: it.throw(GeneratorExit), lambda it: it.throw(KeyError("key"))):
    for tracer in (None, trace):
        generator = outer()
        next(generator)
        sys.settrace(tracer)
        try:
            use(generator)
        except BaseException as error:
            sys.settrace(None)
            print(repr(error))
        sys.settrace(None)
