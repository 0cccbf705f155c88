import _interpreters as low
from concurrent import interpreters

print(interpreters.get_main().id, interpreters.get_current() is interpreters.get_main(), interpreters.get_main().whence)
one, two = interpreters.create(), interpreters.create()
print(one, two, one.whence, [it.id for it in interpreters.list_all()])
print(one.is_running(), interpreters.get_main().is_running())
one.exec("import _interpreters; print(_interpreters.get_current(), _interpreters.get_main())")
one.close()
print([it.id for it in interpreters.list_all()])
for wrong in (one.id, 99, -1, "0", 1.5, 2**80):
    try:
        low.whence(wrong)
    except (TypeError, ValueError, OverflowError, low.InterpreterError) as problem:
        print(type(problem).__name__, problem)
for work in (one.close, lambda: low.destroy(0), interpreters.get_main().close):
    try:
        work()
    except low.InterpreterError as problem:
        print(type(problem).__name__, problem)
two.close()
print([it.id for it in interpreters.list_all()])
