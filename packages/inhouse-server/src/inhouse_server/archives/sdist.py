"""Reads PKG-INFO out of a source distribution.

Source: packaging.python.org, "Source distribution format". Projects from before that page have `.zip` files too.
"""

import tarfile
import zipfile
import zlib
from pathlib import Path

from inhouse_server.archives.limits import MAXIMUM_METADATA_BYTES, MAXIMUM_UNPACKED_BYTES
from inhouse_server.errors import InvalidDistributionError

_HINT = "Build the source distribution again and upload it unchanged."


def read_sdist_metadata(path: Path, filename: str) -> bytes:
    """Return the bytes of `<folder>/PKG-INFO`.

    Raises:
        InvalidDistributionError: Not the archive that the name's ending says, or without a PKG-INFO.
    """
    try:
        found = _from_zip(path) if filename.endswith(".zip") else _from_tar(path)
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,  # among them gzip.BadGzipFile
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise InvalidDistributionError(
            f"{filename} is not a source distribution: it cannot be unpacked ({error}).", hint=_HINT
        ) from error
    if found is None:
        raise InvalidDistributionError(
            f"{filename} is not a source distribution: its top folder has no PKG-INFO of at most "
            f"{MAXIMUM_METADATA_BYTES} bytes.",
            hint=_HINT,
        )
    return found


def _from_tar(path: Path) -> bytes | None:
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if member.offset_data > MAXIMUM_UNPACKED_BYTES:
                break
            if _is_metadata(member.name, member.size) and member.isfile():
                file = archive.extractfile(member)
                return None if file is None else file.read()
    return None


def _from_zip(path: Path) -> bytes | None:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if _is_metadata(member.filename, member.file_size):
                return archive.read(member)
    return None


def _is_metadata(name: str, size: int) -> bool:
    folder, _, rest = name.removeprefix("./").partition("/")
    return bool(folder) and rest == "PKG-INFO" and size <= MAXIMUM_METADATA_BYTES
