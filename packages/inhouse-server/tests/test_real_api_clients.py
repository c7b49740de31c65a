"""AWS's SDK for JavaScript and the AWS CLI, unmodified, against the API."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import cast

import command_line_client
import javascript_client
import pytest
from api_client import Answer, ApiClient, RefusedError, Start, as_json, content_of
from command_line_client import CommandLineClient
from every_operation import Life
from house import House
from javascript_client import Chunks, JavaScriptClient
from live_server import ACCOUNT, REGION, LiveServer
from made_distributions import make_wheel, wheel_name
from people import EVERYTHING, People, trust
from pytest_httpserver import HTTPServer
from server_process import clean_environment
from token_issuer import TokenIssuer

from inhouse_server.control_plane.protocol import models
from inhouse_server.model import AccessKey

pytestmark = pytest.mark.slow

ADMIN = f"arn:aws:iam::{ACCOUNT}:user/admin"


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return javascript_client.install(tmp_path_factory.mktemp("javascript") / "project")


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return command_line_client.install(tmp_path_factory.mktemp("aws") / "environment")


@pytest.fixture
def environment(live_server: LiveServer, tmp_path: Path) -> dict[str, str]:
    """What reaches the server, but for credentials."""
    return {
        **clean_environment(tmp_path / "home"),
        "AWS_ENDPOINT_URL_CODEARTIFACT": live_server.url,
        "AWS_ENDPOINT_URL_STS": live_server.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }


@pytest.fixture
def javascript(driver: Path, environment: dict[str, str]) -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda variables: stack.enter_context(closing(JavaScriptClient(driver, {**environment, **variables})))


@pytest.fixture
def command_line(aws: Path, environment: dict[str, str], tmp_path: Path) -> Start:
    return lambda variables: CommandLineClient(aws, {**environment, **variables}, tmp_path)


@pytest.fixture(params=["javascript", "command_line"])
def start(request: pytest.FixtureRequest) -> Start:
    return cast("Start", request.getfixturevalue(request.param))


@pytest.fixture
def client(start: Start, live_server: LiveServer) -> ApiClient:
    return start(keys(live_server.key))


@pytest.fixture
def people(live_server: LiveServer) -> People:
    return People(live_server)


def keys(key: AccessKey) -> dict[str, str]:
    return {"AWS_ACCESS_KEY_ID": key.id, "AWS_SECRET_ACCESS_KEY": key.secret}


def session_keys(answer: Answer) -> dict[str, str]:
    given = answer["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def test_every_operation(client: ApiClient, house: House, tmp_path: Path) -> None:
    """An operation that the model has and the scenario lacks fails here."""
    name = f"life-{type(client).__name__.lower()}"
    life = Life(client, House(house.url, house.api, name, house.public), tmp_path)
    life.live()
    assert life.called == set(models.load("codeartifact").operation_names)
