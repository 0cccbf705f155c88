# The iterators of a context: their types, their lengths, and that their end is an exception of which tools are told.
import contextvars
import sys

variable = contextvars.ContextVar("variable")
variable.set(1)
context = contextvars.copy_context()
for iterator in (context.items(), context.keys(), context.values(), iter(context)):
    kind = type(iterator)
    print(kind, kind.__module__, kind.__flags__, sorted(set(dir(kind)) - set(dir(object))), iter(iterator) is iterator)
    try:
        kind()
    except TypeError as error:
        print(error)
    try:
        type("Derived", (kind,), {})
    except TypeError as error:
        print(error)
    print(len(iterator), [type(item).__name__ for item in iterator], list(iterator), len(iterator))


def walk():
    for _ in context.values():
        pass


monitoring = sys.monitoring
monitoring.use_tool_id(3, "test")
monitoring.register_callback(3, monitoring.events.RAISE, lambda code, offset, error: print(code.co_name, repr(error)))
monitoring.set_events(3, monitoring.events.RAISE)
walk()
monitoring.set_events(3, 0)
monitoring.free_tool_id(3)
