"""AWS's SDK for JavaScript and the AWS CLI, unmodified, against the API."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import cast

import command_line_client
import javascript_client
import pytest
from api_client import Answer, ApiClient, RefusedError, Start, as_json, content_of
from click.testing import CliRunner
from command_line_client import CommandLineClient
from every_operation import Life
from house import House
from javascript_client import Chunks, JavaScriptClient
from live_server import ACCOUNT, LiveServer, admin_key_of, serve
from made_distributions import make_wheel, wheel_name
from people import EVERYTHING, People, trust
from pytest_httpserver import HTTPServer
from server_process import clean_environment
from token_issuer import TokenIssuer

from inhouse_server.app import create_app
from inhouse_server.cli import server
from inhouse_server.cli.environment import variables
from inhouse_server.control_plane.protocol import models
from inhouse_server.data_folder import open_data_folder, server_file, write_json
from inhouse_server.model import AccessKey
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings

pytestmark = pytest.mark.slow

ADMIN = f"arn:aws:iam::{ACCOUNT}:user/admin"


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return javascript_client.install(tmp_path_factory.mktemp("javascript") / "project")


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return command_line_client.install(tmp_path_factory.mktemp("aws") / "environment")


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory, public_folder: Path) -> Iterator[LiveServer]:
    """One with no other domains: programs that list them all page by page take their time."""
    path = tmp_path_factory.mktemp("server") / "data"
    settings = ServerSettings(data_dir=path, public_pypi=str(public_folder))
    with open_data_folder(path, account=ACCOUNT, clock=utc_now) as folder, serve(create_app(settings, folder)) as url:
        write_json(server_file(path), {"url": url, "pid": os.getpid()})
        yield LiveServer(url, folder, admin_key_of(folder))


@pytest.fixture
def environment(live_server: LiveServer, tmp_path: Path) -> dict[str, str]:
    """What `inhouse server env` says, without the credentials."""
    said = variables(live_server.folder.path)
    return {
        **clean_environment(tmp_path / "home"),
        **{name: said[name] for name in said.keys() - keys(live_server.key).keys()},
    }


@pytest.fixture
def javascript(driver: Path, environment: dict[str, str]) -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda more: stack.enter_context(closing(JavaScriptClient(driver, {**environment, **more})))


@pytest.fixture
def command_line(aws: Path, environment: dict[str, str], tmp_path: Path) -> Start:
    return lambda more: CommandLineClient(aws, {**environment, **more}, tmp_path)


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


@pytest.mark.parametrize(
    ("call", "name", "members"),
    [
        (
            ("DescribeRepository", {"repository": "missing"}),
            "ResourceNotFoundException",
            {"resourceId": "missing", "resourceType": "repository"},
        ),
        (("CreateDomain", {}), "ConflictException", {"resourceId": "DOMAIN", "resourceType": "domain"}),
        (
            (
                "CreateRepository",
                {"repository": "tagged", "tags": [{"key": f"k{number}", "value": "v"} for number in range(51)]},
            ),
            "ServiceQuotaExceededException",
            {"resourceId": "tagged", "resourceType": "repository"},
        ),
        (("DescribeRepository", {"repository": "_team"}), "ValidationException", {"reason": "FIELD_VALIDATION_FAILED"}),
    ],
)
def test_refusals_are_exceptions_of_the_model(
    client: ApiClient,
    house: House,
    call: tuple[str, dict[str, object]],
    name: str,
    members: dict[str, str],
) -> None:
    operation, parameters = call
    with pytest.raises(RefusedError) as caught:
        client.call(operation, domain=house.domain, **parameters)
    assert caught.value.name == name
    expected = {member: value.replace("DOMAIN", house.domain) for member, value in members.items()}
    assert caught.value.members == (expected if isinstance(client, JavaScriptClient) else {})


def test_whoever_may_do_nothing_is_told_so(start: Start, people: People) -> None:
    with pytest.raises(
        RefusedError, match="no identity-based policy allows the codeartifact:ListDomains action"
    ) as caught:
        start(keys(people.user())).call("ListDomains")
    assert caught.value.name == "AccessDeniedException"


def test_a_profile(start: Start, environment: dict[str, str], live_server: LiveServer, tmp_path: Path) -> None:
    """What `inhouse server profile` writes, and nothing else in the environment."""
    for name in [name for name in environment if name.startswith("AWS_")]:
        del environment[name]
    files = {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }
    CliRunner().invoke(server, ["profile", "--data-dir", str(live_server.folder.path)], env=files)
    client = start({**files, "AWS_PROFILE": "inhouse-local"})
    assert client.call("sts:GetCallerIdentity")["Arn"] == ADMIN
    client.call("ListDomains")


def test_sessions_of_a_role(
    client: ApiClient, start: Start, people: People, live_server: LiveServer, domain: str
) -> None:
    assert client.call("sts:GetCallerIdentity") == as_json(live_server.sts().get_caller_identity())
    role = people.role(trust({"AWS": ADMIN}), EVERYTHING)
    wanted = {"RoleArn": role.arn, "RoleSessionName": "build-7", "DurationSeconds": 900}
    answer = client.call("sts:AssumeRole", **wanted)
    assert seconds_left(answer) == pytest.approx(900, abs=60)
    session = start(session_keys(answer))
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.name}/build-7"
    assert session.call("sts:GetCallerIdentity")["Arn"] == answer["AssumedRoleUser"]["Arn"] == arn
    assert session.call("DescribeDomain", domain=domain)["domain"]["name"] == domain


def test_a_job_of_a_ci_service(start: Start, people: People, httpserver: HTTPServer, tmp_path: Path) -> None:
    """Its token is exchanged by the operation, and by the client itself where nothing else is in the environment."""
    issuer = TokenIssuer(httpserver)
    for known in people.identities.list_providers():
        people.identities.remove_provider(known.url)
    provider = people.identities.add_provider(issuer.url, ["sts.amazonaws.com"])
    trusted = trust(
        {"Federated": provider.arn},
        "sts:AssumeRoleWithWebIdentity",
        Condition={"StringEquals": {f"{issuer.place}:aud": "sts.amazonaws.com"}},
    )
    role, token = people.role(trusted, EVERYTHING), tmp_path / "token"
    token.write_text(issuer.token())
    wanted = {"RoleArn": role.arn, "RoleSessionName": "job-1", "WebIdentityToken": token.read_text()}
    answer = start({}).call("sts:AssumeRoleWithWebIdentity", **wanted)
    assert (answer["Provider"], answer["Audience"]) == (provider.arn, "sts.amazonaws.com")
    assert seconds_left(answer) == pytest.approx(3600, abs=60)
    job = start({"AWS_ROLE_ARN": role.arn, "AWS_WEB_IDENTITY_TOKEN_FILE": str(token), "AWS_ROLE_SESSION_NAME": "job-2"})
    assert job.call("sts:GetCallerIdentity")["Arn"].endswith(f":assumed-role/{role.name}/job-2")
    job.call("ListDomains")


def seconds_left(answer: Answer) -> float:
    """Return how long the credentials in an answer are good for."""
    end = answer["Credentials"]["Expiration"]  # where the wire is XML, the CLI prints what it reads
    return (datetime.fromisoformat(end).timestamp() if isinstance(end, str) else float(end)) - time.time()


def test_a_stream_of_unknown_length(javascript: Start, live_server: LiveServer, house: House, tmp_path: Path) -> None:
    house.repository("team")
    path = tmp_path / "content"
    path.write_bytes(os.urandom(3_000_000))
    client = javascript(keys(live_server.key))
    version = {**house.named("team", "acme", "generic"), "packageVersion": "1.0"}
    asset = {"assetName": "a", "assetSHA256": hashlib.sha256(path.read_bytes()).hexdigest()}
    client.call("PublishPackageVersion", **version, **asset, assetContent=Chunks(path))
    assert client.call("GetPackageVersionAsset", **version, asset="a")["asset"] == content_of(path)


def test_the_javascript_sdk_knows_the_same_operations(driver: Path) -> None:
    script = "import('@aws-sdk/client-codeartifact').then((sdk) => console.log(JSON.stringify(Object.keys(sdk))))"
    done = subprocess.run(
        [javascript_client.program("node"), "--no-warnings", "--eval", script],
        cwd=driver.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    commands = {name.removesuffix("Command") for name in json.loads(done.stdout) if name[0].isupper()}
    assert commands >= set(models.load("codeartifact").operation_names)


@pytest.fixture
def at_home(aws: Path, environment: dict[str, str], live_server: LiveServer) -> Callable[..., str]:
    """Runs programs as somebody who logs in with the AWS CLI, and has pip and twine."""
    del environment["PIP_CONFIG_FILE"]  # which would keep pip from reading what `login` writes
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"

    def call(program: str | Path, *arguments: str | Path) -> str:
        done = subprocess.run(
            [aws if program == "aws" else program, *arguments],
            env={**environment, **keys(live_server.key)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return call


def test_login_for_twine_and_pip(at_home: Callable[..., str], house: House, tmp_path: Path) -> None:
    place = ("--domain", house.domain, "--repository", house.repository("team"))
    wheel = tmp_path / wheel_name("acme-login")
    wheel.write_bytes(make_wheel("acme-login"))
    for tool in ("twine", "pip"):
        said = at_home("aws", "codeartifact", "login", "--tool", tool, *place)
        assert f"Successfully configured {tool} to use AWS CodeArtifact repository {house.root('team')}/" in said
        assert "Login expires in 12 hours" in said
    at_home("twine", "upload", "--non-interactive", "--repository", "codeartifact", wheel)
    fetched = tmp_path / "fetched"
    at_home("pip", "download", "--no-cache-dir", "--no-deps", "--dest", fetched, "acme-login")
    assert content_of(fetched / wheel.name) == content_of(wheel)
