import sys
import threading

import pending

calls = []
sys.pending = calls.append
print(pending.ask_for(3), calls)
print(calls, pending.ask_unlocked(2))
print(calls)

# Only so many wait.
calls.clear()
print(pending.ask_for(40))
print(calls == list(range(32)))

# A call that fails raises where the main thread is; the others stay.
def fail(number):
    calls.append(number)
    if number == 1:
        raise ValueError(number)

calls.clear()
sys.pending = fail
try:
    pending.ask_for(4)
    for _ in range(1000):
        pass
except ValueError as error:
    print("raised", error)
print(calls)

# Other threads of Python let the main thread make them.
calls.clear()
sys.pending = lambda number: calls.append((number, threading.current_thread() is threading.main_thread()))
thread = threading.Thread(target=pending.ask_for, args=(2,))
thread.start()
thread.join()
print(calls)
sys.pending = lambda number: print("at the end", number)
import atexit
atexit.register(print, "then functions for the exit")
threading.Thread(target=pending.ask_for, args=(1,)).start()
