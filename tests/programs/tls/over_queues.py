"""A connection between two queues of bytes: handshake, data, end."""
import os
import ssl

# A key for nothing but these tests, and a certificate of it for localhost, *.example.org and 127.0.0.1.
CERTIFICATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "localhost.pem")

server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_context.load_cert_chain(CERTIFICATE)
client_context = ssl.create_default_context(cafile=CERTIFICATE)


def connect(client_context, server_context, host):
    """Both sides of a connection over queues, and a function that carries their bytes."""
    to_client, from_client, to_server, from_server = [ssl.MemoryBIO() for _ in range(4)]
    client = client_context.wrap_bio(to_client, from_client, server_hostname=host)
    server = server_context.wrap_bio(to_server, from_server, server_side=True)

    def carry():
        to_server.write(from_client.read())
        to_client.write(from_server.read())

    waiting = [client, server]
    while waiting:
        for side in list(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                pass
        carry()
    return client, server, carry


server_context.set_alpn_protocols(["http/1.1"])
client_context.set_alpn_protocols(["h2", "http/1.1"])
for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    server_context.minimum_version = ssl.TLSVersion.TLSv1_2
    server_context.maximum_version = version
    client, server, carry = connect(client_context, server_context, "localhost")
    print(client.version(), server.version(), client.selected_alpn_protocol(), server.selected_alpn_protocol())
    print(client.cipher() == server.cipher(), client.cipher()[1], client.compression(), client.server_side)
    print(client.getpeercert()["subject"], client.getpeercert()["subjectAltName"], server.getpeercert())

    print(client.write(b"hello"), server.pending())
    carry()
    print(server.read(3), server.pending(), server.read(100))
    try:
        server.read(1)
    except ssl.SSLWantReadError as error:
        print(type(error).__mro__[1:3], error.errno)
    server.write(b"bye")
    carry()
    room = bytearray(10)
    print(client.read(10, room), room)

    try:
        client.unwrap()
    except ssl.SSLWantReadError:
        print("waits for the other side")
    carry()
    print(server.read(1), server.unwrap())
    carry()
    print(client.unwrap())
    try:
        client.read(1)
    except ssl.SSLZeroReturnError as error:
        print(error.errno)
