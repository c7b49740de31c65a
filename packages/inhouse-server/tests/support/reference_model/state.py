"""What there is: domains, and in them repositories, packages, versions and groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from packaging.utils import canonicalize_name, canonicalize_version

from reference_model.expectations import Opaque, Texts, not_found
from reference_model.own_names import Mode

ACCOUNT = "111122223333"
OPEN = ("Published", "Unlisted")
"""The statuses whose files can be fetched."""

RESTRICTIONS = ("PUBLISH", "EXTERNAL_UPSTREAM", "INTERNAL_UPSTREAM")

Key = tuple[str, str, str]
"""A package: its format, its namespace (empty without one), its name."""


@dataclass
class Version:
    """A version that a repository holds.

    Attributes:
        text: As it was uploaded.
        origin: As answers have it.
        assets: SHA-256 by file name.
        published: The greater, the later.
        disposed_of: The assets that a disposed version had.
    """

    text: str
    status: str
    origin: dict[str, object]
    assets: dict[str, str]
    published: int
    disposed_of: dict[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_internal(self) -> bool:
        return self.origin["originType"] == "INTERNAL"


@dataclass
class Package:
    """A package of a repository.

    Attributes:
        versions: By what is the same for equal versions.
        is_mixed: Whether public versions are wanted beside ours: it came from a public source, or somebody has set
            `upstream` to ALLOW, or it is retained from such a one.
    """

    publish: str
    upstream: str
    versions: dict[str, Version] = field(default_factory=dict)
    is_mixed: bool = False


@dataclass
class Policy:
    """A permissions policy."""

    document: str
    revision: Opaque


@dataclass
class Repository:
    description: str | None = None
    upstreams: list[str] = field(default_factory=list)
    connection: str | None = None
    packages: dict[Key, Package] = field(default_factory=dict)
    policy: Policy | None = None


@dataclass
class Group:
    """A package group; `allowed` are the lists that ALLOW_SPECIFIC_REPOSITORIES has."""

    modes: dict[str, str]
    contact_info: str | None = None
    description: str | None = None
    allowed: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in RESTRICTIONS})


@dataclass
class Domain:
    repositories: dict[str, Repository] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    policy: Policy | None = None


@dataclass
class World:
    """All domains of an account in a region, and what is public.

    Attributes:
        tags: By ARN.
        public: The files of the public source by project and version: their SHA-256 by file name.
        released: When each file of the public source came.
        sizes: Of all bytes that were ever made, by SHA-256.
        texts: What the server has chosen.
    """

    mode: Mode
    region: str
    domains: dict[str, Domain] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    public: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    released: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)
    now: int = 0

    def tick(self) -> int:
        self.now += 1
        return self.now

    def arn(self, kind: str, *path: str) -> str:
        return f"arn:aws:codeartifact:{self.region}:{ACCOUNT}:{kind}/{'/'.join(path)}"

    def group_arn(self, domain: str, pattern: str) -> str:
        return self.arn("package-group", domain + quote(pattern, safe="/"))

    def domain(self, name: str) -> Domain:
        if name not in self.domains:
            raise not_found("domain", name)
        return self.domains[name]

    def repository(self, domain: str, name: str) -> Repository:
        repositories = self.domain(domain).repositories
        if name not in repositories:
            raise not_found("repository", name)
        return repositories[name]

    def package(self, domain: str, repository: str, key: Key) -> Package:
        packages = self.repository(domain, repository).packages
        if key not in packages:
            raise not_found("package", key[2])
        return packages[key]

    def version(self, domain: str, repository: str, key: Key, text: str) -> Version:
        versions = self.package(domain, repository, key).versions
        if same(key, text) not in versions:
            raise not_found("package-version", text)
        return versions[same(key, text)]


def key_of(package_format: str, namespace: str | None, package: str) -> Key:
    return (package_format, namespace or "", package)


def normalized(key: Key) -> Key:
    return (*key[:2], canonicalize_name(key[2])) if key[0] == "pypi" else key


def same(key: Key, text: str) -> str:
    """Return what is the same for equal versions of a package."""
    return canonicalize_version(text) if key[0] == "pypi" else text


def coordinates(key: Key) -> dict[str, object]:
    """Return which package an answer speaks of."""
    package_format, namespace, name = key
    return {"format": package_format, "package": name, **({"namespace": namespace} if namespace else {})}


def revision(key: Key, version: Version) -> Opaque:
    """Return a version's revision: of its assets and its metadata, never of its status.

    Every file of a version is made with the same metadata here; generic ones have none, and that of public ones is not
    counted (docs/adr/0012).
    """
    metadata = (key, version.text) if key[0] == "pypi" and version.is_internal else None
    assets = version.assets or version.disposed_of  # a disposed version keeps its last revision (section 21)
    return Opaque(("version", metadata, frozenset(assets.items())))


def given(members: Mapping[str, object]) -> dict[str, object]:
    """Return the members that are set: an answer leaves out the others."""
    return {name: value for name, value in members.items() if value is not None}
