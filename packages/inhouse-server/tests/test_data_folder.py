import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fake_clock import FakeClock

from inhouse_server import data_folder as module
from inhouse_server import platform
from inhouse_server.catalog import principals
from inhouse_server.data_folder import (
    DataFolder,
    find_running,
    mounted_partitions,
    open_data_folder,
    server_file,
    write_json,
)
from inhouse_server.errors import (
    DataFolderInUseError,
    DataFolderTooNewError,
    DataFolderUnusableError,
    NetworkFileSystemError,
    NotRunningError,
    SettingError,
    StartError,
)
from inhouse_server.model import AccessKey


@dataclass(frozen=True)
class Mounted:
    mountpoint: str
    fstype: str


def open_once(path: Path, account: str | None = None) -> None:
    with open_data_folder(path, account=account, clock=FakeClock()):
        pass


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refused(kind: type[StartError], path: Path, account: str | None = None) -> StartError:
    with pytest.raises(kind) as caught:
        open_once(path, account)
    assert caught.value.hint, "every error at start says what to do next"
    return caught.value


def test_a_new_folder_has_everything_and_lets_nobody_else_in(tmp_path: Path) -> None:
    path = tmp_path / "some" / "data"
    before = os.umask(0)
    try:
        with open_data_folder(path, account=None, clock=FakeClock()) as folder:
            assert folder.account == "111122223333"
            assert len(folder.secret) >= 32
            assert (folder.blobs, folder.audit) == (path / "blobs", path / "audit")
            names = {entry.name for entry in path.iterdir()}
            assert names - {"catalog.sqlite3-wal", "catalog.sqlite3-shm"} == {
                "catalog.sqlite3", "audit", "blobs", "secret.key", "format",
            }  # fmt: skip
    finally:
        os.umask(before)
    assert (path / "format").read_text() == "1\n"
    assert mode(path) == 0o700
    assert {name: mode(path / name) for name in ("audit", "blobs")} == {"audit": 0o700, "blobs": 0o700}
    for name in ("secret.key", "format", "catalog.sqlite3"):
        assert mode(path / name) == 0o600, name


def test_the_first_start_makes_admin(data_folder: DataFolder, admin_key: AccessKey) -> None:
    with data_folder.database.read() as connection:
        (user,) = principals.list_users(connection)
        (key,) = principals.list_keys(connection, user)
    assert user.arn == "arn:aws:iam::111122223333:user/admin"
    assert user.user_id.startswith("AIDA")
    assert key == admin_key
    assert (key.id[:4], len(key.id), len(key.secret)) == ("AKIA", 20, 40)


