"""STS in its query protocol: who am I, and sessions of roles. Other actions are answered with an error of STS's own."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from inhouse_server.control_plane.protocol import answers, models, query
from inhouse_server.control_plane.protocol.encode import WireAnswer
from inhouse_server.errors import InvalidRequestError, RequestError, ValidationReason
from inhouse_server.services.access import Caller
from inhouse_server.services.sessions import Session, Sessions, Wanted

SERVICE = "sts"
AUDITED = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity"})
_ACTION = re.compile(r"[A-Za-z0-9]{1,64}", re.ASCII)
_MAXIMUM_FIELDS = 100
_NARROWING = frozenset(
    {
        "PolicyArns",
        "ProvidedContexts",
        "ProviderId",
        "SerialNumber",
        "SourceIdentity",
        "Tags",
        "TokenCode",
        "TransitiveTagKeys",
    }
)
"""Parameters that are not offered; to overlook them would give more than was asked for."""

Result = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Call:
    """What an action knows beside its parameters.

    Attributes:
        sessions: Gives sessions of roles.
        caller: Checks the signature and says whose it is.
        conditions: What policies can know of where the request came from.
        request_id: Stands in the answer.
        known: What the audit log writes: `principal` and `resource`, once they are known.
    """

    sessions: Sessions
    caller: Callable[[], Caller]
    conditions: Mapping[str, tuple[str, ...]]
    request_id: str
    known: dict[str, str] = field(default_factory=dict)


def answer(body: bytes, call: Call) -> WireAnswer:
    """Return the answer to the action that a form asks for.

    Args:
        body: `Action=…&Version=…`, form-encoded.
        call: Who asks, and what answers.

    Raises:
        AuthenticationError: It is not known who asks.
        InvalidRequestError: CANNOT_PARSE for a form that cannot be read, UNKNOWN_OPERATION for what is not offered.
        RequestError: As the action itself says.
    """
    form = _form(body)
    action = read_action(body)
    function = _ACTIONS.get(action)
    if function is None:
        call.caller()
        known = action in models.load(SERVICE).operation_names
        raise InvalidRequestError(
            f"This version of the embedded repository does not offer {action} yet."
            if known
            else f"Could not find operation {action} for version {models.load(SERVICE).api_version}",
            ValidationReason.UNKNOWN_OPERATION,
        )
    operation = models.load(SERVICE).operation_model(action)
    result = function(call, lambda: _parameters(action, form))
    body = query.encode(operation, result, namespace=_namespace(), request_id=call.request_id)
    return WireAnswer(200, body, "text/xml")


def read_action(body: bytes) -> str:
    """Return the action that a form asks for.

    Raises:
        InvalidRequestError: The form cannot be read, or does not name one.
    """
    action = _form(body).get("Action", "")
    if not _ACTION.fullmatch(action):
        raise InvalidRequestError("The form must name one Action.", ValidationReason.CANNOT_PARSE)
    return action


def error(problem: RequestError | None, request_id: str) -> WireAnswer:
    """Return an error in XML; None is an exception that nobody foresaw."""
    if problem is None:
        status, code, text = answers.INTERNAL.status, answers.INTERNAL.code, answers.internal_text(request_id)
    else:
        found = answers.find(type(problem))
        status, code, text = found.status, found.code, answers.text(problem)
    if isinstance(problem, InvalidRequestError):
        code = _CODES.get(problem.reason, code)
    return answers.in_xml(status, code, text, namespace=_namespace(), request_id=request_id)


_CODES = {ValidationReason.UNKNOWN_OPERATION: "InvalidAction", ValidationReason.CANNOT_PARSE: "MalformedQueryString"}


def _get_caller_identity(call: Call, _: Callable[[], dict[str, object]]) -> Result:
    principal = call.caller().principal
    return {"UserId": principal.user_id, "Account": principal.account, "Arn": principal.arn}


def _assume_role(call: Call, read: Callable[[], dict[str, object]]) -> Result:
    caller = call.caller()
    call.known["principal"] = caller.principal.arn
    wanted = _wanted(call, read())
    return _described(call.sessions.assume(caller, wanted))


def _assume_role_with_web_identity(call: Call, read: Callable[[], dict[str, object]]) -> Result:
    # The token is the credential: nobody signs this action.
    parameters = read()
    wanted = _wanted(call, parameters)
    session, identity = call.sessions.assume_with_web_identity(
        str(parameters["WebIdentityToken"]), wanted, call.conditions
    )
    call.known["principal"] = f"{identity.provider.arn} {identity.subject}"
    return {
        **_described(session),
        "SubjectFromWebIdentityToken": identity.subject,
        "Provider": identity.provider.arn,
        "Audience": identity.audience,
    }


_ACTIONS: Mapping[str, Callable[[Call, Callable[[], dict[str, object]]], Result]] = {
    "GetCallerIdentity": _get_caller_identity,
    "AssumeRole": _assume_role,
    "AssumeRoleWithWebIdentity": _assume_role_with_web_identity,
}


def _wanted(call: Call, parameters: Mapping[str, object]) -> Wanted:
    call.known["resource"] = str(parameters["RoleArn"])
    seconds, policy, external_id = (parameters.get(name) for name in ("DurationSeconds", "Policy", "ExternalId"))
    return Wanted(
        role_arn=str(parameters["RoleArn"]),
        name=str(parameters["RoleSessionName"]),
        seconds=seconds if isinstance(seconds, int) else None,
        policy=None if policy is None else str(policy),
        external_id=None if external_id is None else str(external_id),
    )


def _described(session: Session) -> dict[str, object]:
    credentials, claims = session.credentials, session.claims
    return {
        "Credentials": {
            "AccessKeyId": credentials.key_id,
            "SecretAccessKey": credentials.secret,
            "SessionToken": credentials.token,
            "Expiration": claims.expires_at,
        },
        "AssumedRoleUser": {"AssumedRoleId": claims.user_id, "Arn": claims.arn},
    }


def _parameters(action: str, form: Mapping[str, str]) -> dict[str, object]:
    found = query.decode(models.load(SERVICE).operation_model(action), form)
    if refused := found.keys() & _NARROWING:
        raise InvalidRequestError(f"This version of the embedded repository does not offer {min(refused)} yet.")
    return found


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAXIMUM_FIELDS)
    except ValueError as problem:
        raise InvalidRequestError("The form cannot be parsed.", ValidationReason.CANNOT_PARSE) from problem
    form = dict(pairs)
    if len(form) < len(pairs):
        raise InvalidRequestError("The form has a field twice.", ValidationReason.CANNOT_PARSE)
    return form


def _namespace() -> str:
    return str(models.load(SERVICE).metadata["xmlNamespace"])
