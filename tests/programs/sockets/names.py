# Addresses and names that need no network.
import _socket

for attempt in (
    lambda: _socket.getaddrinfo("127.0.0.1", 80), lambda: _socket.getaddrinfo("127.0.0.1", "80", type=1),
    lambda: _socket.getaddrinfo("::1", 0, type=1), lambda: _socket.getaddrinfo(1, 0),
    lambda: _socket.getaddrinfo("127.0.0.1", 1.0), lambda: _socket.getaddrinfo(b"127.0.0.1", b"80", type=2),
    lambda: _socket.getnameinfo(("127.0.0.1", 80), 3), lambda: _socket.getnameinfo(3, 3),
    lambda: _socket.getnameinfo(("a",), 3), lambda: _socket.gethostbyname("127.0.0.1"),
    lambda: _socket.gethostbyname_ex("127.0.0.1"), lambda: _socket.ntohs(-1), lambda: _socket.ntohs(2**16),
    lambda: _socket.ntohs("a"), lambda: _socket.ntohs(1), lambda: _socket.htonl(1), lambda: _socket.ntohl(2**32),
    lambda: _socket.inet_aton("127.1"), lambda: _socket.inet_aton("a"), lambda: _socket.inet_ntoa(b"\1\2\3\4"),
    lambda: _socket.inet_ntoa(b"a"), lambda: _socket.inet_pton(2, "1.2.3.4"), lambda: _socket.inet_pton(10, "::1"),
    lambda: _socket.inet_pton(2, "a"), lambda: _socket.inet_pton(99, "a"), lambda: _socket.inet_ntop(2, b"a"),
    lambda: _socket.inet_ntop(10, bytes(16)), lambda: _socket.inet_ntop(99, b"a"), lambda: _socket.CMSG_LEN(-1),
    lambda: _socket.CMSG_LEN(5), lambda: _socket.CMSG_SPACE(5), lambda: _socket.if_nametoindex("lo") > 0,
    lambda: _socket.if_nametoindex("no such"), lambda: _socket.if_indextoname(-1), lambda: _socket.gaierror.__mro__,
    lambda: _socket.herror.__module__, lambda: _socket.timeout, lambda: _socket.SocketType, lambda: _socket.has_ipv6,
):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)
