"""Checks the tokens of OpenID Connect issuers, such as those that CI services give to their jobs.

An issuer's keys are read from where its discovery document says, and believed for some minutes. Source: OpenID Connect
Discovery 1.0; STS API reference, AssumeRoleWithWebIdentity.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import jwt
import urllib3

from inhouse_server import compat
from inhouse_server.errors import (
    ExpiredIdentityTokenError,
    IdentityProviderUnavailableError,
    InvalidIdentityTokenError,
)
from inhouse_server.model import IdentityProvider

_ALGORITHMS = ("RS256", "ES256")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MAXIMUM_BYTES = 256 * 1024
_TIMEOUT = urllib3.Timeout(connect=5, read=5)
_SOONEST = timedelta(seconds=10)
_TOLERANCE = timedelta(seconds=compat.IDENTITY_TOKEN_TOLERANCE_SECONDS)


@dataclass(frozen=True, slots=True)
class WebIdentity:
    """Whom an issuer vouches for.

    Attributes:
        provider: Who vouches.
        subject: The claim `sub`.
        audience: The audience that the provider is registered for, and the token was made for.
        context: What trust policies can know: the issuer's `aud`, `sub` and so on, by key in lower case.
    """

    provider: IdentityProvider
    subject: str
    audience: str
    context: dict[str, tuple[str, ...]]


def is_issuer(url: str) -> bool:
    """Return whether an issuer's keys may be read from there: over TLS, or from this machine."""
    try:
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    return bool(secure and parts.hostname and port_is_one and not (parts.username or parts.query or parts.fragment))


class WebIdentities:
    """Checks web identity tokens, and keeps the keys that it has read for that."""

    def __init__(self) -> None:
        self._http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT)
        self._lock = threading.Lock()
        self._keys: dict[str, tuple[datetime, list[jwt.PyJWK]]] = {}

    def verify(self, token: str, providers: Sequence[IdentityProvider], now: datetime) -> WebIdentity:
        """Return whom a token speaks of.

        Args:
            token: A JSON web token.
            providers: Those that are believed.
            now: The time now.

        Raises:
            ExpiredIdentityTokenError: Its time is over.
            IdentityProviderUnavailableError: Its issuer's keys cannot be had.
            InvalidIdentityTokenError: It is not a token of one of the providers, or made for somebody else.
        """
        try:
            header = jwt.get_unverified_header(token)
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except (jwt.PyJWTError, RecursionError) as error:
            raise InvalidIdentityTokenError("The web identity token cannot be parsed.") from error
        provider = next((each for each in providers if isinstance(issuer, str) and _same(each.url, issuer)), None)
        if provider is None or not isinstance(issuer, str):
            raise InvalidIdentityTokenError(
                "No OpenIDConnect provider found in your account for the token's issuer.",
                hint="Register it: inhouse server oidc add URL --audience AUDIENCE",
            )
        key = self._key(issuer, header.get("kid"), now)
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=list(_ALGORITHMS),
                # Times are compared with our clock below, audiences with `azp` in mind.
                options={
                    "require": ["aud", "exp", "iat", "iss", "sub"],
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.PyJWTError as error:
            raise InvalidIdentityTokenError(f"The web identity token is not valid: {error}.") from error
        _check_times(claims, now)
        return _identity(claims, provider)

    def _key(self, issuer: str, key_id: object, now: datetime) -> jwt.PyJWK:
        read_at, keys = self._kept(issuer)
        found = _find(keys, key_id)
        age = now - read_at
        if age >= timedelta(seconds=compat.IDENTITY_PROVIDER_SECONDS) or (found is None and age >= _SOONEST):
            keys = self._read_keys(issuer)
            with self._lock:
                self._keys[issuer] = (now, keys)
            found = _find(keys, key_id)
        if found is None:
            raise InvalidIdentityTokenError("Couldn't retrieve verification key from your identity provider.")
        return found

    def _kept(self, issuer: str) -> tuple[datetime, list[jwt.PyJWK]]:
        with self._lock:
            return self._keys.get(issuer, (datetime.min.replace(tzinfo=UTC), []))

    def _read_keys(self, issuer: str) -> list[jwt.PyJWK]:
        discovery = self._read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        place = discovery.get("jwks_uri")
        if discovery.get("issuer") != issuer or not isinstance(place, str):
            raise IdentityProviderUnavailableError(
                f"The discovery document of {issuer} is not one: its issuer or its jwks_uri is not right."
            )
        listed = self._read(place).get("keys")
        keys = []
        for each in listed if isinstance(listed, list) else []:
            try:
                keys.append(jwt.PyJWK.from_dict(each))
            except (jwt.PyJWTError, TypeError, ValueError, AttributeError):
                continue  # a key of a kind that is not ours to use
        return [key for key in keys if key.algorithm_name in _ALGORITHMS]

    def _read(self, url: str) -> dict[str, object]:
        if not is_issuer(url):
            raise IdentityProviderUnavailableError(f"{url} is neither an https address nor one of this machine.")
        try:
            response = self._http.request("GET", url, redirect=False, preload_content=False)
            try:
                data = response.read(_MAXIMUM_BYTES + 1)
            finally:
                response.release_conn()
            if response.status != 200 or len(data) > _MAXIMUM_BYTES:
                raise IdentityProviderUnavailableError(
                    f"{url} answered {response.status} with {len(data)} bytes or more, and no document to be used."
                )
            value = json.loads(data)
        except (urllib3.exceptions.HTTPError, ValueError, RecursionError) as error:
            raise IdentityProviderUnavailableError(f"{url} cannot be read: {error}.") from error
        if not isinstance(value, dict):
            raise IdentityProviderUnavailableError(f"{url} is not a JSON object.")
        return value


def _same(registered: str, issuer: str) -> bool:
    return registered.rstrip("/") == issuer.rstrip("/")


def _find(keys: list[jwt.PyJWK], key_id: object) -> jwt.PyJWK | None:
    if key_id is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.key_id == key_id), None)