def test_a_second_start_finds_what_the_first_made(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with (
            open_data_folder(tmp_path / "data", account=None, clock=FakeClock()) as folder,
            folder.database.read() as connection,
        ):
            users = principals.list_users(connection)
            seen.append((folder.secret, users, principals.list_keys(connection, users[0])))
    assert seen[0] == seen[1]


def test_secrets_differ_from_folder_to_folder(tmp_path: Path) -> None:
    secrets = []
    for name in ("one", "two"):
        open_once(tmp_path / name)
        secrets.append((tmp_path / name / "secret.key").read_bytes())
    assert secrets[0] != secrets[1]


def test_the_account_is_chosen_once(tmp_path: Path) -> None:
    open_once(tmp_path / "data", "444455556666")
    with open_data_folder(tmp_path / "data", account=None, clock=FakeClock()) as folder:
        assert folder.account == "444455556666"
    open_once(tmp_path / "data", "444455556666")
    error = refused(SettingError, tmp_path / "data", "111122223333")
    assert "belongs to account 444455556666, not 111122223333" in error.message


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "mounted"
    (path / "lost+found").mkdir(parents=True)
    path.chmod(0o755)
    open_once(path)
    assert mode(path) == 0o700


def test_a_folder_of_somebody_else_is_not(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("…")
    error = refused(DataFolderUnusableError, tmp_path)
    assert "not empty: it holds thesis.tex" in error.message
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"], "nothing was left behind"


@pytest.mark.parametrize("text", ["PDF-1.7", "-1", "1.5"])
def test_a_format_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "format").write_text(text)
    (tmp_path / "thesis.tex").write_text("…")
    assert "holds no version" in refused(DataFolderUnusableError, tmp_path).message
    assert (tmp_path / "format").read_text() == text


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    open_once(tmp_path / "data")
    (tmp_path / "data" / "format").write_text("2\n")
    assert "format 2; this inhouse knows formats up to 1" in refused(DataFolderTooNewError, tmp_path / "data").message


def test_a_newer_catalog_is_refused(tmp_path: Path) -> None:
    with open_data_folder(tmp_path / "data", account=None, clock=FakeClock()) as folder, folder.database.write() as c:
        c.execute("PRAGMA user_version = 999")
    refused(DataFolderTooNewError, tmp_path / "data")


def test_a_first_start_that_was_killed_is_taken_up(tmp_path: Path) -> None:
    """Whatever of the first start had happened, the next one makes the rest."""
    path = tmp_path / "data"
    path.mkdir()
    (path / "format").touch()
    open_once(path)
    (path / "secret.key").unlink()
    (path / "blobs").rmdir()
    (path / ".secret.key.new").write_bytes(b"half")
    open_once(path)
    assert len((path / "secret.key").read_bytes()) == 32


def test_a_secret_that_others_can_read_is_closed(tmp_path: Path) -> None:
    open_once(tmp_path / "data")
    secret = tmp_path / "data" / "secret.key"
    secret.chmod(0o644)
    open_once(tmp_path / "data")
    assert mode(secret) == 0o600


def test_a_secret_that_is_too_short_is_refused(tmp_path: Path) -> None:
    open_once(tmp_path / "data")
    (tmp_path / "data" / "secret.key").write_bytes(b"short")
    assert "too short" in refused(DataFolderUnusableError, tmp_path / "data").message


def test_a_broken_catalog_is_refused(tmp_path: Path) -> None:
    open_once(tmp_path / "data")
    (tmp_path / "data" / "catalog.sqlite3").write_bytes(b"no database" * 1000)
    refused(DataFolderUnusableError, tmp_path / "data")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be used" in refused(DataFolderUnusableError, tmp_path / "file" / "data").message
    refused(DataFolderUnusableError, tmp_path / "file")


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere, so the refusal is made here."""

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert refused(DataFolderUnusableError, tmp_path / "data").message.endswith("cannot be used: Permission denied.")


def test_a_folder_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOCK_PATIENCE_SECONDS", 0.1)
    path = tmp_path / "data"
    with open_data_folder(path, account=None, clock=FakeClock()):
        assert refused(DataFolderInUseError, path).message == f"Another server works on the data folder {path}."
        write_json(server_file(path), {"url": "http://127.0.0.1:1", "pid": 42})
        assert "(process 42, at http://127.0.0.1:1)" in refused(DataFolderInUseError, path).message
    open_once(path)


def test_a_folder_in_use_by_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOCK_PATIENCE_SECONDS", 0.1)
    path = tmp_path / "data"
    open_once(path)
    program = (
        "import os, sys; from inhouse_server.platform import try_lock;"
        "assert try_lock(os.open(sys.argv[1], os.O_RDWR)); print('locked', flush=True); sys.stdin.read()"
    )
    argv = [sys.executable, "-c", program, str(path / "format")]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        refused(DataFolderInUseError, path)
        holder.kill()
        holder.communicate()
    open_once(path)


def test_a_lock_that_is_held_for_an_instant_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([False, False, True])
    monkeypatch.setattr(platform, "try_lock", lambda _: next(answers))
    open_once(tmp_path / "data")


def test_what_a_killed_server_said_of_itself_is_removed(tmp_path: Path) -> None:
    open_once(tmp_path / "data")
    write_json(server_file(tmp_path / "data"), {"url": "http://127.0.0.1:1", "pid": 42})
    open_once(tmp_path / "data")
    assert not server_file(tmp_path / "data").exists()


NETWORKS = ["nfs", "nfs4", "cifs", "smbfs", "9p", "fuse.sshfs", "NFS"]


@pytest.mark.parametrize("kind", NETWORKS)
def test_network_file_systems_are_refused(tmp_path: Path, kind: str) -> None:
    partitions = [Mounted("/", "ext4"), Mounted(str(tmp_path), kind)]
    with (
        pytest.raises(NetworkFileSystemError, match=kind) as caught,
        open_data_folder(tmp_path / "new" / "data", account=None, clock=FakeClock(), partitions=lambda: partitions),
    ):
        pass
    assert "--data-dir" in caught.value.hint
    assert list(tmp_path.iterdir()) == [], "nothing was made"


@pytest.mark.parametrize(
    "make",
    [
        lambda path: [Mounted("/", "nfs"), Mounted(str(path), "ext4")],
        lambda path: [Mounted(f"{path}/da", "nfs"), Mounted("/", "ext4")],
        lambda path: [Mounted(str(path), "nfs"), Mounted(str(path), "xfs")],
        lambda _: [],
    ],
    ids=["the longest mount point decides", "names are whole", "the last of two decides", "none is known"],
)
def test_the_nearest_mounted_file_system_decides(tmp_path: Path, make: Callable[[Path], list[Mounted]]) -> None:
    partitions = make(tmp_path)
    with open_data_folder(tmp_path / "data", account=None, clock=FakeClock(), partitions=lambda: partitions):
        pass


def test_a_link_is_followed_to_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "remote").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "remote")
    partitions = [Mounted("/", "ext4"), Mounted(str(tmp_path / "remote"), "nfs")]
    with (
        pytest.raises(NetworkFileSystemError),
        open_data_folder(tmp_path / "link" / "data", account=None, clock=FakeClock(), partitions=lambda: partitions),
    ):
        pass


def test_this_machines_own_file_systems_can_be_read() -> None:
    assert any(partition.mountpoint == "/" for partition in mounted_partitions())


def test_a_running_server_is_found(data_folder: DataFolder, admin_key: AccessKey) -> None:
    write_json(server_file(data_folder.path), {"url": "http://127.0.0.1:8765", "pid": os.getpid()})
    running, key = find_running(data_folder.path)
    assert (running.url, running.pid, key) == ("http://127.0.0.1:8765", os.getpid(), admin_key)


def test_a_server_that_runs_no_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "data"
    with pytest.raises(NotRunningError, match="No server works on the data folder"):
        find_running(path)
    open_once(path)
    write_json(server_file(path), {"url": "http://127.0.0.1:8765", "pid": os.getpid()})
    with pytest.raises(NotRunningError) as caught:
        find_running(path)
    assert caught.value.hint == f"Start one: inhouse server start --data-dir {path}"


@pytest.mark.parametrize("text", [None, "", "[]", "{", '{"url": "x"}', '{"url": "x", "pid": "y"}'])
def test_a_server_that_has_not_said_where_it_is(data_folder: DataFolder, text: str | None) -> None:
    if text is not None:
        server_file(data_folder.path).write_text(text)
    with pytest.raises(NotRunningError):
        find_running(data_folder.path)


def test_json_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "ready.json"
    write_json(target, {"a": 1})
    with pytest.raises(TypeError):
        write_json(target, {"a": object()})
    assert json.loads(target.read_text()) == {"a": 1}
    assert mode(target) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["ready.json"]
