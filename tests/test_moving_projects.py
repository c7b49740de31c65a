"""`inhouse retarget` with the real programs: locked at one repository, moved, installed at another, and back again.

Two repositories hold the same packages, as a laptop and a test server do. All is locked at the first one, which is then
ended: whatever works afterwards has not asked it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import uv

from pytest_inhouse import RunningServer, running
from support import Shell, write_wheel

pytestmark = pytest.mark.slow

OWN = """
[tool.inhouse]   # where it belongs
domain = 'acme'
owner = "111122223333"
region = "us-east-1"
repository = "libraries"
index = "acme"
"""
UV = """\
[project]
name = "consumer"
version = "1"
requires-python = ">=3.11"
dependencies = ["acme-app"]   # brings acme-base

[dependency-groups]
test = ["acme-base"]

[tool.uv.sources]
acme-app = { index = "acme" }
"""
POETRY_2 = """\
[project]
name = "consumer"
version = "1"
requires-python = ">=3.11"
dependencies = ["acme-app"]   # brings acme-base

[dependency-groups]
test = ["acme-base"]

[tool.poetry]
package-mode = false
"""
POETRY_1 = """\
[tool.poetry]
name = "consumer"
version = "1"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = "^3.11"
acme-app = { version = "*", source = "acme" }   # brings acme-base
"""


@dataclass(frozen=True)
class Place:
    """A repository of the two: its endpoint, a token, the variables of its administrator, the folder of its data."""

    endpoint: str
    token: str
    environment: dict[str, str]
    data_dir: Path

    def credentials(self) -> dict[str, str]:
        return {
            **{f"UV_INDEX_ACME_{name}": value for name, value in (("USERNAME", "aws"), ("PASSWORD", self.token))},
            **{f"POETRY_HTTP_BASIC_ACME_{name}": v for name, v in (("USERNAME", "aws"), ("PASSWORD", self.token))},
        }


@dataclass(frozen=True)
class World:
    """What all tests share: the place that is gone, the one that runs, the projects as they were locked."""

    laptop: Place
    test: Place
    folder: Path


def prepared(server: RunningServer, wheels: list[Path]) -> Place:
    session = boto3.Session(
        aws_access_key_id=server.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=server.environment["AWS_SECRET_ACCESS_KEY"],
        region_name=server.environment["AWS_DEFAULT_REGION"],
    )
    client = session.client("codeartifact", endpoint_url=server.url)
    client.create_domain(domain="acme")
    client.create_repository(domain="acme", repository="libraries")
    answer = client.get_repository_endpoint(domain="acme", repository="libraries", format="pypi")
    token = client.get_authorization_token(domain="acme")["authorizationToken"]
    endpoint = answer["repositoryEndpoint"]
    publish = [uv.find_uv_bin(), "publish", "--publish-url", endpoint, "--username", "aws", "--password", token]
    subprocess.run([*publish, *map(str, wheels)], check=True, capture_output=True)
    return Place(endpoint, token, dict(server.environment), server.data_dir)


@pytest.fixture(scope="session")
def poetries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both generations of Poetry, from PyPI."""
    found = {}
    for name, wanted in (("poetry-1", "poetry==1.8.5"), ("poetry-2", "poetry>=2,<3")):
        folder = tmp_path_factory.mktemp(name)
        for argv in (
            [uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(folder)],
            [uv.find_uv_bin(), "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), wanted],
        ):
            subprocess.run(argv, env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"}, check=True)
        found[name] = folder / "bin" / "poetry"
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, poetries: dict[str, Path]) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    dist = folder / "dist"
    wheels = [write_wheel(dist, "acme-base", "1.0"), write_wheel(dist, "acme-app", "2.0", requires=["acme-base"])]
    with ExitStack() as stack:
        laptops = stack.enter_context(ExitStack())
        places = [prepared(owner.enter_context(running()), wheels) for owner in (laptops, stack)]
        here = World(places[0], places[1], folder)
        for name, text in (("uv", UV), ("poetry-1", POETRY_1), ("poetry-2", POETRY_2)):
            project = folder / name
            project.mkdir()
            lock = "poetry.lock" if "poetry" in name else "uv.lock"
            # The line ends of Windows in one of them.
            (project / "pyproject.toml").write_bytes(
                (text + OWN).replace("\n", "\r\n" if name == "uv" else "\n").encode()
            )
            program = poetries.get(name, Path(uv.find_uv_bin()))
            shell = shell_of(here, project, here.laptop)
            asking = Shell(project, {**shell.environment, **here.laptop.environment})
            asking.run(sys.executable, "-m", "inhouse", "use-index")
            shell.run(program, "lock")
            assert here.laptop.endpoint in (project / lock).read_text(encoding="utf-8")
        laptops.close()
        yield here


def shell_of(world: World, folder: Path, place: Place) -> Shell:
    home = world.folder / "home"
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
        "POETRY_KEYRING_ENABLED": "false",
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_CACHE_DIR": str(folder / ".cache" / place.token[-8:]),
        "POETRY_CACHE_DIR": str(folder / ".cache" / "poetry" / place.token[-8:]),
        **place.credentials(),
    }
    return Shell(folder, environment)


def texts(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (*project.glob("*.toml"), *project.glob("*.lock"))}


