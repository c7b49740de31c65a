"""Opens ZIP archives, wheels and old source distributions, without letting their numbers decide what is read."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inhouse_server.archives.limits import (
    MAXIMUM_DIRECTORY_BYTES,
    MAXIMUM_MEMBERS,
    MAXIMUM_METADATA_BYTES,
    MAXIMUM_UNPACKED_BYTES,
)
from inhouse_server.errors import InvalidDistributionError

_ENTRY = b"PK\x01\x02"
_CHUNK = 256 * 1024
_HINT = "Leave out what the installed project does not need, and build it again."


@contextmanager
def open_zip(path: Path, filename: str) -> Iterator[zipfile.ZipFile]:
    """Give an archive whose directory is known to be of a size to work with.

    Raises:
        InvalidDistributionError: It has too many members.
        zipfile.BadZipFile: It is none; see `damage` for all that zipfile raises.
    """
    with _Guarded(path, filename) as file, zipfile.ZipFile(file) as archive:
        yield archive


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, filename: str) -> bytes:
    """Return a metadata file's bytes.

    Raises:
        InvalidDistributionError: It is longer than metadata may be, whatever the directory says of it.
    """
    content = bytearray()
    for chunk in _chunks(archive, member):
        content += chunk
        if len(content) > MAXIMUM_METADATA_BYTES:
            raise InvalidDistributionError(
                f"{filename} has a {member.filename.rpartition('/')[2]} of more than {MAXIMUM_METADATA_BYTES} bytes.",
                hint="Shorten the project's description.",
            )
    return bytes(content)


def check_all_members(archive: zipfile.ZipFile, filename: str) -> None:
    """Read every member to its end, which compares its length and its CRC with what the directory says.

    Raises:
        InvalidDistributionError: Two members have one name, or together they are too long.
        zipfile.BadZipFile: One is damaged; see `damage` for all that zipfile raises.
    """
    name, count = next(iter(Counter(archive.namelist()).most_common(1)), ("", 0))
    if count > 1:
        raise InvalidDistributionError(
            f"{filename} has {name} {count} times: who unpacks it decides which one counts.",
            hint="Build it again and upload it unchanged.",
        )
    unpacked = 0
    for member in archive.infolist():
        size = 0
        for chunk in _chunks(archive, member):
            size += len(chunk)
            if unpacked + size > MAXIMUM_UNPACKED_BYTES:
                raise too_long_unpacked(filename)
        if size != member.file_size:
            raise zipfile.BadZipFile(f"{member.filename} has {size} bytes, the directory says {member.file_size}")
        unpacked += size


def too_long_unpacked(filename: str) -> InvalidDistributionError:
    """Return the error that tells of an archive that unpacks to more than the limit."""
    return InvalidDistributionError(f"{filename} unpacks to more than {MAXIMUM_UNPACKED_BYTES} bytes.", hint=_HINT)


def too_many_members(filename: str) -> InvalidDistributionError:
    """Return the error that tells of an archive with more members than the limit."""
    return InvalidDistributionError(
        f"{filename} has more than {MAXIMUM_MEMBERS} members, or names that are too long.", hint=_HINT
    )


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    # Of the other methods, zipfile unpacks all that it has read at once: gigabytes, if the archive was made for that.
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise NotImplementedError(f"{member.filename} is packed by another method than deflate")
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


class _Guarded(io.FileIO):
    """A file that does not give a directory with too many entries away.

    zipfile reads the directory in one piece, of whatever length, and makes an object of each entry: so many bytes are
    read nowhere else here.
    """

    def __init__(self, path: Path, filename: str) -> None:
        super().__init__(path, "rb")
        self._filename = filename

    def read(self, size: int | None = -1, /) -> bytes:
        """Read; see `io.FileIO`."""
        size = -1 if size is None else size
        if size > MAXIMUM_DIRECTORY_BYTES:
            raise too_many_members(self._filename)
        data = super().read(size) or b""
        if data.count(_ENTRY) > MAXIMUM_MEMBERS:
            raise too_many_members(self._filename)
        return data
