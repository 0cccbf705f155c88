# An exception that a signal's handler raises when a loop goes round is raised by the jump, which lies in the `try` even where the loop begins it.
import signal
import sys


class Rung(Exception):
    pass


def ring(number, frame):
    raise Rung


signal.signal(signal.SIGALRM, ring)


def empty():
    try:
        while True:
            pass
    except Rung:
        return "caught"


def appending():
    items = []
    try:
        while True: items.append(1)
    except Rung:
        return "caught"


def iterating():
    import itertools

    try:
        for _ in itertools.repeat(1): pass
    except Rung:
        return "caught"


def traced(function):
    sys.settrace(lambda *event: None)
    try:
        return function()
    finally:
        sys.settrace(None)


for function in (empty, appending, iterating):
    for way in (lambda: function(), lambda: traced(function)):
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        try:
            print(function.__name__, way())
        except Rung:
            print(function.__name__, "not caught")
