"""Whom a client trusts, and for which names."""
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


def attempt(context, host):
    try:
        connect(context, server_context, host)
        print(host, "connected")
    except ssl.SSLCertVerificationError as error:
        print(host, error.reason, error.library, error.verify_code, error.verify_message, isinstance(error, ValueError))


for host in ("localhost", "LocalHost", "www.example.org", "a.b.example.org", "example.org", "127.0.0.1", "127.0.0.2"):
    attempt(client_context, host)
stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
attempt(stranger, "localhost")
stranger.check_hostname = False
attempt(stranger, "other")
stranger.verify_mode = ssl.CERT_NONE
attempt(stranger, "other")
print(client_context.get_ca_certs()[-1]["issuer"])
