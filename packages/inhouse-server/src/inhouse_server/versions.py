"""Versions by PEP 440, read from texts that strangers send.

Python refuses to read a number of thousands of digits by an error that packaging does not foresee; no text that is
longer than a version's name may be gets that far.
"""

from typing import Final

from packaging.utils import canonicalize_version
from packaging.version import InvalidVersion, Version

MAXIMUM_LENGTH: Final = 255
"""Characters of a package's, a version's and an asset's name. Source: botocore's model."""


def parse_version(text: str) -> Version | None:
    """Return the version, or None where the text is none or is too long."""
    try:
        return Version(text) if len(text) <= MAXIMUM_LENGTH else None
    except InvalidVersion:
        return None


def canonical_text(text: str) -> str:
    """Return what is the same text for versions that are equal by PEP 440; a text that is no version itself."""
    version = parse_version(text)
    return text if version is None else canonicalize_version(version)
