"""A running repository, and people's programs without our own configuration."""

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from latest_programs import Programs, install, install_through
from pytest_inhouse import RunningServer, running
from support import DOMAIN, LIBRARIES, STORE, Account, Shell


@pytest.fixture(scope="session")
def whole_server() -> Iterator[RunningServer]:
    """A repository as people have it: it does all that it can, and PyPI stands behind it."""
    with running(compat="superset", public="pypi") as server:
        yield server


@pytest.fixture(scope="session")
def account(whole_server: RunningServer) -> Account:
    environment = whole_server.environment
    session = boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_DEFAULT_REGION"],
    )
    client = session.client("codeartifact", endpoint_url=environment["AWS_ENDPOINT_URL_CODEARTIFACT"])
    client.create_domain(domain=DOMAIN)
    client.create_repository(domain=DOMAIN, repository=STORE)
    client.associate_external_connection(domain=DOMAIN, repository=STORE, externalConnection="public:pypi")
    client.create_repository(domain=DOMAIN, repository=LIBRARIES, upstreams=[{"repositoryName": STORE}])
    endpoint = client.get_repository_endpoint(domain=DOMAIN, repository=LIBRARIES, format="pypi")["repositoryEndpoint"]
    return Account(client, endpoint, environment)


@pytest.fixture
def shell(account: Account, tmp_path: Path) -> Shell:
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "AWS_EC2_METADATA_DISABLED": "true",
        **account.environment,
    }
    return Shell(tmp_path, environment)


@pytest.fixture(scope="session")
def client_programs(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with the AWS CLI, pip and twine, all installed through the repository."""
    folder = tmp_path_factory.mktemp("programs")
    install_through(account, folder / "venv", "awscli", "pip")
    install_through(account, folder / "twine", "twine")  # its docutils is not the CLI's
    (folder / "venv" / "bin" / "twine").symlink_to(folder / "twine" / "bin" / "twine")
    return folder / "venv" / "bin"


@pytest.fixture(scope="session")
def latest(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """Every tool in its latest release, from PyPI."""
    return install(tmp_path_factory.mktemp("latest"))
