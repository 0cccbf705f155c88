import sys
g=sys.getrefcount
class A:
    def m(self): pass
    x=1
print('A',g(A))
a=A(); print('a',g(a), 'A',g(A))
m=a.m; print('m',g(m),'a',g(a),'A.m',g(A.__dict__['m']))
del m
class B(A): pass
print('A',g(A),'B',g(B))
class C:
    def f(self): return super()
print('C', g(C))
class D: __slots__=('a',)
print('D',g(D))
d=D(); d.a=a; print('a',g(a)); del d; print(g(a))
o=object(); a.o=o; print(g(o)); del a; print(g(o))
class P(property): pass
def f():pass
p=P(f); print('f',g(f)); q=property(f); print(g(f))
cm=classmethod(f); print(g(f)); sm=staticmethod(f); print(g(f)); del p,q,cm,sm; print(g(f))
M=type('M',(type,),{}); print('M',g(M)); X=M('X',(),{}); print('M',g(M),'X',g(X))
class E(Exception): pass
e=E(); print('e',g(e),'E',g(E))
l=[].append; print(g(l)); ll=[]; la=ll.append; print(g(ll)); del la; print(g(ll))
w=(5).__add__; print(g(w))
class S(str): pass
s=S('abc'); print(g(s), g(S))
class I(int): pass
i=I(5); print(g(i),g(I))
class T(tuple): pass
t=T((o,)); print(g(o)); del t; print(g(o), g(T))
class Di(dict): pass
t=Di(x=o); print(g(o)); del t; print(g(o), g(Di))
class Li(list): pass
t=Li([o]); t.z=o; print(g(o)); del t; print(g(o), g(Li))
class N:
    def __new__(cls,*a): return super().__new__(cls)
    def __init__(self,*a): pass
n=N(o); print(g(o), g(n), g(N))
del n; print(g(N))
