"""Connections and threads: who may use them, what is interrupted, and that others run while SQLite works."""
import sqlite3
import threading
import time

db = sqlite3.connect(":memory:")
cursor = db.cursor()
outcomes = []


def attempt(function):
    try:
        function()
        outcomes.append("no error")
    except sqlite3.ProgrammingError as error:
        outcomes.append(str(error).split(". The object")[0])


def run(function):
    thread = threading.Thread(target=attempt, args=(function,))
    thread.start()
    thread.join()


for function in (
    db.cursor, db.commit, db.rollback, db.close, db.iterdump, db.interrupt, db.serialize, lambda: db.execute("select 1"), lambda: db.create_function("f", 0, None),
    lambda: db.set_authorizer(None), lambda: db.getlimit(0), lambda: db.getconfig(1002), lambda: db.isolation_level, lambda: db.in_transaction, lambda: db.autocommit, lambda: db.total_changes,
    cursor.fetchone, cursor.close, lambda: cursor.execute("select 1"), lambda: cursor.executescript("select 1"), lambda: sqlite3.Cursor(db), lambda: db("select 1"),
):
    run(function)
for outcome in outcomes:
    print(outcome)

# Others run while SQLite works.
shared = sqlite3.connect(":memory:", check_same_thread=False)
LONG = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
counted = 0


def interrupt():
    global counted
    while counted < 20:
        counted += 1
        time.sleep(0.005)
    shared.interrupt()


thread = threading.Thread(target=interrupt)
thread.start()
try:
    shared.execute(LONG)
except sqlite3.OperationalError as error:
    print(error, error.sqlite_errorname, counted)
thread.join()

# Several threads use one connection, with functions that give up the lock.
shared.execute("create table t (thread, x)")
shared.create_function("slow", 1, lambda x: time.sleep(0.0002) or x)


def work(number):
    for it in range(20):
        with lock:
            shared.execute("insert into t select ?, slow(?)", (number, it))


lock = threading.Lock()
threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(shared.execute("select thread, count(*), sum(x) from t group by thread").fetchall())


def uses_another_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(sum(range(1000))))
    thread.start()
    thread.join()
    return found[0]


shared.create_function("elsewhere", 0, uses_another_thread)
print(shared.execute("select elsewhere()").fetchall())
shared.close()
db.close()

# SQLite sorts in threads of its own, if it is asked to, which ask a collation of ours.
sorting = sqlite3.connect(":memory:")
for pragma in ("threads=4", "cache_size=10", "temp_store=file"):
    sorting.execute(f"pragma {pragma}")
sorting.execute("create table t (x)")
sorting.executemany("insert into t values (?)", [("%06d" % (it * 7919 % 10007) * 20,) for it in range(8000)])
asked_by = set()


def order(a, b):
    asked_by.add(threading.get_ident())
    return (a > b) - (a < b)


sorting.create_collation("ours", order)
rows = [row[0] for row in sorting.execute("select x from t order by x collate ours")]
print(rows == sorted(rows), len(asked_by) > 1)
sorting.close()
