"""The data plane over a small world, in process, with a client of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_world import SmallWorld
from starlette.applications import Starlette
from starlette.testclient import TestClient

from inhouse_server.data_plane import create_routes
from inhouse_server.model import Repository


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    return SmallWorld(tmp_path)


@pytest.fixture
def team(world: SmallWorld) -> Repository:
    """A repository behind which a public source stands."""
    return world.repository("team", world.repository("store", connected=True))


@pytest.fixture
def application(world: SmallWorld, team: Repository) -> Starlette:
    assert team.name == "team"
    return Starlette(routes=create_routes(world.data_plane_services()))


@pytest.fixture
def anonymous(application: Starlette) -> Iterator[TestClient]:
    with TestClient(application, base_url="http://127.0.0.1:8765", follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(anonymous: TestClient, world: SmallWorld) -> TestClient:
    anonymous.auth = ("aws", world.token())
    return anonymous
