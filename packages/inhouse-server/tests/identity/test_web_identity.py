"""Tokens of identity providers, against an issuer that really answers."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_httpserver import HTTPServer
from token_issuer import RSA_KEY, TokenIssuer, jwk

from inhouse_server.errors import (
    ExpiredIdentityTokenError,
    IdentityProviderUnavailableError,
    InvalidIdentityTokenError,
)
from inhouse_server.identity.web_identity import WebIdentities, WebIdentity, is_issuer
from inhouse_server.model import IdentityProvider

ACCOUNT = "111122223333"


@pytest.fixture
def issuer(httpserver: HTTPServer) -> TokenIssuer:
    return TokenIssuer(httpserver)


@pytest.fixture
def provider(issuer: TokenIssuer) -> IdentityProvider:
    return IdentityProvider(ACCOUNT, issuer.url, ("one", "sts.amazonaws.com"))


def verify(token: str, *providers: IdentityProvider, later: float = 0) -> WebIdentity:
    return WebIdentities().verify(token, providers, datetime.now(UTC) + timedelta(seconds=later))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_whom_a_token_speaks_of(issuer: TokenIssuer, provider: IdentityProvider, algorithm: str) -> None:
    found = verify(issuer.token(algorithm=algorithm, aud=["x", "one"], amr=["a", "b"]), provider)
    assert (found.provider, found.audience) == (provider, "one")
    assert found.context == {
        f"{issuer.place}:aud": ("x", "one"),
        f"{issuer.place}:oaud": ("x", "one"),
        f"{issuer.place}:sub": (found.subject,),
        f"{issuer.place}:iss": (issuer.url,),
        f"{issuer.place}:amr": ("a", "b"),
        "aws:federatedprovider": (provider.arn,),
    }


def test_the_client_that_got_a_token_is_its_audience(issuer: TokenIssuer, provider: IdentityProvider) -> None:
    found = verify(issuer.token(aud="whoever", azp="one"), provider)
    assert (found.audience, found.context[f"{issuer.place}:aud"]) == ("one", ("one",))
    assert found.context[f"{issuer.place}:oaud"] == ("whoever",)
    with pytest.raises(InvalidIdentityTokenError, match="audience"):
        verify(issuer.token(aud="one", azp="elsewhere"), provider)


def test_a_key_without_a_name(issuer: TokenIssuer, provider: IdentityProvider) -> None:
    with pytest.raises(InvalidIdentityTokenError, match="verification key"):
        verify(issuer.token(kid=None), provider)
    issuer.keys = [jwk(RSA_KEY, "r")]
    issuer.serve()
    assert verify(issuer.token(kid=None), provider).audience == "sts.amazonaws.com"


def forged(token: str, **changes: object) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    body = base64.urlsafe_b64encode(json.dumps({**claims, **changes}).encode()).decode().rstrip("=")
    return f"{header}.{body}.{signature}"


def test_a_token_that_was_changed(issuer: TokenIssuer, provider: IdentityProvider) -> None:
    with pytest.raises(InvalidIdentityTokenError, match="Signature verification failed"):
        verify(forged(issuer.token(), sub="somebody else"), provider)


def test_tokens_that_anybody_can_sign(issuer: TokenIssuer, provider: IdentityProvider) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    secret = "a secret of thirty-two bytes or so"
    for token in (
        issuer.token(key=other),
        issuer.token(algorithm="HS256", key=secret, kid="r"),
        issuer.token(algorithm="HS256", key=secret, kid="o"),
        issuer.token(algorithm="RS512"),
        issuer.token(algorithm="ES256", kid="r"),
        issuer.token(kid="unknown"),
    ):
        with pytest.raises(InvalidIdentityTokenError):
            verify(token, provider)
    unsigned = issuer.token().split(".")[1]
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"r"}').decode().rstrip("=")
    with pytest.raises(InvalidIdentityTokenError):
        verify(f"{none}.{unsigned}.", provider)


def without(issuer: TokenIssuer, name: str) -> str:
    changes: dict[str, Any] = {name: None}
    return issuer.token(**changes)


@pytest.mark.parametrize("name", ["aud", "exp", "iat", "sub"])
def test_claims_that_must_be_there(issuer: TokenIssuer, provider: IdentityProvider, name: str) -> None:
    with pytest.raises(InvalidIdentityTokenError, match=name):
        verify(without(issuer, name), provider)


@pytest.mark.parametrize("exp", ["soon", True, 1e300])
def test_times_that_are_none(issuer: TokenIssuer, provider: IdentityProvider, exp: object) -> None:
    with pytest.raises(InvalidIdentityTokenError):
        verify(issuer.token(exp=exp), provider)


@pytest.mark.parametrize("subject", [7, ""])
def test_subjects_that_are_none(issuer: TokenIssuer, provider: IdentityProvider, subject: object) -> None:
    with pytest.raises(InvalidIdentityTokenError):
        verify(issuer.token(sub=subject), provider)


def test_when_a_token_is_good(issuer: TokenIssuer, provider: IdentityProvider) -> None:
    token = issuer.token()
    for seconds in (-50, 355):
        verify(token, provider, later=seconds)
    with pytest.raises(InvalidIdentityTokenError, match="not valid yet"):
        verify(token, provider, later=-70)
    with pytest.raises(ExpiredIdentityTokenError, match="Token expired"):
        verify(token, provider, later=365)
    with pytest.raises(InvalidIdentityTokenError, match="not valid yet"):
        verify(issuer.token(nbf=int(time.time()) + 120), provider)
    verify(issuer.token(nbf=None), provider)


@pytest.mark.parametrize("token", ["", "a.b.c", "é", "a" * 20_000, "e30.e30.e30", "e30.W10.e30"])
def test_what_is_no_token(provider: IdentityProvider, token: str) -> None:
    with pytest.raises(InvalidIdentityTokenError):
        verify(token, provider)


def test_only_registered_issuers_are_asked(issuer: TokenIssuer, httpserver: HTTPServer) -> None:
    for providers in ([], [IdentityProvider(ACCOUNT, "https://elsewhere.example", ("sts.amazonaws.com",))]):
        with pytest.raises(InvalidIdentityTokenError, match="No OpenIDConnect provider"):
            verify(issuer.token(), *providers)
    with pytest.raises(InvalidIdentityTokenError, match="No OpenIDConnect provider"):
        verify(forged(issuer.token(), iss=7), *providers)
    assert httpserver.log == []


def test_keys_are_kept_and_read_again(issuer: TokenIssuer, provider: IdentityProvider, httpserver: HTTPServer) -> None:
    identities, now = WebIdentities(), datetime.now(UTC)
    token = issuer.token(exp=int(time.time()) + 3600)
    for _ in range(3):
        identities.verify(token, [provider], now)
    assert len(httpserver.log) == 2
    fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer.keys = [jwk(fresh, "fresh")]
    issuer.serve()
    changed = issuer.token(key=fresh, kid="fresh", exp=int(time.time()) + 3600)
    with pytest.raises(InvalidIdentityTokenError):  # strangers cannot make us ask again and again
        identities.verify(changed, [provider], now + timedelta(seconds=5))
    identities.verify(changed, [provider], now + timedelta(seconds=15))
    issuer.keys = []
    issuer.serve()
    identities.verify(changed, [provider], now + timedelta(seconds=200))
    with pytest.raises(InvalidIdentityTokenError, match="verification key"):
        identities.verify(changed, [provider], now + timedelta(seconds=400))


@pytest.mark.parametrize(
    ("discovery", "wording"),
    [
        ({"issuer": "https://elsewhere.example"}, "discovery document"),
        ({"jwks_uri": None}, "discovery document"),
        ({"jwks_uri": "http://elsewhere.example/keys"}, "neither an https"),
        ({"jwks_uri": "file:///etc/passwd"}, "neither an https"),
    ],
)
def test_discovery_that_cannot_be_used(
    issuer: TokenIssuer, provider: IdentityProvider, discovery: dict[str, object], wording: str
) -> None:
    issuer.discovery |= discovery
    issuer.serve()
    with pytest.raises(IdentityProviderUnavailableError, match=wording):
        verify(issuer.token(), provider)


@pytest.mark.parametrize("body", ["", "[]", "x" * 300_000, "[" * 200_000])
def test_answers_that_cannot_be_used(issuer: TokenIssuer, provider: IdentityProvider, body: str) -> None:
    issuer.server.clear()
    issuer.server.expect_request("/ci/.well-known/openid-configuration").respond_with_data(body)
    with pytest.raises(IdentityProviderUnavailableError):
        verify(issuer.token(), provider)


def test_a_redirect_is_not_followed(issuer: TokenIssuer, provider: IdentityProvider) -> None:
    issuer.server.clear()
    issuer.server.expect_request("/ci/.well-known/openid-configuration").respond_with_data(
        "", status=302, headers={"Location": issuer.server.url_for("/other")}
    )
    with pytest.raises(IdentityProviderUnavailableError, match="302"):
        verify(issuer.token(), provider)


def test_keys_that_are_no_list(issuer: TokenIssuer, provider: IdentityProvider) -> None:
    issuer.server.clear()
    issuer.server.expect_request("/ci/.well-known/openid-configuration").respond_with_json(issuer.discovery)
    issuer.server.expect_request("/ci/keys").respond_with_json({"keys": {"a": 1}})
    with pytest.raises(InvalidIdentityTokenError, match="verification key"):
        verify(issuer.token(), provider)


def test_nobody_answers(issuer: TokenIssuer) -> None:
    url = "http://127.0.0.1:9/ci"
    with pytest.raises(IdentityProviderUnavailableError, match="cannot be read"):
        verify(issuer.token(iss=url), IdentityProvider(ACCOUNT, url, ("sts.amazonaws.com",)))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://token.example", True),
        ("https://token.example/ci", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:80/x", True),
        ("http://token.example", False),
        ("ftp://127.0.0.1", False),
        ("https://", False),
        ("token.example", False),
        ("https://user@token.example", False),
        ("https://token.example?x=1", False),
        ("https://token.example#x", False),
        ("https://token.example:port", False),
        ("https://token.example:0", False),
        ("https://[::1", False),
    ],
)
def test_which_addresses_may_be_asked(url: str, expected: bool) -> None:
    assert is_issuer(url) is expected
