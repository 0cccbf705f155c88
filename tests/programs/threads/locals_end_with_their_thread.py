"""What a thread keeps in a local object is let go of when the thread ends."""

import _thread
import threading


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone:", self.name)


shared = threading.local()
shared.value = "main"


def use():
    print("empty:", not hasattr(shared, "value"))
    shared.value = Noisy("shared")


handle = _thread.start_joinable_thread(use)
handle.join()
print("joined", shared.value, handle.is_done())
