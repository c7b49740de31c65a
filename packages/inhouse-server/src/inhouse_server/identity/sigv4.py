"""Verification of AWS Signature Version 4 in the `Authorization` header.

Verifying is signing again: from what arrived, the canonical request is built as the client built it, signed with the
secret of the named access key, and compared. Nothing here does I/O or looks at a clock.

Source: AWS General Reference, "Create a signed AWS API request"; checked against botocore's signer by the tests.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote_to_bytes

from inhouse_server import compat
from inhouse_server.errors import (
    IncompleteSignatureError,
    MissingAuthenticationError,
    SignatureMismatchError,
    UnknownAccessKeyError,
)

ALGORITHM = "AWS4-HMAC-SHA256"
_TERMINATOR = "aws4_request"
_DATE_HEADER = "x-amz-date"
_HASH_HEADER = "x-amz-content-sha256"
_SESSION_HEADER = "x-amz-security-token"
_UNRESERVED = "-_.~"

_REGION = re.compile(r"[a-z]{2,8}(-[a-z]{2,20}){1,3}-[0-9]{1,2}", re.ASCII)
_DATE = re.compile(r"[0-9]{8}", re.ASCII)
_TIME = re.compile(r"[0-9]{8}T[0-9]{6}Z", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PARTS = ("Credential", "SignedHeaders", "Signature")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a signature covers, exactly as it came over the wire.

    Attributes:
        method: For example `POST`.
        path: Before the `?`, still percent-encoded; one character per byte (latin-1).
        query: Behind the `?`, still percent-encoded; one character per byte; empty without one.
        headers: Names in lower case and values, in the order of arrival; one character per byte.
        body_sha256: Lower-case hexadecimal digest of the body's bytes.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body_sha256: str

    def header(self, name: str) -> str | None:
        """Return the values of the header `name` (lower case) as a signature sees them, or None."""
        values = [" ".join(value.split()) for key, value in self.headers if key == name]
        return ",".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a signing key is good for: one day, one region, one service."""

    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{_TERMINATOR}"


@dataclass(frozen=True, slots=True)
class Authorization:
    """A parsed `Authorization` header.

    Attributes:
        signed_headers: Names in lower case, in the order of the header.
        signature: 64 lower-case hexadecimal digits.
    """

    access_key_id: str
    scope: Scope
    signed_headers: tuple[str, ...]
    signature: str


def read_authorization(request: SignedRequest) -> Authorization:
    """Parse the request's `Authorization` header; nothing is verified yet.

    Raises:
        MissingAuthenticationError: There is no such header.
        IncompleteSignatureError: It is not of this algorithm, or a part is missing or cannot be read.
    """
    header = request.header("authorization")
    if not header:
        raise MissingAuthenticationError("Missing Authentication Token")
    algorithm, _, rest = header.partition(" ")
    if algorithm != ALGORITHM:
        raise IncompleteSignatureError(f"The Authorization header must begin with '{ALGORITHM}'.")
    parts: dict[str, str] = {}
    for item in rest.split(","):
        name, equals, value = item.strip().partition("=")
        if not equals or name not in _PARTS or name in parts:
            raise IncompleteSignatureError("The Authorization header has a part that cannot be read.")
        parts[name] = value
    for name in _PARTS:
        if not parts.get(name):
            raise IncompleteSignatureError(f"Authorization header requires '{name}' parameter.")
    access_key_id, *scope = parts["Credential"].rsplit("/", 4)
    if not access_key_id or len(scope) != 4:
        raise IncompleteSignatureError("Credential must have exactly 5 slash-delimited elements.")
    date, region, service, terminator = scope
    if not _DATE.fullmatch(date) or terminator != _TERMINATOR:
        raise IncompleteSignatureError(f"Credential must be scoped with a date (YYYYMMDD) and end in '{_TERMINATOR}'.")
    if not _SIGNATURE.fullmatch(parts["Signature"]):
        raise IncompleteSignatureError("Signature must be 64 hexadecimal digits in lower case.")
    return Authorization(
        access_key_id, Scope(date, region, service), tuple(parts["SignedHeaders"].split(";")), parts["Signature"]
    )


def session_token(request: SignedRequest) -> str | None:
    """Return the session token that came with the request, or None; nothing is verified yet."""
    return request.header(_SESSION_HEADER)


def verify(
    request: SignedRequest,
    authorization: Authorization,
    secret: str,
    *,
    service: str,
    now: datetime,
    temporary: bool = False,
) -> None:
    """Return if the request was signed with `secret` for `service`, now.

    Args:
        request: What arrived.
        authorization: What `read_authorization` made of it.
        secret: The secret of `authorization.access_key_id`.
        service: The name the endpoint goes by in a scope, for example `codeartifact`.
        now: The server's clock, timezone-aware.
        temporary: Whether the key is a temporary one, whose requests carry a session token.

    Raises:
        IncompleteSignatureError: A header that must be signed is not, or the time cannot be read.
        UnknownAccessKeyError: A session token came with a long-term key, or none with a temporary one.
        SignatureMismatchError: Wrong scope, time, body or signature.
    """
    time = _check_headers(request, authorization, temporary=temporary)
    _check_scope(authorization.scope, time, service)
    _check_time(time, now)
    claimed_hash = request.header(_HASH_HEADER)
    if claimed_hash is not None and not hmac.compare_digest(claimed_hash.encode(), request.body_sha256.encode()):
        raise SignatureMismatchError("The body does not have the SHA-256 digest that x-amz-content-sha256 names.")
    expected = signature(secret, authorization.scope, time, canonical_request(request, authorization.signed_headers))
    if not hmac.compare_digest(expected, authorization.signature):
        raise SignatureMismatchError(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method."
        )


