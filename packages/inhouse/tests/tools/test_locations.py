"""Where files are; the real tools are asked where they look in `tests/access/test_real_tools.py`."""

import os
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from inhouse.tools.locations import Machine, Scope, Tool, locations, project_file, user_file

LINUX = Machine({"HOME": "/home/ada"}, "linux")
MAC = Machine({"HOME": "/Users/ada"}, "darwin")
WINDOWS = Machine(
    {
        "USERPROFILE": "C:/Users/ada",
        "APPDATA": "C:/Users/ada/AppData/Roaming",
        "LOCALAPPDATA": "C:/Users/ada/AppData/Local",
        "PROGRAMDATA": "C:/ProgramData",
    },
    "win32",
)


def places(tool: Tool, machine: Machine, *, project: str = "/p", prefix: str = "/v") -> list[str]:
    found = locations(tool, machine, project=Path(project), prefix=Path(prefix))
    return [f"{each.scope.value} {each.path.as_posix()}" + " secrets" * each.for_secrets for each in found]


def test_on_linux() -> None:
    assert {tool.value: places(tool, LINUX) for tool in Tool} == snapshot(
        {
            "pip": [
                "environment /v/pip.conf",
                "user /home/ada/.config/pip/pip.conf",
                "user /home/ada/.pip/pip.conf",
                "machine /etc/pip.conf",
                "machine /etc/xdg/pip/pip.conf",
            ],
            "uv": [
                "project /p/uv.toml",
                "user /home/ada/.config/uv/uv.toml",
                "machine /etc/xdg/uv/uv.toml",
                "machine /etc/uv/uv.toml",
                "user /home/ada/.local/share/uv/credentials/credentials.toml secrets",
            ],
            "poetry": [
                "project /p/poetry.toml",
                "user /home/ada/.config/pypoetry/config.toml",
                "user /home/ada/.config/pypoetry/auth.toml secrets",
            ],
            "pdm": [
                "project /p/pdm.toml",
                "user /home/ada/.config/pdm/config.toml",
                "machine /etc/xdg/pdm/config.toml",
            ],
            "twine": ["user /home/ada/.pypirc"],
            "hatch": ["user /home/ada/.config/hatch/config.toml"],
            "netrc": ["user /home/ada/.netrc secrets", "user /home/ada/_netrc secrets"],
        }
    )


def test_on_a_mac() -> None:
    assert {tool.value: places(tool, MAC) for tool in Tool} == snapshot(
        {
            "pip": [
                "environment /v/pip.conf",
                "user /Users/ada/.config/pip/pip.conf",
                "user /Users/ada/.pip/pip.conf",
                "machine /Library/Application Support/pip/pip.conf",
            ],
            "uv": [
                "project /p/uv.toml",
                "user /Users/ada/.config/uv/uv.toml",
                "machine /etc/xdg/uv/uv.toml",
                "machine /etc/uv/uv.toml",
                "user /Users/ada/.local/share/uv/credentials/credentials.toml secrets",
            ],
            "poetry": [
                "project /p/poetry.toml",
                "user /Users/ada/Library/Application Support/pypoetry/config.toml",
                "user /Users/ada/Library/Application Support/pypoetry/auth.toml secrets",
            ],
            "pdm": [
                "project /p/pdm.toml",
                "user /Users/ada/Library/Application Support/pdm/config.toml",
                "machine /Library/Application Support/pdm/config.toml",
            ],
            "twine": ["user /Users/ada/.pypirc"],
            "hatch": ["user /Users/ada/Library/Application Support/hatch/config.toml"],
            "netrc": ["user /Users/ada/.netrc secrets", "user /Users/ada/_netrc secrets"],
        }
    )


def test_on_windows() -> None:
    assert {tool.value: places(tool, WINDOWS) for tool in Tool} == snapshot(
        {
            "pip": [
                "environment /v/pip.ini",
                "user C:/Users/ada/AppData/Roaming/pip/pip.ini",
                "user C:/Users/ada/pip/pip.ini",
                "machine C:/ProgramData/pip/pip.ini",
            ],
            "uv": [
                "project /p/uv.toml",
                "user C:/Users/ada/AppData/Roaming/uv/uv.toml",
                "machine C:/ProgramData/uv/uv.toml",
                "user C:/Users/ada/AppData/Roaming/uv/data/credentials/credentials.toml secrets",
            ],
            "poetry": [
                "project /p/poetry.toml",
                "user C:/Users/ada/AppData/Roaming/pypoetry/config.toml",
                "user C:/Users/ada/AppData/Roaming/pypoetry/auth.toml secrets",
            ],
            "pdm": [
                "project /p/pdm.toml",
                "user C:/Users/ada/AppData/Local/pdm/pdm/config.toml",
                "machine C:/ProgramData/pdm/pdm/config.toml",
            ],
            "twine": ["user C:/Users/ada/.pypirc"],
            "hatch": ["user C:/Users/ada/AppData/Local/hatch/config.toml"],
            "netrc": ["user C:/Users/ada/.netrc secrets", "user C:/Users/ada/_netrc secrets"],
        }
    )


