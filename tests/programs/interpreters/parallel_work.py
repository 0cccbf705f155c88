"""Several interpreters at the same time, each at real work: nothing of one may disturb another."""
import threading
from concurrent import interpreters

WORK = """
import collections, dataclasses, decimal, functools, gc, itertools, json, re, enum

@dataclasses.dataclass
class Point:
    x: int
    y: int = 0
    def __add__(self, other): return Point(self.x + other.x, self.y + other.y)

class Color(enum.Enum):
    RED = 1
    GREEN = 2

def work(rounds):
    total = Point(0)
    words = collections.Counter()
    for number in range(rounds):
        text = json.dumps({"n": number, "list": list(range(number % 7)), "text": "a" * (number % 5), "f": number / 3})
        back = json.loads(text)
        total += Point(back["n"], len(back["list"]))
        words.update(re.findall(r"[a-z]+", text))
        try:
            {}[number]
        except KeyError as problem:
            total += Point(problem.args[0])
        kind = type(f"Kind{number % 11}", (Point,), {"z": number, "__slots__": ()})
        total += Point(kind(number).z)
        cycle = []
        cycle.append(cycle)
        total += Point(int(decimal.Decimal(number) / 7 * 7 + decimal.Decimal("0.5")))
        total += Point(Color(1 + number % 2).value, sum(itertools.islice(itertools.count(), number % 13)))
    gc.collect()
    return total.x, total.y, sorted(words.items())[:3]

result = repr(work(rounds))
queue.put(result)
"""

queue = interpreters.create_queue()
own = [interpreters.create() for _ in range(4)]
for interpreter in own:
    interpreter.prepare_main(queue=queue, rounds=300)
threads = [threading.Thread(target=it.exec, args=(WORK,)) for it in own]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
results = {queue.get() for _ in own}
print(results)
for interpreter in own:
    interpreter.close()


def come_and_go():
    for _ in range(3):
        interpreter = interpreters.create()
        interpreter.exec("import json, re; assert json.loads('[1]') == [1]; re.compile('a+b').match('aab')")
        interpreter.close()


threads = [threading.Thread(target=come_and_go) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(interpreters.list_all()))
