"""Runs a program and prints what `sys.monitoring`, `sys.settrace` or `sys.setprofile` tell of its own code.

    event-stream.py MODE PROGRAM

MODE: `monitoring`, `instructions` (with an event for each instruction), `trace`, `opcodes`, `profile`. `tests/compare-events` compares what two
interpreters print. Each thread has a stream of its own, since threads take turns as they like; what child processes do is not told. A program is
stopped after so many events that more would tell nothing new.
"""
import _thread
import io
import os
import re
import sys
import types

mode, program = sys.argv[1:]
LIMIT = 200_000
NAMED = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType, types.WrapperDescriptorType,
         types.MethodWrapperType, types.ClassMethodDescriptorType, types.CodeType, types.GeneratorType, types.CoroutineType)
BuiltinMethod = type(re.compile("").match)
TEXT_LIMIT = 200
# Addresses, names of temporary files, versions of the library's text.
CHANGING = re.compile(r"0x[0-9a-f]{6,}|(?<=/tmp/tmp)[a-z0-9_]{8}|(?<=micro=)[0-9]+")
streams = []
local = _thread._local()
count = 0
process = os.getpid()


def shown(value):
    """What is the same in two processes. No code of the program may run for it."""
    kind = type(value)
    if value is sys.monitoring.MISSING:
        return "MISSING"
    if kind is int:
        return hex(value)[:TEXT_LIMIT] if abs(value) > 10 ** 18 else str(value)
    if kind is str:
        return CHANGING.sub("…", ascii(value[:10 * TEXT_LIMIT]))[:TEXT_LIMIT]
    if value is None or kind is bool:
        return str(value)
    if kind is tuple:
        return f"({', '.join(map(shown, value[:5]))})"
    if kind is types.MethodType:
        return f"{kind.__name__} {value.__qualname__}" if type(value.__func__) is types.FunctionType else kind.__name__
    if kind is BuiltinMethod:
        return f"{kind.__name__} {value.__name__}"
    if kind in NAMED:
        return f"{kind.__name__} {value.__qualname__}" if kind is not types.CodeType else f"code {value.co_qualname}"
    return f"{kind.__name__} of {kind.__module__}"


def add(text):
    global count
    try:
        stream = local.stream
    except AttributeError:
        stream = local.stream = []
        streams.append(stream)
    stream.append(text)
    count += 1
    if count >= LIMIT:
        finish()


def stop():
    sys.settrace(None)
    sys.setprofile(None)
    if sys.monitoring.get_tool(0):
        sys.monitoring.free_tool_id(0)


def finish():
    """Prints the streams, that of the first thread first, and ends the process."""
    if os.getpid() != process:
        os._exit(0)
    lines = [line for stream in [streams[0], *sorted(streams[1:])] for line in stream[:LIMIT]]
    with open(output, "w", encoding="utf-8", errors="backslashreplace", closefd=False) as file:
        print(*lines, sep="\n", file=file)
    os._exit(0)


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
                add(f"{name} {code.co_name} {' '.join(map(shown, rest))}")

        monitoring.register_callback(0, event, callback)
    monitoring.set_events(0, events)


def trace(frame, event, argument):
    if not is_own(frame.f_code):
        return None
    if mode == "opcodes":
        frame.f_trace_opcodes = True
    add(f"{event} {frame.f_code.co_name} {frame.f_lineno} {frame.f_lasti} {shown(argument)}")
    return trace


def profile(frame, event, argument):
    if is_own(frame.f_code):
        add(f"{event} {frame.f_code.co_name} {frame.f_lineno} {frame.f_lasti} {shown(argument)}")


def main():
    with open(program, "rb") as source:
        code = compile(source.read(), program, "exec")
    sys.argv[:] = [program]
    # Naja has no OpenSSL.
    sys.modules["_hashlib"] = None
    module = types.ModuleType("__main__")
    module.__file__ = program
    sys.modules["__main__"] = module
    namespace = module.__dict__
    sys.stdout = io.TextIOWrapper(open(os.devnull, "wb"))
    names = set(vars(sys.monitoring.events)) - {"NO_EVENTS", "BRANCH"}
    add("start")
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
        add(f"ended by {type(error).__name__}")
    finally:
        stop()
    finish()


# The program may close or replace its own standard output.
output = os.dup(1)
os.register_at_fork(after_in_child=stop)
main()
