import gc, threading, weakref
gc.set_threshold(5,2,2)
class N:
    def __init__(s): s.me=s
    def __del__(s): c.append(1)
c=[]
def work():
    for i in range(3000): N(); d={}; d[1]=[d]
ts=[threading.Thread(target=work) for _ in range(4)]
[t.start() for t in ts]; [t.join() for t in ts]
gc.collect(); print(len(c))
