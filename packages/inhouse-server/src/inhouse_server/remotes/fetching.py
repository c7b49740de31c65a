"""GET over HTTP from a public source that may do anything: hang, redirect anywhere, send without end.

Every wait, every redirect and every body has a bound here; nothing of a body is read that nobody wants.
"""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin
from urllib.request import getproxies, proxy_bypass

from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError, ReadTimeoutError
from urllib3.util import parse_url

from inhouse_server.errors import RemoteUnavailableError
from inhouse_server.remotes.rest import Host, Rest

_CHUNK: Final = 256 * 1024
_LEFTOVER_BYTES: Final = 64 * 1024
"""How much of an unwanted body is read so that its connection can be used again; a longer one is closed."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAXIMUM_REDIRECTS: Final = 5
_TRANSIENT: Final = frozenset({429, 500, 502, 503, 504})
_MAXIMUM_TRIES: Final = 3
_CONNECTIONS: Final = 16
_UNANSWERED: Final = (ConnectTimeoutError, NewConnectionError, ProxyError, ReadTimeoutError)
_SCHEMES: Final = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a public source is waited for, in seconds.

    Attributes:
        connect: Until a connection stands.
        whole: For an answer that is needed whole, a listing or metadata, with all tries and redirects.
        silence: Between two pieces of a file, and until its first one.
        rest: How long a host that did not answer is not asked again.
        quick: What fails faster than this costs nobody time, and earns no rest: the host may be back at once.
        pause: Before the first repetition; twice as long before the second.
    """

    connect: float = 5.0
    whole: float = 10.0
    silence: float = 20.0
    rest: float = 5.0
    quick: float = 1.0
    pause: float = 0.2


class Answer:
    """An answer whose body has not been read yet.

    Attributes:
        status: Of HTTP; never one of a redirect that was followed.
        headers: By name, in any case.
        url: Where it came from at last.
    """

    def __init__(
        self,
        response: BaseHTTPResponse,
        url: str,
        unavailable: Callable[[str], RemoteUnavailableError],
        left: Callable[[], float],
    ) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers
        self.url = url
        self._response = response
        self._unavailable = unavailable
        self._left = left
        self._is_begun = False

    def chunks(self, maximum: int, *, decode: bool) -> Iterator[bytes]:
        """Yield the body.

        Args:
            maximum: Bytes it may have.
            decode: Whether to unpack a body that was sent compressed.

        Raises:
            RemoteUnavailableError: It breaks off, takes too long, or has more bytes.
        """
        length = 0
        self._is_begun = True
        try:
            # read1: one that comes drop by drop must not keep us past the time there is.
            while chunk := self._response.read1(_CHUNK, decode_content=decode):
                length += len(chunk)
                if length > maximum:
                    raise self._unavailable(f"answered with more than {maximum} bytes")
                if self._left() <= 0:
                    raise self._unavailable("takes too long to answer")
                yield chunk
        except HTTPError as error:
            raise self._unavailable(f"broke off ({_cause(error)})") from error

    def read(self, maximum: int) -> bytes:
        """Return the whole body, unpacked; see `chunks`."""
        return b"".join(self.chunks(maximum, decode=True))

    def finish(self) -> None:
        """Read a short body that nobody wanted, so that the connection can be used again."""
        if not self._is_begun:
            with suppress(RemoteUnavailableError):  # the connection is closed then, and that is all
                for _ in self.chunks(_LEFTOVER_BYTES, decode=False):
                    pass


