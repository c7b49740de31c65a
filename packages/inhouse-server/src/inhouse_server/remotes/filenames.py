"""Which version of a project a public file is of.

A public source has files of every age, so this is more lenient than what may be published here.
"""

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    NormalizedName,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version
from pypi_simple import UnparsableFilenameError, parse_filename


def version_of(filename: str, project: NormalizedName) -> str | None:
    """Return the file's version, or None where it is no file of the project or has no version by PEP 440."""
    try:
        if filename.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(filename)
        elif filename.endswith((".tar.gz", ".zip")):
            name, version = parse_sdist_filename(filename)
        else:  # eggs and the like, which old clients still ask for
            found, text, _ = parse_filename(filename, project)
            name, version = canonicalize_name(found), Version(text)
    except (InvalidWheelFilename, InvalidSdistFilename, UnparsableFilenameError, InvalidVersion):
        return None
    return str(version) if name == project else None
