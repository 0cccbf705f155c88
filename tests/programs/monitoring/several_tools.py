"""What tools hear when a second one comes, goes, disables or starts again: what was disabled, and what instructions were noted for whom."""
import sys

monitoring = sys.monitoring
events = monitoring.events
heard = []


def work(count):
    total = 0
    for number in range(count):
        if number % 2:
            total += abs(number)
        else:
            total -= 1
    return total


def listen(tool, *names, disable=()):
    wanted = 0
    for name in names:
        wanted |= getattr(events, name)

        def callback(code, *rest, name=name):
            if code is work.__code__:
                heard.append(f"{tool} {name} {' '.join(str(it) for it in rest if type(it) is int)}")
                if name in disable:
                    return monitoring.DISABLE

        monitoring.register_callback(tool, getattr(events, name), callback)
    return wanted


def tell(title):
    heard.clear()
    work(2)
    print(title, *heard, sep="\n  ")


for tool in range(3):
    monitoring.use_tool_id(tool, f"tool {tool}")
for one, two in [(["LINE"], ["LINE"]), (["INSTRUCTION"], ["INSTRUCTION"]), (["INSTRUCTION", "LINE"], ["LINE"]), (["CALL", "JUMP"], ["CALL"]),
                 (["BRANCH_LEFT", "BRANCH_RIGHT"], ["BRANCH_RIGHT"]), (["PY_START", "PY_RETURN"], ["LINE", "PY_RETURN"])]:
    for disable in ((), one):
        work = type(work)(work.__code__.replace(co_name="work"), globals())
        print("====", one, two, "disabled:", disable)
        first, second = listen(0, *one, disable=disable), listen(1, *two)
        monitoring.set_local_events(0, work.__code__, first)
        tell("one")
        tell("one again")
        monitoring.set_local_events(1, work.__code__, second)
        tell("two")
        monitoring.restart_events()
        tell("started again")
        monitoring.set_local_events(0, work.__code__, 0)
        tell("the second")
        monitoring.set_events(0, first)
        tell("the first everywhere")
        monitoring.set_local_events(1, work.__code__, 0)
        tell("the first alone")
        monitoring.set_events(0, 0)
        tell("none")
