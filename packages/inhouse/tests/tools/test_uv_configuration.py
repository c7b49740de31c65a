import tomllib
from pathlib import Path

import pytest
from client_fakes import PYPROJECT, write_tree
from hypothesis import given
from hypothesis import strategies as st

from inhouse.errors import SettingError
from inhouse.tools.uv_configuration import configuration_text, personal_files, read_personal

PROJECT = tomllib.loads(PYPROJECT)["tool"]["uv"]


def test_what_only_a_project_may_say_is_left_to_the_project() -> None:
    settings = {**PROJECT, "package": True, "sources": {"a": {"index": "shared"}}, "workspace": {"members": ["b"]}}
    assert tomllib.loads(configuration_text(settings)) == PROJECT


def test_of_the_users_configuration_nothing_is_taken_that_brings_in_packages() -> None:
    user = {
        "index": [{"url": "https://other.example"}],
        "extra-index-url": ["https://other.example"],
        "find-links": ["wheels"],
        "index-strategy": "unsafe-best-match",
        "pip": {"index-url": "https://other.example"},
        "system-certs": True,
        "https-proxy": "http://mine",
    }
    machine = {"https-proxy": "http://machine", "http-proxy": "http://machine", "index-url": "https://other.example"}
    written = tomllib.loads(
        configuration_text({**PROJECT, "link-mode": "copy"}, [user, {**machine, "link-mode": "clone"}])
    )
    assert written == {
        **PROJECT,
        "system-certs": True,
        "https-proxy": "http://mine",
        "http-proxy": "http://machine",
        "link-mode": "copy",
    }


@given(st.dictionaries(st.text(), st.booleans() | st.integers(-9, 9) | st.text()))
def test_whatever_is_configured_can_be_read_back(settings: dict[str, object]) -> None:
    assert tomllib.loads(configuration_text({**settings, "exclude-newer": "x"}))["exclude-newer"] == "x"


def test_the_files_are_where_uv_looks_for_them() -> None:
    def places(environment: dict[str, str], *, windows: bool = False) -> list[str]:
        return [path.as_posix() for path in personal_files(environment, windows=windows)]

    assert places({"HOME": "/home/ada"}) == [
        "/home/ada/.config/uv/uv.toml",
        "/etc/xdg/uv/uv.toml",
        "/etc/uv/uv.toml",
    ]
    assert places({"XDG_CONFIG_HOME": "/c", "XDG_CONFIG_DIRS": "/d:/e"}) == [
        "/c/uv/uv.toml",
        "/d/uv/uv.toml",
        "/e/uv/uv.toml",
        "/etc/uv/uv.toml",
    ]
    assert places({}) == ["/etc/xdg/uv/uv.toml", "/etc/uv/uv.toml"]
    assert places({"APPDATA": "a", "PROGRAMDATA": "p"}, windows=True) == ["a/uv/uv.toml", "p/uv/uv.toml"]
    assert places({}, windows=True) == []


def test_only_files_that_are_there_are_read(tmp_path: Path) -> None:
    write_tree(tmp_path, {"one.toml": "offline = true\n", "broken.toml": "offline ="})
    assert read_personal([tmp_path / "none.toml", tmp_path / "one.toml"]) == [{"offline": True}]
    with pytest.raises(SettingError) as caught:
        read_personal([tmp_path / "broken.toml"])
    assert str(tmp_path / "broken.toml") in caught.value.message
