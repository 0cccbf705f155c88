import traceback
import _interpreters as low
from concurrent import interpreters

inner = interpreters.create()
for script in ("raise ValueError('text')", "raise SystemExit(3)", "import json; json.loads('{')",
               "class Own(Exception): pass\nraise Own", "try:\n  1/0\nexcept ZeroDivisionError as it:\n  raise KeyError('k') from it"):
    try:
        inner.exec(script)
    except interpreters.ExecutionFailed as problem:
        print(problem.excinfo.type.__qualname__, problem.excinfo.type.__module__, repr(problem.excinfo.msg))
        print(problem.excinfo.formatted)
        if "json" not in script:
            print(problem)
try:
    inner.exec("1 +")
except SyntaxError as problem:
    print(problem)
print(low.exec(inner.id, "raise KeyError(1)"))
print(low.capture_exception(ValueError("a", 1)))
print(low.capture_exception())
try:
    low.capture_exception(5)
except TypeError as problem:
    print(problem)
for value in (None, 5, print):
    try:
        low.exec(inner.id, value)
    except TypeError as problem:
        print(str(problem).split(" at ")[0])
print([it.__name__ for it in interpreters.ExecutionFailed.__mro__])
print([it.__name__ for it in low.NotShareableError.__mro__], low.NotShareableError.__module__)
inner.close()
