# What a tool is told of a function that branches, calls, yields and raises.
import sys

monitoring, events = sys.monitoring, sys.monitoring.events


def show(value):
    if value is monitoring.MISSING:
        return "MISSING"
    return getattr(value, "__name__", None) or repr(value)


def watch(*names):
    monitoring.use_tool_id(3, "watch")
    wanted = 0
    for name in names:
        event = getattr(events, name)
        wanted |= event
        monitoring.register_callback(3, event, lambda code, *rest, name=name: print(name, code.co_name, *map(show, rest)))
    monitoring.set_events(3, wanted)


def numbers(count):
    for number in range(count):
        if number == 1:
            continue
        yield number


def catch():
    try:
        int("x")
    except ValueError:
        return len([])


watch("PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "BRANCH_LEFT", "BRANCH_RIGHT", "JUMP", "STOP_ITERATION")
sum(numbers(3))
monitoring.free_tool_id(3)
print()
watch("CALL", "C_RETURN", "C_RAISE", "RAISE", "RERAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW", "LINE")
catch()
try:
    numbers(2).throw(KeyError)
except KeyError:
    pass
monitoring.free_tool_id(3)
