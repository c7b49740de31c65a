"""How clients are made, and what becomes of everything that can go wrong with them."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
    SSOTokenLoadError,
)
from botocore.stub import Stubber
from client_fakes import COORDINATES

from inhouse.codeartifact.endpoint import repository_endpoint
from inhouse.codeartifact.interface import Token
from inhouse.codeartifact.pages import published_files
from inhouse.codeartifact.session import Clients, client_of, configured_region, make_clients
from inhouse.codeartifact.translation import translated
from inhouse.errors import (
    AccessDeniedError,
    CredentialsMissingError,
    CredentialsRefusedError,
    InhouseError,
    NotFoundError,
    RepositoryUnreachableError,
    ServiceError,
    SettingError,
)
from inhouse.settings import Settings, read_settings


def settings(flags: dict[str, str] | None = None, text: str = "") -> Settings:
    return read_settings(flags or {}, {}, Path("config.toml"), text)


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An AWS configuration with two profiles, one of them with an endpoint of its own."""
    config = tmp_path / "config"
    config.write_text(
        "[profile work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = made-up\nregion = eu-west-1\n"
        "[profile local]\naws_access_key_id = AKIALOCAL\naws_secret_access_key = made-up\nservices = local\n"
        "[services local]\ncodeartifact =\n  endpoint_url = http://127.0.0.1:7\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))


def access_key(clients: Clients) -> str:
    credentials = clients.codeartifact._request_signer._credentials  # type: ignore[attr-defined] # no public way
    return str(credentials.access_key)


@pytest.mark.usefixtures("profiles")
def test_the_profile_of_the_domain_is_used_with_the_region_of_the_project() -> None:
    clients = make_clients(COORDINATES, settings(text='[profiles]\n"acme-111122223333" = "work"\n'))
    assert access_key(clients) == "AKIAWORK"
    assert clients.codeartifact.meta.region_name == "us-east-1"


@pytest.mark.usefixtures("profiles")
def test_a_named_profile_wins_and_brings_its_endpoint() -> None:
    clients = make_clients(COORDINATES, settings({"profile": "local"}))
    assert access_key(clients) == "AKIALOCAL"
    assert clients.codeartifact.meta.endpoint_url == "http://127.0.0.1:7"


@pytest.mark.usefixtures("profiles")
def test_the_endpoint_of_the_domain_wins_over_the_profiles_and_not_over_a_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = '[endpoints]\n"acme-111122223333" = "http://127.0.0.1:8"\n'
    assert make_clients(COORDINATES, settings(text=text)).codeartifact.meta.endpoint_url == "http://127.0.0.1:8"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    known = read_settings({}, dict(os.environ), Path("config.toml"), text)
    assert make_clients(COORDINATES, known).codeartifact.meta.endpoint_url == "http://127.0.0.1:9"


def test_nobody_waits_for_minutes() -> None:
    config: Any = make_clients(COORDINATES, settings()).codeartifact.meta.config
    assert (config.connect_timeout, config.read_timeout) == (3.0, 30.0)
    assert config.retries["total_max_attempts"] == 2


@pytest.mark.usefixtures("profiles")
def test_the_region_is_the_profiles() -> None:
    assert configured_region(settings({"profile": "work"})) == "eu-west-1"
    assert configured_region(settings()) == ""
    with pytest.raises(CredentialsMissingError, match="nobody"):
        configured_region(settings({"profile": "nobody"}))


def test_a_client_can_be_made_for_printed_credentials_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER")
    printed = {
        "AWS_ACCESS_KEY_ID": "AKIAPRINTED",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_CODEARTIFACT": "http://127.0.0.1:7",
    }
    client = client_of(printed)
    assert client.meta.endpoint_url == "http://127.0.0.1:7"
    assert access_key(Clients(client, client, client)) == "AKIAPRINTED"  # type: ignore[arg-type] # only the first is looked at


def test_a_profile_that_is_not_there_is_our_error() -> None:
    with pytest.raises(CredentialsMissingError, match="nobody") as caught:
        make_clients(COORDINATES, settings({"profile": "nobody"}))
    assert "inhouse server profile" in caught.value.hint


@pytest.mark.parametrize("address", ["rubbish", "http://a b", "http://127.0.0.1:99999", "http://[::1"])
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_CODEARTIFACT", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"])
def test_an_address_that_is_none_is_named_by_its_variable(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, address)
    good = {"AWS_ENDPOINT_URL_CODEARTIFACT": "http://127.0.0.1:7", "AWS_ENDPOINT_URL_STS": ""}
    known = read_settings({}, {**good, name: address}, Path("config.toml"), "")
    with pytest.raises(SettingError) as caught:
        make_clients(COORDINATES, known)
    assert caught.value.message == (
        f"the setting `{name}` cannot be used: `{address}` is not an address (it comes from the variable {name})"
    )
    assert f"unset {name}" in caught.value.hint