def test_folders_of_freedesktop_are_heeded_also_on_a_mac() -> None:
    said = {"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_CONFIG_DIRS": "/e:/f"}
    assert places(Tool.PIP, Machine(said, "linux"))[1:] == [
        "user /c/pip/pip.conf",
        "user /h/.pip/pip.conf",
        "machine /etc/pip.conf",
        "machine /f/pip/pip.conf",
        "machine /e/pip/pip.conf",
    ]
    assert places(Tool.POETRY, Machine(said, "darwin"))[1] == "user /c/pypoetry/config.toml"
    assert places(Tool.UV, Machine(said, "darwin"))[-1] == "user /d/uv/credentials/credentials.toml secrets"
    relative = {"HOME": "/h", "XDG_CONFIG_HOME": "c"}
    assert places(Tool.POETRY, Machine(relative, "linux"))[1] == "user /h/.config/pypoetry/config.toml"


def test_a_file_that_a_variable_names_takes_the_place_of_the_users() -> None:
    def users(tool: Tool, **variables: str) -> list[str]:
        machine = Machine({"HOME": "/h", **variables}, "linux", exists=lambda path: path == Path("/x/there"))
        found = locations(tool, machine)
        return [each.path.as_posix() for each in found if each.scope in {Scope.USER, Scope.VARIABLE}]

    assert users(Tool.PIP, PIP_CONFIG_FILE="/x/there") == ["/x/there"]
    assert users(Tool.PIP, PIP_CONFIG_FILE="/x/gone") == ["/x/gone", "/h/.config/pip/pip.conf", "/h/.pip/pip.conf"]
    assert users(Tool.PIP, PIP_CONFIG_FILE=os.devnull) == []
    assert users(Tool.UV, UV_CONFIG_FILE="/x/f") == ["/x/f", "/h/.local/share/uv/credentials/credentials.toml"]
    assert users(Tool.UV, UV_NO_CONFIG="1", UV_CREDENTIALS_DIR="/x/d") == ["/x/d/credentials.toml"]
    assert users(Tool.POETRY, POETRY_CONFIG_DIR="/x/d") == ["/x/d/config.toml", "/x/d/auth.toml"]
    assert users(Tool.PDM, PDM_CONFIG_FILE="/x/f") == ["/x/f"]
    assert users(Tool.HATCH, HATCH_CONFIG="/x/f") == ["/x/f"]
    assert users(Tool.NETRC, NETRC="/x/f") == ["/x/f"]


def test_what_exists_decides_where_a_tool_gives_a_choice() -> None:
    def users(tool: Tool, there: str) -> str:
        found = user_file(tool, Machine({"HOME": "/h"}, "darwin", exists=lambda path: path == Path(there)))
        assert found is not None
        return found.as_posix()

    assert users(Tool.PIP, "") == "/h/.config/pip/pip.conf"
    assert users(Tool.PIP, "/h/Library/Application Support/pip") == "/h/Library/Application Support/pip/pip.conf"
    assert users(Tool.NETRC, "") == "/h/.netrc"
    assert users(Tool.NETRC, "/h/_netrc") == "/h/_netrc"


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("tool", Tool)
def test_without_a_home_there_are_no_files_of_the_user(tool: Tool, platform: str) -> None:
    assert user_file(tool, Machine({}, platform)) is None
    assert all(each.scope is Scope.MACHINE for each in locations(tool, Machine({}, platform)))


def test_the_file_to_write_to() -> None:
    assert {tool.value: str(user_file(tool, LINUX)) for tool in Tool} == snapshot(
        {
            "pip": "/home/ada/.config/pip/pip.conf",
            "uv": "/home/ada/.config/uv/uv.toml",
            "poetry": "/home/ada/.config/pypoetry/config.toml",
            "pdm": "/home/ada/.config/pdm/config.toml",
            "twine": "/home/ada/.pypirc",
            "hatch": "/home/ada/.config/hatch/config.toml",
            "netrc": "/home/ada/.netrc",
        }
    )
    assert {tool.value: str(project_file(tool, Path("/p"))) for tool in Tool} == snapshot(
        {
            "pip": "None",
            "uv": "/p/uv.toml",
            "poetry": "/p/poetry.toml",
            "pdm": "/p/pdm.toml",
            "twine": "None",
            "hatch": "None",
            "netrc": "None",
        }
    )
    drive = Machine({"HOMEDRIVE": "D:", "HOMEPATH": "/ada"}, "win32")
    assert places(Tool.TWINE, drive) == ["user D:/ada/.pypirc"]
    assert places(Tool.UV, drive)[1] == "user D:/ada/AppData/Roaming/uv/uv.toml"
