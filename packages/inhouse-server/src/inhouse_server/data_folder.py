"""The data folder: everything the server keeps, and who may use it.

catalog.sqlite3   metadata            blobs/   bytes by content        audit/   who changed what
secret.key        signs tokens        format   version of this layout; the server holds a lock on it
server.json       while a server runs: where, and as which process
"""

import json
import os
import secrets
import shlex
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from inhouse_server import compat, platform
from inhouse_server.catalog import Database, principals
from inhouse_server.errors import (
    DataFolderInUseError,
    DataFolderTooNewError,
    DataFolderUnusableError,
    NetworkFileSystemError,
    NotRunningError,
    SettingError,
)
from inhouse_server.identity.keys import new_key, new_user_id
from inhouse_server.model import AccessKey, Clock, Principal

FORMAT = 1
"""The version of this layout; a folder with a higher one is refused."""

ADMIN = compat.ADMINISTRATOR
_SECRET_BYTES = 32
_LOCK_PATIENCE_SECONDS = 1.0
_NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p",
        "afpfs",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs3",
        "nfs4",
        "ocfs2",
    }
    | {"smb2", "smb3", "smbfs", "sshfs", "webdav"}
    | {f"fuse.{name}" for name in ("ceph", "gcsfuse", "glusterfs", "mount-s3", "rclone", "s3fs", "sshfs")}
)
# What systems put into folders that are empty to everyone else.
_NOT_OURS_BUT_HARMLESS = frozenset({"lost+found", ".DS_Store"})


class Partition(Protocol):
    """A mounted file system, as psutil describes it."""

    @property
    def mountpoint(self) -> str:
        """Where it is mounted."""

    @property
    def fstype(self) -> str:
        """Its type, for example `ext4`."""


Partitions = Callable[[], Sequence[Partition]]


