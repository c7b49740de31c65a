"""What is wrong with the sources that a tool would take packages from: every one beside the one index.

Source of the rules: what pip, uv, Poetry and PDM took when a stranger had put a higher version of a private package
on a second index, see `docs/explanation/one-index.md`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inhouse.access.addresses import without_credentials
from inhouse.diagnosis.findings import Code, Finding, Severity
from inhouse.project.locked import PYPI
from inhouse.project.manifest import Coordinates, is_address_of
from inhouse.tools.locations import Scope, Tool

__all__ = ["Asked", "Kind", "Strategy", "Wanted", "address_of", "check_indexes", "check_strategies"]


class Kind(StrEnum):
    """What a tool asks a source for."""

    MAIN = "main"
    """Everything, in the place of PyPI."""
    BESIDE = "beside"
    """Everything, beside others."""
    EXPLICIT = "explicit"
    """What is pinned to it."""
    LINKS = "links"
    """Everything: a page or a folder of files."""


@dataclass(frozen=True)
class Asked:
    """A source that a tool would ask.

    Attributes:
        tool: The tool.
        place: Where it is named.
        scope: For whom that counts.
        kind: What it is asked for.
        url: Its address, without credentials; `PYPI` where the tool has it built in.
        trouble: What else is wrong with the entry, as a clause; "" for nothing.
    """

    tool: Tool
    place: str
    scope: Scope
    kind: Kind
    url: str
    trouble: str = ""


@dataclass(frozen=True)
class Strategy:
    """A setting that changes which of several indexes wins, or adds some.

    Attributes:
        place: Where it is.
        key: `index-strategy` or `torch-backend`.
        value: What it says.
    """

    place: str
    key: str
    value: str


@dataclass(frozen=True)
class Wanted:
    """The one index that packages should come from, as far as it is known.

    Attributes:
        coordinates: The repository; None when no project says.
        endpoint: Its endpoint, as the project has it; "" when the project does not have it right.
        manager: The tool that manages the project; None when there is none.
        manifest: Where the manager's indexes belong, for example `pyproject.toml: tool.uv.index`.
    """

    coordinates: Coordinates | None = None
    endpoint: str = ""
    manager: Tool | None = None
    manifest: str = ""

    def is_it(self, url: str) -> bool:
        """Say whether an address is that of the one index."""
        if self.endpoint:
            return address_of(url) == address_of(self.endpoint)
        return self.coordinates is not None and is_address_of(address_of(url), self.coordinates)


def address_of(url: str) -> str:
    """Return an address in the form in which equal ones are equal: an endpoint, without credentials and last slash."""
    return without_credentials(url).rstrip("/").removesuffix("/simple").rstrip("/")


_ORDER: Final = (Scope.VARIABLE, Scope.PROJECT, Scope.ENVIRONMENT, Scope.USER, Scope.MACHINE)

_STRANGER: Final = "whoever registers one of your names there can be installed in its place"

_WHY: Final = {
    Tool.PIP: "pip takes the highest version of all indexes",
    Tool.UV: "uv goes on to the next index on a 404, and asks the one of the user or of a variable first",
    Tool.POETRY: "Poetry takes 401, 403 and 404 for `not there` and goes on to the next source",
    Tool.PDM: "PDM takes the highest version of all sources, or goes on when one refuses",
}


def check_indexes(asked: Iterable[Asked], wanted: Wanted) -> Iterator[Finding]:
    """Yield what is wrong with the sources of all tools.

    Args:
        asked: The sources, of every place that counts.
        wanted: The one index.
    """
    everything = tuple(asked)
    for tool in Tool:
        mine = [each for each in everything if each.tool is tool]
        if mine:
            yield from _check_tool(tool, mine, wanted)
        elif tool is wanted.manager:
            yield _missing(tool, wanted)


def check_strategies(strategies: Iterable[Strategy]) -> Iterator[Finding]:
    """Yield what lets a stranger's package win, whatever the indexes are."""
    for each in strategies:
        if each.key == "index-strategy" and each.value != "first-index":
            problem = f"`{each.value}` compares the versions of all indexes, or goes on after a refusal"
            fix = "take it out, or set it to `first-index`"
            yield Finding(Code.INDEX_STRATEGY, Severity.DANGER, each.place, problem, _STRANGER, fix)
        elif each.key == "torch-backend":
            problem = f"`torch-backend = {each.value}` adds an index for PyTorch"
            effect = "the packages of PyTorch, and what they need, come from beside the one index"
            yield Finding(Code.SECOND_INDEX, Severity.DANGER, each.place, problem, effect, "take it out")


def _check_tool(tool: Tool, asked: Sequence[Asked], wanted: Wanted) -> Iterator[Finding]:
    ordered = sorted(asked, key=lambda each: _ORDER.index(each.scope))
    yield from (_links(each) for each in ordered if each.kind is Kind.LINKS)
    indexes = [each for each in ordered if each.kind is not Kind.LINKS]
    if not indexes:
        if tool is wanted.manager:
            yield _missing(tool, wanted)
        return
    mains = [each for each in indexes if each.kind is Kind.MAIN]
    # Poetry asks every primary source; of the others' main indexes only the first one counts.
    main = mains[0] if mains else None
    others = [each for each in indexes if each.kind is not Kind.MAIN]
    if tool is Tool.POETRY:
        others = [*mains[1:], *others]
    if wanted.coordinates is None:
        yield from _check_unknown(tool, main, others)
        return
    yield from _check_known(tool, main, others, wanted)


