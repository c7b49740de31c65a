import pytest
from inline_snapshot import snapshot

from pytest_inhouse.errors import UsageError
from pytest_inhouse.installers import Source, installer_variables, with_credentials, without_installers

SOURCE = Source("http://127.0.0.1:7/pypi/d/acme-111122223333/team/", "to/ken=", "acme-index")


def test_pip() -> None:
    assert installer_variables("pip", SOURCE) == snapshot(
        {
            "PIP_INDEX_URL": "http://aws:to%2Fken%3D@127.0.0.1:7/pypi/d/acme-111122223333/team/simple/",
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_NO_INPUT": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
    )


def test_uv() -> None:
    assert installer_variables("uv", SOURCE) == snapshot(
        {
            "UV_DEFAULT_INDEX": "acme-index=http://127.0.0.1:7/pypi/d/acme-111122223333/team/simple/",
            "UV_INDEX_ACME_INDEX_USERNAME": "aws",
            "UV_INDEX_ACME_INDEX_PASSWORD": "to/ken=",
            "UV_PUBLISH_URL": "http://127.0.0.1:7/pypi/d/acme-111122223333/team/",
            "UV_PUBLISH_USERNAME": "aws",
            "UV_PUBLISH_PASSWORD": "to/ken=",
            "UV_KEYRING_PROVIDER": "disabled",
            "UV_PYTHON_DOWNLOADS": "never",
        }
    )


def test_twine() -> None:
    assert installer_variables("twine", SOURCE) == snapshot(
        {
            "TWINE_REPOSITORY_URL": "http://127.0.0.1:7/pypi/d/acme-111122223333/team/",
            "TWINE_USERNAME": "aws",
            "TWINE_PASSWORD": "to/ken=",
            "TWINE_NON_INTERACTIVE": "1",
        }
    )


def test_poetry() -> None:
    assert installer_variables("poetry", SOURCE) == snapshot(
        {
            "POETRY_HTTP_BASIC_ACME_INDEX_USERNAME": "aws",
            "POETRY_HTTP_BASIC_ACME_INDEX_PASSWORD": "to/ken=",
            "POETRY_REPOSITORIES_ACME_INDEX_UPLOAD_URL": "http://127.0.0.1:7/pypi/d/acme-111122223333/team/",
            "POETRY_HTTP_BASIC_ACME_INDEX_UPLOAD_USERNAME": "aws",
            "POETRY_HTTP_BASIC_ACME_INDEX_UPLOAD_PASSWORD": "to/ken=",
            "POETRY_KEYRING_ENABLED": "false",
            "POETRY_NO_INTERACTION": "1",
        }
    )


def test_another_tool() -> None:
    with pytest.raises(UsageError, match="pip, uv, twine, poetry"):
        installer_variables("conda", SOURCE)


def test_what_tools_have_been_told_goes() -> None:
    said = {"PIP_EXTRA_INDEX_URL": "x", "UV_INDEX": "y", "VIRTUAL_ENV": "/venv", "PATH": "/bin", "PIPX": "z"}
    assert without_installers(said) == {"PATH": "/bin", "PIPX": "z"}


def test_credentials_survive_in_a_url() -> None:
    assert with_credentials("https://x/y/", "a@b:c/") == "https://aws:a%40b%3Ac%2F@x/y/"
