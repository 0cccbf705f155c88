# Native recursion on a thread with a small stack ends in an exception.
import json
import threading


def attempt(name, function):
    try:
        function()
    except (RecursionError, MemoryError, SyntaxError):
        print(name, 'is refused')


nested = []
for _ in range(100_000):
    nested = [nested]


def work():
    attempt('minus', lambda: compile('-' * 100_000 + '1', 'f', 'exec'))
    attempt('calls', lambda: compile('a' + '()' * 100_000, 'f', 'exec'))
    attempt('repr', lambda: repr(nested))
    attempt('json', lambda: json.loads('[' * 100_000))


for size in (262144, 524288):
    threading.stack_size(size)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
