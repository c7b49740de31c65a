"""Who decides over a version: the walk through the repositories of a search, as far as they can be seen.

The nearest repository that holds a version decides over it, whatever its status there; a public source speaks after the
repository that is connected to it. What a public source has cannot be seen, except on the page.

Source: CodeArtifact user guide, "Requesting a package version with upstream repositories" and "Package version status".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from inhouse.codeartifact.explain.choosing import Listed, listed_versions
from inhouse.codeartifact.explain.facts import (
    Facts,
    Known,
    OriginType,
    Place,
    Record,
    Status,
    Unknown,
    newest_first,
    version_key,
)
from inhouse.codeartifact.explain.ways import State, Way, from_source, from_upstream


class Standing(Enum):
    """How it stands with a version, by the records that can be seen."""

    LISTED = "a repository holds it, and it is on the page"
    UNLISTED = "a repository holds it, and it is not on the page; its files can be fetched"
    HELD_BACK = "the nearest repository that holds it does not give it away"
    SHUT_OUT = "a repository behind holds it, and the repository that is asked does not let it in"
    NOT_HELD = "no repository holds it"


@dataclass(frozen=True)
class Verdict:
    """How it stands with a version.

    Attributes:
        standing: How.
        place: The repository that decides; None where none holds the version.
        record: The version there.
        farther: A repository behind that one which has the version Published, and is not asked for it; "" for none.
        sources: The connected repositories whose public source is asked before, and may have the version.
        unknowns: What is not known and could make it otherwise, public sources apart.
    """

    standing: Standing
    place: Place | None
    record: Record | None
    farther: str
    sources: tuple[Place, ...]
    unknowns: tuple[Unknown, ...]

    @property
    def is_expected(self) -> bool | None:
        """Whether the page should have the version; None where that cannot be told."""
        if self.standing is Standing.LISTED:
            return None if self.unknowns else True
        return None if self.unknowns or self.sources else False


class Search:
    """A search for a name: what is known of each repository, and which ways are open.

    Args:
        facts: What is known.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        closed = facts.closes_own_names == Known(value=True) and any(map(_closes, facts.places))
        # The embedded repository hears nothing of what others have kept of a stranger's version of a name of ours.
        self._records = [
            _by_key(place, is_public_heard=not closed or index == 0 or _closes(place))
            for index, place in enumerate(facts.places)
        ]

    @cached_property
    def upstream(self) -> Way:
        """Whether versions come in from the repositories behind the one that is asked."""
        return from_upstream(self.facts)

    @cached_property
    def sources(self) -> tuple[tuple[Place, Way], ...]:
        """The repositories that are connected to a public source, each with whether what it has comes in."""
        return tuple(
            (place, from_source(self.facts, index)) for index, place in enumerate(self.facts.places) if place.source
        )

    @cached_property
    def listed(self) -> dict[str, Listed]:
        """The versions on the page, by key; none where the page is not known."""
        page = self.facts.page
        return listed_versions(page.value.files) if isinstance(page, Known) else {}

    @cached_property
    def recorded(self) -> tuple[str, ...]:
        """The keys of all versions that a repository is seen to hold, the newest first."""
        return newest_first(tuple({key for records in self._records for key in records}))

    def record(self, index: int, key: str) -> Record | None:
        """Return the version as a repository holds it, if it is seen to."""
        return self._records[index].get(key)

    def nearest_behind(self, key: str) -> tuple[Place, Record] | None:
        """Return the nearest repository behind the one that is asked which is seen to hold a version, in any status."""
        for index, place in enumerate(self.facts.places[1:], start=1):
            record = self.record(index, key)
            if record is not None:
                return place, record
        return None

    def verdict(self, key: str) -> Verdict:
        """Return how it stands with a version.

        Args:
            key: As `version_key` gives it.
        """
        sources: list[Place] = []
        unknowns: list[Unknown] = []
        open_sources = {place.repository for place, way in self.sources if way.state is not State.CLOSED}
        for index, place in enumerate(self.facts.places):
            record = self.record(index, key)
            if record is not None:
                standing = self._standing(index, record)
                if index and standing is not Standing.SHUT_OUT and standing is not Standing.HELD_BACK:
                    unknowns.extend(self.upstream.unknowns)
                farther = self._farther(index, key) if standing is Standing.HELD_BACK else ""
                return Verdict(standing, place, record, farther, tuple(sources), tuple(dict.fromkeys(unknowns)))
            if index == 0 or self.upstream.state is not State.CLOSED:  # else it is of no account what is behind
                unknowns.extend(fact for fact in (place.records, place.links) if isinstance(fact, Unknown))
            if place.repository in open_sources:
                sources.append(place)
        return Verdict(Standing.NOT_HELD, None, None, "", tuple(sources), tuple(dict.fromkeys(unknowns)))

    def _standing(self, index: int, record: Record) -> Standing:
        if index and self.upstream.state is State.CLOSED:
            return Standing.SHUT_OUT
        if not record.status.is_downloadable:
            return Standing.HELD_BACK
        return Standing.UNLISTED if record.status is Status.UNLISTED else Standing.LISTED

    def _farther(self, index: int, key: str) -> str:
        for behind in range(index + 1, len(self.facts.places)):
            record = self.record(behind, key)
            if record is not None and record.status is Status.PUBLISHED:
                return self.facts.places[behind].repository
        return ""


def _by_key(place: Place, *, is_public_heard: bool) -> Mapping[str, Record]:
    if isinstance(place.records, Unknown):
        return {}
    return {
        version_key(record.version): record
        for record in place.records.value
        if is_public_heard or record.origin is not OriginType.EXTERNAL
    }


def _closes(place: Place) -> bool:
    """Return whether a repository is seen to close the name: its own control lets nothing in from upstream."""
    return isinstance(place.controls, Known) and place.controls.value is not None and not place.controls.value.upstream
