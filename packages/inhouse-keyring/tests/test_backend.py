"""What pip, Poetry and twine get through the library keyring."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.credentials import SimpleCredential
from token_service import TokenService, refused

from inhouse_keyring.backend import Backend

AWS = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/simple/"


@pytest.fixture(autouse=True)
def variables(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_a_repository_gets_a_token(service: TokenService) -> None:
    assert Backend().get_password(service.index, "aws") == "token-1-of-AKIAALICE"
    for user in (None, "", "aws"):
        credential = Backend().get_credential(service.index.rstrip("/"), user)
        assert isinstance(credential, SimpleCredential)
        assert (credential.username, credential.password) == ("aws", "token-1-of-AKIAALICE")
    assert len(service.asked) == 1


def test_the_exported_token_is_given_for_every_form_of_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEARTIFACT_AUTH_TOKEN", "exported")
    assert Backend().get_password(AWS, "aws") == "exported"


@pytest.mark.parametrize("name", ["python-poetry-check", "poetry-repository-shared", "https://upload.example/legacy/"])
def test_others_get_nothing(service: TokenService, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert Backend().get_password(name, "aws") is None
    assert Backend().get_credential(name, None) is None
    assert Backend().get_credential(service.index, "alice") is None
    assert capsys.readouterr().err == ""


def test_a_look_up_never_raises_and_says_why_there_is_nothing(
    service: TokenService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answers = [refused("AccessDeniedException")]
    assert Backend().get_password(service.index, "aws") is None
    said = capsys.readouterr().err
    assert said.startswith(f"inhouse: no token for {service.index}: GetAuthorizationToken is not allowed")
    assert "\nhint: " in said
    monkeypatch.setattr("inhouse_keyring.backend.password_for", lambda *_: 1 / 0)
    assert Backend().get_credential(service.index, None) is None
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_program_without_a_terminal_is_told_nothing(service: TokenService, monkeypatch: pytest.MonkeyPatch) -> None:
    service.answers = [refused("AccessDeniedException")]
    monkeypatch.setattr("sys.stderr", None)
    assert Backend().get_password(service.index, "aws") is None


class Desktop(KeyringBackend):
    """A backend of a desktop that keeps passwords."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def test_passwords_of_others_go_to_the_backend_that_keeps_them(
    monkeypatch: pytest.MonkeyPatch, service: TokenService
) -> None:
    desktop = Desktop()
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [desktop, Backend()])
    monkeypatch.setattr("keyring.core._keyring_backend", ChainerBackend())  # type: ignore[no-untyped-call]
    keyring.set_password("poetry-repository-other", "alice", "made-up")
    assert desktop.kept == {("poetry-repository-other", "alice"): "made-up"}
    assert keyring.get_password("poetry-repository-other", "alice") == "made-up"
    assert keyring.get_password(service.index, "aws") == "token-1-of-AKIAALICE"
    keyring.delete_password("poetry-repository-other", "alice")
    assert desktop.kept == {}


def test_where_nobody_keeps_passwords_it_is_said_what_to_do() -> None:
    with pytest.raises(NotImplementedError, match=r"keyring\.enabled false"):
        Backend().set_password("poetry-repository-other", "alice", "made-up")


def test_the_backend_is_found_and_wins_over_those_of_a_desktop() -> None:
    assert any(isinstance(backend, Backend) for backend in keyring.backend.get_all_keyring())
    assert 5 < Backend.priority < 10
