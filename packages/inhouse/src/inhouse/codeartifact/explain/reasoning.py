"""From what is known to what an installer gets and why; nobody is asked, and nothing is guessed."""

from inhouse.codeartifact.explain.answering import Answer, answer
from inhouse.codeartifact.explain.dangers import differences, warnings
from inhouse.codeartifact.explain.facts import Facts, Group, Known, Mode, Unknown, is_general
from inhouse.codeartifact.explain.findings import About, Code, Explanation, Finding, Holder, unique
from inhouse.codeartifact.explain.holding import holder
from inhouse.codeartifact.explain.search import Search
from inhouse.codeartifact.explain.uploads import uploads
from inhouse.codeartifact.explain.withholding import why_error, why_not, why_not_newer


def explain(facts: Facts, version: str = "") -> Explanation:
    """Return what an installer gets for the name, and why.

    Args:
        facts: What is known.
        version: The version that is asked for; "" for whichever is taken.
    """
    search = Search(facts)
    given = answer(search, version)
    who, reasons = _reasons(search, given, version)
    dangers, differing, published = warnings(search), differences(search, version), uploads(search, version)
    group = _group(facts)
    said = (given.finding, *reasons, *dangers, *differing, published, group)
    return Explanation(
        name=facts.name,
        coordinates=facts.coordinates,
        asked_version=version,
        gets=given.gets,
        listed=given.listed,
        holder=who,
        answer=given.finding,
        reasons=reasons,
        warnings=dangers,
        differences=differing,
        publishing=published,
        group=group,
        unknown=unique([*facts.unknowns(), *(unknown for finding in said for unknown in finding.depends_on)]),
        search=facts.places,
    )


def _reasons(search: Search, given: Answer, version: str) -> tuple[Holder | None, tuple[Finding, ...]]:
    """Return who answers, and why the answer is what it is."""
    taken = given.listed.version if given.listed is not None else given.likely
    if taken:
        who, found = holder(search, taken)
        return who, (found, *(() if version else why_not_newer(search, taken)))
    return None, why_error(search) if given.finding.code is Code.SOURCE_DOWN else why_not(search, version)


def _group(facts: Facts) -> Finding:
    if isinstance(facts.group, Unknown):
        return Finding(Code.GROUP_UNKNOWN, depends_on=(facts.group,))
    group = facts.group.value
    about: About = {"group": group.pattern, "modes": _modes(group), "name": facts.name}
    if not group.is_strong:
        return Finding(Code.GROUP_LOOK_ALIKE, about)
    return Finding(Code.GROUP_GENERAL if is_general(group.pattern) else Code.GROUP, about)


def _modes(group: Group) -> tuple[str, ...]:
    """Return what the group says in AWS's words, one way in each."""
    said = []
    for gate, restriction in group.restrictions.items():
        listed = ""
        if restriction.mode is Mode.ALLOW_SPECIFIC_REPOSITORIES:
            allowed = restriction.allowed.value if isinstance(restriction.allowed, Known) else ("unknown",)
            listed = f" ({', '.join(allowed) or 'none'})"
        inherited = f" from {restriction.source}" if restriction.source != group.pattern else ""
        said.append(f"{gate}={restriction.mode}{listed}{inherited}")
    return tuple(said)
