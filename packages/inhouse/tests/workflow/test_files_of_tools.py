"""Files of other tools, read and written for real."""

import os
import stat
from pathlib import Path

import pytest

from inhouse.errors import ToolFileError
from inhouse.tools.locations import Machine
from inhouse.workflow import tool_files
from inhouse.workflow.tool_files import (
    is_open_to_others,
    journal_file,
    read_journal,
    read_text,
    remove,
    write_journal,
    write_text,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_any_bytes_survive(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(range(256)))
    text = read_text(file)
    assert text is not None
    write_text(tmp_path / "copy", text, private=False)
    assert (tmp_path / "copy").read_bytes() == bytes(range(256))
    assert read_text(tmp_path / "none") is None
    assert read_text(file / "below") is None


def test_a_file_keeps_its_mode_and_a_secret_one_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    file.chmod(0o640)
    write_text(file, "y", private=False)
    assert (mode(file), is_open_to_others(file)) == (0o640, True)
    write_text(file, "z", private=True)
    assert (mode(file), is_open_to_others(file)) == (0o600, False)
    mask = os.umask(0o022)
    try:
        write_text(tmp_path / "new", "", private=False)
        assert mode(tmp_path / "new") == 0o644
    finally:
        os.umask(mask)
    assert not is_open_to_others(tmp_path / "none")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_folders_that_are_made_are_known_and_removed_when_they_are_empty(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "file"
    folders = write_text(file, "x", private=True)
    assert folders == (tmp_path / "a", tmp_path / "a" / "b")
    assert mode(tmp_path / "a") == 0o700
    (tmp_path / "a" / "other").touch()
    remove(file, folders)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["other"]
    remove(file, folders)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to("real")
    write_text(tmp_path / "link", "y", private=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8") == "y"


def test_a_secret_is_not_written_into_somebody_elses_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    with pytest.raises(ToolFileError, match="belongs to somebody else"):
        write_text(file, "secret", private=True)
    assert file.read_bytes() == b""
    monkeypatch.setattr(tool_files, "WINDOWS", True)
    write_text(file, "secret", private=True)
    assert not is_open_to_others(file)


def test_what_cannot_be_written_or_removed_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ToolFileError, match="cannot be written"):
        write_text(tmp_path / "file" / "below", "x", private=False)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ToolFileError, match="cannot be written"):
        write_text(tmp_path / "folder", "x", private=False)
    with pytest.raises(ToolFileError, match="cannot be removed"):
        remove(tmp_path / "folder", ())
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder"}


def test_where_the_note_is(tmp_path: Path) -> None:
    def place(platform: str, **variables: str) -> str:
        return journal_file(Machine(variables, platform)).as_posix()

    assert place("linux", HOME="/h") == "/h/.local/state/inhouse/login.json"
    assert place("linux", XDG_STATE_HOME="/s") == "/s/inhouse/login.json"
    assert place("darwin", HOME="/h") == "/h/Library/Application Support/inhouse/login.json"
    assert place("win32", LOCALAPPDATA="L") == "L/inhouse/login.json"
    with pytest.raises(ToolFileError, match="nothing says where your files are"):
        place("linux")
    machine = Machine({"HOME": str(tmp_path)}, "linux")
    assert read_journal(machine) == ()
    write_journal(machine, ())
