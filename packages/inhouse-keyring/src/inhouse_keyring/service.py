"""The two questions that AWS is asked: for an authorization token, and for the keys of a role."""

from __future__ import annotations

import json
import os
import time
from urllib.parse import urlencode, urlsplit

from inhouse_keyring.aws_files import DEFAULT_PROFILE, text
from inhouse_keyring.credentials import Keys, chosen_profile
from inhouse_keyring.endpoints import api_endpoint
from inhouse_keyring.errors import (
    CREDENTIALS_HINT,
    REFUSED_CODES,
    AccessDeniedError,
    CredentialsMissingError,
    CredentialsRefusedError,
    NotFoundError,
    ServiceError,
    TokenError,
    named_permission,
)
from inhouse_keyring.memory import Token
from inhouse_keyring.signing import Scope, query_string, signed_headers
from inhouse_keyring.transport import Patience, request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeGuard  # of Python 3.10, and read by mypy alone

    from inhouse_keyring.aws_files import Section
    from inhouse_keyring.questions import Surroundings, Wanted
    from inhouse_keyring.transport import Answer

_AUTHORIZATION, _BEARER = "codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken"

_DENIED = frozenset({"AccessDenied", "AccessDeniedException"})


def authorization_token(wanted: Wanted, keys: Keys, surroundings: Surroundings) -> Token:
    """Ask for a token.

    Source: AWS CodeArtifact API reference, GetAuthorizationToken.

    Raises:
        TokenError: It is not given.
    """
    owner = {"domain-owner": wanted.owner} if wanted.owner else {}
    query = query_string({"domain": wanted.domain, **owner, "duration": str(wanted.seconds)})
    parts = urlsplit(wanted.endpoint)
    path = parts.path.rstrip("/") + "/v1/authorization-token"
    now = time.time()
    scope = Scope(wanted.region, "codeartifact", time.gmtime(now))
    answer = request(
        "POST",
        f"{parts.scheme}://{parts.netloc}{path}?{query}",
        surroundings,
        Patience(wanted.connect_timeout, wanted.read_timeout),
        headers=signed_headers("POST", (parts.netloc, path, query), scope, keys),
        certificates=_certificates(wanted, surroundings),
    )
    document = _object(answer.body)
    if answer.status != 200:
        kind = answer.headers.get("x-amzn-errortype") or str(document.get("__type") or document.get("code") or "")
        said = str(document.get("message") or document.get("Message") or "")
        raise refusal(kind, said, answer.status, wanted)
    value, expires_at = document.get("authorizationToken"), document.get("expiration")
    if not isinstance(value, str) or not _is_token(value) or not _is_time(expires_at):
        raise ServiceError(
            f"the repository at {wanted.endpoint} answered GetAuthorizationToken with something else than a token",
            hint="look at the address: is it CodeArtifact's API, or the embedded repository?",
        )
    # One that has ended by the clock of this machine may well work by that of the repository, which counts.
    return Token(value, float(expires_at), now)


def _is_token(value: str) -> bool:
    """Say whether a text can be a token: it goes into addresses, headers and files of one line."""
    return bool(value) and all("!" <= character <= "~" for character in value)


