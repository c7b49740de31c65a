"""The proxy, with a small server of ours behind it and clients that are stricter than most."""

import contextlib
import hashlib
import http.client
import os
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pytest_inhouse.front import Front, Target, read_target

API = "codeartifact.us-east-1.amazonaws.com"
REPOSITORY = "acme-111122223333.d.codeartifact.us-east-1.amazonaws.com"
BIG = os.urandom(1024) * 20_000


class Behind(BaseHTTPRequestHandler):
    """Tells what arrived; `/big` is long, `/close` ends the connection, `/slow` takes a while."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(60)
        body = BIG if self.path == "/big" else f"{self.headers['Host']} {self.path}".encode()
        self.answer(body)

    def do_POST(self) -> None:
        received = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(hashlib.sha256(received).hexdigest().encode())

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/close":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def behind() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Behind) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def front(behind: str, tmp_path: Path) -> Iterator[Front]:
    opened = Front(behind, tmp_path)
    yield opened
    opened.close()


def trusting(front: Front) -> ssl.SSLContext:
    """Return what Python 3.13 makes by default: it is strict about what certificates must say."""
    context = ssl.create_default_context(cafile=str(front.authority))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


@contextlib.contextmanager
def connected(front: Front, host: str, context: ssl.SSLContext) -> Iterator[http.client.HTTPSConnection]:
    proxy = urlsplit(front.url)
    assert proxy.hostname is not None
    connection = http.client.HTTPSConnection(proxy.hostname, proxy.port, context=context, timeout=20)
    connection.set_tunnel(host, 443)
    with contextlib.closing(connection):
        yield connection


def test_a_connection_is_kept_for_many_requests(front: Front) -> None:
    context = trusting(front)
    hosts = front.begin()
    with connected(front, REPOSITORY, context) as connection:
        for number in range(5):
            connection.request("GET", f"/{number}")
            assert connection.getresponse().read().decode() == f"{REPOSITORY} /{number}"
        tls = connection.sock
        assert isinstance(tls, ssl.SSLSocket)
        assert tls.selected_alpn_protocol() == "http/1.1"
    assert (hosts.reached, hosts.refused) == ([REPOSITORY], [])


def test_long_bodies_both_ways(front: Front) -> None:
    with connected(front, REPOSITORY, trusting(front)) as connection:
        connection.request("POST", "/", BIG)
        assert connection.getresponse().read().decode() == hashlib.sha256(BIG).hexdigest()
        connection.request("GET", "/big")
        assert connection.getresponse().read() == BIG
        connection.request("GET", "/close")
        assert connection.getresponse().read() == f"{REPOSITORY} /close".encode()


def test_many_at_once(front: Front) -> None:
    context = trusting(front)

    def ask(number: int) -> str:
        with connected(front, API if number % 2 else REPOSITORY, context) as connection:
            connection.request("GET", f"/{number}")
            return connection.getresponse().read().decode()

    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(ask, range(60)))
    assert said == [f"{API if number % 2 else REPOSITORY} /{number}" for number in range(60)]


@pytest.mark.parametrize("host", ["example.org", "s3.us-east-1.amazonaws.com", "169.254.169.254"])
def test_other_hosts_are_refused(front: Front, host: str) -> None:
    hosts = front.begin()
    with connected(front, host, trusting(front)) as connection, pytest.raises(OSError, match="403 Forbidden"):
        connection.request("GET", "/")
    assert hosts.refused == [host]
    assert hosts.reached == []


def test_what_is_not_encrypted_is_refused_with_a_reason(front: Front) -> None:
    hosts = front.begin()
    proxy = urlsplit(front.url)
    assert proxy.hostname is not None
    connection = http.client.HTTPConnection(proxy.hostname, proxy.port, timeout=20)
    with contextlib.closing(connection):
        connection.request("POST", f"http://{API}/", b"x" * 100_000)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (
            403,
            f"{API} is not an address of AWS CodeArtifact: this test may not reach it.\n".encode(),
        )
    assert hosts.refused == [API]


def test_each_test_sees_its_own_hosts(front: Front) -> None:
    first = front.begin()
    with connected(front, API, trusting(front)) as connection:
        connection.request("GET", "/")
        connection.getresponse().read()
    second = front.begin()
    assert (first.reached, second.reached) == ([API], [])


def test_whoever_does_not_trust_the_authority_gets_nothing(front: Front) -> None:
    with (
        connected(front, API, ssl.create_default_context()) as connection,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        connection.request("GET", "/")
    with connected(front, API, trusting(front)) as connection:  # and it is still there
        connection.request("GET", "/")
        assert connection.getresponse().status == 200


@pytest.mark.parametrize("sent", [b"", b"CONNECT", b"\x16\x03\x01\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 70_000])
def test_what_is_no_request_harms_nobody(front: Front, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(front.url).port or 0)) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while connection.recv(1000):
                pass
    with connected(front, API, trusting(front)) as connection:
        connection.request("GET", "/")
        assert connection.getresponse().status == 200


def test_nobody_behind_it(tmp_path: Path) -> None:
    front = Front("http://127.0.0.1:1", tmp_path)
    with connected(front, API, trusting(front)) as connection:
        connection.request("GET", "/")
        with pytest.raises((ConnectionError, ssl.SSLError, http.client.HTTPException)):
            connection.getresponse()
    front.close()


def test_it_ends_at_once_whatever_is_still_open(behind: str, tmp_path: Path) -> None:
    front = Front(behind, tmp_path)
    with (
        connected(front, REPOSITORY, trusting(front)) as waiting,
        connected(front, REPOSITORY, trusting(front)) as idle,
        socket.create_connection(("127.0.0.1", urlsplit(front.url).port or 0)),
    ):
        waiting.request("GET", "/slow")
        idle.request("GET", "/")
        idle.getresponse().read()
        start = time.monotonic()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            front.close()
        assert time.monotonic() - start < 2
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", urlsplit(front.url).port or 0))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (f"CONNECT {API}:443 HTTP/1.1\r\nHost: x\r\n\r\n", Target(API, is_ours=True)),
        (f"CONNECT {API.upper()}:443 HTTP/1.0\r\n\r\n", Target(API, is_ours=True)),
        (f"CONNECT {API}:80 HTTP/1.1\r\n\r\n", Target(API, is_ours=False)),
        ("CONNECT example.org:443 HTTP/1.1\r\n\r\n", Target("example.org", is_ours=False)),
        ("GET http://example.org:8080/x HTTP/1.1\r\n\r\n", Target("example.org", is_ours=False)),
        ("GET /x HTTP/1.1\r\n\r\n", Target("/x", is_ours=False)),
        ("nonsense\r\n\r\n", Target("(no request)", is_ours=False)),
    ],
)
def test_what_a_request_asks_for(head: str, expected: Target) -> None:
    assert read_target(head.encode()) == expected
