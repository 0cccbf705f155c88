import _interpqueues as low
from concurrent import interpreters
from concurrent.interpreters import QueueEmpty, QueueFull

queue = interpreters.create_queue(2)
print(queue.maxsize, queue.empty(), queue.full(), queue.qsize(), queue.unbounditems)
inner = interpreters.create()
inner.prepare_main(queue=queue)
inner.exec("queue.put((1, 'two', b'3', None, True, 4.5)); queue.put({'a': [queue.id]})")
print(queue.full(), queue.qsize())
try:
    queue.put_nowait(5)
except QueueFull as problem:
    print(type(problem).__mro__[1].__name__, problem)
print(queue.get(), queue.get())
try:
    queue.get_nowait()
except QueueEmpty as problem:
    print(type(problem).__mro__[1].__name__, problem)
try:
    queue.put(lambda: queue)
except interpreters.NotShareableError as problem:
    print(str(problem).split(" at ")[0])
other = interpreters.create_queue()
queue.put(other)
print(queue.get() is other, len(interpreters._queues.list_all()))
for work in (lambda: low.get(99), lambda: low.get("a"), lambda: low.get(-1), lambda: low.create(1, 9), lambda: low.create(1, 1, 9),
             lambda: low.release(low.create(1))):
    try:
        work()
    except Exception as problem:
        print(type(problem).__name__, problem)
# An interpreter's items when it ends.
for unbound in (interpreters._queues.UNBOUND, interpreters._queues.UNBOUND_ERROR, interpreters._queues.UNBOUND_REMOVE):
    sender = interpreters.create()
    items = interpreters.create_queue(unbounditems=unbound)
    sender.prepare_main(items=items)
    sender.exec("items.put(1)")
    items.put(2)
    sender.close()
    print(items.qsize(), end=" ")
    try:
        print(items.get())
    except interpreters._queues.ItemInterpreterDestroyed as problem:
        print(type(problem).__name__, problem)
inner.close()
