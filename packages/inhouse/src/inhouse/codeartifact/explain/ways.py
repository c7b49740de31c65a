"""Whether versions may come in: by publishing, from upstream repositories, from a public source; and what closes it.

Two things must both let a version in: the package's own origin controls and its package group. What is known to be
closed is closed, whatever else is unknown.

Source: CodeArtifact user guide, "Editing package origin controls" and "Package group origin controls"; for
`_own_name`, the embedded repository's decision that a name of ours is closed everywhere above.
"""

from dataclasses import dataclass
from enum import Enum

from inhouse.codeartifact.explain import commands
from inhouse.codeartifact.explain.facts import (
    Facts,
    Gate,
    Known,
    Mode,
    OriginType,
    Place,
    Record,
    Restriction,
    Unknown,
    is_general,
)
from inhouse.codeartifact.explain.findings import Code, Command, Finding, unique


class State(Enum):
    """Whether a way is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Way:
    """A way into a repository.

    Attributes:
        state: Whether it is open.
        findings: What closes it, or may close it.
        unknowns: What is not known and could make it otherwise.
    """

    state: State
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


_OPEN = Way(State.OPEN)


def publishing(facts: Facts) -> Way:
    """Return whether the name may be published in the repository that is asked."""
    entry = facts.places[0]
    return _all(_by_controls(facts, entry, Gate.PUBLISH), _by_group(facts, Gate.PUBLISH, entry.repository))


def from_upstream(facts: Facts) -> Way:
    """Return whether versions come into the repository that is asked from the repositories behind it."""
    entry, gate = facts.places[0], Gate.INTERNAL_UPSTREAM
    return _all(_by_controls(facts, entry, gate), _by_group(facts, gate, entry.repository))


def from_source(facts: Facts, index: int) -> Way:
    """Return whether what the public source of `places[index]` has comes into the repository that is asked."""
    place, gate = facts.places[index], Gate.EXTERNAL_UPSTREAM
    behind = from_upstream(facts) if index else _OPEN
    return _all(
        behind,
        _by_controls(facts, place, gate),
        _by_group(facts, gate, place.repository),
        _own_name(facts),
    )


def is_ours(facts: Facts) -> bool:
    """Return whether the name is one of ours: published in the domain, or that of the project at hand."""
    return facts.is_project or any(_internal(place) for place in facts.places)


def may_be_strangers(facts: Facts, record: Record) -> bool:
    """Return whether a version may be a stranger's, of a name that is or may be ours; no command shall let it in.

    A name may be ours, too, when somebody has closed it to upstream before anything was published.
    """
    if record.origin is OriginType.INTERNAL:
        return False
    return _may_be_ours(facts) or _is_reserved(facts) or any(_is_kept_for_us(place) for place in facts.places)


def _all(*ways: Way) -> Way:
    """Return the way that is open when all of some are."""
    closed = [way for way in ways if way.state is State.CLOSED]
    if closed:
        return Way(State.CLOSED, unique(finding for way in closed for finding in way.findings))
    state = State.UNKNOWN if any(way.state is State.UNKNOWN for way in ways) else State.OPEN
    return Way(
        state,
        unique(finding for way in ways for finding in way.findings),
        unique(unknown for way in ways for unknown in way.unknowns),
    )


def _by_controls(facts: Facts, place: Place, gate: Gate) -> Way:
    if isinstance(place.controls, Unknown):
        return Way(State.UNKNOWN, (), (place.controls,))
    controls = place.controls.value
    if controls is None or (controls.publish if gate is Gate.PUBLISH else controls.upstream):
        return _OPEN
    opened: tuple[Command, ...] = ()
    if gate is Gate.PUBLISH:
        code = Code.PUBLISH_BLOCKED
        # Whoever publishes a name makes it one of ours; with upstream open, a stranger's would stand beside it.
        opened = (commands.set_controls(facts.coordinates, place.repository, facts.name, publish=True, upstream=False),)
        opened = opened if is_ours(facts) else ()  # nobody shall be told how to publish over a public project
    else:
        code = Code.UPSTREAM_BLOCKED
        if not _may_be_ours(facts):  # else it is as it should be
            publish = controls.publish
            opened = (
                commands.set_controls(facts.coordinates, place.repository, facts.name, publish=publish, upstream=True),
            )
    return Way(State.CLOSED, (Finding(code, {"repository": place.repository}, opened),))


def _by_group(facts: Facts, gate: Gate, repository: str) -> Way:
    if isinstance(facts.group, Unknown):
        return Way(State.UNKNOWN, (), (facts.group,))
    group = facts.group.value
    if not group.is_strong:
        return Way(State.CLOSED, (Finding(Code.LOOK_ALIKE, {"group": group.pattern}, _told_apart(facts)),))
    restriction = group.restrictions.get(gate)
    if restriction is None:
        question = f"what the package group {group.pattern} says of {gate}"
        return Way(State.UNKNOWN, (), (Unknown(question, "the repository does not tell"),))
    return _by_restriction(facts, gate, restriction, repository, group.pattern)


def _by_restriction(facts: Facts, gate: Gate, restriction: Restriction, repository: str, group: str) -> Way:
    if restriction.mode is Mode.ALLOW:
        return _OPEN
    code = Code.GROUP_BLOCKS
    if restriction.mode is Mode.ALLOW_SPECIFIC_REPOSITORIES:
        if isinstance(restriction.allowed, Unknown):
            return Way(State.UNKNOWN, (), (restriction.allowed,))
        if repository in restriction.allowed.value:
            return _OPEN
        code = Code.GROUP_LEAVES_OUT
    about = {"gate": str(gate), "group": group, "source": restriction.source, "repository": repository}
    return Way(State.CLOSED, (Finding(code, about, _opened(facts, gate, restriction, repository)),))


def _told_apart(facts: Facts) -> tuple[Command, ...]:
    """Return what makes a name one of its own that only looked like others."""
    if not _may_be_ours(facts):
        return (commands.own_group(facts.coordinates, facts.name),)
    # A group of its own opens every way that those above leave open; to public sources a name of ours stays closed.
    return () if _strangers_are_behind(facts) else commands.reserve(facts.coordinates, facts.name, "")


def _opened(facts: Facts, gate: Gate, restriction: Restriction, repository: str) -> tuple[Command, ...]:
    if gate is Gate.INTERNAL_UPSTREAM and (_strangers_are_behind(facts) or _strangers_may_come(facts)):
        return ()  # the whole way would be open, to a stranger's versions too
    if is_general(restriction.source):
        # One name shall not open the door to all.
        if gate is Gate.EXTERNAL_UPSTREAM and _may_be_ours(facts):
            return ()
        return commands.exempt(facts.coordinates, facts.name, gate)
    if gate is Gate.EXTERNAL_UPSTREAM:
        return ()  # the group reserves its names: it is as it should be
    return (commands.open_group(facts.coordinates, gate, restriction, repository),)


def _may_be_ours(facts: Facts) -> bool:
    return is_ours(facts) or any(isinstance(place.records, Unknown) for place in facts.places)


def _is_reserved(facts: Facts) -> bool:
    """Return whether the package's group keeps its names from public sources."""
    restriction = facts.group.value.restrictions.get(Gate.EXTERNAL_UPSTREAM) if isinstance(facts.group, Known) else None
    return restriction is not None and restriction.mode is Mode.BLOCK and not is_general(restriction.source)


