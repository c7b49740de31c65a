"""What a project's `pyproject.toml` says, checked.

Only what inhouse needs is read: the name and version, what is imported, which Pythons it runs on, its dependency
groups, where it is published to (`[tool.inhouse]`), who manages it, and the indexes that this one would use.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from inhouse.errors import ManifestError
from inhouse.project import poetry as poetry_tables
from inhouse.project.manager import Manager, manager_of
from inhouse.project.tables import FILE, string, table, tables

__all__ = [
    "FILE",
    "SECOND_SOURCES",
    "Coordinates",
    "Index",
    "InhouseTable",
    "Manifest",
    "is_address_of",
    "read_manifest",
]

_TABLE_HINT: Final = (
    "say where the project belongs, for example: [tool.inhouse] "
    'domain = "my-domain", owner = "111122223333", region = "us-east-1", repository = "shared", index = "shared"'
)

_INDEX_HINT: Final = "make the repository the project's one index with `make use-index`"


@dataclass(frozen=True)
class Coordinates:
    """Which repository: what AWS needs to know to find it.

    Attributes:
        domain: The domain's name.
        owner: The account that owns the domain, 12 digits.
        region: The region the domain lives in.
        repository: The repository's name.
    """

    domain: str
    owner: str
    region: str
    repository: str


@dataclass(frozen=True)
class Index:
    """An index that the project's manager would use.

    Attributes:
        name: Its name there; "" when it has none.
        url: The address of its project pages.
        publish_url: Where it is published to; "" when it does not say.
        default: Whether it replaces PyPI.
        authenticate: uv's `authenticate`; "" when it does not say.
        priority: Poetry's `priority`; "" in uv.
    """

    name: str
    url: str
    publish_url: str = ""
    default: bool = False
    authenticate: str = ""
    priority: str = ""


@dataclass(frozen=True)
class InhouseTable:
    """The table `[tool.inhouse]`.

    Attributes:
        coordinates: The repository.
        index: The name of the project's one index; part of variable names, so letters, digits and `_`.
        local_publish: Why the repository is open for publishing from a laptop; "" when it is not.
    """

    coordinates: Coordinates
    index: str
    local_publish: str = ""


@dataclass(frozen=True)
class Manifest:
    """What the `pyproject.toml` says.

    Attributes:
        name: The distribution's name as written.
        version: Its version as written.
        import_packages: What is imported, for example `("acme_core",)`.
        requires_python: The Pythons it runs on; "" for any. As Poetry writes it where only Poetry is told.
        urls: Its links: label to address.
        groups: The names of its dependency groups, normalised.
        inhouse: The table `[tool.inhouse]`; None when there is none.
        manager: Who manages it.
        indexes: All indexes that the manager would use, in its order.
        index_trouble: What reaches around the one index: key to what is wrong with it.
        uv_settings: The table `[tool.uv]`.
        coverage_gate: The least coverage that the project asks of itself, in percent; None when it does not say.
    """

    name: str
    version: str
    import_packages: tuple[str, ...]
    requires_python: str
    urls: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    inhouse: InhouseTable | None = None
    manager: Manager = Manager.UV
    indexes: tuple[Index, ...] = ()
    index_trouble: Mapping[str, str] = field(default_factory=dict)
    uv_settings: Mapping[str, Any] = field(default_factory=dict)
    coverage_gate: float | None = None

    @property
    def normalized_name(self) -> NormalizedName:
        """The name by which indexes know it. Source: PEP 503."""
        return canonicalize_name(self.name)

    def table(self) -> InhouseTable:
        """Return the table `[tool.inhouse]`.

        Raises:
            ManifestError: There is none.
        """
        if self.inhouse is None:
            raise ManifestError(FILE, "[tool.inhouse]", "is missing", hint=_TABLE_HINT)
        return self.inhouse

    def one_index(self) -> Index:
        """Return the project's one index, the repository of `[tool.inhouse]`.

        Two indexes are one too many: names of your own packages would be looked up in both, and the stranger's
        answer can win. uv asks PyPI unless an index is the default one.

        Raises:
            ManifestError: There is no index, more than one, something that reaches around it, or it is not the
                repository's.
        """
        said, where = self.table(), self.manager.index_table
        for key, problem in self.index_trouble.items():
            raise ManifestError(FILE, key, problem, hint=_INDEX_HINT)
        if not self.indexes:
            problem = f"is missing, so {self.manager.title} would ask PyPI"
            raise ManifestError(FILE, where, problem, hint=_INDEX_HINT)
        if len(self.indexes) > 1:
            names = ", ".join(index.name or index.url for index in self.indexes)
            problem = f"there are {len(self.indexes)} indexes ({names}), and only one is safe"
            raise ManifestError(FILE, where, problem, hint=_INDEX_HINT)
        (index,) = self.indexes
        for wrong, problem in (
            (index.name != said.index, f"the index is named `{index.name}`, in [tool.inhouse] it is `{said.index}`"),
            *(_poetry_rules(index) if self.manager.is_poetry else _uv_rules(index)),
            (not index.url.endswith("/simple/"), f"the address `{index.url}` does not end in `/simple/`"),
            (
                index.publish_url != index.url.removesuffix("simple/"),
                "`publish-url` is not `url` without its last part `simple/`",
            ),
            (
                not is_address_of(index.publish_url, said.coordinates),
                f"the address `{index.url}` is not that of the repository in [tool.inhouse]",
            ),
        ):
            if wrong:
                raise ManifestError(FILE, where, problem, hint=_INDEX_HINT)
        return index


def _uv_rules(index: Index) -> tuple[tuple[bool, str], ...]:
    return (
        (not index.default, "`default = true` is missing, so uv would ask PyPI too"),
        (index.authenticate != "always", '`authenticate = "always"` is missing, so uv would first ask as nobody'),
    )


def _poetry_rules(index: Index) -> tuple[tuple[bool, str], ...]:
    problem = f'its priority is `{index.priority}`: Poetry would ask PyPI too; it must be `priority = "primary"`'
    return ((index.priority != "primary", problem),)


def is_address_of(endpoint: str, coordinates: Coordinates) -> bool:
    """Say whether an endpoint can be a repository's: its last part is the repository, and it names domain and owner.

    The host is not looked at further: it differs between AWS, its VPC endpoints and the embedded repository.
    """
    address = urlsplit(endpoint)
    realm = f"{coordinates.domain}-{coordinates.owner}"
    segments = PurePosixPath(address.path).parts
    named = (address.hostname or "").split(".")[0] == realm or realm in segments
    return named and bool(segments) and segments[-1] == coordinates.repository


def read_manifest(text: str, locks: Collection[str] = ()) -> Manifest:
    """Return what the text of a `pyproject.toml` says.

    Args:
        text: The text.
        locks: The names of the locks beside it, which help to tell who manages the project.

    Raises:
        ManifestError: It is not TOML, or something that is needed is missing or malformed.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(FILE, "", f"is not valid TOML: {error}", hint="mend the line that is named") from error
    tool = table(document, "tool")
    uv, poetry = table(tool, "uv", "tool.uv"), table(tool, "poetry", "tool.poetry")
    project = table(document, "project")
    if not project and "name" not in poetry:
        hint = "a project of inhouse is described there; `inhouse new` makes one"
        raise ManifestError(FILE, "[project]", "is missing", hint=hint)
    manager = _manager(tool, locks)
    if manager.is_poetry:
        project = poetry_tables.project_table(project, poetry)
    name = _name(project)
    groups = (*table(document, "dependency-groups"), *(poetry_tables.groups(poetry) if manager.is_poetry else ()))
    inhouse = _inhouse(tool)
    return Manifest(
        name=name,
        version=_version(project),
        import_packages=_import_packages(project, tool, uv, name),
        requires_python=_requires_python(project) or (poetry_tables.python_range(poetry) if manager.is_poetry else ""),
        urls={str(label): str(url) for label, url in table(project, "urls", "project.urls").items()},
        groups=frozenset(canonicalize_name(group) for group in groups),
        inhouse=inhouse,
        manager=manager,
        indexes=_poetry_indexes(poetry) if manager.is_poetry else _indexes(uv),
        index_trouble=_poetry_trouble(poetry, inhouse) if manager.is_poetry else _index_trouble(uv),
        uv_settings=uv,
        coverage_gate=_coverage_gate(tool),
    )


