"""Functions that SQLite calls: what they may give, what becomes of their exceptions, and of connections that they use."""
import sqlite3
import sys

sqlite3.enable_callback_tracebacks(True)


def hook(unraisable):
    message = unraisable.err_msg.split(" <")[0]
    print("   unraisable", unraisable.exc_type.__name__, unraisable.exc_value, "|", message, "|", unraisable.object)


sys.unraisablehook = hook


def show(sql, *parameters):
    try:
        print(sql, "->", db.execute(sql, *parameters).fetchall())
    except Exception as error:
        print(sql, "!!", type(error).__name__, error)


def fails(*arguments):
    1 / 0


db = sqlite3.connect(":memory:")
db.execute("create table t (x)")
db.executemany("insert into t values (?)", [(it,) for it in range(5)])

print("-- functions")
for result in (None, 1, -(2**63), 2**63, 1.5, "text", "\ud800", b"bytes", bytearray(b"x"), memoryview(b"y"), True, object(), (1,)):
    db.create_function("f", -1, lambda *a: result)
    show("select f()")
db.create_function("f", -1, fails)
show("select f(1)")
db.create_function("f", -1, lambda *a: repr(a))
show("select f(1, 1.5, 'a', x'00ff', null)")
show("select f(cast(x'ff' as text))")
db.create_function("f", -1, None)
show("select f()")


def memory_error():
    raise MemoryError


db.create_function("f", 0, memory_error)
show("select f()")

print("-- collations")
for collation in (lambda a, b: (a > b) - (a < b), lambda a, b: 2**100, lambda a, b: -(2**100), lambda a, b: "x", lambda a, b: 1.5, lambda a, b: False, fails):
    db.create_collation("c", collation)
    show("select 'a' collate c > 'b'")
show("select cast(x'ff' as text) collate c > 'b'")
show("select value from (select 'b' as value union all select 'a') order by value collate c")
db.create_collation("c", None)
show("select 'a' collate c > 'b'")

print("-- authorizer")
for answer in (fails, lambda *a: "x", lambda *a: 2**70, lambda *a: -1, lambda *a: None, lambda *a: sqlite3.SQLITE_OK, lambda *a: sqlite3.SQLITE_IGNORE, lambda *a: True):
    db.set_authorizer(answer)
    show("select x from t limit 1")
asked = []
db.set_authorizer(lambda *a: asked.append(a) or sqlite3.SQLITE_OK)
show("select x from t where x = 1")
print(asked)


def uses_its_connection(*arguments):
    db.execute("select 2")
    return sqlite3.SQLITE_OK


db.set_authorizer(uses_its_connection)
sqlite3.enable_callback_tracebacks(False)
show("select 1")
sqlite3.enable_callback_tracebacks(True)
db.set_authorizer(None)

print("-- progress")
for answer in (fails, lambda: 1, lambda: None, lambda: ""):
    db.set_progress_handler(answer, 1)
    show("select x from t limit 1")
db.set_progress_handler(None, 1)

print("-- trace")
db.set_trace_callback(fails)
show("select ?, ?", (1, "a"))
traced = []
db.set_trace_callback(traced.append)
show("select ?, ?, ?", (1, "a'b", b"\0"))
db.execute("insert into t values (9)")
db.commit()
db.set_trace_callback(None)
print(traced)
db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 100)
traced.clear()
db.set_trace_callback(traced.append)
show("select length(?), length(?)", ("a" * 60, "b" * 60))
db.set_trace_callback(None)
print(traced)
db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10**9)

print("-- aggregates")


class Base:
    def __init__(self):
        self.rows = []
        print("   init")

    def step(self, *row):
        self.rows.append(row)

    def inverse(self, *row):
        self.rows.remove(row)

    def value(self):
        return repr(self.rows)

    def finalize(self):
        print("   finalize")
        return self.value()

    def __del__(self):
        print("   del")


for name in ("__init__", "step", "finalize"):
    for bad in (fails, property(fails)):
        db.create_aggregate("g", 1, type("Bad", (Base,), {name: bad}))
        show("select g(x) from t where x < 2")
db.create_aggregate("g", 1, Base)
show("select g(x) from t where x < 2")
show("select g(x) from t where x < 0")
show("select x % 2, g(x) from t group by x % 2")
db.create_aggregate("g", 1, type("Odd", (Base,), {"finalize": lambda self: self}))
show("select g(x) from t")
WINDOW = "select w(x) over (order by x rows between 1 preceding and current row) from t"
for name in ("__init__", "step", "inverse", "value", "finalize"):
    for bad in (fails, property(fails)):
        db.create_window_function("w", 1, type("Bad", (Base,), {name: bad}))
        show(WINDOW)
db.create_window_function("w", 1, type("Odd", (Base,), {"value": lambda self: self}))
show(WINDOW)
db.create_window_function("w", 1, Base)
show(WINDOW)
cursor = db.execute(WINDOW)
print(cursor.fetchone())
print("drop the cursor")
del cursor
print("dropped")
cursor = db.execute(WINDOW)
print(cursor.fetchone())
print("close the cursor")
cursor.close()
db.create_window_function("w", 1, None)
show(WINDOW)

print("-- what they do to their connection")


def closes():
    db.close()
    return 1


db.create_function("closes", 0, closes)
cursor = db.execute("select 0 union all select closes() union all select 2")
try:
    print(cursor.fetchall())
except sqlite3.ProgrammingError as error:
    print(error)
try:
    db.execute("select 1")
except sqlite3.ProgrammingError as error:
    print(error)

db = sqlite3.connect(":memory:")
db.execute("create table t (x)")
db.executemany("insert into t values (?)", [(it,) for it in range(3)])
db.create_function("nested", 1, lambda x: db.execute("select sum(x) + ? from t", (x,)).fetchone()[0])
show("select nested(x) from t")
db.create_function("replaced", 0, lambda: db.create_function("replaced", 0, lambda: 2))
show("select replaced()")