def test_an_address_that_a_profile_has_wrong_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\nendpoint_url = rubbish\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with pytest.raises(SettingError, match="Invalid endpoint: rubbish") as caught:
        make_clients(COORDINATES, settings())
    assert "endpoint_url" in caught.value.hint


def test_a_file_of_profiles_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.write_text("no profile\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for ask in (lambda: make_clients(COORDINATES, settings()), lambda: configured_region(settings())):
        with pytest.raises(SettingError, match=str(config)) as caught:
            ask()
        assert "AWS_CONFIG_FILE" in caught.value.hint


@pytest.mark.parametrize("name", ["AWS_STS_REGIONAL_ENDPOINTS", "AWS_DEFAULTS_MODE"])
def test_another_value_that_cannot_be_is_a_setting_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "rubbish")
    with pytest.raises(SettingError, match="rubbish"):
        make_clients(COORDINATES, settings())


def test_a_region_that_cannot_be_is_a_setting_too() -> None:
    with pytest.raises(SettingError, match="bad region"):
        make_clients(replace(COORDINATES, region="bad region"), settings())


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken and where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_repository_that_is_not_there_is_named_with_a_way_to_start_it(
    closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://127.0.0.1:{closed_port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL_CODEARTIFACT", address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMADEUP")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    with pytest.raises(RepositoryUnreachableError) as caught:
        repository_endpoint(make_clients(COORDINATES, settings()).codeartifact, COORDINATES)
    assert caught.value.url == address
    assert "inhouse server start" in caught.value.hint


def test_a_page_that_nobody_serves_is_named_too(closed_port: int) -> None:
    url = f"http://127.0.0.1:{closed_port}/simple/"
    with pytest.raises(RepositoryUnreachableError, match="refused") as caught:
        published_files(url, "acme-core", Token("made-up"), (1, 1))
    assert caught.value.url == url


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("AccessDeniedException", AccessDeniedError, "codeartifact:GetRepositoryEndpoint"),
        ("ResourceNotFoundException", NotFoundError, "tool.inhouse"),
        ("ExpiredTokenException", CredentialsRefusedError, "AWS_PROFILE"),
        ("UnrecognizedClientException", CredentialsRefusedError, "AWS_PROFILE"),
        ("InvalidSignatureException", CredentialsRefusedError, "AWS_PROFILE"),
        ("ThrottlingException", ServiceError, "try again"),
        ("ValidationException", ServiceError, "API reference"),
    ],
)
def test_an_answer_is_known_by_its_code_whatever_it_says(code: str, kind: type[InhouseError], words: str) -> None:
    client = boto3.client(
        "codeartifact", region_name="us-east-1", aws_access_key_id="AKIAMADEUP", aws_secret_access_key="made-up"
    )
    with Stubber(client) as stubber:
        stubber.add_client_error("get_repository_endpoint", code, "it does not exist")
        with pytest.raises(kind) as caught:
            repository_endpoint(client, COORDINATES)
    assert words in caught.value.hint
    assert "it does not exist" in caught.value.message


def test_what_does_not_exist_is_named() -> None:
    client = boto3.client(
        "codeartifact", region_name="us-east-1", aws_access_key_id="AKIAMADEUP", aws_secret_access_key="made-up"
    )
    with Stubber(client) as stubber:
        stubber.add_client_error("get_repository_endpoint", "ResourceNotFoundException")
        with pytest.raises(NotFoundError, match="the repository `shared` of the domain `acme`"):
            repository_endpoint(client, COORDINATES)


def test_an_endpoint_without_its_last_slash_gets_it() -> None:
    client = boto3.client(
        "codeartifact", region_name="us-east-1", aws_access_key_id="AKIAMADEUP", aws_secret_access_key="made-up"
    )
    with Stubber(client) as stubber:
        stubber.add_response("get_repository_endpoint", {"repositoryEndpoint": "https://x.example/pypi/shared"})
        assert repository_endpoint(client, COORDINATES) == "https://x.example/pypi/shared/"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NoCredentialsError(), CredentialsMissingError),
        (PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), CredentialsMissingError),
        (ProfileNotFound(profile="nobody"), CredentialsMissingError),
        (SSOTokenLoadError(error_msg="run login"), CredentialsMissingError),
        (CredentialRetrievalError(provider="process", error_msg="no"), CredentialsMissingError),
        (EndpointConnectionError(endpoint_url="http://x"), RepositoryUnreachableError),
        (ReadTimeoutError(endpoint_url="http://x"), RepositoryUnreachableError),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "GetCallerIdentity"),
            AccessDeniedError,
        ),
        (ClientError({}, "GetCallerIdentity"), ServiceError),
        (SettingError("uv", "nowhere", "no", hint="h"), SettingError),
        (KeyError("a mistake of ours"), KeyError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_what_botocore_raises_becomes_ours_and_a_mistake_stays_one(error: Exception, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught, translated("http://x", missing="it"):
        raise error
    if kind is not KeyError and not isinstance(error, InhouseError):
        assert caught.value.__cause__ is error
        assert isinstance(caught.value, InhouseError)
        assert caught.value.hint
