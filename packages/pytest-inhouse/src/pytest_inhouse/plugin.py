"""The fixtures, found by pytest wherever this distribution is installed."""

import os
from collections.abc import Iterator

import pytest

from pytest_inhouse.server import CodeArtifact, running


@pytest.fixture(scope="session")
def codeartifact_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeArtifact]:
    """A repository that lives as long as the test run."""
    with running(tmp_path_factory.mktemp("codeartifact")) as server:
        yield server


@pytest.fixture
def codeartifact(codeartifact_server: CodeArtifact, monkeypatch: pytest.MonkeyPatch) -> CodeArtifact:
    """The repository, with the AWS environment of the test pointing at it and at nothing else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in codeartifact_server.environment.items():
        monkeypatch.setenv(name, value)
    return codeartifact_server
