"""What an installer gets, by the page alone: that is what installers see."""

from dataclasses import dataclass

from inhouse.codeartifact.explain.choosing import Kind, Listed, choose
from inhouse.codeartifact.explain.facts import Unknown, version_key
from inhouse.codeartifact.explain.findings import About, Code, Finding
from inhouse.codeartifact.explain.search import Search, Standing


@dataclass(frozen=True)
class Answer:
    """What an installer gets.

    Attributes:
        finding: The answer.
        gets: Whether an installer gets something; None when that cannot be told.
        listed: The version that it is about, as the page has it; None for none.
        likely: The version that it would be by the records, where the page is not known; "" for none.
    """

    finding: Finding
    gets: bool | None
    listed: Listed | None = None
    likely: str = ""


_CHOICES = {
    Kind.NEWEST: (Code.TAKES, True),
    Kind.PRERELEASE: (Code.TAKES_PRERELEASE, True),
    Kind.PRERELEASE_WITH_UV: (Code.TAKES_PRERELEASE_WITH_UV, None),
    Kind.ONLY_YANKED: (Code.ONLY_YANKED, False),
}


def answer(search: Search, version: str) -> Answer:
    """Return what an installer gets.

    Args:
        search: The search for the name.
        version: The version that is asked for; "" for whichever is taken.
    """
    facts = search.facts
    about: About = {"name": facts.name, "repository": facts.coordinates.repository, "version": version}
    if isinstance(facts.page, Unknown):
        likely = _likely(search, version)
        code = Code.PAGE_UNKNOWN_RECORDED if likely else Code.PAGE_UNKNOWN
        return Answer(Finding(code, {**about, "recorded": likely}, depends_on=(facts.page,)), gets=None, likely=likely)
    taken = _of_version(search, version) if version else _newest(search)
    if taken is not None:
        code, gets, listed = taken
        return Answer(Finding(code, {**about, "version": listed.version}), gets, listed)
    if facts.page.value.failure:
        return Answer(Finding(Code.SOURCE_DOWN, {**about, "said": facts.page.value.failure}), gets=False)
    return Answer(Finding(Code.NOT_INSTALLABLE if version else Code.NOTHING, about), gets=False)


def _of_version(search: Search, version: str) -> tuple[Code, bool | None, Listed] | None:
    listed = search.listed.get(version_key(version))
    if listed is None:
        return None
    return Code.INSTALLABLE_YANKED if listed.is_yanked else Code.INSTALLABLE, True, listed


def _newest(search: Search) -> tuple[Code, bool | None, Listed] | None:
    choice = choose(search.listed)
    return None if choice.listed is None else (*_CHOICES[choice.kind], choice.listed)


def _likely(search: Search, version: str) -> str:
    """Return the version that would be taken if the page had what the records say; "" if there is none."""
    wanted = {version_key(version)} if version else set(search.recorded)
    listed = {}
    for key in search.recorded:
        verdict = search.verdict(key)
        if key in wanted and verdict.standing is Standing.LISTED and verdict.record is not None:
            listed[key] = Listed(verdict.record.version, 0, 0, is_yanked=False, requires_python="")
    choice = choose(listed)
    return choice.listed.version if choice.listed is not None else ""
