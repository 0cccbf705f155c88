# Connections, datagrams, timeouts, messages with descriptors, and the words of errors.
import _socket
import os

server = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
server.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 0))
server.listen()
host, port = server.getsockname()
print(host, port > 0, server.family, server.type, server.proto, server.getblocking())
client = _socket.socket()
client.connect(("localhost", port))
number, address = server._accept()
peer = _socket.socket(fileno=number)
print(peer.family, peer.type, peer.proto, address == client.getsockname(), peer.getpeername() == address)
client.sendall(b"hello world" * 1000)
received = b""
while len(received) < 11000:
    received += peer.recv(4096)
print(received == b"hello world" * 1000)
room = bytearray(8)
print(client.send(b"abc"), peer.recv_into(room), bytes(room))
peer.settimeout(0.01)
print(peer.gettimeout(), peer.timeout, peer.getblocking())
for attempt in (lambda: peer.recv(1), lambda: peer.recvfrom(1)):
    try:
        attempt()
    except TimeoutError as error:
        print(type(error).__name__, error)
peer.setblocking(False)
try:
    peer.recv(1)
except BlockingIOError as error:
    print(error)
client.shutdown(_socket.SHUT_WR)
peer.settimeout(None)
print(peer.recv(10), client.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR),
      server.getsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 4))
descriptor = client.detach()
print(client.fileno(), client.detach(), repr(client))
_socket.close(descriptor)
peer.close()
peer.close()
server.close()

one, two = _socket.socketpair()
print(one.family, one.getsockname() == "", two.getpeername() == "")
reading, writing = os.pipe()
print(one.sendmsg([b"ab", bytearray(b"cd")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, reading.to_bytes(4, "little"))]))
data, messages, flags, address = two.recvmsg(100, _socket.CMSG_SPACE(4))
print(data, [(level, kind, len(data)) for level, kind, data in messages], flags & _socket.MSG_CTRUNC, address)
os.write(writing, b"through")
print(os.read(int.from_bytes(messages[0][2], "little"), 10))
one.send(b"scattered")
buffers = [bytearray(4), bytearray(10)]
print(two.recvmsg_into(buffers)[0], buffers)
one.close()
two.close()

first, second = (_socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM) for _ in range(2))
first.bind(("127.0.0.1", 0))
second.bind(("127.0.0.1", 0))
print(second.sendto(b"datagram", first.getsockname()), second.sendto(b"more", 0, first.getsockname()))
data, address = first.recvfrom(100)
print(data, address == second.getsockname(), first.recvfrom_into(bytearray(9))[0])

local = _socket.socket(_socket.AF_UNIX)
six = _socket.socket(_socket.AF_INET6)
for attempt in (
    lambda: first.bind(5), lambda: first.bind((1, 2)), lambda: first.bind(("", -1)), lambda: first.bind(("", "a")),
    lambda: first.bind(("", 1, 2)), lambda: first.settimeout(-1), lambda: first.settimeout("a"), lambda: first.recv(-1),
    lambda: first.recv_into(bytearray(3), 4), lambda: first.recv_into(bytearray(3), -1), lambda: local.bind("a" * 200),
    lambda: local.bind(3), lambda: six.bind(("::1",)), lambda: six.bind(("::1", 0, 2**20)),
    lambda: first.getsockopt(1, 2, -1), lambda: first.setsockopt(1, 2, "a"), lambda: first.sendto(b"a"),
    lambda: first.sendto("a", ("", 1)), lambda: first.send("a"), lambda: first.sendmsg(3), lambda: first.sendmsg([3]),
    lambda: first.sendmsg([b"a"], [3]), lambda: first.sendmsg([b"a"], [(1, 2)]), lambda: first.recvmsg(-1),
    lambda: first.recvmsg(1, -1), lambda: first.recvmsg_into([b""]), lambda: _socket.socket(fileno=-1),
    lambda: _socket.socket(fileno=1.0), lambda: _socket.socket(fileno=9999), lambda: _socket.socket(999),
    lambda: local.connect(b"\0no such name"), lambda: _socket.close(-1), lambda: _socket.dup(-1),
    lambda: _socket.setdefaulttimeout(-1), lambda: _socket.getdefaulttimeout(),
):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)
for each in (first, second, local, six):
    each.close()
