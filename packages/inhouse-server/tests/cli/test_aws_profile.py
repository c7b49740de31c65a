import stat
from pathlib import Path

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_server import LiveServer

from inhouse_server.cli.aws_profile import with_section, write
from inhouse_server.data_folder import server_file, write_json
from inhouse_server.errors import SettingError


@pytest.fixture
def running(live_server: LiveServer) -> LiveServer:
    write_json(server_file(live_server.folder.path), {"url": live_server.url, "pid": 1})
    return live_server


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    return {
        "AWS_CONFIG_FILE": str(tmp_path / "aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "aws" / "credentials"),
    }


@pytest.mark.parametrize("name", ["inhouse-local", "default", "a.b_c@d+e"])
def test_awss_own_tools_can_use_the_profile(
    running: LiveServer, files: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    config, credentials = write(name, running.folder.path, files)
    for variable, value in {**files, "AWS_PROFILE": name}.items():
        monkeypatch.setenv(variable, value)
    session = boto3.Session()
    assert session.region_name == "us-east-1"
    assert session.client("sts").get_caller_identity()["Arn"] == running.key.principal.arn
    assert session.client("codeartifact").list_domains()["ResponseMetadata"]["HTTPStatusCode"] == 200
    for path in (config, credentials):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700


def test_what_is_written(running: LiveServer, files: dict[str, str]) -> None:
    config, credentials = write("inhouse-local", running.folder.path, files)
    assert config.read_text() == (
        "[profile inhouse-local]\nregion = us-east-1\nservices = inhouse-local\n\n"
        "[services inhouse-local]\n"
        f"codeartifact =\n  endpoint_url = {running.url}\nsts =\n  endpoint_url = {running.url}\n"
    )
    assert credentials.read_text() == (
        f"[inhouse-local]\naws_access_key_id = {running.key.id}\naws_secret_access_key = {running.key.secret}\n"
    )


def test_a_second_time_changes_nothing(running: LiveServer, files: dict[str, str]) -> None:
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in write("x", running.folder.path, files)]
    after = [(path.read_bytes(), path.stat().st_mtime_ns) for path in write("x", running.folder.path, files)]
    assert before == after


OTHERS = (
    "# my own settings\r\n[default]\r\nregion=eu-west-1\r\n\r\n"
    "[profile work] ; at work\r\nsso_session = x\r\n[services work]\r\ncodeartifact =\r\n  endpoint_url = https://x\r\n"
)


def test_all_else_stays_byte_for_byte(running: LiveServer, files: dict[str, str]) -> None:
    path = Path(files["AWS_CONFIG_FILE"])
    path.parent.mkdir()
    path.write_bytes(OTHERS.encode())
    path.chmod(0o644)
    write("inhouse-local", running.folder.path, files)
    content = path.read_bytes().decode()
    assert content.startswith(OTHERS)
    assert "\n" not in content.replace("\r\n", "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_link_stays_a_link(running: LiveServer, files: dict[str, str], tmp_path: Path) -> None:
    path = Path(files["AWS_CONFIG_FILE"])
    path.parent.mkdir()
    (tmp_path / "dotfiles").write_text("[default]\n")
    path.symlink_to(tmp_path / "dotfiles")
    write("inhouse-local", running.folder.path, files)
    assert path.is_symlink()
    assert "[profile inhouse-local]" in (tmp_path / "dotfiles").read_text()


def test_the_home_folder_is_the_default(running: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert write("x", running.folder.path, {}) == [tmp_path / ".aws" / "config", tmp_path / ".aws" / "credentials"]


@pytest.mark.parametrize("name", ["", "a b", "a]b", "a\nb", "-x", "ä", "x" * 101])
def test_names_that_cannot_be(running: LiveServer, files: dict[str, str], name: str) -> None:
    with pytest.raises(SettingError, match="cannot be the name of a profile"):
        write(name, running.folder.path, files)
    assert not Path(files["AWS_CONFIG_FILE"]).exists()


def test_a_file_that_cannot_be_read(running: LiveServer, files: dict[str, str]) -> None:
    path = Path(files["AWS_CONFIG_FILE"])
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError, match="cannot be read or written") as caught:
        write("x", running.folder.path, files)
    assert "AWS_CONFIG_FILE" in caught.value.hint
    assert path.read_bytes() == b"\xff\xfe"
    path.unlink()
    path.mkdir()
    with pytest.raises(SettingError, match="cannot be read or written"):
        write("x", running.folder.path, files)
    assert [entry.name for entry in path.parent.iterdir()] == ["config"]


VALUES = {"region": [" us-east-1"], "codeartifact": ["", "  endpoint_url = new"]}
BLOCK = "region = us-east-1\ncodeartifact =\n  endpoint_url = new\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"[p]\n{BLOCK}"),
        ("[o]\na = 1", f"[o]\na = 1\n\n[p]\n{BLOCK}"),
        ("[o]\na = 1\n", f"[o]\na = 1\n\n[p]\n{BLOCK}"),
        ("[p]\n", f"[p]\n{BLOCK}"),
        ("[p]", f"[p]\n{BLOCK}"),
        (
            "[p]\noutput = json\nregion=old\n# kept\ncodeartifact =\n  endpoint_url = old\n  b = 1\n\n# of o\n[o]\n",
            "[p]\noutput = json\nregion = us-east-1\n# kept\ncodeartifact =\n  endpoint_url = new\n\n# of o\n[o]\n",
        ),
        ("[p]\na = 1\n\n# of o\n[o]\n", f"[p]\na = 1\n{BLOCK}\n# of o\n[o]\n"),
        ("[ p ]\n  # x\nREGION = old\n", f"[ p ]\n  # x\n{BLOCK}"),
        ("[p2]\nregion = old\n[xp]\n", f"[p2]\nregion = old\n[xp]\n\n[p]\n{BLOCK}"),
        (
            "[o]\ns3 =\n  region = x\n[p]\nsts =\n  region = y\n",
            f"[o]\ns3 =\n  region = x\n[p]\nsts =\n  region = y\n{BLOCK}",
        ),
    ],
)
def test_sections_are_edited_in_place(before: str, after: str) -> None:
    assert with_section(before, "p", VALUES) == after


lines = st.sampled_from(
    ["[p]", "[o]", "[profile p]", "a = 1", "region = x", "codeartifact =", "  endpoint_url = y", "# note", "", "  "]
)


@given(st.lists(lines, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_editing_twice_is_editing_once(content: list[str], end: str, closed: bool) -> None:
    text = end.join(content) + (end if closed and content else "")
    once = with_section(text, "p", VALUES)
    assert with_section(once, "p", VALUES) == once
    kept = [line for line in content if line.strip() and line.strip() in ("[o]", "# note", "a = 1", "[profile p]")]
    remaining = [line for line in once.splitlines() if line in kept]
    assert remaining == kept
