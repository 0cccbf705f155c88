import gc
# deep structures
def deep(n):
    x=None
    for i in range(n): x=[x]
    return x
l=deep(200000); l2=[l]; l2.append(l2); del l,l2; print(gc.collect()>=200000)
d=None
for i in range(100000): d={'d':d}
c=[d]; c.append(c); del c,d; print(gc.collect()>=100000)
class C: pass
def ch(n):
    a=first=C()
    for i in range(n): b=C(); b.n=a; a=b
    first.n=a
ch(100000); print(gc.collect()>=100000)
t=()
for i in range(100000): t=(t,i)
gc.collect(); del t; print(gc.collect())
g=None
def gen(x): yield x
for i in range(50000): 
    n=gen(g); next(n); g=n
x=[g]; x.append(x); del g,n,x
print(gc.collect()>=50000)
