import sys, weakref
class A:
    def __init__(s,n): s.n=n
    def __del__(s): print('del', s.n)
a=A('a'); b=A('b'); _c=A('_c'); __d=A('__d')
cyc=A('cyc1'); cyc.me=cyc
l=[A('l1'),A('l2')]
def f(x=A('default')): return a
class K:
    attr=A('classattr')
w=weakref.ref(a, lambda r: print('weak cb'))
import atexit
atexit.register(print,'atexit')
