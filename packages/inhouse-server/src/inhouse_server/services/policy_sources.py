"""Which policies count for a request, and what their conditions can know of it, as the catalog has it now."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from inhouse_server import compat
from inhouse_server.catalog import policies, principals, roles, tags
from inhouse_server.model import Principal
from inhouse_server.rules.policies import Kind, Policies, Policy, Request, parse, patterns

_RESOURCE = re.compile(
    r"arn:aws:codeartifact:(?P<region>[^:]*):(?P<owner>[^:]*):"
    r"(?:domain/(?P<domain>[^/]+)"
    r"|(?:repository|package)/(?P<parent>[^/]+)/(?P<repository>[^/]+)(?:/.*)?"
    r"|package-group/(?P<group_domain>[^/]+)/.*)",
    re.DOTALL,
)
_OF_THE_DOMAIN = frozenset({"codeartifact:CreateRepository"})
"""Asked about a repository that does not exist yet: its domain's policy decides. Source: the user guide."""

_OWN_POLICY_IGNORED = frozenset(
    {"codeartifact:PutDomainPermissionsPolicy", "codeartifact:PutRepositoryPermissionsPolicy"}
)
"""Nobody can lock himself out by a policy, nor give the right to change it away. Source: botocore's model."""


@dataclass(frozen=True, slots=True)
class Case:
    """A request with all that decides it.

    Attributes:
        owner: The account of the resource.
    """

    policies: Policies
    request: Request
    owner: str


def identity_policies(connection: sqlite3.Connection, principal: Principal) -> tuple[Policy, ...] | None:
    """Return the policies of a user, or of the role that a session plays; None where that is gone."""
    if principal.session is not None:
        role = roles.find(connection, principal.session.role_arn)
        if role is None or not principal.user_id.startswith(f"{role.role_id}:"):
            return None
        return () if role.policy is None else (parse(role.policy, Kind.IDENTITY),)
    known = principals.find_user(connection, principal.arn)
    if known is None or known.account != principal.account:
        return None
    document = user_document(connection, principal)
    return () if document is None else (parse(document, Kind.IDENTITY),)


def user_document(connection: sqlite3.Connection, user: Principal) -> str | None:
    """Return the document of a user's policy, or None: it may do nothing."""
    document = principals.user_policy(connection, user.arn)
    if document is None and user.arn.endswith(f":user/{compat.ADMINISTRATOR}"):
        return compat.ADMINISTRATOR_POLICY
    return document


def case(
    connection: sqlite3.Connection,
    principal: Principal,
    action: str,
    resource_arn: str,
    *,
    extra: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> Case | None:
    """Return what decides a request; None where the principal is gone.

    Args:
        connection: To the catalog.
        principal: Who asks.
        action: With its service.
        resource_arn: Need not exist; `*` for actions that have no resource.
        extra: What conditions can know beside what they always do, by key in lower case.
        now: The time now.
    """
    identity = identity_policies(connection, principal)
    if identity is None:
        return None
    session = principal.session
    context = {**identity_context(principal, now), **principal.conditions, **extra}
    match = _RESOURCE.fullmatch(resource_arn)
    resources: tuple[str, ...] = (resource_arn,)
    resource_policy = None
    if match is not None:
        domain = match["domain"] or match["parent"] or match["group_domain"]
        context |= patterns.with_tags("aws:ResourceTag/", tags.list_of(connection, resource_arn))
        place = (match["region"], match["owner"], domain)
        if action in _OF_THE_DOMAIN:
            resources = (resource_arn, f"arn:aws:codeartifact:{':'.join(place[:2])}:domain/{domain}")
        if action not in _OWN_POLICY_IGNORED:
            found = (
                policies.of_repository(connection, *place, match["repository"])
                if match["repository"] and action not in _OF_THE_DOMAIN
                else policies.of_domain(connection, *place)
            )
            resource_policy = None if found is None else parse(found.document, Kind.RESOURCE)
    return Case(
        policies=Policies(
            identity=identity,
            resource=resource_policy,
            session=None if session is None or session.policy is None else parse(session.policy, Kind.SESSION),
            session_name=None if session is None else principal.arn,
        ),
        request=Request(
            action, resources, principal.account, frozenset({principal.arn, _lasting_arn(principal)}), context=context
        ),
        owner=principal.account if resource_arn == "*" else resource_arn.split(":")[4],
    )


def identity_context(principal: Principal, now: datetime) -> dict[str, tuple[str, ...]]:
    """Return what conditions always know of whoever asks, and of the time."""
    found = {
        "aws:principalarn": _lasting_arn(principal),
        "aws:principalaccount": principal.account,
        "aws:principalorgid": compat.ORGANIZATION,
        "aws:principaltype": "User" if principal.session is None else "AssumedRole",
        "aws:userid": principal.user_id,
        **time_context(now),
    }
    if principal.session is None:
        found["aws:username"] = principal.arn.rpartition("/")[2]
    return {key: (value,) for key, value in found.items()}


def time_context(now: datetime) -> dict[str, str]:
    """Return what conditions know of the time."""
    return {
        "aws:currenttime": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:epochtime": str(int(now.timestamp())),
    }


def _lasting_arn(principal: Principal) -> str:
    """Return the ARN of the user, or of the role that a session plays."""
    return principal.arn if principal.session is None else principal.session.role_arn