class Fetcher:
    """Fetches from a public source.

    Args:
        url: Of the source: says which proxy to use, and where `authorization` is sent to, and nowhere else.
        authorization: Headers.
        patience: How long to wait.
        unavailable: Makes the error from what the source did wrong.
        monotonic: The clock of all waiting.
    """

    def __init__(
        self,
        url: str,
        *,
        authorization: Mapping[str, str],
        patience: Patience,
        unavailable: Callable[[str], RemoteUnavailableError],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host = host_of(url)
        self._authorization = authorization
        self._patience = patience
        self._unavailable = unavailable
        self._monotonic = monotonic
        self._rest = Rest(patience.rest, monotonic)
        self._pool = _create_pool(url)

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str], *, whole: bool) -> Iterator[Answer]:
        """Give the answer to a GET.

        Args:
            whole: Whether the body, too, has to come within `Patience.whole`.

        Raises:
            RemoteUnavailableError: There is none, or none in time.
        """
        start = self._monotonic()
        seconds = self._patience.whole if whole else self._patience.silence
        response, url = self._answer(url, headers, lambda: start + seconds - self._monotonic())
        left = (lambda: start + seconds - self._monotonic()) if whole else (lambda: 1.0)
        answer = Answer(response, url, self._unavailable, left)
        try:
            yield answer
            answer.finish()
        finally:
            response.close()  # where it was read to its end, its connection has gone back to the pool already

    def close(self) -> None:
        """Close all connections."""
        self._pool.clear()

    def _answer(self, url: str, headers: Mapping[str, str], left: Callable[[], float]) -> tuple[BaseHTTPResponse, str]:
        """Return the first answer that is neither a redirect nor passing trouble, and where it came from."""
        for _ in range(_MAXIMUM_REDIRECTS + 1):
            response = self._persist(url, headers, left)
            location = response.headers.get("Location") if response.status in _REDIRECTS else None
            if location is None:
                return response, url
            response.close()
            try:
                url = urljoin(url, location)
            except ValueError as error:
                raise self._unavailable("redirects to an address that is none") from error
        raise self._unavailable(f"redirects more than {_MAXIMUM_REDIRECTS} times")

    def _persist(self, url: str, headers: Mapping[str, str], left: Callable[[], float]) -> BaseHTTPResponse:
        """Return the answer to one address, asked again where that may help."""
        host, start = self._checked_host(url), self._monotonic()
        if not self._rest.may_ask(host):
            raise self._unavailable("did not answer a moment ago, and is not asked again yet")
        if host == self._host:
            headers = {**headers, **self._authorization}
        for number in range(1, _MAXIMUM_TRIES + 1):
            pause = self._patience.pause * 2 ** (number - 1)
            is_last = number == _MAXIMUM_TRIES
            try:
                response = self._try(url, headers, left())
            except (HTTPError, ValueError) as error:
                if is_last or left() <= pause or not isinstance(error, HTTPError):
                    if isinstance(error, _UNANSWERED) and self._monotonic() - start >= self._patience.quick:
                        self._rest.failed(host)
                    raise self._unavailable(f"cannot be reached ({_cause(error)})") from error
            else:
                self._rest.answered(host)
                if response.status not in _TRANSIENT or is_last or left() <= pause:
                    return response
                response.close()
            time.sleep(pause)
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def _try(self, url: str, headers: Mapping[str, str], left: float) -> BaseHTTPResponse:
        seconds = max(left, 0.001)
        return self._pool.request(
            "GET",
            url,
            headers={"User-Agent": "inhouse-server", **headers},
            timeout=Timeout(connect=min(self._patience.connect, seconds), read=seconds),
            preload_content=False,
            # Counted here: urllib3 reads the whole body of an answer before it goes on to the next.
            redirect=False,
            retries=False,
        )

    def _checked_host(self, url: str) -> Host:
        try:
            host = host_of(url)
        except HTTPError as error:
            raise self._unavailable(f"names an address that is none ({_cause(error)})") from error
        if host[0] not in _SCHEMES:
            raise self._unavailable("names an address that is not one of HTTP")
        return host


def host_of(url: str) -> Host:
    """Return what requests to an address are sent to.

    Raises:
        urllib3.exceptions.LocationParseError: It is none.
    """
    parsed = parse_url(url)
    return parsed.scheme, parsed.host, parsed.port


def _create_pool(url: str) -> PoolManager:
    # create_default_context reads SSL_CERT_FILE and SSL_CERT_DIR, where the machine's own authorities are named.
    context = ssl.create_default_context()
    target = parse_url(url)
    proxy = None if proxy_bypass(target.host or "") else getproxies().get(target.scheme or "")
    if proxy:
        return ProxyManager(proxy, ssl_context=context, maxsize=_CONNECTIONS)
    return PoolManager(ssl_context=context, maxsize=_CONNECTIONS)


def _cause(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error)
