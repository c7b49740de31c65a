"""Checks that a project has one index, and that no stranger can take a name of ours."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import NormalizedName

from inhouse.codeartifact.explain.facts import Unknown
from inhouse.codeartifact.interface import Repository
from inhouse.codeartifact.name_facts import NameFacts
from inhouse.diagnosis.credentials import check_project_secrets
from inhouse.diagnosis.declared import merged
from inhouse.diagnosis.dependencies import dependencies, project_name
from inhouse.diagnosis.exceptions import apply_exceptions, read_exceptions
from inhouse.diagnosis.files import ProjectFiles, read_files, wanted_of
from inhouse.diagnosis.findings import Code, Finding, Severity, by_danger
from inhouse.diagnosis.indexes import Wanted, check_indexes, check_strategies
from inhouse.diagnosis.locks import check_lock, locked_names
from inhouse.diagnosis.meanings import BY_CHECK_CONFIG
from inhouse.diagnosis.reservations import check_names, unsure_names
from inhouse.diagnosis.variables import sources
from inhouse.errors import AccessDeniedError, ManifestError
from inhouse.project.manifest import Coordinates
from inhouse.settings import Settings
from inhouse.tools.locations import Scope, Tool
from inhouse.workflow.surroundings import machine_of, project_texts, tool_files

__all__ = ["NAME_CODES", "Checked", "Project", "check_config", "check_project", "read_project"]

NAME_CODES = frozenset({Code.NAME_UNRESERVED, Code.NAME_LOOK_ALIKE, Code.NAME_UNKNOWN})
"""The cases that only the repository can tell."""


@dataclass(frozen=True)
class Project:
    """A project as its files have it.

    Attributes:
        files: What they say.
        wanted: The one index that it should have.
        name: Its name; None when it has none.
        names: All names that it asks an index for, its own included.
    """

    files: ProjectFiles
    wanted: Wanted
    name: NormalizedName | None
    names: frozenset[NormalizedName]


@dataclass(frozen=True)
class Checked:
    """What came of checking.

    Attributes:
        findings: What is wrong, the most dangerous first.
        let_pass: What the project has written an exception for.
        names: How many names were looked at; None when the repository was not asked.
    """

    findings: tuple[Finding, ...]
    let_pass: tuple[Finding, ...] = ()
    names: int | None = None

    @property
    def is_refused(self) -> bool:
        """Whether something is wrong."""
        return any(finding.severity is not Severity.NOTE for finding in self.findings)

    @property
    def is_untold(self) -> bool:
        """Whether nothing is wrong but that something cannot be told."""
        wrong = [finding for finding in self.findings if finding.severity is not Severity.NOTE]
        return bool(wrong) and all(finding.code is Code.NAME_UNKNOWN for finding in wrong)


def read_project(root: Path) -> Project:
    """Read a project's files.

    Args:
        root: Its folder.
    """
    texts, unread = project_texts(root)
    files = read_files(texts)
    files = replace(files, findings=(*unread, *files.findings))
    name = project_name(files.document)
    asked = dependencies(files.document).union(*(locked_names(each, text) for each, text in files.locks.items()))
    return Project(files, wanted_of(files, texts), name, asked | ({name} if name else frozenset()))


def check_project(project: Project) -> list[Finding]:
    """Return what is wrong with a project's locks and other files, apart from the sources that they declare."""
    found = [*project.files.findings, *check_project_secrets(project.files.declared.secrets)]
    for name, text in project.files.locks.items():
        found += check_lock(name, text, project.wanted)
    return found


def check_config(
    root: Path,
    settings: Settings,
    connect: Callable[[Coordinates], Repository] | None,
    *,
    fails_unknown: bool,
) -> Checked:
    """Check a project.

    In a pipeline the variables count too, and pip's files that a variable names: elsewhere they are a person's own.

    Args:
        root: The project's folder.
        settings: The settings of the run.
        connect: Gives access to the repository; None asks nobody, so that names are not looked at.
        fails_unknown: Whether what cannot be told is wrong; else it is a note.

    Raises:
        ManifestError: The project does not say which repository is its own, and that is needed.
        RepositoryError: The repository does not answer.
    """
    project = read_project(root)
    declared = project.files.declared
    found = check_project(project)
    if settings.in_pipeline:
        pip = tool_files(machine_of(settings.environment), (Tool.PIP, Tool.UV, Tool.PDM), None)
        named = [each.declared for each in pip if each.scope is Scope.VARIABLE]
        declared = merged(declared, sources(settings.environment), *named)
    found += [*check_indexes(declared.asked, project.wanted), *check_strategies(declared.strategies)]
    facts = names_of(project, connect) if connect is not None else ()
    found += check_names(facts)
    if not fails_unknown:
        found = [_as_note(finding) if finding.code is Code.NAME_UNKNOWN else finding for finding in found]
    checked = BY_CHECK_CONFIG if connect is not None else BY_CHECK_CONFIG - NAME_CODES
    exceptions = read_exceptions(project.files.document)
    excepted = apply_exceptions(found, exceptions, checked=checked, not_seen=unsure_names(facts))
    return Checked(by_danger(excepted.kept), by_danger(excepted.let_pass), len(facts) if connect is not None else None)


def names_of(project: Project, connect: Callable[[Coordinates], Repository]) -> tuple[NameFacts, ...]:
    """Ask the repository about all names of a project.

    Raises:
        ManifestError: The project does not say which repository is its own.
        RepositoryError: The repository does not answer.
    """
    coordinates = project.wanted.coordinates
    if coordinates is None:
        hint = "say which repository is the project's own, or check with --offline what needs none"
        raise ManifestError("pyproject.toml", "[tool.inhouse]", "does not name a repository", hint=hint)
    try:
        return connect(coordinates).name_facts(project.names, project.name)
    except AccessDeniedError as error:
        permission = f"codeartifact:{error.operation}" if error.operation else ""
        hidden = Unknown("whose the names are, and whether they are reserved,", error.message, permission)
        return tuple(NameFacts(name, hidden, hidden) for name in sorted(project.names)[:1])


def _as_note(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.NOTE)
