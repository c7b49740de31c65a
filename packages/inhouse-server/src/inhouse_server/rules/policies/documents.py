"""Reads policy documents and refuses those that AWS would refuse.

A policy that can be misread is worse than none: what is not known, or said twice, is an error and not ignored.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from inhouse_server import compat
from inhouse_server.errors import MalformedPolicyError
from inhouse_server.rules.policies import conditions
from inhouse_server.rules.policies.conditions import Condition


class Kind(StrEnum):
    """What a policy is attached to; it decides which elements a statement has."""

    IDENTITY = "identity-based policy"
    SESSION = "session policy"
    RESOURCE = "resource-based policy"
    TRUST = "trust policy"

    @property
    def names_principals(self) -> bool:
        """Whether a statement says for whom it is."""
        return self in (Kind.RESOURCE, Kind.TRUST)


@dataclass(frozen=True, slots=True)
class Principals:
    """For whom a statement is.

    Attributes:
        aws: `*`, account ids, and ARNs of users, roles and sessions.
        federated: ARNs of identity providers.
    """

    aws: frozenset[str] = frozenset()
    federated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; of each pair (`X`, `NotX`) the flag says which one it is.

    Attributes:
        principals: None where the policy's kind names none.
        resources: Empty in a trust policy, which is about its role alone.
    """

    allow: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: Principals | None = None
    not_actions: bool = False
    not_resources: bool = False
    not_principals: bool = False
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that has been read."""

    kind: Kind
    statements: tuple[Statement, ...]


_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_ROOT = re.compile(r"arn:aws:iam::(?P<account>[0-9]{12}):root", re.ASCII)
_NAMED = re.compile(
    r"arn:aws:(iam::[0-9]{12}:(user|role)/[\w+=,.@/-]+|sts::[0-9]{12}:(assumed-role/[\w+=,.@-]+|federated-user)/[\w+=,.@-]+)",
    re.ASCII,
)
_ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)


class _FlawError(ValueError):
    """What is wrong with a document; `parse` says it to the caller."""


@lru_cache(maxsize=1024)  # the same few policies are asked at every request
def parse(text: str, kind: Kind) -> Policy:
    """Return the policy that a document is.

    Raises:
        MalformedPolicyError: It is none of this kind; says where and why.
    """
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        return _policy(document, kind)
    except RecursionError as error:
        raise MalformedPolicyError("The policy document is nested too deeply.") from error
    except ValueError as error:
        reason = "it is not valid JSON" if isinstance(error, json.JSONDecodeError) else str(error)
        raise MalformedPolicyError(f"The policy document is not a valid {kind}: {reason}.") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _FlawError("an object has a member twice")
    return found


def _no_constant(name: str) -> object:
    raise _FlawError(f"{name} is not JSON")


def _policy(document: object, kind: Kind) -> Policy:
    if not isinstance(document, dict):
        raise _FlawError("it is not an object")
    if unknown := document.keys() - {"Version", "Id", "Statement"}:
        raise _FlawError(f"it has an unknown element {min(unknown)}")
    if document.get("Version") != compat.POLICY_VERSION:
        raise _FlawError(f'its Version is not "{compat.POLICY_VERSION}"')
    if not isinstance(document.get("Id", ""), str):
        raise _FlawError("its Id is not a text")
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise _FlawError("its Statement is neither an object nor a list of some")
    sids = [each["Sid"] for each in statements if isinstance(each, dict) and isinstance(each.get("Sid"), str)]
    if len(set(sids)) < len(sids):
        raise _FlawError("two statements have one Sid")
    return Policy(kind, tuple(_numbered(statement, number, kind) for number, statement in enumerate(statements, 1)))


def _numbered(value: object, number: int, kind: Kind) -> Statement:
    try:
        return _statement(value, kind)
    except ValueError as error:
        raise _FlawError(f"statement {number}: {error}") from error


def _statement(value: object, kind: Kind) -> Statement:
    if not isinstance(value, dict):
        raise _FlawError("it is not an object")
    if unknown := value.keys() - _ELEMENTS:
        raise _FlawError(f"unknown element {min(unknown)}")
    if not isinstance(value.get("Sid", ""), str):
        raise _FlawError("Sid is not a text")
    if value.get("Effect") not in ("Allow", "Deny"):
        raise _FlawError("Effect is neither Allow nor Deny")
    not_principals, principals = _principals(value, kind)
    not_actions, actions = _one_of(value, "Action")
    for action in actions:
        if not _ACTION.fullmatch(action):
            raise _FlawError(f"{action!r} is not an action such as codeartifact:ReadFromRepository")
    not_resources, resources = _resources(value, kind)
    return Statement(
        allow=value["Effect"] == "Allow",
        actions=actions,
        resources=resources,
        principals=principals,
        not_actions=not_actions,
        not_resources=not_resources,
        not_principals=not_principals,
        conditions=_conditions(value.get("Condition", {})),
    )


def _resources(statement: dict[str, object], kind: Kind) -> tuple[bool, tuple[str, ...]]:
    if kind is Kind.TRUST:
        if statement.keys() & {"Resource", "NotResource"}:
            raise _FlawError("a trust policy has no Resource")
        return False, ()
    negated, resources = _one_of(statement, "Resource")
    for resource in resources:
        if resource != "*" and not (resource.startswith("arn:") and resource.count(":") > 1):
            raise _FlawError(f"the resource {resource!r} is neither * nor an ARN")
    return negated, resources


def _one_of(statement: dict[str, object], name: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether it is the `Not` of the pair that the statement has, and what it lists."""
    present = [element for element in (name, f"Not{name}") if element in statement]
    if len(present) != 1:
        raise _FlawError(f"it has both {name} and Not{name}" if present else f"it has no {name}")
    return present[0] != name, _texts(statement[present[0]], present[0])