def _is_kept_for_us(place: Place) -> bool:
    """Return whether a repository takes what is published under the name, and nothing else."""
    controls = place.controls.value if isinstance(place.controls, Known) else None
    return controls is not None and controls.publish and not controls.upstream


def _strangers_are_behind(facts: Facts) -> bool:
    """Return whether a repository behind the one that is asked may hold a stranger's version of a name of ours."""
    return any(
        _may_be_ours(facts)
        if isinstance(place.records, Unknown)
        else any(record.status.is_downloadable and may_be_strangers(facts, record) for record in place.records.value)
        for place in facts.places[1:]
    )


def _strangers_may_come(facts: Facts) -> bool:
    """Return whether a public source behind the repository that is asked may be heard for a name of ours."""
    if not _may_be_ours(facts):
        return False
    gate = Gate.EXTERNAL_UPSTREAM
    return any(isinstance(place.links, Unknown) for place in facts.places) or any(
        _all(_by_controls(facts, place, gate), _by_group(facts, gate, place.repository), _own_name(facts)).state
        is not State.CLOSED
        for place in facts.places[1:]
        if place.source
    )


def _own_name(facts: Facts) -> Way:
    """Return whether a name that is ours in one repository of the search is closed to all of its public sources.

    Where it is not known which rule the repository follows, AWS's is taken: it has none. A repository that holds
    versions of ours and lets upstream in may have been told to, or may not: the API does not tell these apart.
    """
    if facts.closes_own_names == Known(False):
        return _OPEN
    blocking = [place for place in facts.places if _blocks_upstream(place)]
    holding = [place for place in facts.places if _internal(place) and place not in blocking]
    if isinstance(facts.closes_own_names, Unknown):
        return Way(State.OPEN, (), (facts.closes_own_names,)) if blocking or holding else _OPEN
    if blocking:
        return Way(State.CLOSED, (Finding(Code.OWN_NAME, {"repository": blocking[0].repository}),))
    if holding:
        repository = holding[0].repository
        reason = "the API does not tell whether its control `upstream` was opened on purpose"
        unknown = Unknown(f"whether `{repository}` closes the name to all public sources", reason)
        return Way(State.UNKNOWN, (Finding(Code.MAY_BE_OWN_NAME, {"repository": repository}),), (unknown,))
    hidden = [fact for place in facts.places for fact in (place.controls, place.records) if isinstance(fact, Unknown)]
    return Way(State.UNKNOWN, (), tuple(hidden)) if hidden else _OPEN


def _blocks_upstream(place: Place) -> bool:
    return isinstance(place.controls, Known) and place.controls.value is not None and not place.controls.value.upstream


def _internal(place: Place) -> bool:
    return isinstance(place.records, Known) and any(
        record.origin is OriginType.INTERNAL for record in place.records.value
    )
