"""The values the repository speaks of: frozen, without behaviour that needs I/O or a clock.

Names are AWS's own. Times are timezone-aware UTC. Account ids are strings of twelve digits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from urllib.parse import quote

from packaging.utils import NormalizedName

Clock = Callable[[], datetime]
"""Returns the time now, timezone-aware UTC. Passed in, so that tests can choose it."""

Sha256 = NewType("Sha256", str)
"""A SHA-256 digest as 64 lower-case hexadecimal digits: the name of a blob."""


class PackageFormat(StrEnum):
    """The formats of packages. Source: botocore's model, `PackageFormat`; only `pypi` has a data plane here."""

    NPM = "npm"
    PYPI = "pypi"
    MAVEN = "maven"
    NUGET = "nuget"
    GENERIC = "generic"
    RUBY = "ruby"
    SWIFT = "swift"
    CARGO = "cargo"


class VersionStatus(StrEnum):
    """What may be done with a package version. Source: botocore's model, `PackageVersionStatus`."""

    PUBLISHED = "Published"
    UNFINISHED = "Unfinished"
    UNLISTED = "Unlisted"
    ARCHIVED = "Archived"
    DISPOSED = "Disposed"


class OriginType(StrEnum):
    """Where a package version first entered the domain. Source: botocore's model."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"
    UNKNOWN = "UNKNOWN"


class Restriction(StrEnum):
    """One origin control of a package: `publish` or `upstream`."""

    ALLOW = "ALLOW"
    BLOCK = "BLOCK"


@dataclass(frozen=True, slots=True)
class RoleSession:
    """A role that somebody plays for a while.

    Attributes:
        role_arn: For example `arn:aws:iam::111122223333:role/ci`.
        name: Chosen by whoever assumed the role.
        expires_at: When its credentials end; None for what only its authorization token tells of.
        policy: The document that narrows what the role may do; None without one.
    """

    role_arn: str
    name: str
    expires_at: datetime | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: an IAM user, or a session of a role.

    Attributes:
        account: Twelve digits.
        arn: For example `arn:aws:iam::111122223333:user/admin`.
        user_id: The unique id that GetCallerIdentity answers.
        session: None for a user.
        conditions: What this request says beside, for the conditions of policies: values by key in lower case.
    """

    account: str
    arn: str
    user_id: str
    session: RoleSession | None = None
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A long-term key; `secret` is kept as it is, since SigV4 needs it to verify."""

    id: str
    secret: str
    principal: Principal


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role.

    Attributes:
        role_id: Unique; a role of the same name that is made later has another one.
        trust_policy: The document that says who may assume it.
        policy: The document that says what its sessions may do; None for nothing.
        maximum_seconds: How long a session may last.
    """

    account: str
    name: str
    role_id: str
    trust_policy: str
    policy: str | None
    maximum_seconds: int
    created_at: datetime

    @property
    def arn(self) -> str:
        """The role's ARN."""
        return f"arn:aws:iam::{self.account}:role/{self.name}"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """An issuer of OpenID Connect tokens that an account believes.

    Attributes:
        url: Its issuer identifier, for example `https://token.example/ci`; no slash at the end.
        audiences: Whom its tokens must be made for: one of these.
    """

    account: str
    url: str
    audiences: tuple[str, ...]

    @property
    def place(self) -> str:
        """Its URL without the scheme: how ARNs and condition keys name it."""
        return self.url.partition("://")[2]

    @property
    def arn(self) -> str:
        """The provider's ARN."""
        return f"arn:aws:iam::{self.account}:oidc-provider/{self.place}"


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """The permissions policy of a domain or a repository.

    Attributes:
        revision: Opaque; another one whenever a document is put.
        document: Exactly as it was given.
    """

    resource_arn: str
    revision: str
    document: str


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain; unique by (region, owner, name)."""

    id: int
    region: str
    owner: str
    name: str
    created_at: datetime
    encryption_key: str

    @property
    def arn(self) -> str:
        """The domain's ARN."""
        return f"arn:aws:codeartifact:{self.region}:{self.owner}:domain/{self.name}"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; unique by (domain, name).

    Attributes:
        administrator: The account that made it.
        upstreams: Names of the repositories behind it, in order of priority.
        external_connection: For example `public:pypi`; None without one. Never together with upstreams.
    """

    id: int
    domain: Domain
    name: str
    administrator: str
    description: str | None
    created_at: datetime
    upstreams: tuple[str, ...] = ()
    external_connection: str | None = None

    @property
    def arn(self) -> str:
        """The repository's ARN; its account is the domain's owner, not the administrator."""
        domain = self.domain
        return f"arn:aws:codeartifact:{domain.region}:{domain.owner}:repository/{domain.name}/{self.name}"


@dataclass(frozen=True, slots=True)
class OriginControls:
    """What may enter a package of a repository: by publishing, and from upstream (public source included).

    Attributes:
        beside_public: Whether versions of ours are meant to stand beside public ones where `upstream` is ALLOW: the
            package came from a public source, or somebody has opened it. No API tells it.
    """

    publish: Restriction
    upstream: Restriction
    beside_public: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """A package of one repository; it may have no version at all.

    Attributes:
        name: Normalised as PEP 503 says, where the format is `pypi`.
        namespace: None without one; PyPI packages have none.
    """

    id: int
    repository_id: int
    format: PackageFormat
    name: NormalizedName
    controls: OriginControls
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version entered the domain; exactly one of the two names is set unless the type is UNKNOWN."""

    type: OriginType
    repository: str | None = None
    external_connection: str | None = None


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests of one file, lower-case hexadecimal; None where only a public source's listing is known yet."""

    sha256: Sha256
    md5: str | None = None
    sha1: str | None = None
    sha512: str | None = None
    blake2_256: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One file of a release, as a project page lists it.

    Attributes:
        filename: As uploaded, never normalised.
        version: As uploaded; compare by PEP 440, not by text.
        size: Bytes; None where a public source does not say.
        requires_python: The specifier of `Requires-Python`.
        upload_time: When it was uploaded first, at the public source for a file from there.
        yanked: False, True, or the reason (PEP 592).
        metadata_sha256: Digest of the file's core metadata (PEP 658); None where it is not offered.
        url: Where a public source offers the bytes; None for a file published here.
    """

    filename: str
    version: str
    digests: Digests
    size: int | None = None
    requires_python: str | None = None
    upload_time: datetime | None = None
    yanked: bool | str = False
    metadata_sha256: Sha256 | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class CoreMetadata:
    """What we keep of a release's core metadata. Source: the core metadata specification."""

    name: str
    version: str
    summary: str | None = None
    home_page: str | None = None
    source_code: str | None = None
    license: str | None = None
    requires_python: str | None = None
    requires_dist: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """A version that a repository holds.

    Attributes:
        revision: Opaque; changes whenever files or metadata change, never with the status.
        published_at: When its first file was published, upstream for a version from a public source.
        metadata: None for a version from a public source whose metadata nobody has read yet.
    """

    id: int
    package: Package
    version: str
    status: VersionStatus
    origin: Origin
    revision: str
    published_at: datetime
    metadata: CoreMetadata | None
    files: tuple[File, ...] = field(default=())


