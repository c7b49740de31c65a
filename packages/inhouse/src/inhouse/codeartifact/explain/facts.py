"""What is known of a project's name in a repository, and what is not: values, no more.

Whatever may be hidden from the asker is a `Fact`: known, or unknown for a reason. Nothing is guessed in its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from packaging.utils import NormalizedName, canonicalize_version
from packaging.version import InvalidVersion, Version

from inhouse.codeartifact.interface import PublishedFile
from inhouse.project.manifest import Coordinates

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Known(Generic[T_co]):
    """Something that was told."""

    value: T_co


@dataclass(frozen=True)
class Unknown:
    """Something that was not told.

    Attributes:
        question: What is not known, as words that go on after "unknown:".
        reason: Why it is not.
        permission: What to ask for in order to know it; "" when no permission would help.
    """

    question: str
    reason: str
    permission: str = ""


Fact = Known[T_co] | Unknown


class Status(StrEnum):
    """The status of a version. Source: CodeArtifact user guide, "Package version status"."""

    PUBLISHED = "Published"
    UNFINISHED = "Unfinished"
    UNLISTED = "Unlisted"
    ARCHIVED = "Archived"
    DISPOSED = "Disposed"
    DELETED = "Deleted"

    @property
    def is_downloadable(self) -> bool:
        """Whether its files can be fetched: also when unlisted, so that lock files keep working."""
        return self in {Status.PUBLISHED, Status.UNLISTED}


class OriginType(StrEnum):
    """How a version entered the domain."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Record:
    """A version that a repository holds itself.

    Attributes:
        version: As it is written there.
        status: Its status there.
        origin: How it entered the domain.
        source: Where: a repository, or a connection such as `public:pypi`; "" when that is not recorded.
    """

    version: str
    status: Status
    origin: OriginType = OriginType.UNKNOWN
    source: str = ""


@dataclass(frozen=True)
class Controls:
    """The origin controls of a package in one repository; True is ALLOW."""

    publish: bool
    upstream: bool


@dataclass(frozen=True)
class Links:
    """Where a repository looks further.

    Attributes:
        upstreams: Its upstream repositories, in order.
        source: The public source for Python packages that it is connected to; "" for none.
    """

    upstreams: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Place:
    """A repository of the search, and what it has of the package.

    Attributes:
        repository: Its name.
        links: Where it looks further.
        controls: The package's origin controls there; None where it has no record of the package.
        records: The versions that it holds itself.
    """

    repository: str
    links: Fact[Links]
    controls: Fact[Controls | None]
    records: Fact[tuple[Record, ...]]

    @property
    def source(self) -> str:
        """The public source that it is connected to; "" for none, or where that is not known."""
        return self.links.value.source if isinstance(self.links, Known) else ""


class Gate(StrEnum):
    """A way into a repository that package groups decide over."""

    PUBLISH = "PUBLISH"
    EXTERNAL_UPSTREAM = "EXTERNAL_UPSTREAM"
    INTERNAL_UPSTREAM = "INTERNAL_UPSTREAM"


class Mode(StrEnum):
    """What a package group says of a way in, inheritance resolved."""

    ALLOW = "ALLOW"
    ALLOW_SPECIFIC_REPOSITORIES = "ALLOW_SPECIFIC_REPOSITORIES"
    BLOCK = "BLOCK"


@dataclass(frozen=True)
class Restriction:
    """What is in effect for one way in.

    Attributes:
        mode: The mode.
        source: The pattern of the group in which it is set: the package's group itself, or one above it.
        allowed: The repositories on the list; none unless the mode is ALLOW_SPECIFIC_REPOSITORIES.
    """

    mode: Mode
    source: str
    allowed: Fact[tuple[str, ...]] = Known(())


@dataclass(frozen=True)
class Group:
    """The package group that the package belongs to.

    Attributes:
        pattern: Its pattern.
        is_strong: Whether the name is one that the pattern stands for; else it only looks like one, and is blocked.
        restrictions: What is in effect; a way in that the service says nothing of is missing.
    """

    pattern: str
    is_strong: bool
    restrictions: Mapping[Gate, Restriction]


@dataclass(frozen=True)
class Page:
    """The project's page, which is what installers see.

    Attributes:
        files: The files on it; none when there is no such page.
        failure: What the repository said when it could not make the page because a public source did not answer.
    """

    files: tuple[PublishedFile, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class Facts:
    """All there is to reason from.

    Attributes:
        name: The project's name, normalised.
        coordinates: The repository that is asked.
        places: The repositories of the search, in its order; the first is the one that is asked.
        is_cut: Whether the search ended at its limit, with repositories left.
        page: The project's page in the repository that is asked.
        group: The package's group.
        closes_own_names: Whether the repository closes a name of ours to the public sources of a whole search.
        is_project: Whether it is the name of the project that the asker works on.
    """

    name: NormalizedName
    coordinates: Coordinates
    places: tuple[Place, ...]
    is_cut: bool
    page: Fact[Page]
    group: Fact[Group]
    closes_own_names: Fact[bool]
    is_project: bool = False

    def unknowns(self) -> Iterator[Unknown]:
        """Yield what is not known, but for what depends on the kind of the repository."""
        yield from (self.page,) if isinstance(self.page, Unknown) else ()
        for place in self.places:
            yield from (fact for fact in (place.links, place.records, place.controls) if isinstance(fact, Unknown))
        if isinstance(self.group, Unknown):
            yield self.group
        else:
            lists = (restriction.allowed for restriction in self.group.value.restrictions.values())
            yield from (fact for fact in lists if isinstance(fact, Unknown))


def is_general(pattern: str) -> bool:
    """Return whether a package group stands for all packages, or all of Python's, and so reserves no name."""
    return pattern in {"/*", "/pypi/*", "/pypi//*"}


def parsed(version: str) -> Version | None:
    """Return a version by PEP 440; None if it is none."""
    try:
        return Version(version)
    except (InvalidVersion, ValueError):  # the latter for a number of thousands of digits
        return None


def version_key(version: str) -> str:
    """Return what is the same text for versions that are equal by PEP 440 (`1.0` and `1.0.0`)."""
    number = parsed(version)
    return version if number is None else canonicalize_version(number)


def newest_first(versions: Iterable[str]) -> tuple[str, ...]:
    """Return versions, the newest first; texts that are no versions come last."""

    def order(version: str) -> tuple[bool, Version, str]:
        number = parsed(version)
        return (number is not None, number or Version("0"), version)

    return tuple(sorted(versions, key=order, reverse=True))