def _manager(tool: Mapping[str, Any], locks: Collection[str]) -> Manager:
    said = table(tool, "inhouse", "tool.inhouse").get("manager")
    if said is None:
        return manager_of(tool, locks)
    try:
        return Manager(said)
    except ValueError as error:
        hint = 'it is "uv" or "poetry"'
        raise ManifestError(FILE, "tool.inhouse.manager", f"`{said}` is not known", hint=hint) from error


def _name(project: Mapping[str, Any]) -> str:
    name = string(project, "name", "project.name", hint="give the project a name")
    # Source: the core metadata specification, "Name".
    if not re.fullmatch(r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", name, re.IGNORECASE | re.ASCII):
        hint = "use letters, digits, `-`, `_` and `.`; begin and end with a letter or digit"
        raise ManifestError(FILE, "project.name", f"`{name}` is not a valid name", hint=hint)
    return name


def _version(project: Mapping[str, Any]) -> str:
    dynamic = project.get("dynamic", [])
    if "version" not in project and isinstance(dynamic, list) and "version" in dynamic:
        hint = 'write the version down: version = "0.1.0" in [project], and take it out of `dynamic`'
        raise ManifestError(FILE, "project.version", "is dynamic, so nobody can tell what will be published", hint=hint)
    version = string(project, "version", "project.version", hint='for example: version = "0.1.0"')
    try:
        Version(version)
    except InvalidVersion as error:
        hint = "see PEP 440; for example 1.2.3, 1.2.3rc1 or 1.2.3.dev4"
        raise ManifestError(FILE, "project.version", f"`{version}` is not a valid version", hint=hint) from error
    return version


def _requires_python(project: Mapping[str, Any]) -> str:
    requires = string(project, "requires-python", "project.requires-python", optional=True)
    try:
        SpecifierSet(requires)
    except InvalidSpecifier as error:
        problem = f"`{requires}` is not a valid range of versions"
        hint = 'for example: requires-python = ">=3.11"'
        raise ManifestError(FILE, "project.requires-python", problem, hint=hint) from error
    return requires


def _import_packages(
    project: Mapping[str, Any], tool: Mapping[str, Any], uv: Mapping[str, Any], name: str
) -> tuple[str, ...]:
    """Return what is imported: said outright (PEP 794), said to the build backend, or derived from the name."""
    said = project.get("import-names")
    if isinstance(said, list) and said:
        return tuple(str(entry).partition(";")[0].strip() for entry in said)
    build: Any = tool
    for key in ("hatch", "build", "targets", "wheel", "packages"):
        build = build.get(key) if isinstance(build, Mapping) else None
    if isinstance(build, list) and build:
        return tuple(PurePosixPath(str(path)).name for path in build)
    if packed := poetry_tables.import_packages(table(tool, "poetry", "tool.poetry")):
        return packed
    module = table(uv, "build-backend", "tool.uv.build-backend").get("module-name")
    if isinstance(module, str):
        return (module,)
    return (canonicalize_name(name).replace("-", "_"),)


_PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    # Source of the first three: botocore's model of CodeArtifact, DomainName, AccountId, RepositoryName.
    "domain": (r"[a-z][a-z0-9\-]{0,48}[a-z0-9]", "2 to 50 small letters, digits and `-`"),
    "owner": (r"[0-9]{12}", "the 12 digits of an AWS account"),
    "repository": (r"[A-Za-z0-9][A-Za-z0-9._\-]{1,99}", "2 to 100 letters, digits, `.`, `_` and `-`"),
    "region": (r"[a-z]{2,}(-[a-z0-9]+)+", "an AWS region such as us-east-1"),
    "index": (r"[A-Za-z0-9_]+", "letters, digits and `_`: it becomes part of variable names"),
}


