"""What the names of built files say."""

from collections.abc import Sequence
from dataclasses import dataclass

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version


@dataclass(frozen=True)
class BuiltFiles:
    """The files of one version.

    Attributes:
        sdist: The name of the source distribution.
        wheels: The names of the wheels; more than one when they are built per platform.
    """

    sdist: str
    wheels: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the source distribution last: who sees the version finds a wheel."""
        return (*self.wheels, self.sdist)


def read_built(filenames: Sequence[str], name: str, version: str) -> BuiltFiles:
    """Sort the files of a `dist` folder.

    Args:
        filenames: Their names.
        name: The distribution they must belong to.
        version: The version they must have.

    Raises:
        ValueError: They are not exactly one source distribution and at least one wheel of that version; with the
            problem in words.
    """
    sdists: list[str] = []
    wheels: list[str] = []
    for filename in sorted(filenames):
        found = _identity(filename)
        if found is None:
            raise ValueError(f"`{filename}` is neither a wheel nor a source distribution")
        if found != (canonicalize_name(name), Version(version)):
            raise ValueError(f"`{filename}` is not of {name} {version}")
        (wheels if filename.endswith(".whl") else sdists).append(filename)
    if not wheels and not sdists:
        raise ValueError("it is empty")
    if not wheels:
        raise ValueError("the wheel is missing")
    if len(sdists) != 1:
        raise ValueError("the source distribution is missing" if not sdists else "there is more than one sdist")
    return BuiltFiles(sdists[0], tuple(wheels))


def belongs_to_version(filename: str, listed: str, version: str) -> bool:
    """Say whether a file of an index is of a version, by its name or by what the index says where the name is odd.

    Args:
        filename: Its name.
        listed: The version that was read from the page.
        version: The version in question.
    """
    found = _identity(filename)
    if found is not None:
        return found[1] == Version(version)
    return listed == version


def _identity(filename: str) -> tuple[str, Version] | None:
    try:
        if filename.endswith(".whl"):
            wheel_name, wheel_version, _, _ = parse_wheel_filename(filename)
            return wheel_name, wheel_version
        return parse_sdist_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
