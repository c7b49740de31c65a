"""The sources that a project's own files declare: tables of a `pyproject.toml`, a `uv.toml`, files of requirements.

They are read leniently: what is malformed is a tool's own business to refuse, and shall hide nothing else.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from inhouse.access.addresses import parse_address
from inhouse.access.interface import Mention, Reading, Role
from inhouse.access.toml import table, text_of
from inhouse.diagnosis.indexes import Asked, Kind, Strategy
from inhouse.project.locked import PYPI
from inhouse.tools.locations import Scope, Tool

__all__ = ["Declared", "merged", "of_mentions", "pyproject", "requirements", "uv_settings"]


@dataclass(frozen=True)
class Declared:
    """What a file, or the variables, declare.

    Attributes:
        asked: The sources.
        strategies: What decides between them.
        secrets: Mentions with a password or token in them, with the places where they stand.
    """

    asked: tuple[Asked, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def merged(*declared: Declared) -> Declared:
    """Return several as one."""
    return Declared(
        tuple(each for one in declared for each in one.asked),
        tuple(each for one in declared for each in one.strategies),
        {place: secret for one in declared for place, secret in one.secrets.items()},
    )


def pyproject(document: Mapping[str, Any], file: str = "pyproject.toml") -> Declared:
    """Return what a `pyproject.toml` declares, for uv, Poetry and PDM."""
    tool = table(document, "tool")
    return merged(
        uv_settings(table(tool, "uv"), f"{file}: tool.uv.", Scope.PROJECT),
        _of_entries(Tool.POETRY, _poetry(table(tool, "poetry"), f"{file}: tool.poetry.source.")),
        _of_entries(Tool.PDM, _pdm(table(tool, "pdm"), f"{file}: tool.pdm.source.")),
    )


def uv_settings(uv: Mapping[str, Any], prefix: str, scope: Scope) -> Declared:
    """Return what uv's settings declare.

    Args:
        uv: A `uv.toml`, or the table `[tool.uv]`.
        prefix: What a place begins with, for example `uv.toml: `.
        scope: For whom they count.
    """
    found = _of_entries(Tool.UV, _uv_indexes(uv, prefix), scope)
    for below, said in (("", uv), ("pip.", table(uv, "pip"))):
        found = merged(found, _of_entries(Tool.UV, _uv_bare(said, f"{prefix}{below}"), scope))
    strategies = [
        Strategy(f"{prefix}{below}{key}", key, str(said[key]))
        for below, said in (("", uv), ("pip.", table(uv, "pip")))
        for key in ("index-strategy", "torch-backend")
        if key in said
    ]
    return Declared(found.asked, tuple(strategies), found.secrets)


def of_mentions(tool: Tool, file: str, scope: Scope, reading: Reading) -> Declared:
    """Return what the configuration file of a tool declares.

    Args:
        tool: The tool.
        file: The file, as it is shown.
        scope: For whom it counts.
        reading: What it says.
    """
    kinds = {Role.INDEX: Kind.MAIN, Role.EXTRA: Kind.BESIDE, Role.LINKS: Kind.LINKS}
    asked = [
        Asked(tool, f"{file}: {mention.key}", scope, kinds[mention.role], mention.url)
        for mention in reading.mentions
        if mention.role in kinds and mention.url
    ]
    return Declared(tuple(asked), (), _secrets(file, reading.mentions))


_REQUIREMENT: Final = re.compile(
    r"""(?m)^[ \t]*(?P<option>-i|-f|--index-url|--extra-index-url|--find-links|--pypi-url)
    (?:[ \t]*=[ \t]*|[ \t]+|(?<=-[if]))["']?(?P<url>[^\s"']+)""",
    re.VERBOSE,
)

_OPTIONS: Final = {
    "-i": ("--index-url", Kind.MAIN),
    "--index-url": ("--index-url", Kind.MAIN),
    "--pypi-url": ("--index-url", Kind.MAIN),
    "--extra-index-url": ("--extra-index-url", Kind.BESIDE),
    "-f": ("--find-links", Kind.LINKS),
    "--find-links": ("--find-links", Kind.LINKS),
}