def canonical_request(request: SignedRequest, signed_headers: Iterable[str]) -> bytes:
    """Return the canonical request: method, path, query, the signed headers, their names, and the body's digest."""
    names = list(signed_headers)
    lines = [
        request.method,
        _canonical_path(request.path),
        _canonical_query(request.query),
        *(f"{name}:{request.header(name) or ''}" for name in names),
        "",
        ";".join(names),
        request.body_sha256,
    ]
    return "\n".join(lines).encode("latin-1")


def signature(secret: str, scope: Scope, time: str, canonical: bytes) -> str:
    """Return the signature of a canonical request as 64 hexadecimal digits.

    Args:
        secret: Of the access key.
        scope: Date, region and service.
        time: As `X-Amz-Date` has it, `YYYYMMDDTHHMMSSZ`.
        canonical: What `canonical_request` returned.
    """
    to_sign = "\n".join([ALGORITHM, time, str(scope), hashlib.sha256(canonical).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in (scope.date, scope.region, scope.service, _TERMINATOR):
        key = _hmac(key, part)
    return _hmac(key, to_sign).hex()


def _check_headers(request: SignedRequest, authorization: Authorization, *, temporary: bool) -> str:
    """Check that all is signed that must be; return the time of signing as text."""
    signed = set(authorization.signed_headers)
    present = {name for name, _ in request.headers}
    # A header of AWS's own that nobody signed could have been slipped in on the way.
    must = {"host", _DATE_HEADER} | {name for name in present if name.startswith("x-amz-")}
    for name in sorted(must):
        if name not in present:
            raise IncompleteSignatureError(f"The request has no '{name}' header.")
        if name not in signed:
            raise SignatureMismatchError(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
    if missing := signed - present:
        raise SignatureMismatchError(f"The request lacks the signed header '{min(missing)}'.")
    if list(authorization.signed_headers) != sorted(signed):
        raise IncompleteSignatureError("SignedHeaders must be sorted, each name once.")
    if (_SESSION_HEADER in present) != temporary:
        raise UnknownAccessKeyError("The security token included in the request is invalid.")
    time = request.header(_DATE_HEADER) or ""
    if not _TIME.fullmatch(time):
        raise IncompleteSignatureError("'x-amz-date' must look like 20260131T235959Z.")
    return time


def _check_scope(scope: Scope, time: str, service: str) -> None:
    if scope.service != service:
        raise SignatureMismatchError(f"Credential should be scoped to correct service: '{service}'.")
    if not _REGION.fullmatch(scope.region):
        raise SignatureMismatchError("Credential should be scoped to a valid region.")
    if scope.date != time[:8]:
        raise SignatureMismatchError("Date in Credential scope does not match YYYYMMDD from X-Amz-Date.")


def _check_time(time: str, now: datetime) -> None:
    try:
        signed_at = datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:  # digits that are no date, such as a 13th month
        raise IncompleteSignatureError("'x-amz-date' is not a date.") from error
    tolerance = timedelta(seconds=compat.SIGNATURE_TOLERANCE_SECONDS)
    if signed_at < now - tolerance:
        raise SignatureMismatchError(
            f"Signature expired: {time} is more than {compat.SIGNATURE_TOLERANCE_SECONDS} seconds before this "
            "repository's time.",
            hint="Set the clock of the client.",
        )
    if signed_at > now + tolerance:
        raise SignatureMismatchError(
            f"Signature not yet current: {time} is more than {compat.SIGNATURE_TOLERANCE_SECONDS} seconds after this "
            "repository's time.",
            hint="Set the clock of the client.",
        )


def _canonical_path(path: str) -> str:
    # Every service but S3 encodes the path a second time.
    return quote(_remove_dot_segments(path).encode("latin-1"), safe="/~")


def _remove_dot_segments(path: str) -> str:
    """Return the path without `.`, `..` and empty segments (RFC 3986, 5.2.4, and AWS's rule on double slashes)."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments) + ("/" if segments and path.endswith("/") else "")


def _canonical_query(query: str) -> str:
    pairs = []
    for item in query.split("&"):
        if not item:
            continue
        name, _, value = item.partition("=")
        pairs.append((_reencode(name), _reencode(value)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _reencode(text: str) -> str:
    # Clients differ in what they escape, and some write a space as `+`; the canonical form is the same for all.
    return quote(unquote_to_bytes(text.replace("+", " ").encode("latin-1")), safe=_UNRESERVED)


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode("latin-1"), hashlib.sha256).digest()
