"""How much of an archive is read before it is called a bomb."""

from typing import Final

MAXIMUM_METADATA_BYTES: Final = 16 * 1024**2
"""Bytes of one metadata file; the longest on PyPI are below a tenth of it."""

MAXIMUM_UNPACKED_BYTES: Final = 8 * 1024**3
"""Bytes that a source distribution may unpack to before its PKG-INFO is found."""
