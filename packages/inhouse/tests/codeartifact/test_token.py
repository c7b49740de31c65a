"""Commands get their token from the credential core, and its errors in the client's own tree."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from client_fakes import COORDINATES
from pytest_httpserver import HTTPServer

from inhouse.codeartifact.interface import Token
from inhouse.codeartifact.repository import CodeArtifactRepository
from inhouse.codeartifact.token import authorization_token, translated_error
from inhouse.errors import (
    AccessDeniedError,
    CredentialsMissingError,
    CredentialsRefusedError,
    InhouseError,
    NotFoundError,
    RepositoryError,
    RepositoryUnreachableError,
    SettingError,
)
from inhouse.settings import Settings, read_settings
from inhouse_keyring import errors as core

EXPIRATION = 4_000_000_000


def settings(text: str = "", **environment: str) -> Settings:
    return read_settings({}, {**os.environ, **environment}, Path("config.toml"), text)


@pytest.fixture
def service(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAALICE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("AWS_ENDPOINT_URL_CODEARTIFACT", httpserver.url_for("").rstrip("/"))
    httpserver.expect_request("/v1/authorization-token", method="POST").respond_with_json(
        {"authorizationToken": "made-up-token", "expiration": EXPIRATION}
    )
    return httpserver


def test_a_token_is_shared_by_all_commands(service: HTTPServer) -> None:
    wanted = Token("made-up-token", datetime.fromtimestamp(EXPIRATION, UTC))
    assert authorization_token(COORDINATES, settings()) == wanted
    assert CodeArtifactRepository(COORDINATES, settings()).token() == wanted
    assert len(service.log) == 1
    authorization_token(COORDINATES, settings(), refresh=True)
    authorization_token(replace(COORDINATES, domain="other"), settings())
    assert len(service.log) == 3


def test_an_exported_token_wins(service: HTTPServer) -> None:
    exported = settings(CODEARTIFACT_AUTH_TOKEN="exported")
    assert CodeArtifactRepository(COORDINATES, exported).token() == Token("exported")
    assert service.log == []


def test_the_core_sees_the_settings_of_the_run() -> None:
    text = (
        'token-seconds = 900\n[profiles]\n"acme-111122223333" = "work"\n[endpoints]\n"acme-111122223333" = "http://x"\n'
    )
    seen = settings(text, INHOUSE_READ_TIMEOUT="7").for_tokens
    assert (seen.token_seconds, seen.read_timeout, seen.connect_timeout) == (900, 7.0, 3.0)
    assert seen.profile_for("acme", "111122223333") == "work"
    assert seen.endpoint_for("acme", "111122223333") == "http://x"
    assert settings(text, CI="1").for_tokens.profile_for("acme", "111122223333") is None


def test_without_credentials_it_is_said_how_to_get_some() -> None:
    with pytest.raises(CredentialsMissingError, match="no AWS credentials: Unable to locate") as caught:
        authorization_token(COORDINATES, settings())
    assert "inhouse server profile" in caught.value.hint


def test_a_repository_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, service: HTTPServer) -> None:
    assert service.log == []
    monkeypatch.setenv("AWS_ENDPOINT_URL_CODEARTIFACT", "http://127.0.0.1:9")
    with pytest.raises(RepositoryUnreachableError, match="refused") as caught:
        authorization_token(COORDINATES, settings())
    assert caught.value.url == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (core.AccessDeniedError("said", hint="do this"), AccessDeniedError),
        (core.CredentialsMissingError("said", hint="do this"), CredentialsMissingError),
        (core.CredentialsRefusedError("said", hint="do this"), CredentialsRefusedError),
        (core.NotFoundError("said", hint="do this"), NotFoundError),
        (core.ServiceError("said", hint="do this"), RepositoryError),
        (core.UnreachableError("x cannot be reached: said", hint="do this"), RepositoryUnreachableError),
        (core.ConfigurationError("name", "origin", "said", hint="do this"), SettingError),
    ],
)
def test_each_error_of_the_core_has_one_here(error: core.TokenError, kind: type[InhouseError]) -> None:
    translated = translated_error(error, "http://x")
    assert type(translated) is kind
    assert "said" in translated.message
    assert translated.hint == "do this"


def test_no_error_of_the_core_is_forgotten() -> None:
    assert {kind.__name__ for kind in core.TokenError.__subclasses__()} == {*core.KINDS, "ConfigurationError"}
