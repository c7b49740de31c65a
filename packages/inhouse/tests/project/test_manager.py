import pytest

from inhouse.errors import ManifestError
from inhouse.project.manager import Manager, manager_of
from inhouse.project.manifest import read_manifest

PROJECT = '[project]\nname = "a"\nversion = "1"\n'


@pytest.mark.parametrize(
    ("tool", "locks", "manager"),
    [
        ({}, [], Manager.UV),
        ({"uv": {}}, [], Manager.UV),
        ({"poetry": {}}, [], Manager.POETRY),
        ({"poetry": {}, "uv": {}}, [], Manager.UV),
        ({"poetry": {}, "uv": {}}, ["poetry.lock"], Manager.POETRY),
        ({"poetry": {}}, ["uv.lock"], Manager.UV),
        ({"poetry": {}}, ["uv.lock", "poetry.lock"], Manager.POETRY),
        ({}, ["poetry.lock"], Manager.POETRY),
    ],
)
def test_who_manages_a_project_follows_from_its_locks_and_then_from_its_tables(
    tool: dict[str, object], locks: list[str], manager: Manager
) -> None:
    assert manager_of(tool, locks) is manager


def test_what_the_project_says_itself_wins() -> None:
    tables = '[tool.inhouse]\ndomain = "acme"\nowner = "111122223333"\nregion = "us-east-1"\nrepository = "shared"\n'
    said = PROJECT + tables + 'index = "shared"\nmanager = "poetry"\n'
    assert read_manifest(said, ["uv.lock"]).manager is Manager.POETRY
    with pytest.raises(ManifestError, match="`pdm` is not known") as caught:
        read_manifest(said.replace('"poetry"', '"pdm"'))
    assert caught.value.hint == 'it is "uv" or "poetry"'
