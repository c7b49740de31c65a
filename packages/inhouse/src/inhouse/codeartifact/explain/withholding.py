"""Why a version, or all there is of a name, is not offered."""

from collections.abc import Iterable, Sequence

from inhouse.codeartifact.explain import commands
from inhouse.codeartifact.explain.facts import Known, Page, Status, Unknown, is_general, newest_first, version_key
from inhouse.codeartifact.explain.findings import About, Code, Command, Finding, unique
from inhouse.codeartifact.explain.holding import holder
from inhouse.codeartifact.explain.search import Search, Standing, Verdict
from inhouse.codeartifact.explain.ways import State, may_be_strangers


def why_not(search: Search, version: str) -> tuple[Finding, ...]:
    """Return why nothing is offered: of the version that is asked for, or at all when it is ""."""
    keys = [version_key(version)] if version else list(search.recorded)
    recorded = [key for key in keys if key in search.recorded]
    found = (*_contradicted(search, recorded), *withheld(search, recorded))
    if version and any(not search.verdict(key).sources for key in recorded):
        return found  # a repository has decided, and no public source is asked before
    is_said = any(finding.code is Code.SHUT_OUT for finding in found)
    closed = [each for each in closed_ways(search) if not (is_said and each.code is Code.UPSTREAM_CLOSED)]
    return (*found, *([] if recorded else [_not_held(search, version)]), *closed, *_sources(search, version))


def _contradicted(search: Search, keys: Iterable[str]) -> list[Finding]:
    """Return who holds the newest version that should be on the page; `differences` says that it is not."""
    listed = (key for key in keys if search.verdict(key).standing is Standing.LISTED)
    return [holder(search, key)[1] for key in listed][:1]


def why_not_newer(search: Search, version: str) -> tuple[Finding, ...]:
    """Return why versions that are newer than what is taken are not offered, and why no public source is heard."""
    key = version_key(version)
    order = newest_first(tuple({*search.recorded, key}))
    newer = [each for each in order[: order.index(key)] if each not in search.listed]
    found = withheld(search, newer)
    is_said = any(finding.code is Code.SHUT_OUT for finding in found)
    # Nothing is wrong with a closed way as long as there is something to take.
    closed = [each.without_commands() for each in closed_ways(search)]
    said = (each for each in closed if not (is_said and each.code is Code.UPSTREAM_CLOSED))
    return (*found, *said, *_adding_nothing(search))


def _adding_nothing(search: Search) -> list[Finding]:
    """Return which public sources nothing on the page comes from, although they may be heard.

    Repositories show what they hold while such a source does not answer, so that the page alone does not tell whether
    it has nothing more.
    """
    if any(search.verdict(key).record is None for key in search.listed) or not search.listed:
        return []
    return [
        Finding(
            Code.SOURCE_ADDS_NOTHING,
            {"source": place.source, "repository": place.repository},
            depends_on=way.unknowns,
        )
        for place, way in search.sources
        if way.state is not State.CLOSED
    ]


def why_error(search: Search) -> tuple[Finding, ...]:
    """Return which public sources may be the one that does not answer."""
    return tuple(
        Finding(Code.SOURCE_SILENT, {"source": place.source, "repository": place.repository})
        for place, way in search.sources
        if way.state is not State.CLOSED
    )


def withheld(search: Search, keys: Iterable[str]) -> tuple[Finding, ...]:
    """Return why versions that repositories hold are not offered; those of one reason together."""
    together: dict[tuple[Standing, str, str, str], list[Verdict]] = {}
    for key in keys:
        verdict = search.verdict(key)
        if verdict.place is not None and verdict.record is not None and verdict.standing is not Standing.LISTED:
            reason = (verdict.standing, verdict.place.repository, verdict.record.status, verdict.farther)
            together.setdefault(reason, []).append(verdict)
    return tuple(_withheld_together(search, verdicts) for verdicts in together.values())


def closed_ways(search: Search) -> tuple[Finding, ...]:
    """Return which ways in are closed: that from upstream as a whole, or those of single public sources."""
    facts, entry = search.facts, search.facts.places[0]
    upstream = search.upstream.state is State.CLOSED and len(facts.places) > 1
    found = [
        Finding(Code.SOURCE_CLOSED, {"source": place.source, "repository": place.repository}, because=way.findings)
        for place, way in search.sources
        if way.state is State.CLOSED and not (upstream and place is not entry)
    ]
    if not upstream:
        return tuple(found)
    sources = unique(place.source for place, _ in search.sources if place is not entry)
    about: About = {"repository": entry.repository, "sources": sources}
    return (Finding(Code.UPSTREAM_CLOSED, about, because=search.upstream.findings), *found)