def requirements(name: str, text: str) -> Declared:
    """Return what a file of requirements declares; pip and `uv pip` both heed it.

    Args:
        name: The file, as it is shown.
        text: Its text.
    """
    joined = re.sub(r"\\\r?\n", " ", text)
    asked, secrets = [], {}
    for match in _REQUIREMENT.finditer(joined):
        option, kind = _OPTIONS[match["option"]]
        address = parse_address(match["url"])
        place = f"{name}: {option}"
        asked.append(Asked(Tool.PIP, place, Scope.PROJECT, kind, address.url))
        if address.password and not address.password.startswith("$"):
            secrets[place] = address.password
    return Declared(tuple(asked), (), secrets)


@dataclass(frozen=True)
class _Entry:
    place: str
    kind: Kind
    url: str
    trouble: str = ""


def _of_entries(tool: Tool, entries: Iterator[_Entry], scope: Scope = Scope.PROJECT) -> Declared:
    asked, secrets = [], {}
    for entry in entries:
        address = parse_address(entry.url)
        asked.append(Asked(tool, entry.place, scope, entry.kind, address.url, entry.trouble))
        if address.password and not address.password.startswith("$"):
            secrets[entry.place] = address.password
    return Declared(tuple(asked), (), secrets)


def _uv_indexes(uv: Mapping[str, Any], prefix: str) -> Iterator[_Entry]:
    for number, entry in enumerate(_tables(uv.get("index")), start=1):
        place = f"{prefix}index.{text_of(entry, 'name') or number}"
        kind = Kind.EXPLICIT if entry.get("explicit") is True else Kind.BESIDE
        kind = Kind.MAIN if entry.get("default") is True else kind
        if text_of(entry, "format") == "flat":
            kind = Kind.LINKS
        yield _Entry(place, kind, text_of(entry, "url"), _uv_trouble(entry))


def _uv_trouble(entry: Mapping[str, Any]) -> str:
    if "ignore-error-codes" in entry:
        return "`ignore-error-codes` makes uv go on after a refusal"
    if entry.get("default") is True and entry.get("explicit") is True:
        return "`explicit = true` hides the index from all that is not pinned to it"
    if text_of(entry, "authenticate") != "always":
        return '`authenticate = "always"` is missing, so that uv first asks as nobody'
    return ""


def _uv_bare(said: Mapping[str, Any], prefix: str) -> Iterator[_Entry]:
    kinds = {"index-url": Kind.MAIN, "extra-index-url": Kind.BESIDE, "find-links": Kind.LINKS}
    for key, kind in kinds.items():
        value = said.get(key, [])
        yield from (_Entry(f"{prefix}{key}", kind, str(url)) for url in (value if isinstance(value, list) else [value]))


_POETRY: Final = {"primary": Kind.MAIN, "default": Kind.MAIN, "explicit": Kind.EXPLICIT}


def _poetry(poetry: Mapping[str, Any], prefix: str) -> Iterator[_Entry]:
    for number, entry in enumerate(_tables(poetry.get("source")), start=1):
        priority = text_of(entry, "priority") or next(
            (old for old in ("default", "secondary") if entry.get(old) is True), "primary"
        )
        name = text_of(entry, "name")
        # Source: Poetry's documentation, "Package sources": PyPI is a source by its name, without an address.
        url = text_of(entry, "url") or (PYPI if name.lower() == "pypi" else "")
        yield _Entry(f"{prefix}{name or number}", _POETRY.get(priority.lower(), Kind.BESIDE), url)


def _pdm(pdm: Mapping[str, Any], prefix: str) -> Iterator[_Entry]:
    for number, entry in enumerate(_tables(pdm.get("source")), start=1):
        name = text_of(entry, "name")
        # Source: PDM's documentation, "Configure the package indexes": the source named `pypi` takes PyPI's place.
        kind = Kind.MAIN if name == "pypi" else Kind.BESIDE
        kind = Kind.LINKS if text_of(entry, "type") == "find_links" else kind
        yield _Entry(f"{prefix}{name or number}", kind, text_of(entry, "url"))


def _tables(listed: object) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in (listed if isinstance(listed, list) else []) if isinstance(entry, Mapping))


def _secrets(file: str, mentions: tuple[Mention, ...]) -> dict[str, str]:
    return {f"{file}: {mention.key}": mention.password for mention in mentions if mention.is_secret}
