from pathlib import Path

import pytest
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from inhouse_server.errors import SettingError
from inhouse_server.remotes import SimpleIndex, Wheelhouse, create_remote


def test_the_default_is_pypi() -> None:
    remote = create_remote(None)
    assert isinstance(remote, SimpleIndex)
    assert remote.url == PYPI_SIMPLE_ENDPOINT


def test_a_url_is_an_index() -> None:
    remote = create_remote("https://index.example.com/simple")
    assert isinstance(remote, SimpleIndex)
    assert remote.url == "https://index.example.com/simple/"


def test_a_folder_is_a_wheelhouse(tmp_path: Path) -> None:
    remote = create_remote(str(tmp_path))
    assert isinstance(remote, Wheelhouse)
    assert remote.folder == tmp_path.resolve()


def test_anything_else_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as caught:
        create_remote(str(tmp_path / "missing"))
    assert "--public-pypi" in caught.value.hint
