"""Isolation for all tests, and a service to ask."""

import os
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from token_service import TokenService

_BANNED = ("AWS_", "CODEARTIFACT_", "CODEBUILD_", "INHOUSE_", "PIP_", "POETRY_", "UV_", "XDG_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the settings, credentials and tokens of whoever runs the tests away from them."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(_BANNED) or name in {"CI", "REQUEST_METHOD"} or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return home


@pytest.fixture
def service(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> TokenService:
    """A service at the address that the variable names."""
    service = TokenService(httpserver)
    service.serve()
    monkeypatch.setenv("AWS_ENDPOINT_URL_CODEARTIFACT", service.url)
    return service


@pytest.fixture
def environment(service: TokenService, home: Path) -> dict[str, str]:
    """The variables of somebody with keys, who asks the service."""
    _ = home
    return {
        "HOME": os.environ["HOME"],
        "PATH": os.environ["PATH"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_CODEARTIFACT": service.url,
        "AWS_ACCESS_KEY_ID": "AKIAALICE",
        "AWS_SECRET_ACCESS_KEY": "made-up-secret-of-AKIAALICE",
    }
