"""Whether a built file is what its name says; asked before twine is, which answers a damaged one with a traceback."""

import gzip
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 20
"""Bytes read at once."""


def is_distribution(path: Path) -> bool:
    """Read a file from its beginning to its end, and say whether it is a whole wheel or source distribution.

    Args:
        path: The file; one that ends in `.whl` has to be a wheel, any other a source distribution (`.tar.gz`).

    Source: PyPA specifications "Binary distribution format" and "Source distribution format".
    """
    try:
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None and _holds(archive.namelist(), ".dist-info/METADATA")
        with gzip.open(path) as packed:
            while packed.read(_CHUNK):  # to the very end, where the checksum is and where tar does not look
                pass
        with tarfile.open(path) as tar:
            return _holds(tar.getnames(), "/PKG-INFO")
    except (zipfile.BadZipFile, gzip.BadGzipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError):
        return False


def _holds(names: list[str], end: str) -> bool:
    return any(name.count("/") == 1 and name.endswith(end) for name in names)
