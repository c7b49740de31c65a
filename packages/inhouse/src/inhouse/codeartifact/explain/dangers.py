"""What is dangerous about a name, and where the page is not as the rules say."""

from collections.abc import Iterator

from inhouse.codeartifact.explain import commands
from inhouse.codeartifact.explain.facts import Known, OriginType, Unknown, newest_first, version_key
from inhouse.codeartifact.explain.findings import About, Code, Finding
from inhouse.codeartifact.explain.search import Search, Verdict
from inhouse.codeartifact.explain.ways import State, is_ours


def warnings(search: Search) -> tuple[Finding, ...]:
    """Return what is dangerous."""
    found = [*_strangers(search)]
    if search.facts.is_cut:
        found.append(Finding(Code.SEARCH_CUT, {"limit": str(len(search.facts.places))}))
    return tuple(found)


def differences(search: Search, version: str) -> tuple[Finding, ...]:
    """Return where the page, which is what installers see, is not as the rules and the records say.

    Args:
        search: The search for the name.
        version: The version to compare; "" for all.
    """
    page = search.facts.page
    if isinstance(page, Unknown) or page.value.failure:
        return ()
    keys = (version_key(version),) if version else newest_first(tuple({*search.listed, *search.recorded}))
    more, less = [], []
    for key in keys:
        verdict = search.verdict(key)
        if key in search.listed and verdict.is_expected is False:
            more.append(search.listed[key].version)
        elif key not in search.listed and verdict.is_expected:
            less.append(verdict.record.version if verdict.record is not None else key)
    return tuple(
        Finding(code, {"versions": tuple(versions)})
        for code, versions in ((Code.PAGE_HAS_MORE, more), (Code.PAGE_HAS_LESS, less))
        if versions
    )


def _strangers(search: Search) -> Iterator[Finding]:
    """Yield the danger that a stranger's version is taken for one of ours: dependency confusion."""
    facts = search.facts
    if not is_ours(facts):
        return
    pattern = facts.group.value.pattern if isinstance(facts.group, Known) else ""
    reserved = commands.reserve(facts.coordinates, facts.name, pattern)
    foreign = [key for key in newest_first(tuple(search.listed)) if _is_foreign(search.verdict(key))]
    reachable = [(place, way) for place, way in search.sources if way.state is not State.CLOSED]
    if foreign:
        shown = tuple(search.listed[key].version for key in foreign)
        yield Finding(Code.STRANGERS, {"name": facts.name, "versions": shown}, reserved)
    elif reachable:
        place, way = min(reachable, key=lambda each: each[1].state is not State.OPEN)
        code = Code.OPEN_TO_STRANGERS if way.state is State.OPEN else Code.MAY_BE_STRANGERS
        about: About = {
            "name": facts.name,
            "source": place.source,
            "repository": place.repository,
            "group": pattern,
        }
        yield Finding(code, about, reserved, way.unknowns)


def _is_foreign(verdict: Verdict) -> bool:
    if verdict.record is not None:
        return verdict.record.origin is OriginType.EXTERNAL
    return bool(verdict.sources) and not verdict.unknowns
