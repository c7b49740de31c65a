"""What a project's files say of where packages come from: texts in, sources and findings out."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from inhouse.access.pdm import PdmConfiguration
from inhouse.access.pip import PipConfiguration
from inhouse.access.poetry import PoetryConfiguration
from inhouse.access.toml import table, text_of
from inhouse.diagnosis.declared import Declared, merged, of_mentions, pyproject, requirements, uv_settings
from inhouse.diagnosis.findings import Code, Finding, Severity
from inhouse.diagnosis.indexes import Kind, Wanted, address_of
from inhouse.diagnosis.locks import PDM_LOCK
from inhouse.project.locked import is_lock
from inhouse.project.manager import Manager, manager_of
from inhouse.project.manifest import Coordinates, is_address_of
from inhouse.tools.locations import Scope, Tool

__all__ = ["ProjectFiles", "concerns", "read_files", "unreadable", "wanted_of"]

MANIFEST: Final = "pyproject.toml"

_REQUIREMENTS: Final = ("requirements", "constraints")


def concerns(name: str) -> bool:
    """Say whether a file, by its name below the project with `/`, is read."""
    return name == MANIFEST or name in _READERS or _is_requirements(name) or _is_lock(name)


def _is_requirements(name: str) -> bool:
    path = PurePosixPath(name)
    is_named = path.name.startswith(_REQUIREMENTS) or path.parent.name in _REQUIREMENTS
    return path.suffix in {".txt", ".in"} and is_named and len(path.parts) <= 2


def _is_lock(name: str) -> bool:
    return name == PDM_LOCK or (is_lock(name) and not name.endswith(".txt"))


def _of_uv(name: str, text: str) -> Declared:
    return uv_settings(tomllib.loads(text), f"{name}: ", Scope.PROJECT)


_READERS: Final[Mapping[str, Callable[[str, str], Declared]]] = {
    "uv.toml": _of_uv,
    "poetry.toml": lambda name, text: of_mentions(Tool.POETRY, name, Scope.PROJECT, PoetryConfiguration().read(text)),
    "pdm.toml": lambda name, text: of_mentions(Tool.PDM, name, Scope.PROJECT, PdmConfiguration().read(text)),
    # pip reads it only where PIP_CONFIG_FILE says so, which is why it lies there.
    "pip.conf": lambda name, text: of_mentions(Tool.PIP, name, Scope.PROJECT, PipConfiguration().read(text)),
    "pip.ini": lambda name, text: of_mentions(Tool.PIP, name, Scope.PROJECT, PipConfiguration().read(text)),
}


@dataclass(frozen=True)
class ProjectFiles:
    """What a project's files say.

    Attributes:
        document: The `pyproject.toml`; empty when it cannot be read.
        declared: The sources that they declare.
        locks: Texts of locks and of files of requirements, by name.
        findings: What is wrong with the files themselves.
    """

    document: Mapping[str, Any] = field(default_factory=dict)
    declared: Declared = field(default_factory=Declared)
    locks: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_files(files: Mapping[str, str]) -> ProjectFiles:
    """Read a project's files.

    Args:
        files: Texts by name, of those that concern us.
    """
    document: Mapping[str, Any] = {}
    declared, findings = Declared(), []
    for name, text in files.items():
        try:
            if name == MANIFEST:
                document = tomllib.loads(text)
                declared = merged(pyproject(document), declared)
            elif name in _READERS:
                declared = merged(declared, _READERS[name](name, text))
            elif _is_requirements(name):
                declared = merged(declared, requirements(name, text))
        except ValueError as error:
            findings.append(unreadable(name, str(error)))
    findings += _hidden(document, files)
    locks = {name: text for name, text in files.items() if _is_lock(name) or _is_requirements(name)}
    return ProjectFiles(document, declared, locks, tuple(findings))


def unreadable(name: str, problem: str) -> Finding:
    """Return the finding that a file cannot be read."""
    return Finding(
        Code.CONFIGURATION_UNREADABLE,
        Severity.PROBLEM,
        name,
        f"it cannot be read: {problem}",
        "its tool fails, or goes on without it and asks PyPI",
        "mend or remove it",
    )


def _hidden(document: Mapping[str, Any], files: Mapping[str, str]) -> Iterator[Finding]:
    if "uv.toml" in files and table(document, "tool", "uv"):
        yield Finding(
            Code.CONFIGURATION_HIDDEN,
            Severity.PROBLEM,
            "uv.toml",
            "it takes the place of [tool.uv] in pyproject.toml",
            "uv does not see the index that stands there",
            "move its settings to [tool.uv] and remove it",
        )


def wanted_of(files: ProjectFiles, names: Mapping[str, str]) -> Wanted:
    """Return the one index that a project should have.

    Args:
        files: What its files say.
        names: Its files by name, for the locks among them.
    """
    tool, said = table(files.document, "tool"), table(files.document, "tool", "inhouse")
    parts = [text_of(said, key) for key in ("domain", "owner", "region", "repository")]
    coordinates = Coordinates(*parts) if all(parts) else None
    if not files.document:
        return Wanted()
    manager = _manager(tool, text_of(said, "manager"), names)
    place = {Tool.UV: "tool.uv.index", Tool.POETRY: "tool.poetry.source", Tool.PDM: "tool.pdm.source"}[manager]
    endpoint = ""
    if coordinates is not None:
        mains = [
            each
            for each in files.declared.asked
            if each.kind is Kind.MAIN and is_address_of(address_of(each.url), coordinates)
        ]
        mains.sort(key=lambda each: each.tool is not manager)
        endpoint = next((f"{address_of(each.url)}/" for each in mains), "")
    return Wanted(coordinates, endpoint, manager, f"{MANIFEST}: {place}")


def _manager(tool: Mapping[str, Any], said: str, names: Mapping[str, str]) -> Tool:
    if said in {each.value for each in Manager}:
        return Tool(said)
    if not {"uv", "poetry"} & tool.keys() and ("pdm" in tool or PDM_LOCK in names):
        return Tool.PDM
    return Tool(manager_of(tool, tuple(names)).value)
