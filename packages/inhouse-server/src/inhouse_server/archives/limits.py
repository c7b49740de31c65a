"""How much of an archive is read before it is called a bomb."""

from typing import Final

MAXIMUM_METADATA_BYTES: Final = 16 * 1024**2
"""Bytes of one metadata file; the longest on PyPI are below a tenth of it."""

MAXIMUM_UNPACKED_BYTES: Final = 8 * 1024**3
"""Bytes that an archive may unpack to."""

MAXIMUM_MEMBERS: Final = 100_000
"""Files and folders in an archive; the largest on PyPI have some tens of thousands."""

MAXIMUM_HEADER_BYTES: Final = 1024**2
"""Bytes that stand in a tar archive between one member and the next: long names and other attributes."""

MAXIMUM_ATTRIBUTE_BYTES: Final = 16 * 1024
"""Bytes of one tar header of attributes (PAX): a path of some thousand bytes, twice, and some numbers."""

MAXIMUM_ATTRIBUTE_EFFORT: Final = 2**32
"""Sum of the squares of the lengths of an archive's PAX headers: 100,000 members with 200 bytes each stay below it."""

MAXIMUM_DIRECTORY_BYTES: Final = 32 * 1024**2
"""Bytes of a ZIP archive's directory, which is read whole."""
