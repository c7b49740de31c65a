"""Who answers with a version: a repository that holds it, or a public source through one."""

from inhouse.codeartifact.explain.facts import OriginType, Status, Unknown, version_key
from inhouse.codeartifact.explain.findings import About, Code, Finding, Holder, unique
from inhouse.codeartifact.explain.search import Search, Standing, Verdict


def holder(search: Search, version: str) -> tuple[Holder | None, Finding]:
    """Return who answers with a version that is on the page; None where that cannot be seen."""
    verdict = search.verdict(version_key(version))
    if verdict.place is not None and verdict.record is not None and verdict.standing is Standing.LISTED:
        return _recorded(search, verdict, version)
    if verdict.sources and not verdict.unknowns:
        return _from_source(search, verdict, version)
    unknowns = unique([*verdict.unknowns, *(each for _, way in search.sources for each in way.unknowns)])
    return None, Finding(Code.HOLDER_UNKNOWN, {"version": version}, depends_on=unknowns)


def _recorded(search: Search, verdict: Verdict, version: str) -> tuple[Holder, Finding]:
    place, record = verdict.place, verdict.record
    if place is None or record is None:  # pragma: no cover - the caller has looked
        raise AssertionError(version)
    asked_before = (
        Unknown(
            f"whether {each.source}, which is asked first through `{each.repository}`, has {version} too",
            "a public source is not asked on your behalf",
        )
        for each in verdict.sources
    )
    about: About = {
        "repository": place.repository,
        "version": record.version,
        "status": record.status,
        "origin": record.origin,
        "source": record.source,
    }
    code = Code.HELD if place is search.facts.places[0] else Code.HELD_UPSTREAM
    found = Finding(code, about, depends_on=unique([*verdict.unknowns, *asked_before]))
    return Holder(place.repository, record.status, record.origin, record.source, is_record=True), found


def _from_source(search: Search, verdict: Verdict, version: str) -> tuple[Holder, Finding]:
    names = tuple(place.repository for place in verdict.sources)
    source = verdict.sources[0].source
    ways = [way for place, way in search.sources if place in verdict.sources]
    unknowns = unique(each for way in ways for each in way.unknowns)
    about: About = {"version": version, "source": source, "repositories": names}
    found = Finding(Code.FROM_SOURCE, about, depends_on=unknowns)
    return Holder(names[0], Status.PUBLISHED, OriginType.EXTERNAL, source, is_record=False), found
