"""Whether the names that are ours are closed to strangers: reserved by a package group that lets nothing public in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from inhouse.codeartifact.explain.facts import Gate, Group, Known, Mode, Unknown
from inhouse.codeartifact.name_facts import NameFacts, Owner
from inhouse.diagnosis.findings import Code, Finding, Severity

__all__ = ["check_name", "check_names", "unsure_names"]


def check_names(names: Iterable[NameFacts]) -> Iterator[Finding]:
    """Yield what is wrong with names; what one missing permission hides of many is said once."""
    hidden: dict[str, list[Finding]] = {}
    for facts in names:
        for finding in check_name(facts):
            if finding.permission:
                hidden.setdefault(finding.permission, []).append(finding)
            else:
                yield finding
    for permission, findings in hidden.items():
        first, *more = findings
        if more:
            named = ", ".join(finding.place for finding in findings[:_FEW])
            others = f" and {len(findings) - _FEW} more" if len(findings) > _FEW else ""
            problem = f"whose {len(findings)} names are, and whether they are reserved, is unknown: {named}{others}"
            first = replace(first, place=permission, problem=problem)
        yield first


def check_name(facts: NameFacts) -> Iterator[Finding]:
    """Yield what is wrong with a name: it is ours and not reserved, or that cannot be told."""
    if facts.owner == Known(Owner.PUBLIC):
        return
    state = _reserved(facts)
    unknown = _unknown(facts, state)
    if unknown is not None:
        yield _unsure(facts.name, unknown)
    elif isinstance(state, _Gap) and isinstance(facts.owner, Known):
        yield _unreserved(facts, facts.owner.value, state)
    if facts.on_pypi and isinstance(facts.owner, Known):
        yield _on_pypi(facts, is_reserved=state is None)


def unsure_names(names: Iterable[NameFacts]) -> frozenset[str]:
    """Return the names of which something that decides is not known."""
    return frozenset(
        facts.name
        for facts in names
        if facts.owner != Known(Owner.PUBLIC) and _unknown(facts, _reserved(facts)) is not None
    )


_FEW: Final = 3


def _unknown(facts: NameFacts, state: "_Gap | Unknown | None") -> Unknown | None:
    """Return what is not known and decides: a name that is reserved is safe, whosever it is."""
    if isinstance(state, Unknown):
        return state
    return facts.owner if isinstance(state, _Gap) and isinstance(facts.owner, Unknown) else None


def _unsure(name: str, unknown: Unknown) -> Finding:
    return Finding(
        Code.NAME_UNKNOWN,
        Severity.PROBLEM,
        name,
        f"{unknown.question} is unknown: {unknown.reason}",
        "whether a stranger's package can take its place cannot be told",
        f"ask for the permission {unknown.permission}" if unknown.permission else "try again",
        permission=unknown.permission,
    )


@dataclass(frozen=True)
class _Gap:
    """Why a name is not reserved, as a clause."""

    problem: str
    is_look_alike: bool = False


def _reserved(facts: NameFacts) -> _Gap | Unknown | None:
    """Return None when the name is reserved; else why it is not, or what is not known."""
    if facts.group is None:
        return Unknown(f"the package group of {facts.name}", "it was not asked for")
    if isinstance(facts.group, Unknown):
        return facts.group
    group = facts.group.value
    if not group.is_strong:
        return _Gap(f"it only looks like a name of the package group {group.pattern}", is_look_alike=True)
    return _let_in(facts, group)


def _let_in(facts: NameFacts, group: Group) -> _Gap | Unknown | None:
    """Return what the group of a name lets in from public sources; None for nothing."""
    restriction = group.restrictions.get(Gate.EXTERNAL_UPSTREAM)
    if restriction is None:
        question = f"what the package group {group.pattern} says of public sources for {facts.name}"
        return Unknown(question, "the repository does not tell")
    if restriction.mode is Mode.BLOCK:
        return None
    if restriction.mode is Mode.ALLOW:
        return _Gap(f"its package group {group.pattern} lets every public source in")
    if isinstance(facts.open_repositories, Unknown):
        return facts.open_repositories
    names = ", ".join(f"`{repository}`" for repository in facts.open_repositories.value)
    return _Gap(f"its package group {group.pattern} lets {names} fetch it from a public source") if names else None


_WHOSE = {
    Owner.PROJECT: "the project's own name is not reserved",
    Owner.INTERNAL: "it is published in the domain, and not reserved",
    Owner.NOBODY: "nobody offers it, and it is not reserved",
    Owner.PUBLIC: "",
}


def _unreserved(facts: NameFacts, owner: Owner, gap: _Gap) -> Finding:
    if gap.is_look_alike:
        return Finding(
            Code.NAME_LOOK_ALIKE,
            Severity.PROBLEM,
            facts.name,
            gap.problem,
            "such names are blocked: it can neither be published nor fetched",
            f"choose another name, or give it a group of its own: inhouse reserve {facts.name} --exact",
        )
    return Finding(
        Code.NAME_UNRESERVED,
        Severity.DANGER,
        facts.name,
        f"{_WHOSE[owner]}: {gap.problem}",
        "whoever registers it on PyPI can be installed in its place",
        f"inhouse reserve {facts.name.partition('-')[0] if '-' in facts.name else facts.name}"
        + (f", or for this name alone: inhouse reserve {facts.name} --exact" if "-" in facts.name else " --exact"),
    )


def _on_pypi(facts: NameFacts, *, is_reserved: bool) -> Finding:
    if is_reserved:
        problem, severity = "PyPI has a project of this name; the package group keeps it out", Severity.NOTE
        effect = "whoever asks PyPI, for example with a second index, gets a stranger's package"
    else:
        problem, severity = "PyPI has a project of this name, and nothing keeps it out", Severity.DANGER
        effect = "a stranger's package can be installed in its place today"
    fix = "see whose it is; install from the one index only"
    return Finding(Code.NAME_ON_PYPI, severity, facts.name, problem, effect, fix)
