# A list that a fileno method shortens while it is read.
import os
import select

reading, writing = os.pipe()
many = []


class Shortens:
    def fileno(self):
        del many[-1]
        return writing


many[:] = [Shortens()] * 10
ready = select.select([], many, [])
print(len(ready[1]), len(many), ready == ([], many[:5], []))
poll = select.poll()
poll.register(writing, select.POLLOUT)
print([len(poll.poll(timeout)) for timeout in (None, -1, -1.0, -1e-100, 0, 1e-100)])