class GroupMode(StrEnum):
    """What a package group says of one way into a repository. Source: botocore's model."""

    ALLOW = "ALLOW"
    ALLOW_SPECIFIC_REPOSITORIES = "ALLOW_SPECIFIC_REPOSITORIES"
    BLOCK = "BLOCK"
    INHERIT = "INHERIT"


class GroupRestriction(StrEnum):
    """The ways into a repository that a package group governs. Source: botocore's model."""

    PUBLISH = "PUBLISH"
    EXTERNAL_UPSTREAM = "EXTERNAL_UPSTREAM"
    INTERNAL_UPSTREAM = "INTERNAL_UPSTREAM"


class Association(StrEnum):
    """How a package belongs to its package group: by the pattern itself, or as a variation of it.

    Source: botocore's model, `PackageGroupAssociationType`.
    """

    STRONG = "STRONG"
    WEAK = "WEAK"


@dataclass(frozen=True, slots=True)
class PackageGroup:
    """A package group: origin controls for all packages of a domain that a pattern matches.

    Attributes:
        pattern: For example `/*` or `/pypi//acme~`.
        modes: One for each way in.
    """

    id: int
    domain: Domain
    pattern: str
    created_at: datetime
    contact_info: str | None
    description: str | None
    modes: Mapping[GroupRestriction, GroupMode]

    @property
    def arn(self) -> str:
        """The group's ARN, its pattern percent-encoded."""
        domain = self.domain
        place = f"arn:aws:codeartifact:{domain.region}:{domain.owner}:package-group/{domain.name}"
        return place + quote(self.pattern, safe="/")
