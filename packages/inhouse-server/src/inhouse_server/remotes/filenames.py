"""Which version of a project a public file is of.

A public source has files of every age, so this is more lenient than what may be published here.
"""

from typing import Final

from packaging.utils import (
    NormalizedName,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version
from pypi_simple import UnparsableFilenameError, parse_filename

_MAXIMUM_LENGTH: Final = 255
"""Characters of an asset's name. Source: botocore's model."""


def version_of(filename: str, project: NormalizedName) -> str | None:
    """Return the file's version, or None where it is no file of the project or has no version by PEP 440."""
    if len(filename) > _MAXIMUM_LENGTH or not filename.isprintable() or "/" in filename or "\\" in filename:
        return None
    try:
        if filename.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(filename)
        elif filename.endswith((".tar.gz", ".zip")):
            name, version = parse_sdist_filename(filename)
        else:  # eggs and the like, which old clients still ask for
            found, text, _ = parse_filename(filename, project)
            name, version = canonicalize_name(found), Version(text)
    except (ValueError, UnparsableFilenameError):  # ValueError is the root of packaging's own
        return None
    return str(version) if name == project else None
