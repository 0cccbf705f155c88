"""Interpreters that share the first one's lock, and may do what it may."""
import threading
import time
import _interpreters as low

number = low.create("legacy")
print(low.exec(number, """
import threading
seen = []
threads = [threading.Thread(target=seen.append, args=(it,), daemon=it % 2 == 1) for it in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(seen), threading.main_thread().name, flush=True)
"""))
# Both run, one at a time.
counts = [0, 0]
def count(place):
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        counts[place] += 1
threads = [threading.Thread(target=count, args=(0,)),
           threading.Thread(target=low.exec, args=(number, "import time\nend = time.monotonic() + 0.3\nrounds = 0\nwhile time.monotonic() < end: rounds += 1"))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(counts[0] > 10, low.exec(number, "assert rounds > 10"))
low.destroy(number)