def _texts(value: object, name: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(each, str) and each for each in values):
        raise _FlawError(f"{name} is neither a text nor a list of some")
    return tuple(values)


def _principals(statement: dict[str, object], kind: Kind) -> tuple[bool, Principals | None]:
    present = [element for element in ("Principal", "NotPrincipal") if element in statement]
    if not kind.names_principals:
        if present:
            raise _FlawError(f"{present[0]} has no place there")
        return False, None
    if len(present) != 1:
        raise _FlawError("it has both Principal and NotPrincipal" if present else "it has no Principal")
    if kind is Kind.TRUST and present == ["NotPrincipal"]:
        raise _FlawError("a trust policy has no NotPrincipal")
    value = statement[present[0]]
    if value == "*":
        return present == ["NotPrincipal"], Principals(frozenset({"*"}), frozenset({"*"}))
    if not isinstance(value, dict) or not value:
        raise _FlawError(f'{present[0]} is neither "*" nor an object')
    if unknown := value.keys() - {"AWS", "Federated", "Service", "CanonicalUser"}:
        raise _FlawError(f"{present[0]} has an unknown kind {min(unknown)}")
    listed = {name: _texts(each, f"{present[0]}.{name}") for name, each in value.items()}
    aws = frozenset(_aws(each) for each in listed.get("AWS", ()))
    return present == ["NotPrincipal"], Principals(aws, frozenset(listed.get("Federated", ())))


def _aws(text: str) -> str:
    """Return a principal in one of three forms: `*`, an account id, an ARN."""
    if root := _ROOT.fullmatch(text):
        return root["account"]
    if text == "*" or _ACCOUNT.fullmatch(text) or _NAMED.fullmatch(text):
        return text
    raise _FlawError(f"{text!r} is not *, an account or the ARN of a user, a role or a session")


def _conditions(value: object) -> tuple[Condition, ...]:
    if not isinstance(value, dict):
        raise _FlawError("Condition is not an object")
    found = []
    for operator, keys in value.items():
        if not isinstance(keys, dict) or not keys:
            raise _FlawError(f"the condition {operator} is not an object of keys")
        for key, wanted in keys.items():
            listed = wanted if isinstance(wanted, list) else [wanted]
            if not key or not listed:
                raise _FlawError(f"the condition {operator} has a key without a name or without values")
            found.append(conditions.read(operator, key, tuple(_scalar(each, operator) for each in listed)))
    return tuple(found)


def _scalar(value: object, operator: str) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            raise _FlawError(f"the condition {operator} compares with something that is not a text, number or boolean")