def _is_time(value: object) -> TypeGuard[float]:
    """Say whether a value is a time in seconds; JSON knows numbers without end, and others that are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e12


def role_keys(section: Section, keys: Keys | None, wanted: Wanted, surroundings: Surroundings) -> Keys:
    """Ask for the keys of a role.

    Source: AWS Security Token Service API reference, AssumeRole and AssumeRoleWithWebIdentity.

    Args:
        section: `role_arn` and what goes with it, as profiles name it; without keys, `token` is that of an identity
            provider.
        keys: Whose keys assume the role; None where the token does.
        wanted: What the keys are for.
        surroundings: What they depend on.

    Raises:
        TokenError: They are not given.
    """
    now = time.time()
    operation = "AssumeRoleWithWebIdentity" if keys is None else "AssumeRole"
    form = {
        "Action": operation,
        "Version": "2011-06-15",
        "RoleArn": text(section, "role_arn"),
        "RoleSessionName": text(section, "role_session_name") or f"inhouse-{int(now)}-{os.getpid()}",
        "WebIdentityToken": "" if keys else text(section, "token"),
        "ExternalId": text(section, "external_id"),
        "DurationSeconds": text(section, "duration_seconds"),
    }
    body = urlencode({name: value for name, value in form.items() if value}).encode()
    endpoint = _sts_endpoint(wanted, surroundings).rstrip("/") + "/"
    parts = urlsplit(endpoint)
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    if keys is not None:
        scope = Scope(wanted.region, "sts", time.gmtime(now))
        headers.update(signed_headers("POST", (parts.netloc, parts.path, ""), scope, keys, body=body))
    answer = request(
        "POST",
        endpoint,
        surroundings,
        Patience(wanted.connect_timeout, wanted.read_timeout),
        headers=headers,
        body=body,
        certificates=_certificates(wanted, surroundings),
    )
    if answer.status != 200:
        raise _sts_refusal(answer, operation, text(section, "role_arn"))
    values = [_element(answer.body, name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
    if not all(values):
        raise ServiceError(
            f"the service at {endpoint} answered {operation} with something else than keys",
            hint="look at AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL",
        )
    return Keys(*values)


def refusal(kind: str, said: str, status: int, wanted: Wanted) -> TokenError:
    """Return the error for an answer that is none, chosen by AWS's code and never by the text of its message."""
    code = kind.partition(":")[0].rpartition("#")[2] or f"HTTP {status}"
    # What somebody else says may hold anything, and is shown on a terminal.
    said = "".join(character if character.isprintable() else " " for character in said[:2000]).strip()
    said = said or "it gives no reason"
    missing = f"the domain `{wanted.domain}` of {wanted.owner or 'your account'}"
    if code in REFUSED_CODES:
        return CredentialsRefusedError(f"the AWS credentials are refused: {said}", hint=CREDENTIALS_HINT)
    if code in _DENIED:
        return AccessDeniedError(
            f"GetAuthorizationToken is not allowed: {said}",
            hint=f"ask for {_missing_permission(said, missing)}, or choose another AWS profile",
        )
    if code == "ResourceNotFoundException":
        return NotFoundError(
            f"{missing} does not exist: {said}",
            hint="compare [tool.inhouse] in pyproject.toml with `aws codeartifact list-domains`; "
            "the embedded repository starts empty: make the domain with the AWS CLI",
        )
    return ServiceError(
        f"the repository answered GetAuthorizationToken with {code}: {said}",
        hint="try again; if it stays, the code is explained in AWS's API reference",
    )


def _missing_permission(said: str, domain: str) -> str:
    """Return what to ask for: a token takes two permissions, and the refusal says which of them is missing."""
    token = f"{_AUTHORIZATION} on {domain}"
    named = named_permission(said)
    if named == _BEARER:
        return f"the permission {_BEARER}, which no policy of a domain can give"
    return f"the permission {token}" if named == _AUTHORIZATION else f"the permissions {token} and {_BEARER}"


def _sts_endpoint(wanted: Wanted, surroundings: Surroundings) -> str:
    environment = surroundings.environment
    said = environment.get("AWS_ENDPOINT_URL_STS") or environment.get("AWS_ENDPOINT_URL")
    configured = surroundings.files.endpoint(_profile(wanted, surroundings), "sts")
    return said or configured or api_endpoint(wanted.region, service="sts")


def _certificates(wanted: Wanted, surroundings: Surroundings) -> str:
    return text(_profile(wanted, surroundings), "ca_bundle")


def _profile(wanted: Wanted, surroundings: Surroundings) -> Section:
    name = wanted.profile or chosen_profile(surroundings.environment) or DEFAULT_PROFILE
    return surroundings.files.profile(name) or {}


def _sts_refusal(answer: Answer, operation: str, role: str) -> TokenError:
    code, said = _element(answer.body, "Code") or f"HTTP {answer.status}", _element(answer.body, "Message")
    is_identity = operation == "AssumeRoleWithWebIdentity"
    if code in REFUSED_CODES:
        if not is_identity:
            return CredentialsRefusedError(f"the AWS credentials are refused: {said or code}", hint=CREDENTIALS_HINT)
        return CredentialsRefusedError(
            f"the identity token is refused: {said or code}",
            hint="it may have expired, or be for another audience; a pipeline gets a new one for each job",
        )
    if code in _DENIED:
        shown = "the subject and the audience of the identity token" if is_identity else "who assumes it"
        return AccessDeniedError(
            f"{operation} is not allowed: {said or code}", hint=f"compare the trust policy of {role} with {shown}"
        )
    return CredentialsMissingError(
        f"the role {role} cannot be assumed: {code}: {said}", hint="look at the profile, or at AWS_ROLE_ARN"
    )


def _element(body: bytes, name: str) -> str:
    """Return the text of the first element of a name; empty if there is none.

    The answers of this one service are flat enough for that, and an XML parser takes longer to import than to ask.
    """
    document = body.decode("utf-8", "replace")
    found = document.partition(f"<{name}>")[2].partition(f"</{name}>")[0]
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        found = found.replace(entity, character)
    return found.strip()


def _object(body: bytes) -> dict[str, object]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
