class A:
    def __init__(s,n): s.n=n
    def __del__(s): print('del', s.n)
l=[A(1),A(2),A(3)]; del l
t=(A(4),A(5)); del t
d={1:A(6),2:A(7)}; del d
s=[A(8),A(9)]; s.clear()
x=[A(10),A(11),A(12)]; x[:]=[]
y=[[A(13),A(14)],A(15)]; del y
class C: pass
c=C(); c.a=A(16); c.b=A(17); del c
c=C(); c.a=A(18); c.b=A(19); c.l=[A(20),A(21)]; del c
def f():
    a=A(22); b=A(23); l=[A(24),A(25)]
f()
