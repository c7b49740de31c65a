"""Which look-ups are answered, and from where."""

import os
from unittest.mock import patch

import pytest
from token_service import TokenService, keys

from inhouse_keyring.answers import password_for
from inhouse_keyring.errors import AccessDeniedError, ConfigurationError

AWS = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/simple/"


def test_a_repository_gets_a_token_with_and_without_its_user_and_last_slash(
    service: TokenService, environment: dict[str, str]
) -> None:
    for address in (service.index, service.index.rstrip("/"), service.index.removesuffix("simple/")):
        for user in ("aws", "", None):
            assert password_for(address, user, environment) == "token-1-of-AKIAALICE"
    assert len(service.asked) == 1


def test_others_get_nothing_and_nobody_is_asked(service: TokenService, environment: dict[str, str]) -> None:
    assert password_for(service.index, "alice", environment) is None
    assert password_for(service.index.replace("http", "https"), "aws", environment) is None
    for name in ("python-poetry-check", "poetry-repository-shared", "https://upload.example/legacy/", ""):
        assert password_for(name, None, environment) is None
    assert service.asked == []


def test_for_what_is_surely_not_ours_no_file_is_even_read(environment: dict[str, str]) -> None:
    with patch("builtins.open", side_effect=AssertionError):
        assert password_for("poetry-repository-shared", None, environment) is None


def test_an_exported_token_wins(service: TokenService, environment: dict[str, str]) -> None:
    assert password_for(service.index, "aws", environment) == "token-1-of-AKIAALICE"
    environment["CODEARTIFACT_AUTH_TOKEN"] = "exported"
    assert password_for(service.index, "aws", environment) == "exported"
    assert password_for(AWS, "aws", environment) == "exported"
    assert password_for("https://elsewhere.example/pypi/x/", "aws", environment) is None


def test_the_next_time_nothing_is_understood_anew(service: TokenService, environment: dict[str, str]) -> None:
    password_for(service.index, "aws", environment)
    with patch("inhouse_keyring.questions.surroundings_of", side_effect=AssertionError):
        assert password_for(service.index, "aws", environment) == "token-1-of-AKIAALICE"
    assert password_for(service.index, "aws", {**environment, **keys("AKIABOB")}) == "token-2-of-AKIABOB"


def test_files_named_from_the_current_folder_are_looked_at_each_time(
    service: TokenService,
    environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del environment["AWS_ACCESS_KEY_ID"]
    environment["AWS_CONFIG_FILE"] = "config"
    for name in ("AKIAALICE", "AKIABOB"):
        folder = tmp_path_factory.mktemp(name)
        text = f"[default]\naws_access_key_id = {name}\naws_secret_access_key = x\n"
        (folder / "config").write_text(text, encoding="utf-8")
        monkeypatch.chdir(folder)
        for _ in range(2):
            assert str(password_for(service.index, "aws", environment)).endswith(name)


def test_a_repository_of_ours_without_a_token_is_an_error(service: TokenService, environment: dict[str, str]) -> None:
    from token_service import refused

    service.answers = [refused("AccessDeniedException")]
    with pytest.raises(AccessDeniedError):
        password_for(service.index, "aws", environment)
    with pytest.raises(ConfigurationError):
        password_for(service.index, "aws", {**environment, "INHOUSE_TOKEN_SECONDS": "x"})
    assert os.environ["HOME"] == environment["HOME"]
