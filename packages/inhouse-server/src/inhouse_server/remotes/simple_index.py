"""A simple index on the network, such as PyPI, as a public source.

JSON is asked for first: only it says when a file was uploaded and how long it is. Sources: PEP 503, 691, 700, 714.
"""

import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Final
from urllib.parse import urljoin
from urllib.request import getproxies, proxy_bypass

from packaging.utils import NormalizedName
from pypi_simple import DistributionPackage, ProjectPage, UnsupportedRepoVersionError
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Retry, Timeout, make_headers
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import parse_url

from inhouse_server.errors import RemoteUnavailableError, SettingError
from inhouse_server.model import Digests, File, Sha256
from inhouse_server.remotes.filenames import version_of
from inhouse_server.remotes.interface import Listing
from inhouse_server.remotes.listing_cache import KeptListing, ListingCache
from inhouse_server.single_flight import SingleFlight

_JSON: Final = "application/vnd.pypi.simple.v1+json"
_ACCEPT: Final = f"{_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
_TIMEOUT: Final = Timeout(connect=5.0, read=20.0)
_CHUNK: Final = 256 * 1024
_MAXIMUM_PAGE_BYTES: Final = 128 * 1024**2
_MAXIMUM_METADATA_BYTES: Final = 16 * 1024**2
_MAXIMUM_KEPT_FILES: Final = 100_000
_UNKNOWN_SECONDS: Final = 60.0
_SHA256_DIGITS: Final = 64

_log = logging.getLogger(__name__)


