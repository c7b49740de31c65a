import os
from pathlib import Path

import pytest

from inhouse_keyring.shim import ShimError, content, install, is_shim, next_keyring, remove


def test_installing_again_replaces_our_own(tmp_path: Path) -> None:
    path = Path(install(str(tmp_path / "new")))
    path.write_text(path.read_text(encoding="utf-8") + "# old\n", encoding="utf-8")
    assert install(str(tmp_path / "new")) == str(path)
    assert "# old" not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o755
    assert [file.name for file in path.parent.iterdir()] == ["keyring"]


def test_a_program_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "keyring"
    other.write_text("#!/bin/sh\n", encoding="utf-8")
    for change in (install, remove):
        with pytest.raises(ShimError, match="another program"):
            change(str(tmp_path))
    assert other.read_text(encoding="utf-8") == "#!/bin/sh\n"


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert remove(str(tmp_path)) == str(tmp_path / "keyring")
    assert not is_shim(str(tmp_path / "keyring"))


def test_the_next_keyring_is_a_program_that_is_not_ours(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("ours", "not-executable", "folder", "other")]
    for folder in folders:
        folder.mkdir()
    shim = install(str(folders[0]))
    (folders[1] / "keyring").write_text("#!/bin/sh\n", encoding="utf-8")
    (folders[2] / "keyring").mkdir()
    path = os.pathsep.join(map(str, folders))
    assert next_keyring(shim, {"PATH": path}) is None
    (folders[3] / "keyring").write_text("#!/bin/sh\n", encoding="utf-8")
    (folders[3] / "keyring").chmod(0o755)
    assert next_keyring(shim, {"PATH": path}) == str(folders[3] / "keyring")


def test_paths_are_quoted_for_the_shell() -> None:
    text = content("/a b", "/it's/python", windows=False)
    assert "'/a b/keyring'" in text
    assert "exec '/it'\"'\"'s/python' -I -c" in text


def test_on_windows_it_is_a_command_file() -> None:
    assert content("/a b", "C:/python.exe", windows=True).startswith("@rem This is inhouse-keyring's stand-in")
