"""What works on the calling frame works on __main__ where another interpreter calls it directly."""
from concurrent import interpreters

inner = interpreters.create()
print(inner.call(dir))
print(inner.call(eval, "[1, __name__]"), inner.call(exec, "value = 5"), inner.call(eval, "value + 1"))
for function in (globals, locals, vars):
    try:
        inner.call(function)
    except interpreters.NotShareableError as problem:
        print(problem)
inner.prepare_main(extra=1)
print(inner.call(dir)[-2:])
inner.close()
