"""concurrent.futures.InterpreterPoolExecutor."""
from concurrent.futures import InterpreterPoolExecutor


def square(number):
    return number * number


def fail(text):
    raise ValueError(text)


def prepare(value):
    global prepared
    prepared = value


if __name__ == "__main__":
    with InterpreterPoolExecutor(max_workers=2) as pool:
        print(list(pool.map(square, range(8))))
        print(pool.submit(pow, 2, 100).result())
        try:
            pool.submit(fail, "in vain").result()
        except ValueError as problem:
            print(repr(problem), type(problem.__cause__).__name__)
    with InterpreterPoolExecutor(max_workers=1, initializer=print, initargs=("begun",)) as pool:
        print(pool.submit(str.upper, "text").result(), flush=True)
