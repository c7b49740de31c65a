"""Which version installers take from a page, when nothing narrows the choice but PEP 440 and PEP 592.

The newest one that is neither a pre-release nor yanked. Where there are only pre-releases, they count; a yanked version
is only taken when exactly it is asked for. pip and uv differ in one case: all final versions are yanked, and there are
pre-releases that are not; uv then takes one of these, pip nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from inhouse.codeartifact.explain.facts import newest_first, parsed, version_key
from inhouse.codeartifact.interface import PublishedFile


class Kind(Enum):
    """Why a version is taken, or none."""

    NEWEST = "the newest one that is neither a pre-release nor yanked"
    PRERELEASE = "there are only pre-releases"
    PRERELEASE_WITH_UV = "there are only pre-releases that are not yanked, and only uv takes one then"
    ONLY_YANKED = "all are yanked"
    NONE = "there is none"


@dataclass(frozen=True)
class Listed:
    """A version on a page.

    Attributes:
        version: As a file of it writes it.
        wheels: How many wheels it has.
        sdists: How many source distributions it has.
        is_yanked: Whether all of its files are yanked.
        requires_python: The Pythons that it is for; "" for any, or where its files do not agree.
    """

    version: str
    wheels: int
    sdists: int
    is_yanked: bool
    requires_python: str


@dataclass(frozen=True)
class Choice:
    """What is taken; None for nothing."""

    kind: Kind
    listed: Listed | None = None


def listed_versions(files: Sequence[PublishedFile]) -> dict[str, Listed]:
    """Return the versions on a page by their keys; files whose names say no version are of no use to anybody."""
    grouped: dict[str, list[PublishedFile]] = {}
    for file in files:
        if parsed(file.version) is not None:
            grouped.setdefault(version_key(file.version), []).append(file)
    return {key: _listed(of_version) for key, of_version in grouped.items()}


def choose(listed: Mapping[str, Listed]) -> Choice:
    """Return what installers take."""
    order = newest_first(tuple(listed))
    finals = [key for key in order if not _is_prerelease(key)]
    for kind, candidates in (
        (Kind.NEWEST, finals),
        (Kind.PRERELEASE_WITH_UV if finals else Kind.PRERELEASE, [key for key in order if key not in finals]),
    ):
        taken = next((key for key in candidates if not listed[key].is_yanked), None)
        if taken is not None:
            return Choice(kind, listed[taken])
    return Choice(Kind.ONLY_YANKED, listed[(finals or list(order))[0]]) if order else Choice(Kind.NONE)


def _listed(files: Sequence[PublishedFile]) -> Listed:
    wheels = sum(file.filename.endswith(".whl") for file in files)
    pythons = {file.requires_python for file in files}
    return Listed(
        version=files[0].version,
        wheels=wheels,
        sdists=len(files) - wheels,
        is_yanked=all(file.is_yanked for file in files),
        requires_python=pythons.pop() if len(pythons) == 1 else "",
    )


def _is_prerelease(key: str) -> bool:
    version = parsed(key)
    return version is not None and version.is_prerelease
