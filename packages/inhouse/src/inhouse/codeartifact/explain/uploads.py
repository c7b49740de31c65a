"""Whether a name, or a version of it, can be published in the repository that is asked, as far as rules decide.

Source: CodeArtifact user guide, "Publishing to a repository with upstreams" and "Package asset overwrites".
"""

from inhouse.codeartifact.explain import commands
from inhouse.codeartifact.explain.facts import Unknown, newest_first, version_key
from inhouse.codeartifact.explain.findings import About, Code, Finding
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
    record = search.record(0, key)
    if record is not None:
        about = {**about, "status": record.status, "version": record.version}
        return Finding(Code.PUBLISH_SAME_BYTES if record.status.is_downloadable else Code.PUBLISH_TAKEN, about)
    hidden = (entry.records,) if isinstance(entry.records, Unknown) else ()
    closed = (commands.set_controls(facts.coordinates, entry.repository, facts.name, publish=True, upstream=False),)
    if key in search.listed:
        return Finding(Code.PUBLISH_UPSTREAM_HAS, about, closed, hidden)
    behind = [each for each in newest_first(tuple(search.listed)) if search.record(0, each) is None]
    if behind and not version and not hidden:
        newest = search.listed[behind[0]].version
        # Closing a public project to its own source because somebody asked about it would do harm.
        return Finding(Code.PUBLISH_UPSTREAM_HAS_SOME, {**about, "version": newest}, closed if is_ours(facts) else ())
    return Finding(Code.PUBLISH_OPEN, about, depends_on=hidden)
