import pytest
from keyring.errors import PasswordSetError

from inhouse_keyring.backend import Backend

SERVICE = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/simple/"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CODEARTIFACT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CODEARTIFACT_AUTH_TOKEN", "made-up-token")


def test_the_token_is_given_for_a_repository() -> None:
    assert Backend().get_password(SERVICE, "aws") == "made-up-token"


def test_a_credential_names_the_user_that_codeartifact_takes() -> None:
    credential = Backend().get_credential(SERVICE, None)
    assert credential is not None
    assert (credential.username, credential.password) == ("aws", "made-up-token")


def test_the_embedded_repository_is_known_by_its_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    service = "http://127.0.0.1:8765/pypi/d/acme-111122223333/libraries/"
    assert Backend().get_password(service, "aws") is None
    monkeypatch.setenv("AWS_ENDPOINT_URL_CODEARTIFACT", "http://127.0.0.1:8765")
    assert Backend().get_password(service, "aws") == "made-up-token"


def test_another_user_name_gets_nothing() -> None:
    assert Backend().get_password(SERVICE, "alice") is None
    assert Backend().get_credential(SERVICE, "alice") is None


def test_nothing_is_given_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CODEARTIFACT_AUTH_TOKEN")
    assert Backend().get_password(SERVICE, "aws") is None


def test_passwords_are_declined_so_that_another_backend_can_keep_them() -> None:
    with pytest.raises(PasswordSetError):
        Backend().set_password(SERVICE, "aws", "made-up-token")
