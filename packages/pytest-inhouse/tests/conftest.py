"""What tests of the fixture share: nothing of the developer's own tools and profiles reaches one."""

import os

import pytest


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("AWS_", "PIP_", "UV_", "POETRY_", "INHOUSE_", "PYTEST_ADDOPTS")):
            monkeypatch.delenv(name)
