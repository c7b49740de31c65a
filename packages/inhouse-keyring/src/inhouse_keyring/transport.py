"""One request over HTTP, with the proxies and certificates that AWS's tools take, and little patience."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import threading
import time
from urllib.parse import unquote, urlsplit

from inhouse_keyring.endpoints import is_loopback
from inhouse_keyring.errors import UNREACHABLE_HINT, UnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

    from inhouse_keyring.questions import Surroundings

_ATTEMPTS = 2
_LONGEST_PAUSE = 5.0
_PAUSE = 0.3
_LARGEST = 1_048_576


class Patience:
    """How long to wait.

    Attributes:
        connect: Seconds for a connection.
        read: Seconds for an answer.
    """

    __slots__ = ("connect", "read")

    def __init__(self, connect: float, read: float) -> None:
        self.connect = connect
        self.read = read


class Answer:
    """What was answered.

    Attributes:
        status: The status.
        headers: By their names in small letters.
        body: The bytes.
    """

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


def request(
    method: str,
    url: str,
    surroundings: Surroundings,
    patience: Patience,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    certificates: str = "",
    through_proxy: bool = True,
) -> Answer:
    """Ask, and once more if nobody answered or the service was busy.

    Args:
        method: The method.
        url: The whole address.
        surroundings: Whose variables name proxies and certificates.
        patience: How long to wait.
        headers: The headers; nothing of theirs is logged or shown.
        body: What to send.
        certificates: A file of certificates that a profile names.
        through_proxy: Whether a proxy may be used; metadata services are never asked through one.

    Raises:
        UnreachableError: Nobody answered.
    """
    parts, environment = urlsplit(url), surroundings.environment
    attempt = 0
    while True:
        attempt += 1
        is_last = attempt == _ATTEMPTS
        try:
            connection = _connection(parts, environment, patience, certificates, through_proxy=through_proxy)
            answer = _ask(
                connection, patience.read, method, _target(connection, parts, url), headers=headers, body=body
            )
        except (OSError, http.client.HTTPException, ValueError) as error:
            if is_last or isinstance(error, (ValueError, ssl.SSLCertVerificationError)):
                raise UnreachableError(
                    f"the repository at {parts.scheme}://{parts.netloc} cannot be reached: {_reason(error)}",
                    hint=UNREACHABLE_HINT,
                ) from error
            continue
        if is_last or not _is_busy(answer):
            return answer
        time.sleep(pause(answer.headers.get("retry-after", "")))


def pause(retry_after: str) -> float:
    """Return the seconds to wait before asking again: what the service says, within reason."""
    try:
        return min(max(float(retry_after), 0.0), _LONGEST_PAUSE)
    except ValueError:  # nothing, or a date
        return _PAUSE


def proxy_for(parts: SplitResult, environment: Mapping[str, str]) -> str:
    """Return the proxy for an address; empty if it is asked directly.

    Source: the variables that curl, botocore and most others read; small letters win.
    """
    host = (parts.hostname or "").lower()
    if is_loopback(host):
        return ""
    exempt = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    for entry in (each.strip().lower() for each in exempt.split(",")):
        bare = entry.rpartition(":")[0] if entry.rpartition(":")[2].isdigit() and ":" in entry else entry
        name = bare.lstrip("*").lstrip(".")
        if entry == "*" or (name and (host == name or host.endswith("." + name))):
            return ""
    variable = f"{parts.scheme}_proxy"
    # CGI programs get the header `Proxy` as HTTP_PROXY (CVE-2016-5385).
    upper = (
        "" if variable == "http_proxy" and "REQUEST_METHOD" in environment else environment.get(variable.upper(), "")
    )
    return environment.get(variable) or upper or environment.get("all_proxy") or environment.get("ALL_PROXY") or ""


def _connection(
    parts: SplitResult,
    environment: Mapping[str, str],
    patience: Patience,
    certificates: str,
    *,
    through_proxy: bool,
) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port
    named = proxy_for(parts, environment) if through_proxy else ""
    proxy = urlsplit(named if "://" in named else f"http://{named}") if named else None
    if proxy is not None and proxy.scheme != "http":
        raise ValueError(f"the proxy {proxy.scheme}://{proxy.hostname} is not one that is spoken to with http")
    if parts.scheme == "http":
        if proxy is not None:
            return http.client.HTTPConnection(proxy.hostname or "", proxy.port or 80, timeout=patience.connect)
        return http.client.HTTPConnection(host, port or 80, timeout=patience.connect)
    context = _context(environment, certificates)
    if proxy is None:
        return http.client.HTTPSConnection(host, port or 443, timeout=patience.connect, context=context)
    connection = http.client.HTTPSConnection(
        proxy.hostname or "", proxy.port or 80, timeout=patience.connect, context=context
    )
    connection.set_tunnel(host, port or 443, headers=_proxy_login(proxy))
    return connection


def _context(environment: Mapping[str, str], certificates: str) -> ssl.SSLContext:
    """Return what is trusted: the file that AWS's variable or the profile names, else what this Python trusts."""
    file = environment.get("AWS_CA_BUNDLE") or certificates or environment.get("REQUESTS_CA_BUNDLE") or ""
    if file:
        return ssl.create_default_context(cafile=file)
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"] and not environment.get("SSL_CERT_DIR"):
        try:  # a Python that knows no certificates at all, as from the installer for macOS
            import certifi
        except ImportError:
            return context
        context.load_verify_locations(cafile=certifi.where())
    return context


def _proxy_login(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(login.encode()).decode()}


def _target(connection: http.client.HTTPConnection, parts: SplitResult, url: str) -> str:
    """Return what is asked for: a proxy for plain http takes the whole address, everybody else the path."""
    if parts.scheme == "http" and (connection.host, connection.port) != (parts.hostname, parts.port or 80):
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _ask(
    connection: http.client.HTTPConnection,
    seconds: float,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
) -> Answer:
    # A socket's own time begins anew with each byte: one that drips would never end.
    late = threading.Event()
    watch = threading.Timer(seconds, _hang_up, [connection, late])
    watch.daemon = True
    try:
        connection.connect()
        if connection.sock is not None:
            connection.sock.settimeout(seconds)
        watch.start()
        connection.request(method, target, body=body or None, headers={**headers, "content-length": str(len(body))})
        response = connection.getresponse()
        content = response.read(_LARGEST)
        if late.is_set():
            raise TimeoutError
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)
    except (OSError, http.client.HTTPException) as error:
        if late.is_set():
            raise TimeoutError(f"timed out: no whole answer within {seconds:g} seconds") from error
        raise
    finally:
        watch.cancel()
        connection.close()


def _hang_up(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    sock = connection.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _is_busy(answer: Answer) -> bool:
    throttled = answer.status == 400 and b"Throttl" in answer.body[:1000]
    return throttled or answer.status == 429 or answer.status in {500, 502, 503, 504}


def _reason(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return str(strerror or error) or type(error).__name__
