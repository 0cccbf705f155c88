"""Databases: statements and their parameters, transactions, types, rows, functions of Python, errors."""
import datetime
import sqlite3


def show(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except Exception as error:
        name = getattr(error, "sqlite_errorname", "")
        print(f"{type(error).__name__}: {error} {name}".rstrip())


db = sqlite3.connect(":memory:")
print(db.in_transaction, db.isolation_level == "", db.autocommit, db.total_changes)
db.execute("create table things(number integer primary key, name text, weight real, data blob)")
cursor = db.execute("insert into things(name, weight, data) values(?, ?, ?)", ("one", 1.5, b"\0\1"))
print(cursor.rowcount, cursor.lastrowid, cursor.description, db.in_transaction)
cursor.executemany("insert into things(name, weight) values(:name, :weight)", [{"name": f"n{i}", "weight": i} for i in range(5)])
print(cursor.rowcount, cursor.lastrowid, db.total_changes)
db.commit()
cursor = db.execute("select number, name, weight, data, null from things order by number")
print(cursor.description)
print(cursor.fetchone(), cursor.fetchmany(2), cursor.fetchmany(size=1), cursor.fetchall(), cursor.fetchone())
print(list(db.execute("select 1 union select 2")), db.execute("delete from things where number > 4").rowcount)
db.rollback()
print(db.execute("select count(*) from things").fetchone())

with db:
    db.execute("update things set name = 'two' where number = 1")
try:
    with db:
        db.execute("update things set name = 'three'")
        1 / 0
except ZeroDivisionError:
    pass
print(db.execute("select distinct name from things").fetchall())

for sql, parameters in (("select ?", ()), ("select ?", (1, 2)), ("select :a", {}), ("select ?", {"a": 1}), ("select :a", (1,)), ("select ?", (1 << 63,)),
                        ("select ?", (object,)), ("select ?", 3), ("select 1; select 2", ()), ("nonsense", ()), ("select * from missing", ()),
                        ("select '\0'", ()), ("insert into things(number) values(1)", ()), ("select ?, ?", ["a", None]), ("  -- nothing\n", ())):
    show(lambda: db.execute(sql, parameters).fetchall())
show(db.executemany, "select ?", [(1,)])
db.executescript("create table other(x); insert into other values(1); insert into other values(2);")
print(db.execute("select sum(x) from other").fetchone())
print("\n".join(db.iterdump()))

db.row_factory = sqlite3.Row
row = db.execute("select 1 as a, 'x' as B").fetchone()
print(tuple(row), row["a"], row["b"], row[1], row[-1], row.keys(), len(row), row == db.execute("select 1 as a, 'x' as B").fetchone())
show(lambda: row["c"])
show(lambda: row[5])
db.row_factory = lambda cursor, row: [column[0] for column in cursor.description]
print(db.execute("select 1 as a").fetchall())
db.row_factory = None
db.text_factory = bytes
print(db.execute("select 'é'").fetchone())
db.text_factory = str
show(lambda: db.execute("select cast(x'ff' as text) as t").fetchone())

db.create_function("twice", 1, lambda value: value * 2, deterministic=True)
db.create_function("fails", 0, lambda: 1 / 0)
print(db.execute("select twice(?), twice('ab')", (21,)).fetchone())
show(db.execute, "select fails()")
show(db.execute, "select twice(1, 2)")


class Product:
    def __init__(self):
        self.value = 1

    def step(self, value):
        self.value *= value

    def inverse(self, value):
        self.value //= value

    def value_(self):
        return self.value

    def finalize(self):
        return self.value


class Window(Product):
    def __init__(self):
        self.total = 1

    def step(self, value):
        self.total *= value

    def inverse(self, value):
        self.total //= value

    def value(self):
        return self.total

    def finalize(self):
        return self.total


db.create_aggregate("product", 1, Product)
db.create_window_function("running", 1, Window)
print(db.execute("select product(x + 2), running(x + 1) from other").fetchall())
print(db.execute("select running(x + 1) over (order by x rows between 1 preceding and current row) from other").fetchall())
db.create_collation("backwards", lambda a, b: (a < b) - (a > b))
print(db.execute("select name from things union select 'a' order by 1 collate backwards").fetchall()[:3])
db.set_authorizer(lambda action, *rest: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_DELETE else sqlite3.SQLITE_OK)
show(db.execute, "delete from other")
db.set_authorizer(None)
statements = []
db.set_trace_callback(statements.append)
db.execute("select ?", (5,)).fetchall()
db.set_trace_callback(None)
print(statements)
db.set_progress_handler(lambda: 1, 10)
show(lambda: db.execute("with recursive c(x) as (select 1 union all select x + 1 from c limit 100000) select max(x) from c").fetchall())
db.set_progress_handler(None, 0)

typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
sqlite3.register_converter("point", lambda data: tuple(map(int, data.split(b","))))


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __conform__(self, protocol):
        if protocol is sqlite3.PrepareProtocol:
            return f"{self.x},{self.y}"


typed.execute("create table places(place point, other)")
typed.execute("insert into places values(?, ?)", (Point(1, 2), "3,4"))
cursor = typed.execute('select place, other as "other [point]", null as "n [point]" from places')
print(cursor.fetchall(), cursor.description)
print(sqlite3.adapt(Point(5, 6)), typed.execute("select 1 where 0").fetchall())

explicit = sqlite3.connect(":memory:", autocommit=False)
print(explicit.in_transaction, explicit.autocommit)
explicit.commit()
print(explicit.in_transaction)
explicit.autocommit = True
print(explicit.in_transaction)
explicit.close()
for attribute, value in (("isolation_level", "other"), ("isolation_level", 3), ("autocommit", 5)):
    show(setattr, db, attribute, value)
show(sqlite3.connect, "/nowhere/at/all")
show(db.cursor, lambda connection: 3)
show(lambda: db.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 5) and db.execute("select 1"))
db.close()
show(db.execute, "select 1")
show(lambda: db.in_transaction)
print(sqlite3.complete_statement("select 1;"), sqlite3.complete_statement("select"))
print(sqlite3.IntegrityError.__mro__[1:3], sqlite3.threadsafety, db.Error is sqlite3.Error)
