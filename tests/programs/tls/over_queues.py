"""A connection between two queues of bytes: handshake, data, end."""
import os
import ssl
import tempfile

# A key for nothing but this test, and a certificate of it for localhost, *.example.org and 127.0.0.1.
PEM = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg249YYDe9ncfNxmIl
7Yf2XaHCv0ugWZTtR8UObT9Sve+hRANCAASawr9d8tvbeJRfJswrrnlDjgCwJeNS
8dTiNdYn3001AitIt23c1A6h3NMCURRVfJJL03OgaZGB19Qf6VTD8e3q
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIB6DCCAY6gAwIBAgIUUfE5xvNn3RM1zy5GhHxW7lUUxmcwCgYIKoZIzj0EAwIw
MzELMAkGA1UEBhMCWFkxEDAOBgNVBAoMB0V4YW1wbGUxEjAQBgNVBAMMCWxvY2Fs
aG9zdDAgFw0yNjExMzAxMDQ0NTlaGA8yMTI2MTEwNjEwNDQ1OVowMzELMAkGA1UE
BhMCWFkxEDAOBgNVBAoMB0V4YW1wbGUxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABJrCv13y29t4lF8mzCuueUOOALAl41Lx1OI1
1iffTTUCK0i3bdzUDqHc0wJRFFV8kkvTc6BpkYHX1B/pVMPx7eqjfjB8MB0GA1Ud
DgQWBBRlUfiFGLUg8oL+HNE4F02ljxXNLTAfBgNVHSMEGDAWgBRlUfiFGLUg8oL+
HNE4F02ljxXNLTAPBgNVHRMBAf8EBTADAQH/MCkGA1UdEQQiMCCCCWxvY2FsaG9z
dIINKi5leGFtcGxlLm9yZ4cEfwAAATAKBggqhkjOPQQDAgNIADBFAiAkJn8sj7G3
uMgek+AxSapevCJK4wwsTgbtE09iPCn1OAIhAKlkXNI62Uxt51QaHoHKk9NWQ8se
ZFwrkaJqBQ0TXPeM
-----END CERTIFICATE-----
"""

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "both.pem")
    with open(path, "w") as file:
        file.write(PEM)
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(path)
client_context = ssl.create_default_context(cadata=PEM[PEM.index("-----BEGIN CERT"):])


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
