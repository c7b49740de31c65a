"""Whether the repository answers, who asks as it sees them, and whether the clocks agree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inhouse.codeartifact.interface import Identity
from inhouse.diagnosis.findings import Code, Finding, Severity
from inhouse.project.manifest import Coordinates

__all__ = ["Chosen", "Reach", "Trouble", "TroubleKind", "check_reach"]


class TroubleKind(StrEnum):
    """Why something was not told."""

    MISSING = "missing"
    REFUSED = "refused"
    SSO = "sso"
    DENIED = "denied"
    NOT_FOUND = "not-found"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    PROXY = "proxy"
    OTHER = "other"


@dataclass(frozen=True)
class Trouble:
    """Why something was not told.

    Attributes:
        kind: Which case it is.
        message: What was said.
        hint: What to do, as the error has it.
    """

    kind: TroubleKind
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Chosen:
    """Which credentials were taken, and what decided it.

    Attributes:
        profile: The AWS profile; "" when it is left to AWS's own rules.
        origin: What decided it, for example "the variable INHOUSE_PROFILE".
        configured: The profile that `[profiles]` has for the domain; "" for none.
    """

    profile: str
    origin: str
    configured: str = ""


@dataclass(frozen=True)
class Reach:
    """What came of asking.

    Attributes:
        coordinates: The repository.
        chosen: The credentials that were taken.
        identity: Who asks, or why that is not told.
        token: Why there is no token; None when there is one.
        endpoint: The repository's endpoint, or why it is not told.
        page: Why its pages are not shown; None when they are, or were not asked for.
        skew: By how many seconds this machine's clock is ahead of the service's; None when that is not known.
    """

    coordinates: Coordinates
    chosen: Chosen
    identity: Identity | Trouble
    token: Trouble | None
    endpoint: str | Trouble
    page: Trouble | None = None
    skew: float | None = None


_TOLERATED: Final = 300
"""Seconds by which clocks may differ. Source: AWS Signature Version 4, "Handling dates"."""

_WORTH_A_NOTE: Final = 60


def check_reach(reach: Reach) -> Iterator[Finding]:
    """Yield what is wrong with the way to the repository."""
    yield from _clock(reach.skew)
    yield from _profile(reach)
    seen: set[tuple[Code, str]] = set()
    asked = (
        ("sts:GetCallerIdentity", reach.identity),
        ("codeartifact:GetAuthorizationToken", reach.token),
        ("codeartifact:GetRepositoryEndpoint", reach.endpoint),
        ("codeartifact:ReadFromRepository", reach.page),
    )
    for permission, answer in asked:
        if not isinstance(answer, Trouble):
            continue
        finding = _trouble(answer, permission, reach)
        if (finding.code, finding.permission) not in seen:  # whatever keeps one question off keeps off all of them
            seen.add((finding.code, finding.permission))
            yield finding
    if isinstance(reach.identity, Identity) and reach.identity.account != reach.coordinates.owner:
        yield _other_account(reach, reach.identity)


def _clock(skew: float | None) -> Iterator[Finding]:
    if skew is None or abs(skew) <= _WORTH_A_NOTE:
        return
    way = "ahead" if skew > 0 else "behind"
    minutes = round(abs(skew) / 60)
    problem = f"the clock of this machine is {minutes} minute{'s' if minutes != 1 else ''} {way} of the service's"
    if abs(skew) > _TOLERATED:
        effect = "signed requests are refused beyond 5 minutes, and tokens seem to expire too early or too late"
        yield Finding(Code.CLOCK_SKEW, Severity.PROBLEM, "the clock", problem, effect, "set the clock, best by NTP")
    else:
        effect = "signed requests are refused beyond 5 minutes"
        yield Finding(Code.CLOCK_SKEW, Severity.NOTE, "the clock", problem, effect, "set the clock, best by NTP")


def _profile(reach: Reach) -> Iterator[Finding]:
    chosen = reach.chosen
    if chosen.configured and chosen.profile != chosen.configured:
        taken = f"the profile `{chosen.profile}`" if chosen.profile else "what AWS finds by itself"
        problem = f"[profiles] has `{chosen.configured}` for this domain, and {chosen.origin} chooses {taken}"
        effect = "somebody else asks than your configuration says"
        yield Finding(Code.PROFILE_NOT_USED, Severity.NOTE, chosen.origin, problem, effect, "see that it is meant")


def _other_account(reach: Reach, identity: Identity) -> Finding:
    owner, asker = reach.coordinates.owner, identity.account
    problem = (
        f"you are {identity.arn} of the account {asker}, chosen by {reach.chosen.origin}; the domain belongs to {owner}"
    )
    refused = isinstance(reach.token, Trouble) or reach.page is not None
    if refused:
        effect = "another account needs permissions of its own and by the domain's and the repository's policies"
        fix = f'choose a profile of {owner} with --profile, or for good in [profiles]: "{_domain(reach)}" = "NAME"'
        return Finding(Code.OTHER_ACCOUNT, Severity.PROBLEM, _where(reach), problem, effect, fix)
    effect = "that works, as long as the domain's policy lets the account in"
    return Finding(Code.OTHER_ACCOUNT, Severity.NOTE, _where(reach), problem, effect, "nothing, if it is meant")


_ACTION: Final = re.compile(r"\b((?:codeartifact|sts):[A-Z][A-Za-z]+)")

_DENIED: Final = {
    "codeartifact:GetAuthorizationToken": (
        Code.TOKEN_DENIED,
        "on the domain: your own policy and the domain's must give it",
    ),
    "sts:GetServiceBearerToken": (Code.BEARER_DENIED, "in your own policy: no policy of a domain can give it"),
    "codeartifact:ReadFromRepository": (Code.READ_DENIED, "on the repository: your own policy or the repository's"),
}


def _trouble(trouble: Trouble, permission: str, reach: Reach) -> Finding:
    where = _where(reach)
    if trouble.kind is TroubleKind.DENIED:
        said = _ACTION.search(trouble.message)
        # For a token two permissions are needed; the message of the service tells which one is missing.
        missing = said[1] if said else permission
        code, place = _DENIED.get(missing, (Code.ACCESS_DENIED, "on the domain or the repository"))
        fix = f"ask for the permission {missing} {place}; or choose another profile with --profile"
        effect = (
            "nothing can be installed or published" if code is not Code.ACCESS_DENIED else "some of this is not known"
        )
        severity = Severity.PROBLEM if code is not Code.ACCESS_DENIED else Severity.NOTE
        return Finding(code, severity, where, trouble.message, effect, fix, permission=missing)
    code, fix = {
        TroubleKind.MISSING: (Code.CREDENTIALS_MISSING, trouble.hint),
        TroubleKind.REFUSED: (Code.CREDENTIALS_REFUSED, trouble.hint),
        TroubleKind.SSO: (Code.SSO_EXPIRED, _sso(reach.chosen)),
        TroubleKind.NOT_FOUND: (Code.REPOSITORY_MISSING, trouble.hint),
        TroubleKind.UNREACHABLE: (Code.UNREACHABLE, trouble.hint),
        TroubleKind.TLS: (Code.TLS_UNTRUSTED, _TLS),
        TroubleKind.PROXY: (Code.PROXY_FAILED, _PROXY),
        TroubleKind.OTHER: (Code.SERVICE_FAILED, trouble.hint),
    }[trouble.kind]
    return Finding(code, Severity.PROBLEM, where, trouble.message, "nothing can be installed or published", fix)


_TLS: Final = (
    "name your organisation's certificate authority in AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, SSL_CERT_FILE and PIP_CERT: "
    "each tool has its own"
)

_PROXY: Final = "look at HTTPS_PROXY and NO_PROXY; addresses of this machine belong into NO_PROXY: 127.0.0.1,localhost"


def _sso(chosen: Chosen) -> str:
    return f"aws sso login{f' --profile {chosen.profile}' if chosen.profile else ''}"


def _where(reach: Reach) -> str:
    return f"{reach.coordinates.repository} in {_domain(reach)}"


def _domain(reach: Reach) -> str:
    return f"{reach.coordinates.domain}-{reach.coordinates.owner}"
