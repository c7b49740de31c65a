"""Weighs policies against a request: an explicit deny wins, then an allow is looked for where it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from inhouse_server.rules.policies import patterns
from inhouse_server.rules.policies.documents import Policy, Principals, Statement
from inhouse_server.rules.policies.patterns import Context


class Effect(Enum):
    """What one policy, or several of one kind, say of a request."""

    DENY = auto()
    ALLOW = auto()
    NOTHING = auto()


class Refusal(StrEnum):
    """Why a request is refused, in AWS's words; `{action}` stands for the action."""

    DENIED_BY_IDENTITY = "with an explicit deny in an identity-based policy"
    DENIED_BY_RESOURCE = "with an explicit deny in a resource-based policy"
    DENIED_BY_SESSION = "with an explicit deny in a session policy"
    NO_IDENTITY = "because no identity-based policy allows the {action} action"
    NO_RESOURCE = "because no resource-based policy allows the {action} action"
    NO_SESSION = "because no session policy allows the {action} action"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Attributes:
        action: With its service, for example `codeartifact:ReadFromRepository`.
        resources: ARNs under which policies may mean what is asked for; `("*",)` where there is none.
        account: The asker's.
        names: ARNs under which a policy may name the asker: a user's own; a session's own and its role's.
        federated: The ARN of the identity provider that vouches for the asker.
        context: For conditions and variables.
    """

    action: str
    resources: tuple[str, ...]
    account: str
    names: frozenset[str] = frozenset()
    federated: str | None = None
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policies:
    """All that count for a request.

    Attributes:
        identity: The asker's.
        resource: The resource's, if it has one.
        session: What the asker's session was narrowed to, if it was.
        session_name: The session's own ARN.
    """

    identity: tuple[Policy, ...]
    resource: Policy | None = None
    session: Policy | None = None
    session_name: str | None = None


def judge(policy: Policy | None, request: Request, *, accounts: bool = True) -> Effect:
    """Return what a policy says of a request.

    Args:
        policy: None says nothing.
        request: What is asked.
        accounts: Whether a principal that is a whole account, or everybody, counts.
    """
    found = Effect.NOTHING
    for statement in policy.statements if policy else ():
        if _applies(statement, request, accounts=accounts):
            if not statement.allow:
                return Effect.DENY
            found = Effect.ALLOW
    return found


def decide(policies: Policies, request: Request, owner: str) -> Refusal | None:
    """Return why the request is refused, or None if it is allowed.

    In one account either the asker's or the resource's policy must allow; between two, both.

    Args:
        policies: All that count.
        request: What is asked.
        owner: The account of the resource.
    """
    identity = _together(policies.identity, request)
    resource = judge(policies.resource, request)
    session = judge(policies.session, request)
    for effect, refusal in (
        (identity, Refusal.DENIED_BY_IDENTITY),
        (resource, Refusal.DENIED_BY_RESOURCE),
        (session, Refusal.DENIED_BY_SESSION),
    ):
        if effect is Effect.DENY:
            return refusal
    by_resource = resource is Effect.ALLOW
    if owner == request.account:
        if identity is not Effect.ALLOW and not by_resource:
            return Refusal.NO_IDENTITY
    elif not by_resource:
        return Refusal.NO_RESOURCE
    elif identity is not Effect.ALLOW:
        return Refusal.NO_IDENTITY
    if policies.session is not None and session is not Effect.ALLOW and not _names_session(policies, request, owner):
        return Refusal.NO_SESSION
    return None


def decide_trust(policies: Policies, request: Request, owner: str) -> Refusal | None:
    """Return why a role may not be assumed, or None if it may.

    The role must trust whoever asks. Beyond that the asker's own policies must allow it, unless the role is of the same
    account and trusts the asker by name. Source: IAM user guide, "Cross-account resource access" and "Policy evaluation
    for requests within a single account".

    Args:
        policies: The asker's, and as the resource's the role's trust policy.
        request: What is asked.
        owner: The account of the role.
    """
    if judge(policies.resource, request) is Effect.NOTHING:
        return Refusal.NO_RESOURCE
    refusal = decide(policies, request, owner)
    if refusal is not None:
        return refusal
    by_name = owner == request.account and judge(policies.resource, request, accounts=False) is Effect.ALLOW
    return None if by_name or _together(policies.identity, request) is Effect.ALLOW else Refusal.NO_IDENTITY


def _together(policies: tuple[Policy, ...], request: Request) -> Effect:
    effects = {judge(policy, request) for policy in policies}
    return next((effect for effect in (Effect.DENY, Effect.ALLOW) if effect in effects), Effect.NOTHING)


def _names_session(policies: Policies, request: Request, owner: str) -> bool:
    """Return whether the resource's policy allows the very session: what it grants so, nothing narrows."""
    if policies.session_name is None or owner != request.account:
        return False
    own = Request(
        request.action,
        request.resources,
        request.account,
        frozenset({policies.session_name}),
        context=request.context,
    )
    return judge(policies.resource, own, accounts=False) is Effect.ALLOW


def _applies(statement: Statement, request: Request, *, accounts: bool) -> bool:
    if statement.principals is not None:
        named = _is_meant(statement.principals, request, accounts=accounts or statement.not_principals)
        if named == statement.not_principals:
            return False
    return (
        _acts(statement, request) != statement.not_actions
        and _concerns(statement, request)
        and all(condition.holds(request.context) for condition in statement.conditions)
    )


def _is_meant(principals: Principals, request: Request, *, accounts: bool) -> bool:
    if request.federated is not None:
        return bool(principals.federated & {request.federated, "*"})
    broad = {"*", request.account} if accounts else set()
    return bool(principals.aws & (broad | request.names))


_NO_VARIABLES: Mapping[str, tuple[str, ...]] = {}


def _acts(statement: Statement, request: Request) -> bool:
    """Return whether an action is listed; AWS compares actions without regard to case."""
    action = request.action.lower()
    expanded = (patterns.expand(listed.lower(), _NO_VARIABLES) for listed in statement.actions)
    return any(pattern is not None and patterns.matches(pattern, action) for pattern in expanded)


def _concerns(statement: Statement, request: Request) -> bool:
    if not statement.resources:  # a trust policy
        return True
    expanded = [patterns.expand(listed, request.context) for listed in statement.resources]
    known = [pattern for pattern in expanded if pattern is not None]
    if statement.not_resources and len(known) < len(expanded):
        return False  # what a variable without a value would exempt is not known
    found = any(_is_resource(pattern, resource) for pattern in known for resource in request.resources)
    return found != statement.not_resources


def _is_resource(pattern: patterns.Pattern, resource: str) -> bool:
    return pattern == (patterns.Wildcard.ANY,) or patterns.matches_arn(pattern, resource)
