"""Goes through a `.tar.gz` from front to back, and stops at what only a bomb has."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from inhouse_server.archives.limits import (
    MAXIMUM_ATTRIBUTE_BYTES,
    MAXIMUM_ATTRIBUTE_EFFORT,
    MAXIMUM_HEADER_BYTES,
    MAXIMUM_MEMBERS,
    MAXIMUM_UNPACKED_BYTES,
)
from inhouse_server.archives.zips import too_long_unpacked, too_many_members
from inhouse_server.errors import InvalidDistributionError

_CHUNK = 256 * 1024


class TarMembers:
    """The members of an archive, in order, once.

    tarfile reads an archive that is given to it as a stream in small pieces, and never goes back. What it keeps in
    memory of a header is as long as the header says, so the stream ends before that is too much.
    """

    def __init__(self, path: Path, filename: str) -> None:
        self._filename = filename
        self._stream = _Limited(gzip.open(path), filename)  # noqa: SIM115 - see __exit__
        try:
            self._archive = tarfile.open(fileobj=self._stream, mode="r|", bufsize=_CHUNK, tarinfo=_member_type())  # noqa: SIM115 - see __exit__
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._archive.close()
        self._stream.close()

    def __iter__(self) -> Iterator[tarfile.TarInfo]:
        count = 0
        while (member := self._next()) is not None:
            count += 1
            if count > MAXIMUM_MEMBERS:
                raise too_many_members(self._filename)
            yield member

    def read(self, member: tarfile.TarInfo) -> bytes:
        """Return the bytes of the member that was just given, a file."""
        self._stream.allow(member.offset_data + member.size)
        file = self._archive.extractfile(member)
        return b"" if file is None else file.read()

    def check_end(self) -> None:
        """Check, once all members were given, that the archive ends as one does: by zeros, and with its checksum.

        Raises:
            tarfile.ReadError: It is cut off, or more stands behind its end.
        """
        end = self._archive.offset
        self._stream.allow(MAXIMUM_UNPACKED_BYTES)
        rest = self._archive.fileobj
        if rest.tell() < end + tarfile.BLOCKSIZE:
            raise tarfile.ReadError("it is cut off: the mark of its end is missing")
        while chunk := rest.read(_CHUNK):
            if chunk.count(0) != len(chunk):
                raise tarfile.ReadError("it goes on behind the mark of its end")

    def _next(self) -> tarfile.TarInfo | None:
        # The next header stands where the content of the last member ends, or is said to.
        if self._archive.offset > MAXIMUM_UNPACKED_BYTES:
            raise too_long_unpacked(self._filename)
        self._stream.allow(self._archive.offset + MAXIMUM_HEADER_BYTES)
        return self._archive.next()


def _member_type() -> type[tarfile.TarInfo]:
    """Return the type of one archive's headers; those with attributes (PAX) are looked at before tarfile reads them.

    Some Pythons search them for a number in a time that grows with the square of their length (CVE-2024-6232), so the
    squares of all of an archive's are added up.
    """

    class Member(tarfile.TarInfo):
        effort: ClassVar[int] = 0

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
            member = super().frombuf(buf, encoding, errors)
            if member.type in {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}:
                cls.effort += member.size**2
                if member.size > MAXIMUM_ATTRIBUTE_BYTES or cls.effort > MAXIMUM_ATTRIBUTE_EFFORT:
                    raise tarfile.ReadError("the attributes of its members take more than an archive needs")
            return member

    return Member


class _Limited(io.RawIOBase):
    """The unpacked bytes of a gzip file, up to the place that was allowed last; closes it with itself."""

    def __init__(self, file: gzip.GzipFile, filename: str) -> None:
        super().__init__()
        self._filename = filename
        self._file = file
        self._position = 0
        self._end = MAXIMUM_HEADER_BYTES

    def allow(self, end: int) -> None:
        """Let the stream go on up to the place `end`, and what is read at once behind it."""
        self._end = end

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        if self._position > self._end + _CHUNK:
            raise InvalidDistributionError(
                f"{self._filename} has a name or other attributes of a member that take more than "
                f"{MAXIMUM_HEADER_BYTES} bytes.",
                hint="Build the source distribution again with a current backend.",
            )
        data = self._file.read(size)
        self._position += len(data)
        if self._position > MAXIMUM_UNPACKED_BYTES:
            raise too_long_unpacked(self._filename)
        return data

    def close(self) -> None:
        """Close the file."""
        super().close()
        self._file.close()
