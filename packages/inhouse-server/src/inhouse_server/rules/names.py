"""Names of projects and of their files, and whether they agree.

Sources: PEP 503 (normalisation); packaging.python.org, "Binary distribution format", "Source distribution format".
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from packaging.utils import (
    InvalidName,
    InvalidSdistFilename,
    InvalidWheelFilename,
    NormalizedName,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from inhouse_server.errors import InvalidRequestError
from inhouse_server.versions import MAXIMUM_LENGTH, canonical_text, parse_version

# What names, PEP 440 versions and tags are made of; packaging's parsers let other characters through in places.
_FILENAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*", re.ASCII)


class FileKind(StrEnum):
    """What a file is, in the words of an upload's `filetype`."""

    WHEEL = "bdist_wheel"
    SDIST = "sdist"


@dataclass(frozen=True, slots=True)
class FileName:
    """What a distribution's file name says."""

    text: str
    project: NormalizedName
    version: Version
    kind: FileKind


def check_project_name(name: str) -> NormalizedName:
    """Return a project's name normalised.

    Raises:
        InvalidRequestError: It is not a name of a project, or is too long.
    """
    try:
        normalized = canonicalize_name(name, validate=True)
    except InvalidName as error:
        raise InvalidRequestError(
            f"{name!r} is not a valid project name.",
            hint="Use letters, digits, '.', '-' and '_', with a letter or digit at both ends.",
        ) from error
    if len(name) > MAXIMUM_LENGTH:
        raise InvalidRequestError(
            f"The project name has {len(name)} characters.", hint=f"Use at most {MAXIMUM_LENGTH}."
        )
    return normalized


def parse_filename(filename: str) -> FileName:
    """Return what a distribution's file name says.

    Raises:
        InvalidRequestError: It is not the name of a wheel or of a source distribution.
    """
    if len(filename) > MAXIMUM_LENGTH:
        raise InvalidRequestError(
            f"The file name has {len(filename)} characters.", hint=f"Use at most {MAXIMUM_LENGTH}."
        )
    try:
        if _FILENAME.fullmatch(filename) is None:
            raise InvalidSdistFilename("it may have letters, digits and . _ - + ! alone")  # noqa: TRY301 - one message
        if filename.endswith(".whl"):
            project, version, _, _ = parse_wheel_filename(filename)
            kind = FileKind.WHEEL
        else:
            project, version = parse_sdist_filename(filename)
            kind = FileKind.SDIST
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        raise InvalidRequestError(
            f"{filename!r} is not the name of a wheel or of a source distribution: {error}.",
            hint="Upload the .whl and .tar.gz files that your build made, under the names it gave them.",
        ) from error
    return FileName(filename, project, version, kind)


def version_key(version: str) -> str:
    """Return what is the same text for versions that are equal by PEP 440 (`1.0` and `1.0.0`)."""
    return canonical_text(version)


def check_agreement(filename: FileName, *, name: str, version: str, where: str) -> None:
    """Check that a name and a version are those of the file name.

    Args:
        where: What said them, for the message: "the metadata in the file", "the form".

    Raises:
        InvalidRequestError: They are not, or are not valid at all.
    """
    project = check_project_name(name)
    if project != filename.project:
        raise InvalidRequestError(
            f"{where} says the project is {name!r}, the file name {filename.text!r} says {filename.project!r}.",
            hint="Build the project again and upload the file under the name the build gave it.",
        )
    parsed = parse_version(version)
    if parsed is None:
        raise InvalidRequestError(
            f"{where} says the version is {version[:MAXIMUM_LENGTH]!r}, which PEP 440 does not allow.",
            hint=f"Correct the version in pyproject.toml and build again; it may have {MAXIMUM_LENGTH} characters.",
        )
    if parsed != filename.version:
        raise InvalidRequestError(
            f"{where} says the version is {version!r}, the file name {filename.text!r} says {str(filename.version)!r}.",
            hint="Build the project again and upload the file under the name the build gave it.",
        )
