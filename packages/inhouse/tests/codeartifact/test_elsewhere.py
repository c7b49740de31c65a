"""Asking another service than the configured one for an endpoint."""

import json
import sys
from pathlib import Path

import pytest
from client_fakes import COORDINATES, Answer, FakeRunner

from inhouse.codeartifact.elsewhere import laptop_endpoint, service_endpoint
from inhouse.errors import EmbeddedRepositoryError, RepositoryUnreachableError, SettingError
from inhouse.settings import Settings, read_settings

NOWHERE = "http://127.0.0.1:1"
VARIABLES = {
    "AWS_ENDPOINT_URL_CODEARTIFACT": NOWHERE,
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "made-up",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def settings() -> Settings:
    return read_settings({}, {"INHOUSE_CONNECT_TIMEOUT": "1"}, Path("config.toml"), "")


def test_the_repository_of_this_machine_is_asked_where_it_says_it_is() -> None:
    runner = FakeRunner()
    runner.on(Answer("server env", stdout=json.dumps(VARIABLES)))
    with pytest.raises(RepositoryUnreachableError, match=NOWHERE):
        laptop_endpoint(COORDINATES, runner, {"INHOUSE_DATA_DIR": "/data"})
    (call,) = runner.calls
    assert call.argv == (sys.executable, "-m", "inhouse", "server", "env", "--format", "json")
    assert call.env == {"INHOUSE_DATA_DIR": "/data"}


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ("error: no server works on /data\n\nhint: start one\n", "no server works on /data", "start one"),
        ("", "it does not say why", "start it with `inhouse server start`, or name its address with `--to`"),
    ],
)
def test_when_none_runs_its_own_words_are_passed_on(said: str, message: str, hint: str) -> None:
    runner = FakeRunner()
    runner.on(Answer("server env", exit_code=1, stderr=said))
    with pytest.raises(EmbeddedRepositoryError) as caught:
        laptop_endpoint(COORDINATES, runner, {})
    assert caught.value.message == f"the embedded repository of this machine cannot be asked: {message}"
    assert caught.value.hint == hint


def test_a_service_is_asked_at_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, VARIABLES[name])
    with pytest.raises(RepositoryUnreachableError, match=NOWHERE):
        service_endpoint(NOWHERE, COORDINATES, settings())
    with pytest.raises(SettingError, match="is not an address") as caught:
        service_endpoint("laptop", COORDINATES, settings())
    assert "http://127.0.0.1:8080" in caught.value.hint
