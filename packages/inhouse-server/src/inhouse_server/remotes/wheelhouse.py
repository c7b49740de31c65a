"""A folder of wheels and source distributions as a public source, for working without network.

The folder is read anew for every listing, so files may be added while the server runs. A wheel that cannot be read
(one that is still being copied, for example) is not listed.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from packaging.utils import NormalizedName

from inhouse_server.archives import read_core_metadata
from inhouse_server.errors import InvalidDistributionError, RemoteUnavailableError
from inhouse_server.model import Digests, File, Sha256
from inhouse_server.remotes.filenames import version_of
from inhouse_server.remotes.interface import Listing
from inhouse_server.remotes.requires_python import requires_python_of

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Signature:
    """What changes when a file does."""

    size: int
    modified_ns: int


class Wheelhouse:
    """The files of one folder; what is in its subfolders is not looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._known: dict[str, tuple[_Signature, File | None]] = {}

    def list_files(self, project: NormalizedName) -> Listing:
        """Return the project's files; see `Remote.list_files`."""
        found = []
        try:
            paths = sorted(self.folder.iterdir())
        except OSError as error:
            raise self._unavailable(f"cannot be read: {error}") from error
        for path in paths:
            version = version_of(path.name, project)
            if version is not None and (file := self._file(path, version)) is not None:
                found.append(file)
        return Listing.of(found)

    @contextmanager
    def open(self, file: File) -> Iterator[Iterator[bytes]]:
        """Give a listed file's bytes; see `Remote.open`."""
        try:
            source = self._path(file).open("rb")
        except OSError as error:
            raise self._unavailable(f"does not have {file.filename} any more") from error
        with source:
            yield iter(lambda: source.read(_CHUNK), b"")

    def read_metadata(self, file: File) -> bytes:
        """Return a wheel's METADATA; see `Remote.read_metadata`."""
        try:
            return read_core_metadata(self._path(file), file.filename)
        except (OSError, InvalidDistributionError) as error:
            raise self._unavailable(f"does not have the metadata of {file.filename} any more") from error

    def _path(self, file: File) -> Path:
        # The name alone: a file that was listed by another source, or where the folder lay elsewhere, is still found.
        return self.folder / Path(file.filename).name

    def _file(self, path: Path, version: str) -> File | None:
        try:
            status = path.stat()
        except FileNotFoundError:  # removed since the folder was listed
            return None
        signature = _Signature(status.st_size, status.st_mtime_ns)
        known = self._known.get(path.name)
        if known is None or known[0] != signature:
            uploaded = datetime.fromtimestamp(status.st_mtime, tz=UTC)
            known = self._known[path.name] = (signature, _describe(path, version, signature.size, uploaded))
        return known[1]

    def _unavailable(self, what: str) -> RemoteUnavailableError:
        return RemoteUnavailableError(
            f"The folder {self.folder}, which stands for the public source, {what}.",
            hint="Put the files back, or start the server with another --public-pypi.",
        )


def _describe(path: Path, version: str, size: int, uploaded: datetime) -> File | None:
    digest = hashlib.sha256()
    metadata: bytes | None = None
    try:
        with path.open("rb") as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
        metadata = read_core_metadata(path, path.name)
    except InvalidDistributionError:
        if path.name.endswith(".whl"):
            return None
    except OSError:
        return None
    is_wheel = path.name.endswith(".whl")
    return File(
        filename=path.name,
        version=version,
        digests=Digests(Sha256(digest.hexdigest())),
        size=size,
        requires_python=None if metadata is None else requires_python_of(metadata),
        upload_time=uploaded,
        # Of wheels alone: what a source distribution's PKG-INFO says may change when it is built (PEP 643).
        metadata_sha256=Sha256(hashlib.sha256(metadata).hexdigest()) if is_wheel and metadata is not None else None,
        url=path.as_uri(),
    )