def _check_times(claims: dict[str, object], now: datetime) -> None:
    expires_at, issued_at = _instant(claims, "exp"), _instant(claims, "iat")
    begins_at = _instant(claims, "nbf") if "nbf" in claims else issued_at
    if now >= expires_at + _TOLERANCE:
        raise ExpiredIdentityTokenError(f"Token expired: it was good until {expires_at:%Y-%m-%d %H:%M:%S} UTC.")
    if now < max(begins_at, issued_at) - _TOLERANCE:
        raise InvalidIdentityTokenError("The web identity token is not valid yet.")


def _instant(claims: dict[str, object], name: str) -> datetime:
    value = claims[name]
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{name} is not a number")  # noqa: TRY301, TRY004 - one answer for all that is no time
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidIdentityTokenError(f"The web identity token's {name} is not a time.") from error


def _identity(claims: dict[str, object], provider: IdentityProvider) -> WebIdentity:
    made_for = _texts(claims["aud"])
    # Where a token says which client it was given to, that is what AWS calls its audience.
    audiences = _texts(claims["azp"]) if claims.get("azp") else made_for
    audience = next((each for each in audiences if each in provider.audiences), None)
    subject = claims["sub"]
    if audience is None:
        raise InvalidIdentityTokenError("Incorrect token audience.")
    if not isinstance(subject, str) or not subject:
        raise InvalidIdentityTokenError("The web identity token's subject is not a text.")
    values = {
        "aud": audiences,
        "oaud": made_for,
        "sub": (subject,),
        "iss": (str(claims["iss"]),),
        "amr": _texts(claims.get("amr", [])),
    }
    context = {f"{provider.place}:{name}".lower(): listed for name, listed in values.items() if listed}
    context["aws:federatedprovider"] = (provider.arn,)
    return WebIdentity(provider, subject, audience, context)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else (str(value),)
