"""Whether a name, or a version of it, can be published in the repository that is asked, as far as rules decide.

Source: CodeArtifact user guide, "Publishing to a repository with upstreams" and "Package asset overwrites".
"""

from dataclasses import dataclass

from inhouse.codeartifact.explain import commands
from inhouse.codeartifact.explain.facts import Status, Unknown, newest_first, version_key
from inhouse.codeartifact.explain.findings import About, Code, Finding, unique
from inhouse.codeartifact.explain.search import Search
from inhouse.codeartifact.explain.ways import State, is_ours, publishing


def uploads(search: Search, version: str) -> Finding:
    """Return whether it can be published."""
    facts, way = search.facts, publishing(search.facts)
    about: About = {"name": facts.name, "repository": facts.coordinates.repository, "version": version}
    if way.state is State.CLOSED:
        return Finding(Code.PUBLISH_CLOSED, about, because=way.findings)
    if way.state is State.UNKNOWN:
        return Finding(Code.PUBLISH_UNKNOWN, about, depends_on=way.unknowns)
    return _open(search, version, about)


def _open(search: Search, version: str, about: About) -> Finding:
    facts, entry, key = search.facts, search.facts.places[0], version_key(version)
    record, taken = search.record(0, key), _taken(search)
    if record is not None:
        about = {**about, "status": record.status, "version": record.version}
        if not record.status.is_downloadable:
            return Finding(Code.PUBLISH_TAKEN, about)
        if key in taken and taken[key].upstream:
            return Finding(Code.PUBLISH_NOTHING_MORE, {**about, "upstream": taken[key].upstream})
        return Finding(Code.PUBLISH_SAME_BYTES, about)
    hidden = (entry.records,) if isinstance(entry.records, Unknown) else ()
    closed = (commands.set_controls(facts.coordinates, entry.repository, facts.name, publish=True, upstream=False),)
    if key in taken:
        return Finding(Code.PUBLISH_UPSTREAM_HAS, {**about, **taken[key].about}, closed, hidden)
    behind = [each for each in newest_first(tuple(taken)) if search.record(0, each) is None]
    if behind and not version and not hidden:
        newest = taken[behind[0]].version
        # Closing a public project to its own source because somebody asked about it would do harm.
        return Finding(Code.PUBLISH_UPSTREAM_HAS_SOME, {**about, "version": newest}, closed if is_ours(facts) else ())
    return Finding(Code.PUBLISH_OPEN, about, depends_on=unique([*hidden, *_hidden_behind(search)]))


@dataclass(frozen=True)
class _Taken:
    """A number that upstream has.

    Attributes:
        version: As it is written there.
        upstream: The repository behind that is seen to hold it; "" where only the page has it.
        status: The status there.
    """

    version: str
    upstream: str = ""
    status: str = Status.PUBLISHED

    @property
    def about(self) -> About:
        return {"version": self.version, "upstream": self.upstream, "status": self.status}


def _taken(search: Search) -> dict[str, _Taken]:
    """Return the numbers that upstream has, by key: those that a repository behind holds in any status, held back too.

    A number on the page that the repository itself does not hold comes from upstream, whoever holds it.
    """
    taken = {key: _Taken(each.version) for key, each in search.listed.items() if search.record(0, key) is None}
    if search.upstream.state is State.OPEN:
        for key in search.recorded:
            found = search.nearest_behind(key)
            if found is not None:
                taken[key] = _Taken(found[1].version, found[0].repository, found[1].status)
    return taken


def _hidden_behind(search: Search) -> tuple[Unknown, ...]:
    """Return what is not known of the repositories behind, and could have numbers in it."""
    if search.upstream.state is State.CLOSED:
        return ()
    facts = (fact for place in search.facts.places[1:] for fact in (place.records, place.links))
    return (*search.upstream.unknowns, *(fact for fact in facts if isinstance(fact, Unknown)))
