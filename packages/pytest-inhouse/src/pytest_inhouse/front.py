"""A proxy under which AWS's addresses lead to the repository for tests, and all others nowhere.

Clients ask it with CONNECT, as they ask any proxy for https. It answers TLS itself, with a certificate for the name
that was asked for, and passes what is inside on, byte for byte: the repository knows from the Host header what is
meant. So whatever clients do with a connection, keep it, send a body in chunks, wait for 100 Continue, works.
"""

import asyncio
import re
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pytest_inhouse.aws_hosts import AwsHosts
from pytest_inhouse.aws_names import is_aws
from pytest_inhouse.certificates import Certificates

_CHUNK: Final = 64 * 1024
_HEAD_BYTES: Final = 64 * 1024
_HEAD_SECONDS: Final = 30.0
_CLOSE_SECONDS: Final = 5.0
_HTTPS: Final = 443
_CONNECT: Final = re.compile(rb"CONNECT (?P<host>[^ :]+):(?P<port>[0-9]{1,5}) HTTP/1\.[01]")
_OTHER: Final = re.compile(rb"[A-Z]+ (?P<url>[^ ]+) HTTP/1\.[01]")
_ESTABLISHED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
_REFUSED: Final = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a request to the proxy asks for.

    Attributes:
        host: Lower case.
        is_ours: Whether it is passed on: an address of AWS's, through TLS.
    """

    host: str
    is_ours: bool


def read_target(head: bytes) -> Target:
    """Return what the head of a request to the proxy asks for."""
    line = head.partition(b"\r\n")[0]
    connect = _CONNECT.fullmatch(line)
    if connect is not None:
        host = connect["host"].decode("latin-1").lower()
        return Target(host, is_ours=int(connect["port"]) == _HTTPS and is_aws(host))
    other = _OTHER.fullmatch(line)
    url = "" if other is None else other["url"].decode("latin-1")
    return Target(urlsplit(url).hostname or url or "(no request)", is_ours=False)


class Front:
    """The proxy, in a thread, on a free port of this machine.

    Args:
        upstream: The URL of the repository.
        folder: Where the authority's certificate is written.

    Attributes:
        url: Of the proxy.
        authority: The certificate to trust, a file in PEM.
    """

    def __init__(self, upstream: str, folder: Path) -> None:
        address = urlsplit(upstream)
        self._upstream = (address.hostname, address.port)
        self._certificates = Certificates()
        self.authority = folder / "authority.pem"
        self._certificates.write_authority(self.authority)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.setblocking(False)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._hosts = self.begin()
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepting = self._loop.create_task(self._accept())
        self._thread = threading.Thread(target=self._run, name="aws-hosts", daemon=True)
        self._thread.start()

    def begin(self) -> AwsHosts:
        """Return what is told to one test: the hosts that are asked for from now on."""
        self._hosts = AwsHosts(self.url, self.authority)
        return self._hosts

    def close(self) -> None:
        """End all connections and the thread."""
        self._loop.call_soon_threadsafe(self._accepting.cancel)
        self._thread.join()

    def _run(self) -> None:
        # What clients do to their connections is theirs to tell, not ours to log.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._accepting)
        self._loop.run_until_complete(self._end())
        self._loop.close()
        self._listener.close()

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # for transports that learn only now that they are lost

    async def _accept(self) -> None:
        while True:
            connection, _ = await self._loop.sock_accept(self._listener)
            task = self._loop.create_task(self._serve(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, asyncio.TimeoutError):  # OSError: ssl.SSLError is one
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await self._read_head(connection)
            if not head:
                return
            target = read_target(head)
            if target.is_ours:
                self._hosts.reached.append(target.host)
                await self._loop.sock_sendall(connection, _ESTABLISHED)
                await self._relay(connection, self._certificates.context(target.host))
            else:
                self._hosts.refused.append(target.host)
                await self._refuse(connection, target.host)

    async def _read_head(self, connection: socket.socket) -> bytes:
        """Return all up to an empty line, or nothing where the client left before it.

        Nothing of TLS can be behind it yet: that begins when we have answered.
        """
        head = bytearray()
        while b"\r\n\r\n" not in head and len(head) < _HEAD_BYTES:
            data = await self._loop.sock_recv(connection, _CHUNK)
            if not data:
                return b""
            head += data
        return bytes(head)

    async def _refuse(self, connection: socket.socket, host: str) -> None:
        said = f"{host} is not an address of AWS CodeArtifact: this test may not reach it.\n".encode()
        await self._loop.sock_sendall(connection, _REFUSED % (len(said), said))
        connection.shutdown(socket.SHUT_WR)
        # A socket that is closed with a body unread resets the connection, and the client may not see the answer.
        async with asyncio.timeout(1):
            while await self._loop.sock_recv(connection, _CHUNK):
                pass

    async def _relay(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        reader = asyncio.StreamReader(loop=self._loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=self._loop)
        transport, _ = await self._loop.connect_accepted_socket(lambda: protocol, connection, ssl=context)
        writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._upstream)
        except OSError:
            transport.abort()
            raise
        writers = (server_writer, writer)
        pumps = [
            self._loop.create_task(_pump(reader, server_writer)),
            self._loop.create_task(_pump(server_reader, writer)),
        ]
        try:
            # TLS cannot be closed by halves: when either end is done, so is the connection.
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for each in writers:
                each.close()
            with suppress(OSError, asyncio.TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    for each in writers:
                        await each.wait_closed()
        finally:
            for pump in pumps:
                pump.cancel()
            for each in writers:
                each.transport.abort()
            await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