@dataclass(frozen=True, slots=True)
class DataFolder:
    """An open data folder, locked against other servers.

    Attributes:
        account: Of everything in it.
        secret: Signs authorization tokens.
    """

    path: Path
    account: str
    secret: bytes
    database: Database

    @property
    def blobs(self) -> Path:
        """The folder of bytes by content."""
        return self.path / "blobs"

    @property
    def audit(self) -> Path:
        """The folder of audit logs."""
        return self.path / "audit"


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that works on a data folder."""

    url: str
    pid: int


def mounted_partitions() -> Sequence[Partition]:
    """Return all mounted file systems."""
    return psutil.disk_partitions(all=True)


@contextmanager
def open_data_folder(
    path: Path, *, account: str | None, clock: Clock, partitions: Partitions = mounted_partitions
) -> Iterator[DataFolder]:
    """Open the data folder for the one server that may use it; make it, and its user `admin`, where there is none.

    Args:
        path: The folder.
        account: That it must have; None for whatever it has, or the default one for a new folder.
        clock: Gives the time now.
        partitions: Gives the mounted file systems.

    Raises:
        NetworkFileSystemError: It lies on one.
        DataFolderUnusableError: It cannot be made or written, or holds something else.
        DataFolderInUseError: Another server has it open.
        DataFolderTooNewError: A newer version wrote it.
        SettingError: It belongs to another account.
    """
    _refuse_network_file_system(path, partitions())
    with _unusable_where_refused(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = _open_format(path)
    try:
        _lock(descriptor, path)
        with _unusable_where_refused(path):
            _check_format(descriptor, path)
            path.chmod(0o700)
            for name in ("audit", "blobs"):
                (path / name).mkdir(mode=0o700, exist_ok=True)
            secret = _read_secret(path)
            server_file(path).unlink(missing_ok=True)  # of a server that was killed
            catalog = path / "catalog.sqlite3"
            os.close(os.open(catalog, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite would let all read it, keys included
        database = Database(catalog)
        try:
            yield DataFolder(path, _settle_account(database, account, clock, path), secret, database)
        finally:
            database.close()
    finally:
        os.close(descriptor)


@contextmanager
def open_catalog(
    path: Path, *, account: str | None, clock: Clock, partitions: Partitions = mounted_partitions
) -> Iterator[tuple[Database, str]]:
    """Open the catalog alone, whether or not a server works on the folder; make the folder where there is none.

    Args:
        path: The folder.
        account: As for `open_data_folder`.
        clock: Gives the time now.
        partitions: Gives the mounted file systems.

    Yields:
        The catalog, and the account of the folder.

    Raises:
        StartError: As `open_data_folder`, except that a server may work on the folder.
    """
    _refuse_network_file_system(path, partitions())
    catalog = path / "catalog.sqlite3"
    if not catalog.exists():
        with open_data_folder(path, account=account, clock=clock, partitions=partitions):
            pass
    with _unusable_where_refused(path), closing_descriptor(os.open(path / "format", os.O_RDWR)) as descriptor:
        _check_format(descriptor, path)
    database = Database(catalog)
    try:
        yield database, _settle_account(database, account, clock, path)
    finally:
        database.close()


def refuse_if_in_use(path: Path) -> None:
    """Return if no server works on the folder; there may be none yet, and none is made.

    Raises:
        DataFolderInUseError: One does.
        DataFolderUnusableError: It cannot be read.
    """
    with _unusable_where_refused(path):
        if not (path / "format").exists():
            return
        descriptor = os.open(path / "format", os.O_RDWR)
    with closing_descriptor(descriptor):
        _lock(descriptor, path)


def server_file(path: Path) -> Path:
    """Return where a running server says how to reach it."""
    return path / "server.json"


def write_json(path: Path, value: object) -> None:
    """Write a file as JSON, whole or not at all; only its owner can read it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file)
            file.write("\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def find_running(path: Path) -> tuple[RunningServer, AccessKey]:
    """Return the server that works on the folder, and the access key of `admin`.

    Raises:
        NotRunningError: None does.
    """
    not_running = NotRunningError(
        f"No server works on the data folder {path}.",
        hint=f"Start one: inhouse server start --data-dir {shlex.quote(str(path))}",
    )
    try:
        descriptor = os.open(path / "format", os.O_RDWR)
        with closing_descriptor(descriptor):
            if platform.try_lock(descriptor):  # a server that runs would hold it; what it left behind says nothing
                raise not_running
        running = _read_server_file(path)
        catalog = (path / "catalog.sqlite3").absolute().as_uri()
        with closing(sqlite3.connect(f"{catalog}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            user = next(user for user in principals.list_users(connection) if user.arn.endswith(f":user/{ADMIN}"))
            return running, principals.list_keys(connection, user)[0]
    except (OSError, ValueError, sqlite3.Error) as error:
        raise not_running from error


@contextmanager
def closing_descriptor(descriptor: int) -> Iterator[int]:
    """Close a file descriptor when the block ends."""
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _unusable_where_refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataFolderUnusableError(
            f"The data folder {path} cannot be used: {error.strerror or error}.",
            hint="Choose a folder that you may write to with --data-dir.",
        ) from error


def _refuse_network_file_system(path: Path, partitions: Sequence[Partition]) -> None:
    target = path.resolve()
    holding = [partition for partition in partitions if target.is_relative_to(partition.mountpoint)]
    # Of two mounted at the same place, the later one hides the earlier.
    nearest = max(reversed(holding), key=lambda partition: len(Path(partition.mountpoint).parts), default=None)
    if nearest is not None and nearest.fstype.lower() in _NETWORK_FILE_SYSTEMS:
        raise NetworkFileSystemError(
            f"The data folder {path} is on a network file system ({nearest.fstype} at {nearest.mountpoint}), where "
            "locks and syncs cannot be relied upon.",
            hint="Choose a folder on a local disk with --data-dir.",
        )


def _open_format(path: Path) -> int:
    """Open the file that says whose folder it is, and which version; make it in a folder that is empty."""
    file = path / "format"
    if not file.exists():
        others = {entry.name for entry in path.iterdir()} - _NOT_OURS_BUT_HARMLESS - {file.name}
        if others:
            raise DataFolderUnusableError(
                f"{path} is not a data folder of inhouse, and not empty: it holds {min(others)}.",
                hint="Choose an empty folder, or one that does not exist yet, with --data-dir.",
            )
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


def _lock(descriptor: int, path: Path) -> None:
    # `server env` holds the lock for an instant to see whether anybody does; that must not keep a server from starting.
    deadline = time.monotonic() + _LOCK_PATIENCE_SECONDS
    while not platform.try_lock(descriptor):
        if time.monotonic() > deadline:
            raise DataFolderInUseError(
                f"Another server works on the data folder {path}{_where(path)}.",
                hint="Use that one, stop it, or choose another folder with --data-dir.",
            )
        time.sleep(0.05)


def _where(path: Path) -> str:
    with suppress(OSError, ValueError):
        running = _read_server_file(path)
        return f" (process {running.pid}, at {running.url})"
    return ""


def _read_server_file(path: Path) -> RunningServer:
    """Return what a server says of itself.

    Raises:
        OSError: It has said nothing yet.
        ValueError: It has, and it cannot be read.
    """
    match json.loads(server_file(path).read_text(encoding="utf-8")):
        case {"url": str(url), "pid": int(pid)}:
            return RunningServer(url, pid)
        case _:
            raise ValueError("not what a server writes")


def _check_format(descriptor: int, path: Path) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    text = os.read(descriptor, 100).strip()
    if not text:  # new, or made by a server that was killed before it could write
        os.write(descriptor, f"{FORMAT}\n".encode())
        os.fsync(descriptor)
        platform.sync_folder(path)
    elif not text.isdigit():
        raise DataFolderUnusableError(
            f"{path} is not a data folder of inhouse: its file `format` holds no version.",
            hint="Choose an empty folder, or one that does not exist yet, with --data-dir.",
        )
    elif int(text) > FORMAT:
        raise DataFolderTooNewError(
            f"The data folder {path} has format {int(text)}; this inhouse knows formats up to {FORMAT}.",
            hint="Use the inhouse that wrote it or a newer one, or choose another folder with --data-dir.",
        )


def _read_secret(path: Path) -> bytes:
    file = path / "secret.key"
    if not file.exists():
        temporary = path / ".secret.key.new"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with closing_descriptor(descriptor):
            os.write(descriptor, secrets.token_bytes(_SECRET_BYTES))
            os.fsync(descriptor)
        temporary.replace(file)
        platform.sync_folder(path)
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        file.chmod(0o600)
    secret = file.read_bytes()
    if len(secret) < _SECRET_BYTES:
        raise DataFolderUnusableError(
            f"{file} is too short to sign tokens with.",
            hint="Restore it from a backup; or remove it, and all tokens that were issued stop working.",
        )
    return secret


def _settle_account(database: Database, account: str | None, clock: Clock, path: Path) -> str:
    """Return the folder's account; at the first start, make its user `admin` with an access key."""
    with database.write() as connection:
        users = principals.list_users(connection)
        if not users:
            owner = account or compat.DEFAULT_ACCOUNT
            admin = Principal(owner, f"arn:aws:iam::{owner}:user/{ADMIN}", new_user_id())
            principals.insert_user(connection, admin, created_at=clock())
            principals.insert_key(connection, new_key(admin), created_at=clock())
            return owner
    if account not in (None, users[0].account):
        raise SettingError(
            f"The data folder {path} belongs to account {users[0].account}, not {account}.",
            hint="Leave --account (INHOUSE_ACCOUNT) out, or choose another folder with --data-dir.",
        )
    return users[0].account