def _check_known(tool: Tool, main: Asked | None, others: Sequence[Asked], wanted: Wanted) -> Iterator[Finding]:
    if main is None:
        yield _public(tool, others[0])
    elif not wanted.is_it(main.url):
        yield _wrong(tool, main, wanted, has_others=bool(others))
    for each in others:
        if not wanted.is_it(each.url):
            yield _second(tool, each)
    for each in [main, *others] if main is not None else others:
        if each.trouble and wanted.is_it(each.url):
            effect = f"{_title(tool)} can go on without what the repository says"
            yield Finding(
                Code.INDEX_INCOMPLETE, Severity.PROBLEM, each.place, each.trouble, effect, "inhouse use-index"
            )


def _check_unknown(tool: Tool, main: Asked | None, others: Sequence[Asked]) -> Iterator[Finding]:
    if main is None:
        yield _public(tool, others[0])
        others = others[1:]
    known = {address_of(main.url)} if main is not None else set()
    for each in others:
        if address_of(each.url) not in known:
            yield _second(tool, each)


def _second(tool: Tool, asked: Asked) -> Finding:
    if asked.kind is Kind.EXPLICIT:
        problem = f"{_title(tool)} asks {shown(asked.url)} too, for what is pinned to it"
        effect = (
            "`explicit` protects the packages that are pinned, and not what they depend on: those come from the rest"
        )
        return Finding(Code.EXPLICIT_INDEX, Severity.DANGER, asked.place, problem, effect, _fix(asked))
    problem = f"{_title(tool)} asks {shown(asked.url)} beside the one index"
    effect = f"{_WHY.get(tool, 'two indexes are asked')}: {_STRANGER}"
    return Finding(Code.SECOND_INDEX, Severity.DANGER, asked.place, problem, effect, _fix(asked))


def _public(tool: Tool, asked: Asked) -> Finding:
    if asked.kind is Kind.EXPLICIT:
        problem = f"{_title(tool)} asks PyPI first, and {shown(asked.url)} for nothing but what is pinned to it"
        effect = "what a pinned package depends on comes from PyPI: " + _STRANGER
    else:
        problem = f"{_title(tool)} asks PyPI too, since nothing takes its place"
        effect = f"{_WHY.get(tool, 'two indexes are asked')}: {_STRANGER}"
    return Finding(Code.PUBLIC_INDEX, Severity.DANGER, asked.place, problem, effect, _replacing_pypi(tool, asked))


def _wrong(tool: Tool, main: Asked, wanted: Wanted, *, has_others: bool) -> Finding:
    repository = f" `{wanted.coordinates.repository}`" if wanted.coordinates else ""
    problem = f"{_title(tool)} asks {shown(main.url)}, and not the project's repository{repository}"
    is_meant = has_others or tool is wanted.manager or main.scope in {Scope.PROJECT, Scope.VARIABLE}
    if is_meant:
        effect = f"packages of yours are looked for elsewhere: {_STRANGER}"
        return Finding(Code.WRONG_INDEX, Severity.DANGER, main.place, problem, effect, _fix(main))
    effect = f"{_title(tool)}, when it is run by hand for this project, installs from there"
    return Finding(Code.WRONG_INDEX, Severity.NOTE, main.place, problem, effect, _fix(main))


def _missing(tool: Tool, wanted: Wanted) -> Finding:
    problem = f"{_title(tool)} is told no index, so that it asks PyPI"
    effect = f"your own packages are looked for on PyPI: {_STRANGER}"
    return Finding(Code.INDEX_MISSING, Severity.DANGER, wanted.manifest, problem, effect, "inhouse use-index")


def _links(asked: Asked) -> Finding:
    is_remote = "://" in asked.url and not asked.url.startswith("file:")
    problem = f"{_title(asked.tool)} takes files from {shown(asked.url)} beside the one index"
    effect = "the highest version wins, wherever it comes from"
    severity = Severity.DANGER if is_remote or asked.scope is Scope.PROJECT else Severity.PROBLEM
    return Finding(Code.FIND_LINKS, severity, asked.place, problem, effect, _fix(asked))


def _fix(asked: Asked) -> str:
    if asked.place.startswith("pyproject.toml: tool.uv") or asked.place.startswith("pyproject.toml: tool.poetry"):
        return "inhouse use-index"
    if asked.scope is Scope.VARIABLE and ":" not in asked.place:
        return f"unset {asked.place}"
    file, _, key = asked.place.partition(": ")
    return f"take `{key}` out of {file}" if key else f"mend {file}"


def _replacing_pypi(tool: Tool, asked: Asked) -> str:
    if asked.place.startswith("pyproject.toml: tool.") and tool is not Tool.PDM:
        return "inhouse use-index"
    replaced = {
        Tool.PIP: "make the repository the `index-url`, with no `extra-index-url`",
        Tool.UV: "give the index `default = true`",
        Tool.POETRY: 'give the source `priority = "primary"`',
        Tool.PDM: "name the source `pypi`, so that it takes PyPI's place",
    }
    return replaced.get(tool, "make the repository the one index")


def shown(url: str) -> str:
    """Return an address for a person, without credentials."""
    return without_credentials(url) or PYPI


def _title(tool: Tool) -> str:
    return {Tool.POETRY: "Poetry", Tool.PDM: "PDM"}.get(tool, tool.value)
