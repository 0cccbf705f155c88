# DISABLE silences an event at one place, until events are restarted; a freed tool is not called any more.
import sys

monitoring, LINE = sys.monitoring, sys.monitoring.events.LINE
told = []


def once(code, line):
    told.append(line - code.co_firstlineno)
    return monitoring.DISABLE


def loop():
    for _ in range(3):
        pass


monitoring.use_tool_id(4, "once")
monitoring.register_callback(4, LINE, once)
monitoring.set_local_events(4, loop.__code__, LINE)
for action in (int, int, monitoring.restart_events, int):
    action()
    loop()
    print(told)
    told.clear()
print(monitoring.get_local_events(4, loop.__code__) == LINE, monitoring.get_events(4))
monitoring.free_tool_id(4)
monitoring.restart_events()
loop()
print(told, monitoring.get_tool(4))
try:
    monitoring.set_events(4, LINE)
except ValueError as error:
    print(error)
