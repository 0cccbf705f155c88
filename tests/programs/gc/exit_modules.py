import sys, types
m=types.ModuleType('m'); sys.modules['m']=m
exec('''
class A:
    def __init__(s,n): s.n=n
    def __del__(s): print('del', s.n, glob is None, A is None)
glob=A('glob')
_priv=A('priv')
''', m.__dict__)
import m as mm
keep=m.A('main')
def gen():
    try: yield 1
    finally: print('gen closed')
gg=gen(); next(gg)
sys.exit(3)
