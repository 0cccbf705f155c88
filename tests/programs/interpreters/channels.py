import threading
import _interpchannels as channels
from concurrent import interpreters

cid = channels.create()
print(repr(cid), str(cid), int(cid), cid.end, repr(cid.send), repr(cid.recv), cid == cid.send, cid == int(cid), hash(cid) == hash(int(cid)))
channels.send(cid, "one", blocking=False)
channels.send(cid, b"two", blocking=False)
print(channels.get_count(cid), channels.recv(cid), channels.recv(cid), channels.recv(cid, "nothing"))
print(channels.get_info(cid))
inner = interpreters.create()
inner.exec(f"import _interpchannels as c; c.send({int(cid)}, (1, 2), blocking=False)")
print(channels.list_interpreters(cid, send=True) == [0, inner.id], channels.recv(cid))
for work in (lambda: channels.recv(cid), lambda: channels.recv(99), lambda: channels.send(99, 1), lambda: channels.recv("a"),
             lambda: channels.send(cid, 1, timeout=0.01), lambda: channels.send(cid, 1, blocking=False, timeout=1),
             lambda: channels.recv(cid)):
    try:
        print(work())
    except Exception as problem:
        print(type(problem).__name__, problem)
results = []
thread = threading.Thread(target=lambda: results.append(channels.send(cid, "waited for")))
thread.start()
while not channels.get_count(cid):
    pass
print(channels.recv(cid))
thread.join()
print(results)
channels.send(cid, 1, blocking=False)
for keywords in ({}, {"send": True}, {"force": True}, {}):
    try:
        print(keywords, channels.close(cid, **keywords), channels.get_info(cid).closing)
    except channels.ChannelError as problem:
        print(keywords, type(problem).__name__, problem)
print(channels.get_info(cid).closed)
channels.destroy(cid)
try:
    channels.get_info(cid)
except channels.ChannelNotFoundError as problem:
    print(problem)
inner.close()
