"""What the repository asks of a public source, and the values that answer it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, Self

from packaging.utils import NormalizedName, canonicalize_version

from inhouse_server.model import File


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that a public source has of one project.

    Attributes:
        by_version: The files by their version, in the form that is the same text for equal versions (PEP 440).
    """

    by_version: Mapping[str, tuple[File, ...]]

    @classmethod
    def of(cls, files: Iterable[File]) -> Self:
        """Make a listing of files, keeping their order within each version."""
        by_version: dict[str, list[File]] = {}
        for file in files:
            by_version.setdefault(canonicalize_version(file.version), []).append(file)
        return cls({version: tuple(found) for version, found in by_version.items()})

    def find(self, file: File) -> File | None:
        """Return the file of the same name and bytes as the source lists it now."""
        for listed in self.by_version.get(canonicalize_version(file.version), ()):
            if listed.filename == file.filename and listed.digests.sha256 == file.digests.sha256:
                return listed
        return None


class Remote(Protocol):
    """A public source of packages. Its methods may be called from several threads at once.

    Whatever it gives is checked by the caller against the digests of the listing.
    """

    def list_files(self, project: NormalizedName) -> Listing:
        """Return the project's files; an empty listing where the source does not know the project.

        Only files whose SHA-256 and version are known, and of them only those metadata digests that can be checked.

        Raises:
            RemoteUnavailableError: The source does not answer, or not as its protocol says.
        """

    def open(self, file: File) -> AbstractContextManager[Iterator[bytes]]:
        """Give a listed file's bytes, chunk by chunk.

        Raises:
            RemoteUnavailableError: The source does not answer or does not have the file any more; also from the
                iterator, when it breaks off.
        """

    def read_metadata(self, file: File) -> bytes:
        """Return the core metadata of a file whose listing has a digest of it.

        Raises:
            RemoteUnavailableError: The source does not answer or does not have it any more.
        """
