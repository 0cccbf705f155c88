"""Interpreters that start interpreters, and one that runs already."""
from concurrent import interpreters

outer = interpreters.create()
outer.exec("""
from concurrent import interpreters
inner = interpreters.create()
inner.exec("from concurrent import interpreters; print(interpreters.get_current().id, interpreters.get_main().id, flush=True)")
print([it.id for it in interpreters.list_all()], interpreters.get_current().is_running(), inner.is_running(), flush=True)
for work in (interpreters.get_current().close, lambda: interpreters.get_current().exec("pass"), lambda: interpreters.get_main().exec("pass")):
    try:
        work()
    except interpreters.InterpreterError as problem:
        print(problem, flush=True)
try:
    inner.exec("raise ValueError('deep')")
except interpreters.ExecutionFailed as problem:
    print(problem.excinfo.formatted, flush=True)
inner.close()
""")
outer.close()
print([it.id for it in interpreters.list_all()])
