"""A finding: something that makes installs wrong or fail, where it is, what comes of it and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from inhouse.tools.locations import Tool

__all__ = ["Code", "Finding", "Mend", "MendKind", "Severity", "by_danger"]


class Severity(StrEnum):
    """How bad it is."""

    DANGER = "danger"
    """A stranger's package can be installed, or a secret can be read by others."""
    PROBLEM = "problem"
    """Installing or publishing fails, or will."""
    NOTE = "note"
    """Worth knowing."""


class Code(StrEnum):
    """The cases. Programs and written exceptions name them, so they stay."""

    # Where packages come from.
    SECOND_INDEX = "second-index"
    EXPLICIT_INDEX = "explicit-index"
    PUBLIC_INDEX = "public-index"
    WRONG_INDEX = "wrong-index"
    INDEX_MISSING = "index-missing"
    INDEX_INCOMPLETE = "index-incomplete"
    INDEX_STRATEGY = "index-strategy"
    FIND_LINKS = "find-links"
    CONFIGURATION_HIDDEN = "configuration-hidden"
    CONFIGURATION_UNREADABLE = "configuration-unreadable"

    # Locks.
    LOCK_FOREIGN = "lock-foreign"
    LOCK_DIRECT = "lock-direct"
    LOCK_UNREADABLE = "lock-unreadable"

    # Names.
    NAME_UNRESERVED = "name-unreserved"
    NAME_LOOK_ALIKE = "name-look-alike"
    NAME_UNKNOWN = "name-unknown"
    NAME_ON_PYPI = "name-on-pypi"

    # Credentials.
    TOKEN_STALE = "token-stale"  # noqa: S105 - a name, and no token
    TOKEN_STORED = "token-stored"  # noqa: S105
    TOKEN_IS_JSON = "token-is-json"  # noqa: S105
    SECRET_READABLE = "secret-readable"  # noqa: S105
    SECRET_IN_PROJECT = "secret-in-project"  # noqa: S105

    # Who asks, and whether anybody answers.
    CREDENTIALS_MISSING = "credentials-missing"
    CREDENTIALS_REFUSED = "credentials-refused"
    SSO_EXPIRED = "sso-expired"
    TOKEN_DENIED = "token-denied"  # noqa: S105
    BEARER_DENIED = "bearer-denied"
    READ_DENIED = "read-denied"
    ACCESS_DENIED = "access-denied"
    OTHER_ACCOUNT = "other-account"
    PROFILE_NOT_USED = "profile-not-used"
    REPOSITORY_MISSING = "repository-missing"
    UNREACHABLE = "unreachable"
    TLS_UNTRUSTED = "tls-untrusted"
    PROXY_FAILED = "proxy-failed"
    SERVICE_FAILED = "service-failed"
    CLOCK_SKEW = "clock-skew"

    # Programs.
    KEYRING_MISSING = "keyring-missing"
    KEYRING_BACKEND_MISSING = "keyring-backend-missing"
    KEYRING_SEVERAL = "keyring-several"
    TOOL_TOO_OLD = "tool-too-old"

    # Exceptions.
    EXCEPTION_UNREASONED = "exception-unreasoned"
    EXCEPTION_UNUSED = "exception-unused"
    EXCEPTION_UNKNOWN = "exception-unknown"


class MendKind(StrEnum):
    """What can be mended without a person."""

    PERMISSIONS = "permissions"
    """Take the file away from everybody else."""
    ENTRY = "entry"
    """Take a stale token out of the file."""


@dataclass(frozen=True)
class Mend:
    """How a finding is mended.

    Attributes:
        kind: In which way.
        path: The file.
        tool: The tool that reads it; None where that does not matter.
        key: The entry in it, as its reader names it; "" for the whole file.
        secret: The token that goes; kept out of `repr`.
    """

    kind: MendKind
    path: str
    tool: Tool | None = None
    key: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Finding:
    """Something that was found.

    Attributes:
        code: Which case it is.
        severity: How bad it is.
        place: Where: a file and a key in it (`pyproject.toml: tool.uv.index.torch`), a variable, a name.
        problem: What is there, as a clause.
        effect: What happens because of it, as a clause.
        fix: What to do: a command, or an edit in words.
        mend: How it is mended by itself; None where a person has to.
        permission: What to ask for in order to know better; "" where no permission would help.
        exception: Why it is let pass, by the project's own words; "" where it is not.
    """

    code: Code
    severity: Severity
    place: str
    problem: str
    effect: str = ""
    fix: str = ""
    mend: Mend | None = None
    permission: str = ""
    exception: str = ""


_ORDER = tuple(Severity)


def by_danger(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings, each once, the most dangerous first; those of a kind stay together."""
    codes = tuple(Code)
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda each: (_ORDER.index(each.severity), codes.index(each.code), each.place)))
