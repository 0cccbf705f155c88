"""Threads that compute do not starve one another, nor one that waits; the main thread runs the handlers of signals."""

import _thread
import queue
import sys
import threading
import time

print(sys.getswitchinterval())
sys.setswitchinterval(0.001)
stop = threading.Event()
turns = [0, 0]


def compute(index):
    while not stop.is_set():
        turns[index] += 1


threads = [threading.Thread(target=compute, args=(index,)) for index in range(2)]
for thread in threads:
    thread.start()
for _ in range(20):
    time.sleep(0.001)
stop.set()
for thread in threads:
    thread.join()
print(all(turns))

items = queue.SimpleQueue()
consumer = threading.Thread(target=lambda: print(items.get(), items.get()))
consumer.start()
items.put(1)
items.put(2)
consumer.join()
try:
    items.get(timeout=0.01)
except queue.Empty:
    print("empty")

blocked = threading.Lock()
blocked.acquire()


def interrupt():
    time.sleep(0.05)
    _thread.interrupt_main()


threading.Thread(target=interrupt).start()
try:
    while True:
        blocked.acquire(timeout=0.2)
except KeyboardInterrupt:
    print("interrupted")
