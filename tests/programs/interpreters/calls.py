from concurrent import interpreters


def add(left, right):
    return left + right


def describe(*arguments, **keywords):
    return arguments, keywords


def fail():
    raise LookupError("not here")


def no_result():
    return (it for it in ())


def outer():
    count = 0
    return lambda: count


if __name__ == "__main__":
    inner = interpreters.create()
    print(inner.call(add, 2, 3), inner.call(add, "a", "b"), inner.call(add, [1], [2]))
    print(inner.call(describe, 1, b"2", None, (3.5, True), a={"b": [1]}))
    print(inner.call(len, "four"), inner.call(lambda: 5), inner.call(str.upper, "x"))
    try:
        inner.call(fail)
    except interpreters.ExecutionFailed as problem:
        print(problem.excinfo.formatted)
    for function, arguments in ((no_result, ()), (outer(), ()), (print, (outer(),)), (print, (open,))):
        try:
            print(inner.call(function, *arguments))
        except interpreters.NotShareableError as problem:
            print(str(problem).split(" at 0x")[0], type(problem.__cause__).__name__)
    try:
        inner.call(5)
    except TypeError as problem:
        print(problem)
    thread = inner.call_in_thread(print, "from a thread", flush=True)
    thread.join()
    inner.close()
