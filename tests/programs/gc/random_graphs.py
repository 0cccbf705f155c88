import gc, weakref, random
gc.set_threshold(3,2,2)
r=random.Random(5)
log=[]
class N:
    def __init__(s,i): s.i=i; s.e=[]
    def __del__(s):
        log.append(s.i)
        if s.i%7==0: live.append(s)
live=[]
nodes=[]
ws=weakref.WeakSet(); wd=weakref.WeakKeyDictionary()
for i in range(3000):
    n=N(i); ws.add(n); wd[n]=i
    for k in range(r.randrange(4)):
        if nodes: n.e.append(r.choice(nodes)); r.choice(nodes).e.append(n)
    nodes.append(n)
    if len(nodes)>50:
        nodes.pop(r.randrange(len(nodes)))
    if len(live)>20: live.clear()
nodes.clear(); live.clear(); del n
gc.collect(); live.clear(); gc.collect(); gc.collect()
print(len(log), len(set(log)), sorted(log)[:10], len(ws), len(wd))
gc.disable(); gc.collect()
log.clear()
def build(n):
    ns=[N(i*10+1) for i in range(n)]
    for i in ns: i.e=[r.choice(ns) for _ in range(3)]
    ns[0].e.append(ns)
build(30); print(gc.collect()); print(log)
log.clear()
ns=[N(i*10+1) for i in range(20)]
for k in range(20): ns[k].e=[ns[(k*7+3)%20], ns[(k*3+1)%20]]; setattr(ns[k],'w',weakref.ref(ns[k-1], lambda w,k=k: print('cb',k)))
keep=[weakref.ref(ns[k], lambda w,k=k: log.append(('cb',k))) for k in range(5)]
gc.collect(); gc.collect(1); gc.collect(0)
del ns; print(gc.collect()); print(log)
