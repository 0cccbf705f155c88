# sys.settrace, its local functions, opcodes, and what happens when they raise or set the line.
import sys

events = []


def trace(frame, event, argument):
    events.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    return trace


def traced(function, tracer=trace):
    events.clear()
    sys.settrace(tracer)
    try:
        result = function()
    except Exception as error:
        result = error
    finally:
        sys.settrace(None)
    print(function.__name__, repr(result), *events[:-1], sep="\n    ")


def squares():
    return [number * number for number in (1, 2)]


def fails():
    try:
        {}["key"]
    finally:
        events.append("finally")


def jumps():
    result = 1
    result = 2
    return result


def jumper(frame, event, argument):
    if event == "line" and frame.f_code is jumps.__code__ and frame.f_lineno == jumps.__code__.co_firstlineno + 2:
        frame.f_lineno += 1
        try:
            frame.f_lineno = 1
        except ValueError as error:
            print(error)
    return jumper


def raiser(frame, event, argument):
    if event == "line":
        raise RuntimeError("in the tracer")
    return raiser


traced(squares)
traced(fails)
traced(jumps, jumper)
traced(squares, raiser)
print(sys.gettrace())
try:
    sys._getframe().f_lineno = 3
except ValueError as error:
    print(error)