_OTHERS: Final = ("local-publish", "manager", "exceptions")
"""Other keys of the table; `inhouse.diagnosis.exceptions` reads the last one."""


def _inhouse(tool: Mapping[str, Any]) -> InhouseTable | None:
    if "inhouse" not in tool:
        return None
    said = table(tool, "inhouse", "tool.inhouse")
    for key in said:
        if key not in {*_PATTERNS, *_OTHERS}:
            known = ", ".join((*_PATTERNS, *_OTHERS))
            raise ManifestError(FILE, f"tool.inhouse.{key}", "is not known", hint=f"the keys are: {known}")
    values = {}
    for key, (pattern, meaning) in _PATTERNS.items():
        dotted = f"tool.inhouse.{key}"
        if isinstance(said.get(key), int):
            # TOML would drop the leading zeros of an account number.
            raise ManifestError(FILE, dotted, "must be a string", hint=f'put it in quotes: {key} = "…"')
        values[key] = string(said, key, dotted, hint=f"it is {meaning}")
        if not re.fullmatch(pattern, values[key], re.ASCII):
            raise ManifestError(FILE, dotted, f"`{values[key]}` is not valid", hint=f"it is {meaning}")
    reason = string(said, "local-publish", "tool.inhouse.local-publish", optional=True)
    if "local-publish" in said and not reason.strip():
        hint = "say in a few words why releases may come from a laptop, or take the line out"
        raise ManifestError(FILE, "tool.inhouse.local-publish", "is empty", hint=hint)
    index = values.pop("index")
    if index.lower() == "pypi":
        # Poetry takes no address for that name, and to every reader it means another index.
        hint = "name it after the domain or the repository"
        raise ManifestError(FILE, "tool.inhouse.index", f"`{index}` is the name of another index", hint=hint)
    return InhouseTable(Coordinates(**values), index, reason.strip())


