"""Runs a program and prints what `sys.monitoring`, `sys.settrace` or `sys.setprofile` tell of its own code.

    event-stream.py MODE PROGRAM

MODE: `monitoring`, `instructions` (with an event for each instruction), `trace`, `opcodes`, `profile`. `tests/compare-events` compares what two
interpreters print.
"""
import io
import sys

mode, program = sys.argv[1:]
stream = []


def shown(value):
    """What is the same in two processes."""
    if value is sys.monitoring.MISSING:
        return "MISSING"
    if isinstance(value, (int, str, type(None))):
        return repr(value)
    name = getattr(value, "__name__", None)
    return f"{type(value).__name__} {name}" if isinstance(name, str) else type(value).__name__


def is_own(code):
    return code.co_filename == program


def monitor(event_names):
    monitoring = sys.monitoring
    monitoring.use_tool_id(0, "event-stream")
    events = 0
    for name in event_names:
        event = getattr(monitoring.events, name)
        events |= event

        def callback(code, *rest, name=name):
            if is_own(code):
                stream.append(f"{name} {code.co_name} {' '.join(map(shown, rest))}")

        monitoring.register_callback(0, event, callback)
    monitoring.set_events(0, events)


def trace(frame, event, argument):
    if not is_own(frame.f_code):
        return None
    if mode == "opcodes":
        frame.f_trace_opcodes = True
    stream.append(f"{event} {frame.f_code.co_name} {frame.f_lineno} {frame.f_lasti} {shown(argument)}")
    return trace


def profile(frame, event, argument):
    if is_own(frame.f_code):
        stream.append(f"{event} {frame.f_code.co_name} {frame.f_lineno} {shown(argument)}")


def main():
    with open(program, "rb") as source:
        code = compile(source.read(), program, "exec")
    sys.argv[:] = [program]
    namespace = {"__name__": "__main__", "__file__": program, "__builtins__": __builtins__}
    output, sys.stdout = sys.stdout, io.StringIO()
    names = set(vars(sys.monitoring.events)) - {"NO_EVENTS", "BRANCH"}
    try:
        if mode == "monitoring":
            monitor(sorted(names - {"INSTRUCTION"}))
        elif mode == "instructions":
            monitor(sorted(names))
        elif mode == "profile":
            sys.setprofile(profile)
        else:
            sys.settrace(trace)
        exec(code, namespace)
    except BaseException as error:
        stream.append(f"ended by {type(error).__name__}")
    finally:
        sys.settrace(None)
        sys.setprofile(None)
        if sys.monitoring.get_tool(0):
            sys.monitoring.free_tool_id(0)
    print(*stream, sep="\n", file=output)


main()
