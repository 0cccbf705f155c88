"""Connections over sockets: by threads with timeouts, and by asyncio."""
import os
import ssl
import tempfile
import asyncio
import socket
import threading

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

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]


def serve():
    with server_context.wrap_socket(listener, server_side=True) as wrapped:
        connection, _ = wrapped.accept()
        with connection:
            while data := connection.recv(100_000):
                connection.sendall(data.upper())


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(("127.0.0.1", port)) as plain:
    with client_context.wrap_socket(plain, server_hostname="localhost") as client:
        print(client.version(), client.server_hostname, client.getpeercert()["version"])
        client.sendall(b"abc")
        print(client.recv(10))
        client.settimeout(0.01)
        try:
            client.recv(1)
        except TimeoutError as error:
            print(error)
        client.settimeout(0)
        try:
            client.recv(1)
        except ssl.SSLWantReadError as error:
            print(error.errno)
        client.settimeout(None)
        received = bytearray()
        reader = threading.Thread(target=lambda: [received.extend(client.recv(100_000)) for _ in iter(lambda: len(received) < 500_000, False)])
        reader.start()
        client.sendall(b"x" * 500_000)
        reader.join()
        print(len(received), set(received))
thread.join()


async def echo(reader, writer):
    while data := await reader.read(100_000):
        writer.write(data)
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=server_context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_context)
        writer.write(b"y" * 1_000_000)
        print(len(await reader.readexactly(1_000_000)), writer.get_extra_info("cipher")[1])
        writer.close()
        await writer.wait_closed()


asyncio.run(main())
