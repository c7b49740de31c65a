"""What can be found out, as values: which of the cases it is, of what, and what can be done about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from inhouse.codeartifact.explain.choosing import Listed
from inhouse.codeartifact.explain.facts import Place, Unknown
from inhouse.project.manifest import Coordinates

Command = tuple[str, ...]
"""A command, word by word."""

About = Mapping[str, str | tuple[str, ...]]
"""What a finding is about: words such as `repository` and `version` to their values."""

T = TypeVar("T")


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """Return values without those that equal an earlier one."""
    found: list[T] = []
    for value in values:
        if value not in found:
            found.append(value)
    return tuple(found)


class Code(StrEnum):
    """The cases. Programs read them, so they stay; `words.py` puts each into a sentence."""

    # The answer.
    TAKES = "takes"
    TAKES_PRERELEASE = "takes-prerelease"
    TAKES_PRERELEASE_WITH_UV = "takes-prerelease-with-uv"
    ONLY_YANKED = "only-yanked"
    INSTALLABLE = "installable"
    INSTALLABLE_YANKED = "installable-yanked"
    NOTHING = "nothing"
    NOT_INSTALLABLE = "not-installable"
    SOURCE_DOWN = "source-down"
    PAGE_UNKNOWN = "page-unknown"
    PAGE_UNKNOWN_RECORDED = "page-unknown-recorded"

    # Who answers with a version.
    HELD = "held"
    HELD_UPSTREAM = "held-upstream"
    FROM_SOURCE = "from-source"
    HOLDER_UNKNOWN = "holder-unknown"

    # Why a version is not offered.
    HELD_BACK = "held-back"
    HELD_BACK_DESPITE = "held-back-despite"
    UNLISTED = "unlisted"
    SHUT_OUT = "shut-out"
    UPSTREAM_CLOSED = "upstream-closed"
    NAME_NOT_HELD = "name-not-held"
    VERSION_NOT_HELD = "version-not-held"

    # What closes a way in.
    UPSTREAM_BLOCKED = "upstream-blocked"
    PUBLISH_BLOCKED = "publish-blocked"
    GROUP_BLOCKS = "group-blocks"
    GROUP_LEAVES_OUT = "group-leaves-out"
    LOOK_ALIKE = "look-alike"
    OWN_NAME = "own-name"
    MAY_BE_OWN_NAME = "may-be-own-name"

    # Public sources.
    NO_SOURCE = "no-source"
    SOURCE_CLOSED = "source-closed"
    SOURCE_UNKNOWN = "source-unknown"
    SOURCE_LACKS = "source-lacks"
    SOURCE_LACKS_OR_SILENT = "source-lacks-or-silent"
    SOURCE_SILENT = "source-silent"
    SOURCE_ADDS_NOTHING = "source-adds-nothing"

    # Publishing.
    PUBLISH_OPEN = "publish-open"
    PUBLISH_CLOSED = "publish-closed"
    PUBLISH_UNKNOWN = "publish-unknown"
    PUBLISH_SAME_BYTES = "publish-same-bytes"
    PUBLISH_NOTHING_MORE = "publish-nothing-more"
    PUBLISH_TAKEN = "publish-taken"
    PUBLISH_UPSTREAM_HAS = "publish-upstream-has"
    PUBLISH_UPSTREAM_HAS_SOME = "publish-upstream-has-some"

    # The group.
    GROUP = "group"
    GROUP_GENERAL = "group-general"
    GROUP_LOOK_ALIKE = "group-look-alike"
    GROUP_UNKNOWN = "group-unknown"

    # Warnings.
    STRANGERS = "strangers"
    MAY_BE_STRANGERS = "may-be-strangers"
    OPEN_TO_STRANGERS = "open-to-strangers"
    SEARCH_CUT = "search-cut"

    # Where what is seen differs from what follows from the rules.
    PAGE_HAS_MORE = "page-has-more"
    PAGE_HAS_LESS = "page-has-less"


@dataclass(frozen=True)
class Finding:
    """Something that was found out.

    Attributes:
        code: Which case it is.
        about: What it is about, by words such as `repository`, `version`, `status`.
        commands: What to do about it, in this order; none where there is nothing, or nothing that should be done.
        depends_on: What is not known and could make it otherwise.
        because: What closes the way, where that is the case; each of it is enough.
    """

    code: Code
    about: About = field(default_factory=dict)
    commands: tuple[Command, ...] = ()
    depends_on: tuple[Unknown, ...] = ()
    because: "tuple[Finding, ...]" = ()

    @property
    def all_commands(self) -> tuple[Command, ...]:
        """What to do about it and about what it is because of."""
        return (*self.commands, *(command for each in self.because for command in each.all_commands))

    def without_commands(self) -> "Finding":
        """Return the same, as something that is as it should be."""
        return replace(self, commands=(), because=tuple(each.without_commands() for each in self.because))


@dataclass(frozen=True)
class Holder:
    """Who answers with a version.

    Attributes:
        repository: The repository that holds it, or that is connected to the public source that has it.
        status: The version's status.
        origin: How it entered, or would enter, the domain: INTERNAL, EXTERNAL or UNKNOWN.
        source: Where: a repository or a connection; "" when that is not recorded.
        is_record: Whether the repository holds it, rather than its public source.
    """

    repository: str
    status: str
    origin: str
    source: str
    is_record: bool


@dataclass(frozen=True)
class Explanation:
    """What an installer gets, and why.

    Attributes:
        name: The project's name, normalised.
        coordinates: The repository that is asked.
        asked_version: The version that is asked for; "" for whichever is taken.
        gets: Whether an installer gets something; None when that cannot be told.
        listed: The version that the answer is about, as the page has it; None for none.
        holder: Who answers with it, as far as it is known.
        answer: The answer.
        reasons: Why, what decides first.
        warnings: What is dangerous.
        differences: Where the page is not as the rules say.
        publishing: Whether the name can be published here.
        group: The package's group.
        unknown: What is not known.
        search: The repositories of the search, in its order.
    """

    name: str
    coordinates: Coordinates
    asked_version: str
    gets: bool | None
    listed: Listed | None
    holder: Holder | None
    answer: Finding
    reasons: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    differences: tuple[Finding, ...]
    publishing: Finding
    group: Finding
    unknown: tuple[Unknown, ...]
    search: tuple[Place, ...]
