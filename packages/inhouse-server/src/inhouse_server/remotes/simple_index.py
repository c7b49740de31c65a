"""A simple index on the network, such as PyPI, as a public source.

JSON is asked for first: only it says when a file was uploaded and how long it is. Sources: PEP 503, 691, 700, 714.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urljoin

from packaging.utils import NormalizedName
from pypi_simple import DistributionPackage, ProjectPage, UnsupportedRepoVersionError
from urllib3 import make_headers
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from inhouse_server import compat
from inhouse_server.errors import RemoteUnavailableError, SettingError
from inhouse_server.model import File
from inhouse_server.remotes.fetching import Answer, Fetcher, Patience
from inhouse_server.remotes.freshness import fresh_seconds as fresh_seconds_of
from inhouse_server.remotes.interface import Listing
from inhouse_server.remotes.listed_files import believed
from inhouse_server.remotes.listing_cache import KeptListing, ListingCache
from inhouse_server.single_flight import SingleFlight
from inhouse_server.waiting_room import waiting

_JSON: Final = "application/vnd.pypi.simple.v1+json"
_ACCEPT: Final = f"{_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
_HTML: Final = frozenset({"application/vnd.pypi.simple.v1+html", "text/html"})
_MAXIMUM_PAGE_BYTES: Final = 128 * 1024**2
_MAXIMUM_METADATA_BYTES: Final = 16 * 1024**2
_MAXIMUM_KEPT_FILES: Final = 100_000
_UNKNOWN_SECONDS: Final = 60.0

_log = logging.getLogger(__name__)


class SimpleIndex:
    """A simple index.

    Args:
        url: The address of the index, which project names are put behind; user name and password in it are sent to
            its own host only.
        fresh_seconds: How long a listing is used without asking again at most, where the source says that it may be.
            AWS takes up to thirty minutes.
        monotonic: The clock of that.
        patience: How long the index is waited for.

    Raises:
        SettingError: `url` is not an http(s) URL with a host.
    """

    def __init__(
        self,
        url: str,
        *,
        fresh_seconds: float = 300.0,
        monotonic: Callable[[], float] = time.monotonic,
        patience: Patience | None = None,
    ) -> None:
        try:
            parsed = parse_url(url if url.endswith("/") else url + "/")
        except LocationParseError as error:
            raise _not_an_index(url) from error
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise _not_an_index(url)
        self.url = parsed._replace(auth=None).url
        self._fresh_seconds = fresh_seconds
        self._monotonic = monotonic
        self._fetcher = Fetcher(
            self.url,
            authorization=make_headers(basic_auth=parsed.auth) if parsed.auth else {},
            patience=patience or Patience(),
            unavailable=self._unavailable,
        )
        self._cache = ListingCache(_MAXIMUM_KEPT_FILES)
        self._flights: SingleFlight[NormalizedName, Listing] = SingleFlight()

    def list_files(self, project: NormalizedName) -> Listing:
        """Return the project's files; see `Remote.list_files`.

        While the index does not answer, a listing that is past its time is better than none.
        """
        kept = self._cache.get(project)
        if kept is not None and self._monotonic() < kept.fresh_until:
            return kept.listing
        with waiting():
            return self._flights.do(project, lambda: self._ask(project))

    @contextmanager
    def open(self, file: File) -> Iterator[Iterator[bytes]]:
        """Give a listed file's bytes; see `Remote.open`."""
        # identity: an index must not compress what is compressed, and the digests are of the bytes as they lie there.
        headers = {"Accept-Encoding": "identity"}
        maximum = compat.MAXIMUM_ASSET_BYTES if file.size is None else file.size
        with self._fetcher.get(self._address(file), headers, whole=False) as answer:
            if answer.status != 200:
                raise self._unavailable(f"answered {answer.status} for {file.filename}")
            yield answer.chunks(maximum, decode=False)

    def read_metadata(self, file: File) -> bytes:
        """Return a file's core metadata; see `Remote.read_metadata`."""
        with self._fetcher.get(self._address(file) + ".metadata", {}, whole=True) as answer:
            if answer.status != 200:
                raise self._unavailable(f"answered {answer.status} for the metadata of {file.filename}")
            return answer.read(_MAXIMUM_METADATA_BYTES)

    def close(self) -> None:
        """Close all connections to the index."""
        self._fetcher.close()

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
        with self._fetcher.get(url, headers, whole=True) as answer:
            if kept is not None and answer.status == 304:
                return KeptListing(kept.listing, kept.etag, now + self._fresh(answer))
            if answer.status in {404, 410}:
                return KeptListing(Listing({}), None, now + min(_UNKNOWN_SECONDS, self._fresh(answer)))
            if answer.status != 200:
                raise self._unavailable(f"answered {answer.status} for {project}")
            packages = self._packages(project, answer, answer.read(_MAXIMUM_PAGE_BYTES))
        listing = Listing.of(believed(packages, project))
        return KeptListing(listing, answer.headers.get("ETag"), now + self._fresh(answer))

    def _fresh(self, answer: Answer) -> float:
        return fresh_seconds_of(answer.headers, self._fresh_seconds)

    def _packages(self, project: NormalizedName, answer: Answer, body: bytes) -> list[DistributionPackage]:
        content_type = answer.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
        if content_type != _JSON and content_type not in _HTML:
            raise self._unavailable(f"gave a page of {project} that is no index, but {content_type[:100]!r}")
        try:
            if content_type == _JSON:
                return _from_json(json.loads(body), project, answer.url)
            page = ProjectPage.from_html(project, body, answer.url)
        # ValueError is json's and pydantic's. AssertionError and TypeError: how pypi-simple meets odd HTML.
        except (ValueError, AssertionError, TypeError, RecursionError, UnsupportedRepoVersionError) as error:
            raise self._unavailable(f"gave a page of {project} that cannot be read") from error
        # What a network's login page looks like, and any other page that answers in place of the index. Taken for an
        # index it would say that the project does not exist, which sends clients to their next index.
        if page.repository_version is None and all(package.project is None for package in page.packages):
            raise self._unavailable(f"gave a page of {project} that is no index: it links to no distribution")
        return page.packages

    def _address(self, file: File) -> str:
        if file.url is None:
            raise self._unavailable(f"does not list {file.filename} any more")
        return file.url

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


def _from_json(data: Any, project: NormalizedName, url: str) -> list[DistributionPackage]:  # noqa: ANN401 - JSON
    """Return the files of a page in JSON, without those that break the format.

    Raises:
        ValueError: The page itself does.
        UnsupportedRepoVersionError: It is of a later version than is understood here.
    """
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, list):
        raise ValueError("a page without files")  # noqa: TRY004 - what other pages that break the format raise
    ProjectPage.from_json_data({**data, "files": []}, url)
    packages = []
    for file in files:
        try:
            packages.append(DistributionPackage.from_json_data(file, project, url))
        except (ValueError, TypeError, OverflowError):  # one that cannot be read must not hide the others
            _log.debug("a file that %s lists of %s cannot be read", url, project)
    return packages
