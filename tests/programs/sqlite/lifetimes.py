"""How long connections, cursors, statements and what they refer to live: counts, weak references, cycles, the warning at the end."""
import gc
import sqlite3
import sys
import warnings
import weakref

warnings.simplefilter("always")
warnings.showwarning = lambda message, category, *rest, **named: print("  ", category.__name__, str(message).split(" <")[0])
gc.disable()


class Function:
    def __init__(self, name):
        self.name = name

    def __call__(self, *arguments):
        return None

    def __del__(self):
        print("   gone:", self.name)


db = sqlite3.connect(":memory:")
print("counts", sys.getrefcount(db), sys.getrefcount(db.cursor()))
cursor = db.cursor()
print(sys.getrefcount(db), sys.getrefcount(cursor))
cursor.execute("select 1 union select 2")
print(sys.getrefcount(db), cursor.connection is db, cursor.fetchall())
sql = "select " + "3"
before = sys.getrefcount(sql)
db.execute(sql)
print("the statement is kept by its text:", sys.getrefcount(sql) - before)
row = ("a" * 3, b"b" * 3)
print([sys.getrefcount(it) for it in row])
db.execute("select ?, ?", row)
print([sys.getrefcount(it) for it in row])

print("replacing functions")
db.create_function("f", 0, Function("first"))
db.create_function("f", 0, Function("second"))
db.create_function("f", 1, Function("with an argument"))
db.create_collation("c", Function("collation"))
db.create_collation("c", None)
for register in (db.set_authorizer, db.set_trace_callback, lambda it: db.set_progress_handler(it, 1000)):
    register(Function("old callback"))
    register(Function("new callback"))
    register(None)
db.create_aggregate("a", 0, Function("aggregate"))
db.create_window_function("w", 0, Function("window"))
db.create_window_function("w", 0, None)
print("invalid")
for call in (lambda: db.create_function("x", 99999, Function("too many arguments")), lambda: db.create_collation("x\0", Function("bad name"))):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
    del call
print("closing")
cursor.close()
db.close()
print(sys.getrefcount(db))
del cursor, db

print("weak references")
db = sqlite3.connect(":memory:")
for it in (db, db.cursor(), db.execute("select 1 as a")):
    try:
        weakref.ref(it)
        print("yes")
    except TypeError as error:
        print(error)
cursor = db.cursor()
reference = weakref.ref(cursor, lambda it: print("   cursor gone"))
del cursor
db.close()
del db, it

print("left behind")
db = sqlite3.connect(":memory:")
db.create_function("f", 0, Function("of a connection left behind"))
del db
print("collect")
gc.collect()
print("cycles")
db = sqlite3.connect(":memory:")
function = Function("in a cycle")
function.db = db
db.set_progress_handler(function, 1000)
db.set_trace_callback(function)
db.row_factory = function
del db, function
gc.collect()
db = sqlite3.connect(":memory:")
cursor = db.execute("select 1")
function = Function("in a cycle with a row")
cursor.row_factory = lambda cursor, row: (cursor, row, function)
cursor.execute("select 1")
function.row = cursor.fetchone()
db.close()
del db, cursor, function
gc.collect()

print("a locked table")
db = sqlite3.connect(":memory:", isolation_level=None)
db.execute("create table t (x)")
db.executemany("insert into t values (?)", [(1,), (2,)])
cursor = db.execute("select x from t")
cursor.fetchone()
try:
    db.execute("drop table t")
except sqlite3.OperationalError as error:
    print(error)
del cursor
db.execute("drop table t")

print("initialized again")
db.create_function("f", 0, Function("of the first database"))
cursor = db.execute("select 1 union select 2 union select 3")
print(cursor.fetchone())
db.__init__(":memory:")
print(cursor.fetchone())
try:
    db.execute("select f()")
except sqlite3.OperationalError as error:
    print(error)
del cursor
gc.collect()
try:
    db.__init__("/nowhere/at/all")
except sqlite3.OperationalError as error:
    print(error)
try:
    db.execute("select 1")
except sqlite3.ProgrammingError as error:
    print(error)
db.__init__(":memory:")
print(db.execute("select 4").fetchall())
cursor = db.cursor()
cursor.execute("select 1 union select 2")
cursor.__init__(db)
print(cursor.fetchall(), cursor.description)
cursor.close()
db.close()
for owner in (sqlite3.Connection, sqlite3.Cursor):
    raw = owner.__new__(owner)
    for name in ("execute", "close", "executescript", "cursor", "fetchall", "commit", "interrupt"):
        method = getattr(raw, name, None)
        if method is None:
            continue
        try:
            print(owner.__name__, name, method("select 1") if name.startswith("execute") else method())
        except sqlite3.ProgrammingError as error:
            print(owner.__name__, name, error)