@pytest.fixture(params=["uv", "poetry-1", "poetry-2"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_what_was_locked_on_the_laptop_is_installed_at_the_test_server_and_comes_back_as_it_was(
    world: World, poetries: dict[str, Path], kind: str
) -> None:
    project = world.folder / kind
    before = texts(project)
    shell = shell_of(world, project, world.test)
    inhouse = [sys.executable, "-m", "inhouse", "retarget"]

    service = world.test.environment["AWS_ENDPOINT_URL_CODEARTIFACT"]
    keys = {name: value for name, value in world.test.environment.items() if not name.startswith("AWS_ENDPOINT")}
    said = Shell(project, {**shell.environment, **keys}).run(*inhouse, "--endpoint", service)
    assert world.test.endpoint in said.stdout
    assert not any(world.laptop.endpoint.encode() in text for text in texts(project).values())
    assert shell.run(*inhouse, "--check").stdout.strip() == world.test.endpoint
    moved = texts(project)
    if kind == "uv":
        shell.run(uv.find_uv_bin(), "lock", "--check", "--offline")
        shell.run(uv.find_uv_bin(), "lock", "--check")
        shell.run(uv.find_uv_bin(), "sync", "--locked")
        shell.run(uv.find_uv_bin(), "sync", "--frozen", "--reinstall")
    else:
        shell.run(poetries[kind], "check", "--lock")
        shell.run(poetries[kind], "install", "--no-interaction")
    imported = "import acme_app, acme_base; print(acme_app.VERSION)"
    assert shell.run(project / ".venv" / "bin" / "python", "-c", imported).stdout.strip() == "2.0"
    assert texts(project) == moved
    if kind == "poetry-2":
        shell.run(poetries[kind], "lock")  # resolved anew there, it is the very same lock
        assert texts(project) == moved

    shell.run(*inhouse, "--to", world.laptop.endpoint)
    assert texts(project) == before


def test_at_aws_the_lock_goes_with_the_project_and_it_comes_back_as_it_was(
    world: World, poetries: dict[str, Path], kind: str
) -> None:
    project = world.folder / kind
    before = texts(project)
    shell = shell_of(world, project, world.test)
    inhouse = [sys.executable, "-m", "inhouse", "retarget"]
    address = "https://other-444455556666.d.codeartifact.eu-central-1.amazonaws.com/pypi/libraries/"
    there = ["--domain", "other", "--owner", "444455556666", "--region", "eu-central-1"]

    dry = shell.run(*inhouse, "--to", "aws", *there, "--dry-run").stdout
    assert f'+url = "{address}simple/' in dry
    assert texts(project) == before
    assert address in shell.run(*inhouse, "--to", "aws", *there).stdout
    shell.run(*inhouse, "--check", "--to", "aws")
    if kind == "uv":
        shell.run(uv.find_uv_bin(), "lock", "--check", "--offline")
    else:
        shell.run(poetries[kind], "check", "--lock")
    assert b"eu-central-1" in texts(project)["pyproject.toml"]

    shell.run(*inhouse, "--to", world.laptop.endpoint, "--region", "us-east-1")
    assert texts(project) == before


def test_the_laptop_is_found_by_the_repository_that_runs_there(world: World, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name, content in texts(world.folder / "uv").items():
        (project / name).write_bytes(content)
    shell = shell_of(world, project, world.test)
    inhouse = [sys.executable, "-m", "inhouse", "retarget", "--to", "laptop"]
    shell.run(*inhouse, INHOUSE_DATA_DIR=str(world.test.data_dir))
    assert world.test.endpoint.encode() in texts(project)["uv.lock"]
    gone = shell.run(*inhouse, INHOUSE_DATA_DIR=str(world.laptop.data_dir), check=False)
    assert gone.returncode == 1
    assert "the embedded repository of this machine cannot be asked" in gone.stdout
    assert "inhouse server start" in gone.stdout


def test_the_lock_of_another_tool_follows_too(world: World, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name, content in texts(world.folder / "uv").items():
        (project / name).write_bytes(content)
    shell = shell_of(world, project, world.test)
    inhouse = [sys.executable, "-m", "inhouse", "retarget"]
    shell.run(*inhouse, "--to", world.test.endpoint)
    export = [uv.find_uv_bin(), "export", "--quiet", "--frozen", "--no-emit-project"]
    shell.run(*export, "--format", "pylock.toml", "--output-file", "pylock.toml")
    shell.run(*export, "--emit-index-url", "--output-file", "requirements.txt")
    before = {name: (project / name).read_bytes() for name in ("pylock.toml", "requirements.txt")}
    shell.run(*inhouse, "--to", "aws")
    for name in before:
        assert b"amazonaws.com" in (project / name).read_bytes()
        assert b"127.0.0.1" not in (project / name).read_bytes()
    shell.run(*inhouse, "--to", world.test.endpoint)
    assert {name: (project / name).read_bytes() for name in before} == before
    shell.run(uv.find_uv_bin(), "venv", "--python", sys.executable, ".venv")
    for name in before:
        shell.run(uv.find_uv_bin(), "pip", "sync", "--require-hashes", name, "--preview-features", "pylock")
    listed = json.loads(shell.run(uv.find_uv_bin(), "pip", "list", "--format", "json", "--quiet").stdout)
    assert {entry["name"] for entry in listed} == {"acme-app", "acme-base"}
