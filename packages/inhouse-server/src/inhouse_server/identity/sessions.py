"""Credentials of role sessions: an access key, its secret and a token that carries everything about the session.

The server keeps no sessions. The token says who plays which role until when, under a signature; the secret key is made
of the access key's id with the same secret, so that a signed request can be checked with nothing but its own headers.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from inhouse_server.errors import ExpiredCredentialsError, UnknownAccessKeyError
from inhouse_server.identity.keys import KEY_LETTERS, random_text

_MAXIMUM_CHARACTERS = 8000
_SECRET_CHARACTERS = 40
KEY_PREFIX = "ASIA"
"""How ids of temporary access keys begin."""


@dataclass(frozen=True, slots=True)
class SessionClaims:
    """What a session token says.

    Attributes:
        arn: Of the session, for example `arn:aws:sts::111122223333:assumed-role/ci/build-7`.
        user_id: The role's unique id, a colon, and the session's name.
        expires_at: To the second, as STS tells it.
        policy: What narrows the session; None without one.
    """

    arn: str
    user_id: str
    expires_at: datetime
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class SessionCredentials:
    """What STS hands out."""

    key_id: str
    secret: str
    token: str


class SessionSigner:
    """Makes session credentials and checks them.

    Args:
        secret: At least 32 random bytes; whoever has them can make credentials.
    """

    def __init__(self, secret: bytes) -> None:
        # Keys of their own: nothing that is signed for one purpose is good for another.
        self._token_key = hmac.digest(secret, b"session token", hashlib.sha256)
        self._secret_key = hmac.digest(secret, b"session secret", hashlib.sha256)

    def issue(self, claims: SessionClaims) -> SessionCredentials:
        """Return new credentials that say `claims`."""
        key_id = KEY_PREFIX + random_text(KEY_LETTERS, 16)
        payload = {
            "key": key_id,
            "arn": claims.arn,
            "uid": claims.user_id,
            "exp": int(claims.expires_at.timestamp()),
            "pol": claims.policy,
        }
        body = base64.urlsafe_b64encode(json.dumps(payload, separators=(",", ":")).encode()).decode()
        return SessionCredentials(key_id, self._secret_of(key_id), f"{body}.{self._mac(body)}")

    def verify(self, key_id: str, token: str, now: datetime) -> tuple[SessionClaims, str]:
        """Return what a session token says, and the secret that requests of its access key are signed with.

        Raises:
            UnknownAccessKeyError: The token was not made with this secret, or for another access key.
            ExpiredCredentialsError: The session is over.
        """
        body, _, mac = token.partition(".")
        if len(token) > _MAXIMUM_CHARACTERS or not hmac.compare_digest(mac.encode(), self._mac(body).encode()):
            raise UnknownAccessKeyError("The security token included in the request is invalid.")
        payload = json.loads(base64.urlsafe_b64decode(body))
        if payload["key"] != key_id:
            raise UnknownAccessKeyError("The security token included in the request is invalid.")
        claims = SessionClaims(
            arn=payload["arn"],
            user_id=payload["uid"],
            expires_at=datetime.fromtimestamp(payload["exp"], UTC),
            policy=payload["pol"],
        )
        if now >= claims.expires_at:
            raise ExpiredCredentialsError(
                "The security token included in the request is expired.", hint="Assume the role again."
            )
        return claims, self._secret_of(key_id)

    def _mac(self, body: str) -> str:
        return hmac.digest(self._token_key, body.encode(), hashlib.sha256).hex()

    def _secret_of(self, key_id: str) -> str:
        made = hmac.digest(self._secret_key, key_id.encode(), hashlib.sha256)
        return base64.b64encode(made).decode()[:_SECRET_CHARACTERS]
