"""What tests of the server share: a clock, a catalog, and a real server on a free port with clients that talk to it."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_clock import FakeClock
from house import House
from live_server import ACCOUNT, LiveServer, admin_key_of, serve
from small_world import SmallWorld
from starlette.applications import Starlette
from starlette.testclient import TestClient

from inhouse_server import data_plane
from inhouse_server.app import create_app
from inhouse_server.catalog import Database
from inhouse_server.data_folder import DataFolder, open_data_folder
from inhouse_server.model import AccessKey, Repository
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

pytest.register_assert_rewrite("every_operation")  # its assertions are those of a test
_NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing of the developer's own tools and profiles reaches a test."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "PIP_", "UV_", "POETRY_", "INHOUSE_")):
            monkeypatch.delenv(name)
    nowhere = tmp_path_factory.getbasetemp() / "nowhere"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(nowhere / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(nowhere / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def data_folder(tmp_path: Path, clock: FakeClock) -> Iterator[DataFolder]:
    with open_data_folder(tmp_path / "data", account=None, clock=clock) as opened:
        yield opened


@pytest.fixture
def admin_key(data_folder: DataFolder) -> AccessKey:
    """The access key of the user that the first start made."""
    return admin_key_of(data_folder)


@pytest.fixture(scope="session")
def public_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands for the public source of `live_server`: no test reaches the network by accident."""
    return tmp_path_factory.mktemp("public")


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory, public_folder: Path) -> Iterator[LiveServer]:
    """One server for all tests that need no other; tests keep apart by the names of their domains and projects."""
    path = tmp_path_factory.mktemp("server") / "data"
    settings = ServerSettings(data_dir=path, public_pypi=str(public_folder))
    with open_data_folder(path, account=ACCOUNT, clock=utc_now) as folder, serve(create_app(settings, folder)) as url:
        yield LiveServer(url, folder, admin_key_of(folder))


@pytest.fixture
def codeartifact(live_server: LiveServer) -> "CodeArtifactClient":
    return live_server.codeartifact()


@pytest.fixture
def domain(codeartifact: "CodeArtifactClient") -> str:
    """A domain of this test's own."""
    name = f"domain-{next(_NUMBERS)}"
    codeartifact.create_domain(domain=name)
    return name


@pytest.fixture
def house(
    live_server: LiveServer, codeartifact: "CodeArtifactClient", domain: str, public_folder: Path
) -> Iterator[House]:
    """A domain of this test's own, with a public source that is empty again afterwards."""
    yield House(live_server.url, codeartifact, domain, public_folder)
    for file in public_folder.iterdir():
        file.unlink()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SmallWorld]:
    """A domain, and the data plane's services over it, with a public source that is a fake."""
    made = SmallWorld(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def team(world: SmallWorld) -> Repository:
    """A repository behind which another is connected to the public source."""
    return world.repository("team", world.repository("store", connected=True))


@pytest.fixture
def anonymous(world: SmallWorld, team: Repository) -> Iterator[TestClient]:
    """A client of the data plane over `world`, which has at least the repository `team`."""
    assert team.domain == world.domain
    application = Starlette(routes=data_plane.create_routes(world.data_plane_services()))
    with TestClient(application, base_url="http://127.0.0.1:8765", follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(anonymous: TestClient, world: SmallWorld) -> TestClient:
    """The same with a token."""
    anonymous.auth = ("aws", world.token())
    return anonymous
