class A:
    def __init__(s,n): s.n=n
    def __del__(s): print('del', s.n)
def g():
    z=A('local')
    1/0
a=A('g')
g()
