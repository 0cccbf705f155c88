"""What is on a frame's stack goes before tools are told that an exception leaves the frame."""
import sys


class Tracked:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("  freed", self.name)


def inner():
    try:
        yield 1
    finally:
        print("  closed")


def outer():
    for it in inner():
        [Tracked("on the stack"), Tracked("too"), 1 / 0]


def trace(frame, event, argument):
    print(event, frame.f_code.co_name)
    return trace


sys.settrace(trace)
try:
    outer()
except ZeroDivisionError:
    sys.settrace(None)
sys.monitoring.use_tool_id(0, "frames")
sys.monitoring.register_callback(0, sys.monitoring.events.PY_UNWIND, lambda code, *rest: print("unwind", code.co_name))
sys.monitoring.set_events(0, sys.monitoring.events.PY_UNWIND)
try:
    outer()
except ZeroDivisionError:
    sys.monitoring.set_events(0, 0)
