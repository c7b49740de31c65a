"""Isolation for all tests, and the project that many of them work on."""

import os
from pathlib import Path

import pytest
from client_fakes import PYPROJECT, Answer, Bench

_BANNED = (
    "AWS_",
    "CODEARTIFACT_",
    "CODEBUILD_",
    "GITHUB_",
    "GITLAB_",
    "INHOUSE_",
    "MAKE",
    "PIP_",
    "POETRY_",
    "TWINE_",
    "UV_",
)


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the settings and credentials of whoever runs the tests away from them."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(_BANNED) or name in {"CI", "SOURCE_DATE_EPOCH", "VIRTUAL_ENV", "PYTHONPATH"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("INHOUSE_CONFIG", str(home / "inhouse.toml"))
    monkeypatch.setenv("INHOUSE_CACHE_DIR", str(home / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A project with an environment that works, as far as the fake programs go."""
    bench = Bench(tmp_path / "acme-core")
    bench.write(
        {
            "pyproject.toml": PYPROJECT,
            "uv.lock": 'version = 1\n[[package]]\nname = "acme-core"\nsource = { editable = "." }\n',
            "src/acme_core/__init__.py": "",
            "tests/test_nothing.py": "",
            "tests_int/test_installed.py": "",
            "docs/conf.py": "",
            ".venv/pyvenv.cfg": "home = /usr/bin\n",
        }
    )
    bench.runner.on(
        Answer("-I -c import json, sys; print", stdout='["3.12.1", "/project/.venv", "/usr"]\n'),
        Answer("-I -c import importlib.util", stdout="[]\n"),
    )
    return bench
