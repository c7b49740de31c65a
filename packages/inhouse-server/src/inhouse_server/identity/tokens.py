"""Authorization tokens: what opens the data plane of one domain, for a while.

A token is `base64url(JSON) + "." + base64url(HMAC-SHA256)`. The server keeps none: whoever has the secret can make
them and check them. Only URL-safe characters occur, because the AWS CLI pastes tokens unescaped into URLs.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inhouse_server.errors import ExpiredCredentialsError, UnknownAccessKeyError
from inhouse_server.identity.sessions import SessionSigner

_VERSION = 1
_MAXIMUM_CHARACTERS = 8000
_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says.

    Attributes:
        region: Of the domain.
        owner: The account that owns the domain.
        domain: Its name; the token is good for this one only.
        principal_arn: On whose behalf it acts; what the principal may do is asked anew at every use.
        issued_at: Timezone-aware UTC, to the millisecond.
        expires_at: Timezone-aware UTC, to the millisecond; from this moment on the token is refused.
        user_id: The principal's unique id, so that a namesake made later is not taken for it; empty if not known.
        session_policy: What narrowed the role session that asked for the token; None for a user, or without one.
    """

    region: str
    owner: str
    domain: str
    principal_arn: str
    issued_at: datetime
    expires_at: datetime
    user_id: str = ""
    session_policy: str | None = None


class TokenSigner:
    """Makes tokens and checks them.

    Args:
        secret: At least 32 random bytes; whoever has them can make tokens.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("a signing secret needs 32 bytes or more")
        self._secret = secret

    def sessions(self) -> SessionSigner:
        """Return what signs the credentials of role sessions with the same secret."""
        return SessionSigner(self._secret)

    def issue(self, claims: TokenClaims) -> str:
        """Return a token that says `claims`."""
        payload: dict[str, object] = {
            "ver": _VERSION,
            "iat": _milliseconds(claims.issued_at),
            "exp": _milliseconds(claims.expires_at),
            "rgn": claims.region,
            "own": claims.owner,
            "dom": claims.domain,
            "sub": claims.principal_arn,
            "uid": claims.user_id,
        }
        if claims.session_policy is not None:
            payload["pol"] = claims.session_policy
        body = _encode(json.dumps(payload, separators=(",", ":")).encode())
        return f"{body}.{self._mac(body)}"

    def verify(self, token: str, now: datetime) -> TokenClaims:
        """Return what the token says.

        Args:
            token: As a client sent it.
            now: The server's clock, timezone-aware.

        Raises:
            UnknownAccessKeyError: It was not made with this secret.
            ExpiredCredentialsError: It was, and its time is over.
        """
        body, _, mac = token.partition(".")
        # The text is compared, not what it decodes to, so that each token has one spelling.
        if len(token) > _MAXIMUM_CHARACTERS or not hmac.compare_digest(mac.encode(), self._mac(body).encode()):
            raise UnknownAccessKeyError("The authorization token is not one of this repository's.")
        payload = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if payload["ver"] != _VERSION:
            raise UnknownAccessKeyError("The authorization token is of a version that this repository does not know.")
        claims = TokenClaims(
            region=payload["rgn"],
            owner=payload["own"],
            domain=payload["dom"],
            principal_arn=payload["sub"],
            issued_at=_EPOCH + payload["iat"] * _MILLISECOND,
            expires_at=_EPOCH + payload["exp"] * _MILLISECOND,
            user_id=payload.get("uid", ""),  # tokens of the first release have none
            session_policy=payload.get("pol"),
        )
        if now >= claims.expires_at:
            raise ExpiredCredentialsError(
                f"The authorization token expired at {claims.expires_at:%Y-%m-%d %H:%M:%S} UTC.",
                hint="Get a new one: aws codeartifact get-authorization-token.",
            )
        return claims

    def _mac(self, body: str) -> str:
        return _encode(hmac.new(self._secret, body.encode(), hashlib.sha256).digest())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _milliseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MILLISECOND
