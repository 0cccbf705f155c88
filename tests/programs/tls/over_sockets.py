"""Connections over sockets: by threads with timeouts, and by asyncio."""
import os
import ssl
import asyncio
import socket
import threading

# A key for nothing but these tests, and a certificate of it for localhost, *.example.org and 127.0.0.1.
CERTIFICATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "localhost.pem")

server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_context.load_cert_chain(CERTIFICATE)
client_context = ssl.create_default_context(cafile=CERTIFICATE)

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