class SimpleIndex:
    """A simple index.

    Args:
        url: The address of the index, which project names are put behind; user name and password in it are sent to
            its own host only.
        fresh_seconds: How long a listing is used without asking again. AWS takes up to thirty minutes.
        monotonic: The clock of that.

    Raises:
        SettingError: `url` is not an http(s) URL with a host.
    """

    def __init__(
        self, url: str, *, fresh_seconds: float = 300.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        try:
            parsed = parse_url(url if url.endswith("/") else url + "/")
        except LocationParseError as error:
            raise _not_an_index(url) from error
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise _not_an_index(url)
        self.url = parsed._replace(auth=None).url
        self._host = (parsed.scheme, parsed.host, parsed.port)
        self._authorization = make_headers(basic_auth=parsed.auth) if parsed.auth else {}
        self._fresh_seconds = fresh_seconds
        self._monotonic = monotonic
        self._pool = _create_pool(self.url)
        self._cache = ListingCache(_MAXIMUM_KEPT_FILES)
        self._flights: SingleFlight[NormalizedName, Listing] = SingleFlight()

    def list_files(self, project: NormalizedName) -> Listing:
        """Return the project's files; see `Remote.list_files`.

        While the index does not answer, a listing that is past its time is better than none.
        """
        kept = self._cache.get(project)
        if kept is not None and self._monotonic() < kept.fresh_until:
            return kept.listing
        return self._flights.do(project, lambda: self._ask(project))

    @contextmanager
    def open(self, file: File) -> Iterator[Iterator[bytes]]:
        """Give a listed file's bytes; see `Remote.open`."""
        # identity: an index must not compress what is compressed, and the digests are of the bytes as they lie there.
        response = self._get(self._address(file), {"Accept-Encoding": "identity"})
        try:
            if response.status != 200:
                raise self._unavailable(f"answered {response.status} for {file.filename}")
            yield self._chunks(response)
        finally:
            response.close()  # where it was read to its end, its connection has gone back to the pool already

    def read_metadata(self, file: File) -> bytes:
        """Return a file's core metadata; see `Remote.read_metadata`."""
        response = self._get(self._address(file) + ".metadata", {})
        try:
            if response.status != 200:
                raise self._unavailable(f"answered {response.status} for the metadata of {file.filename}")
            return self._read(response, _MAXIMUM_METADATA_BYTES)
        finally:
            _release(response)

    def _ask(self, project: NormalizedName) -> Listing:
        kept = self._cache.get(project)
        now = self._monotonic()
        if kept is not None and now < kept.fresh_until:  # another thread was faster
            return kept.listing
        try:
            fetched = self._fetch(project, kept, now)
        except RemoteUnavailableError as error:
            if kept is None:
                raise
            _log.warning("%s; using the listing of %s that was kept", error.message, project)
            return kept.listing
        self._cache.put(project, fetched)
        return fetched.listing

    def _fetch(self, project: NormalizedName, kept: KeptListing | None, now: float) -> KeptListing:
        url = urljoin(self.url, f"{project}/")
        headers = {"Accept": _ACCEPT}
        if kept is not None and kept.etag is not None:
            headers["If-None-Match"] = kept.etag
        response = self._get(url, headers)
        try:
            if kept is not None and response.status == 304:
                return KeptListing(kept.listing, kept.etag, now + self._fresh_seconds)
            if response.status in {404, 410}:
                return KeptListing(Listing({}), None, now + min(_UNKNOWN_SECONDS, self._fresh_seconds))
            if response.status != 200:
                raise self._unavailable(f"answered {response.status} for {project}")
            body = self._read(response, _MAXIMUM_PAGE_BYTES)
            page = self._parse(project, response, body, urljoin(url, response.geturl() or ""))
        finally:
            _release(response)
        files = (_file(package, project) for package in page.packages)
        listing = Listing.of(file for file in files if file is not None)
        return KeptListing(listing, response.headers.get("ETag"), now + self._fresh_seconds)

    def _parse(self, project: NormalizedName, response: BaseHTTPResponse, body: bytes, url: str) -> ProjectPage:
        content_type = response.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
        try:
            if content_type == _JSON:
                return ProjectPage.from_json_data(json.loads(body), url)
            return ProjectPage.from_html(project, body, url)
        # ValueError is json's and pydantic's. AssertionError and TypeError: how pypi-simple meets odd HTML.
        except (ValueError, AssertionError, TypeError, UnsupportedRepoVersionError) as error:
            raise self._unavailable(f"gave a page of {project} that cannot be read") from error

    def _address(self, file: File) -> str:
        if file.url is None or not file.url.startswith(("http://", "https://")):
            raise self._unavailable(f"does not list {file.filename} any more")
        return file.url

    def _get(self, url: str, headers: dict[str, str]) -> BaseHTTPResponse:
        try:
            target = parse_url(url)
            if (target.scheme, target.host, target.port) == self._host:
                headers = {**headers, **self._authorization}
            return self._pool.request(
                "GET", url, headers={"User-Agent": "inhouse-server", **headers}, preload_content=False
            )
        except (HTTPError, ValueError) as error:
            raise self._unavailable(f"cannot be reached ({_cause(error)})") from error

    def _chunks(self, response: BaseHTTPResponse) -> Iterator[bytes]:
        try:
            yield from response.stream(_CHUNK, decode_content=False)
        except HTTPError as error:
            raise self._unavailable(f"broke off ({_cause(error)})") from error

    def _read(self, response: BaseHTTPResponse, maximum: int) -> bytes:
        body = bytearray()
        try:
            for chunk in response.stream(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > maximum:
                    response.close()
                    raise self._unavailable(f"answered with more than {maximum} bytes")
        except HTTPError as error:
            raise self._unavailable(f"broke off ({_cause(error)})") from error
        return bytes(body)

    def _unavailable(self, what: str) -> RemoteUnavailableError:
        return RemoteUnavailableError(
            f"The public source {self.url} {what}.",
            hint="Try again in a moment. What this repository has kept goes on working; if this machine has no way to "
            "the source, start the server with another one, or with a folder of wheels, by --public-pypi.",
        )


def _not_an_index(url: str) -> SettingError:
    return SettingError(
        f"{url!r} is not the address of a simple index.",
        hint="Give an http(s) URL that project names are put behind; it usually ends in /simple/.",
    )


def _create_pool(url: str) -> PoolManager:
    # create_default_context reads SSL_CERT_FILE and SSL_CERT_DIR, where the machine's own authorities are named.
    context = ssl.create_default_context()
    retries = Retry(
        total=5,
        connect=2,
        read=2,
        status=2,
        redirect=5,
        status_forcelist=(429, 500, 502, 503, 504),
        backoff_factor=0.2,
        raise_on_status=False,
        # A source may ask for any wait; a client of ours would not have the patience.
        respect_retry_after_header=False,
    )
    target = parse_url(url)
    proxy = None if proxy_bypass(target.host or "") else getproxies().get(target.scheme or "")
    if proxy:
        return ProxyManager(proxy, ssl_context=context, timeout=_TIMEOUT, retries=retries, maxsize=16)
    return PoolManager(ssl_context=context, timeout=_TIMEOUT, retries=retries, maxsize=16)


def _release(response: BaseHTTPResponse) -> None:
    """Give a response's connection back to the pool, fit for the next request."""
    response.drain_conn()
    response.release_conn()


def _file(package: DistributionPackage, project: NormalizedName) -> File | None:
    version = version_of(package.filename, project)
    sha256 = _sha256(package.digests)
    if version is None or sha256 is None:
        return None
    uploaded = package.upload_time
    if uploaded is not None:
        uploaded = uploaded.replace(tzinfo=UTC) if uploaded.tzinfo is None else uploaded.astimezone(UTC)
    return File(
        filename=package.filename,
        version=version,
        digests=Digests(sha256, md5=package.digests.get("md5")),
        size=package.size,
        requires_python=package.requires_python or None,
        upload_time=uploaded,
        yanked=(package.yanked_reason or True) if package.is_yanked else False,
        metadata_sha256=_sha256(package.metadata_digests or {}),
        url=package.url,
    )


def _sha256(digests: dict[str, str]) -> Sha256 | None:
    digest = digests.get("sha256", "").lower()
    if len(digest) != _SHA256_DIGITS or not set(digest) <= set("0123456789abcdef"):
        return None
    return Sha256(digest)


def _cause(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error)