def _withheld_together(search: Search, verdicts: Sequence[Verdict]) -> Finding:
    place, record = verdicts[0].place, verdicts[0].record
    if place is None or record is None:  # pragma: no cover - the caller has looked
        raise AssertionError(verdicts)
    facts, repository, status = search.facts, place.repository, record.status
    records = [verdict.record for verdict in verdicts if verdict.record is not None]
    versions = tuple(each.version for each in records)
    # The newest is the one that would be taken; the others are for whoever wants them.
    newest = tuple(each.version for each in records if not may_be_strangers(facts, each))[:1]
    farther = verdicts[0].farther
    about: About = {"repository": repository, "versions": versions, "status": status, "farther": farther}
    depends_on = unique(unknown for verdict in verdicts for unknown in verdict.unknowns)
    match verdicts[0].standing:
        case Standing.SHUT_OUT:
            offered = newest if status.is_downloadable else ()
            return Finding(Code.SHUT_OUT, about, *_let_in(search, repository, offered, depends_on))
        case Standing.UNLISTED:
            listed = commands.set_status(facts.coordinates, repository, facts.name, newest)
            return Finding(Code.UNLISTED, about, (listed,) if newest else (), depends_on)
        case _:
            code = Code.HELD_BACK_DESPITE if farther else Code.HELD_BACK
            given = _given_away(search, repository, status, newest) if newest else ()
            return Finding(code, about, given, depends_on)


def _let_in(
    search: Search, repository: str, versions: Sequence[str], depends_on: tuple[Unknown, ...]
) -> tuple[tuple[Command, ...], tuple[Unknown, ...], tuple[Finding, ...]]:
    """Return what lets versions in from a repository behind, what that depends on, and what shuts them out.

    The one thing that opens the way without harm is the list of a group that has one, and only leaves this repository
    out; else, what opens it would let in everything, and copying lets in what is wanted.
    """
    facts, closing = search.facts, search.upstream.findings
    left_out = all(
        each.code is Code.GROUP_LEAVES_OUT and each.commands and not is_general(str(each.about["source"]))
        for each in closing
    )
    if versions and left_out:
        return (), depends_on, closing
    copied = (commands.copy(facts.coordinates, repository, facts.name, versions),) if versions else ()
    return copied, depends_on, tuple(each.without_commands() for each in closing)


def _given_away(search: Search, repository: str, status: Status, versions: Sequence[str]) -> tuple[Command, ...]:
    """Return what gives versions away again that are held back."""
    facts = search.facts
    if status in {Status.ARCHIVED, Status.UNFINISHED}:
        return (commands.set_status(facts.coordinates, repository, facts.name, versions),)
    return (commands.delete(facts.coordinates, repository, facts.name, versions),)  # there is nothing left to publish


def _not_held(search: Search, version: str) -> Finding:
    about: About = {"name": search.facts.name, "version": version, "repository": search.facts.coordinates.repository}
    hidden = unique(place.records for place in search.facts.places if isinstance(place.records, Unknown))
    return Finding(Code.VERSION_NOT_HELD if version else Code.NAME_NOT_HELD, about, depends_on=hidden)


def _sources(search: Search, version: str) -> list[Finding]:
    """Return why no public source that may be heard gives what is asked for."""
    if not search.sources:
        if search.upstream.state is State.CLOSED and len(search.facts.places) > 1:
            return []  # what is behind is of no account
        hidden = unique(place.links for place in search.facts.places if isinstance(place.links, Unknown))
        return [Finding(Code.NO_SOURCE, depends_on=hidden)]
    page = (search.facts.page,) if isinstance(search.facts.page, Unknown) else ()
    found = []
    for place, way in search.sources:
        if way.state is State.CLOSED:
            continue
        about: About = {
            "source": place.source,
            "repository": place.repository,
            "name": search.facts.name,
            "version": version,
        }
        lacks = Code.SOURCE_LACKS if _has_answered(search) else Code.SOURCE_LACKS_OR_SILENT
        code = Code.SOURCE_UNKNOWN if way.state is State.UNKNOWN or page else lacks
        found.append(Finding(code, about, depends_on=unique([*way.unknowns, *page])))
    return found


def _has_answered(search: Search) -> bool:
    """Return whether the page tells that all public sources have answered.

    The embedded repository says 404 once they have, and 503 else; a page with what it has itself tells nothing. What
    AWS does is not documented.
    """
    page = search.facts.page
    return search.facts.closes_own_names == Known(True) and page == Known(Page())
