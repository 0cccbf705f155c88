"""Blobs, backups, serialized databases, limits and options."""
import sqlite3

db = sqlite3.connect(":memory:")
db.execute("create table t (x)")
db.execute("insert into t values (zeroblob(20))")
blob = db.blobopen("t", "x", 1)


def show(code):
    try:
        print(code, "->", repr(eval(code)))
    except Exception as error:
        print(code, "!!", type(error).__name__, error)


for code in """
len(blob)|blob.tell()|blob.write(b"0123456789abcdefghij")|blob.tell()|blob.read()|blob.seek(0)|blob.read(3)|blob.read(-5)|blob.read()|blob.seek(2**31-1, 1)|blob.seek(-3, 2)|blob.tell()
blob.seek(1, 1)|blob.seek(-30, 1)|blob.seek(1, 9)|blob.seek(2**40)|blob.seek("a")|blob.seek(2**31-1, 2)|blob.write(b"abc")|blob.write("a")|blob.write(bytearray(b"z"))|blob[0]|blob[-1]|blob[20]|blob[-21]
blob[2**70]|blob["a"]|blob[1.5]|blob[2:8]|blob[::7]|blob[100:]|blob[5:2]|blob[::-1]|blob[3:8:-1]|blob[::0]|blob.__setitem__(0, 65)|blob.__setitem__(0, 256)|blob.__setitem__(0, -1)|blob.__setitem__(0, 2**70)
blob.__setitem__(0, "a")|blob.__setitem__(0, True)|blob.__setitem__(99, 1)|blob.__setitem__(slice(0, 4), b"abcd")|blob.__setitem__(slice(0, 4), b"abc")|blob.__setitem__(slice(0, 8, 2), memoryview(b"WXYZ"))
blob.__setitem__(slice(0, 4), 1)|blob.__setitem__(slice(4, 0, -1), b"abcd")|blob.__setitem__(slice(4, 4), b"")|blob.__setitem__("a", 1)|blob.__delitem__(0)|blob.__delitem__(slice(2))|blob[:]
blob + blob|blob * 2|b"a" in blob|iter(blob)|blob.__enter__() is blob|db.blobopen("t", "x", 2)|db.blobopen("t", "y", 1)|db.blobopen("u", "x", 1)|db.blobopen("t", "x", 1.0)|db.blobopen("t", "x", 2**63)|db.blobopen("t", "x", 1, name="z")
db.blobopen("t", "x", 1, readonly=True).write(b"a")|db.blobopen("t")|sqlite3.Blob()|blob.__exit__(None, None, None)|blob.close()|blob.read()|len(blob)|blob[0]
""".replace("\n", "|").strip("|").split("|"):
    show(code)

blob = db.blobopen("t", "x", 1)
db.execute("update t set x = 'changed'")
show("blob.read()")
blob.close()
other = sqlite3.connect(":memory:")
print("-- backup")
steps = []
db.executemany("insert into t values (zeroblob(3000))", [()] * 5)
db.commit()
db.backup(other, pages=2, progress=lambda *step: steps.append(step))
print(steps, other.execute("select count(*) from t").fetchall())
for code in """
db.backup(db)|db.backup(1)|db.backup(other, progress=1)|db.backup(other, name="z")|db.backup(other, pages="a")|db.backup(other, progress=lambda *a: 1 / 0)|db.backup(other, pages=0)|db.backup(other, sleep=-1)
""".strip().split("|"):
    show(code)
print("-- serialize")
data = db.serialize()
print(len(data) % 512, data[:15])
other.deserialize(data)
print(other.execute("select count(*) from t").fetchall())
for code in """
db.serialize(name="z")|db.serialize(name=1)|other.deserialize(1)|other.deserialize(b"not a database" * 100)|other.execute("select * from sqlite_master")|other.deserialize(data, name="z")|other.deserialize(memoryview(data))
other.execute("select count(*) from t").fetchall()
""".replace("\n", "|").strip("|").split("|"):
    show(code)
print("-- limits and options")
for code in """
db.getlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH)|db.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 20)|db.execute("select 1                          ")|db.executescript("select 1                          ")|db.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 2**31-1)
db.getlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH)|db.getlimit(99)|db.setlimit(99, 1)|db.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)|db.getconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY)|db.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY)
db.getconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY)|db.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY, False)|db.getconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY)|db.getconfig(5)|db.setconfig(5)|db.execute("pragma foreign_keys").fetchall()
db.load_extension("nowhere")|db.load_extension("nowhere", entrypoint=1)|db.enable_load_extension(True)|db.enable_load_extension(False)
""".replace("\n", "|").strip("|").split("|"):
    show(code)
db.execute("delete from t")
db.execute("insert into t values (zeroblob(20))")
blob = db.blobopen("t", "x", db.execute("select rowid from t").fetchone()[0])
db.close()
show("blob.read()")
other.close()
