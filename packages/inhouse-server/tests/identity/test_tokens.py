import base64
import json
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inhouse_server.errors import ExpiredCredentialsError, UnknownAccessKeyError
from inhouse_server.identity import tokens
from inhouse_server.identity.tokens import TokenClaims, TokenSigner

NOW = datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)
SIGNER = TokenSigner(b"s" * 32)
CLAIMS = TokenClaims(
    region="us-east-1",
    owner="111122223333",
    domain="my-domain",
    principal_arn="arn:aws:iam::111122223333:user/admin",
    issued_at=NOW,
    expires_at=NOW + timedelta(hours=12),
)


def test_a_token_says_what_it_was_issued_for() -> None:
    assert SIGNER.verify(SIGNER.issue(CLAIMS), NOW) == CLAIMS


def test_a_token_looks_like_awss_own() -> None:
    """Tools recognise CodeArtifact's tokens by how they begin, and paste them into URLs and ini files as they are."""
    long = TokenClaims("ap-southeast-2", "1" * 12, "d" * 50, f"arn:aws:iam::{'1' * 12}:user/{'n' * 64}", NOW, NOW)
    token = SIGNER.issue(long)
    assert token.startswith("eyJ2ZXIiOj")
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")
    assert len(token) < 1000


def test_a_token_ends_at_its_time() -> None:
    token = SIGNER.issue(CLAIMS)
    SIGNER.verify(token, CLAIMS.expires_at - timedelta(microseconds=1))
    with pytest.raises(ExpiredCredentialsError, match="2026-03-02 00:00:00 UTC") as caught:
        SIGNER.verify(token, CLAIMS.expires_at)
    assert "get-authorization-token" in caught.value.hint


@given(position=st.integers(0, 400), character=st.sampled_from(string.ascii_letters + string.digits + "-_.=+/ é"))
def test_a_token_with_one_other_character_is_refused(position: int, character: str) -> None:
    token = SIGNER.issue(CLAIMS)
    position %= len(token)
    changed = token[:position] + character + token[position + 1 :]
    assume(changed != token)
    with pytest.raises(UnknownAccessKeyError):
        SIGNER.verify(changed, NOW)


@given(st.text(max_size=100))
def test_what_is_no_token_is_refused(text: str) -> None:
    assume(all(not "\ud800" <= character <= "\udfff" for character in text))
    with pytest.raises(UnknownAccessKeyError):
        SIGNER.verify(text, NOW)


def test_a_very_long_text_is_refused() -> None:
    with pytest.raises(UnknownAccessKeyError):
        SIGNER.verify("a" * 1_000_000, NOW)


def test_a_token_of_another_server_is_refused() -> None:
    with pytest.raises(UnknownAccessKeyError):
        SIGNER.verify(TokenSigner(b"t" * 32).issue(CLAIMS), NOW)


def test_a_token_of_a_later_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_VERSION", 2)
    token = SIGNER.issue(CLAIMS)
    monkeypatch.undo()
    assert json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["ver"] == 2
    with pytest.raises(UnknownAccessKeyError, match="version"):
        SIGNER.verify(token, NOW)


def test_a_secret_must_be_long() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        TokenSigner(b"short")