def _indexes(uv: Mapping[str, Any]) -> tuple[Index, ...]:
    return tuple(
        Index(
            name=string(entry, "name", "tool.uv.index.name", optional=True),
            url=string(entry, "url", "tool.uv.index.url", hint=_INDEX_HINT),
            publish_url=string(entry, "publish-url", "tool.uv.index.publish-url", optional=True),
            default=entry.get("default") is True,
            authenticate=string(entry, "authenticate", "tool.uv.index.authenticate", optional=True),
        )
        for entry in tables(uv, "index", "tool.uv.index", hint=_INDEX_HINT)
    )


def _poetry_indexes(poetry: Mapping[str, Any]) -> tuple[Index, ...]:
    return tuple(
        Index(source.name, source.url, source.url.removesuffix("simple/"), priority=source.priority)
        for source in poetry_tables.sources(poetry)
    )


SECOND_SOURCES: Final = ("index-url", "extra-index-url", "find-links", "no-index")
"""Keys of `[tool.uv]` and `[tool.uv.pip]` that name or hide indexes beside `[[tool.uv.index]]`."""


def _index_trouble(uv: Mapping[str, Any]) -> dict[str, str]:
    trouble = {}
    for prefix, settings in (("tool.uv", uv), ("tool.uv.pip", table(uv, "pip", "tool.uv.pip"))):
        trouble.update(
            {
                f"{prefix}.{key}": "reaches around the one index"
                for key in (*SECOND_SOURCES, "torch-backend")
                if key in settings
            }
        )
        strategy = settings.get("index-strategy", "first-index")
        if strategy != "first-index":
            trouble[f"{prefix}.index-strategy"] = (
                f"`{strategy}` lets a stranger's package win; only `first-index` is safe"
            )
    return trouble


def _poetry_trouble(poetry: Mapping[str, Any], inhouse: InhouseTable | None) -> dict[str, str]:
    """Return what is wrong with dependencies that name a source of their own; their one source is the index anyway."""
    index = inhouse.index if inhouse else ""
    return {
        f"{dotted}.{package}": f"takes the package from the source `{source}`, beside the one index"
        for dotted, package, source in poetry_tables.pinned(poetry)
        if source != index
    }


def _coverage_gate(tool: Mapping[str, Any]) -> float | None:
    coverage = table(tool, "coverage", "tool.coverage")
    gate = table(coverage, "report", "tool.coverage.report").get("fail_under")
    if gate is None:
        return None
    if isinstance(gate, bool) or not isinstance(gate, int | float):
        hint = "for example: fail_under = 95"
        raise ManifestError(FILE, "tool.coverage.report.fail_under", "must be a number", hint=hint)
    return float(gate)
