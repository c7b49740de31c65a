"""Reads the core metadata file out of wheels and source distributions."""

from pathlib import Path

from inhouse_server.archives.sdist import read_sdist_metadata
from inhouse_server.archives.wheel import read_wheel_metadata

__all__ = ["read_core_metadata", "read_sdist_metadata", "read_wheel_metadata"]


def read_core_metadata(path: Path, filename: str, *, whole: bool = False) -> bytes:
    """Return the bytes of METADATA (wheel) or PKG-INFO (source distribution).

    Args:
        path: Where the bytes are; its name says nothing.
        filename: The name under which the file is published.
        whole: Whether the rest of the archive is looked at, too: what is damaged, cut off or ambiguous anywhere is
            refused. For what is published here; of a public file, its listing has a digest that says more.

    Raises:
        InvalidDistributionError: The bytes are not what the file name's ending says, or lack the metadata.
    """
    if filename.endswith(".whl"):
        return read_wheel_metadata(path, filename, whole=whole)
    return read_sdist_metadata(path, filename, whole=whole)
