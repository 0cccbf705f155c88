# Types that show no `__new__` of their own make their instances all the same, whoever calls.
import io
import sqlite3
class B(io.BufferedReader): pass
class N(io.TextIOWrapper):
    def __new__(cls, *a, **k):
        s = super().__new__(cls); s.mark = 1; return s
b = B(io.BytesIO(b'abc')); print(b.read(), type(b))
n = N(io.BytesIO(b'abc'), encoding='utf-8'); print(n.read(), n.mark)
for t in (io.BufferedReader, io.TextIOWrapper, io.BufferedRWPair, io.IncrementalNewlineDecoder, io._io._IOBase, io.BufferedRandom, sqlite3.Connection, sqlite3.Cursor):
    print(t.__new__ is object.__new__, '__new__' in t.__dict__)
    x = object.__new__(t); print(type(x).__name__)
for t in (io.BytesIO, io.FileIO):
    try: object.__new__(t)
    except TypeError as e: print(e)
c = sqlite3.connect(':memory:'); print(c.execute('select 1').fetchall())
class C2(sqlite3.Connection): pass
print(sqlite3.connect(':memory:', factory=C2).execute('select 2').fetchone())
class M(io.RawIOBase):
    def readable(s): return True
print(M().readable(), type(io.BufferedReader(M())))
