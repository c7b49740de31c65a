"""Reads and writes files that belong to other tools, and our own note of what was written.

A file is exchanged whole or not at all. One that holds a secret of ours is closed to everybody else from its first
byte on.
"""

import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path

from inhouse.access.journal import Record, dump_journal, load_journal
from inhouse.errors import ToolFileError
from inhouse.tools.locations import Machine

WINDOWS = sys.platform == "win32"
_PRIVATE = 0o600


def read_text(path: Path) -> str | None:
    """Return a file's text, whatever its bytes; None if there is no file.

    Raises:
        ToolFileError: It cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        hint = "look at what it is and whether it is yours; then run this again"
        raise ToolFileError(path, f"cannot be read: {error.strerror}", hint=hint) from error


def write_text(path: Path, text: str, *, private: bool) -> tuple[Path, ...]:
    """Write a file, and return the folders that were made for it, the outermost first.

    Args:
        path: The file; a link stays a link.
        text: Its text.
        private: Whether nobody else may read it. Otherwise a file keeps its mode, and a new one gets the usual one.

    Raises:
        ToolFileError: It cannot be written, or belongs to somebody else.
    """
    target = path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        if private and mode is not None and not WINDOWS and target.stat().st_uid != os.geteuid():
            hint = "no secret is written into a file whose owner can read it; log in as its owner, or move it away"
            raise ToolFileError(path, "belongs to somebody else", hint=hint)
        folders = _make_folders(target.parent, private=private)
        partial = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(partial, flags, _PRIVATE if private else 0o666), "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
            if mode is not None and not private:
                partial.chmod(mode)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        hint = "look at the folder and its file: are they yours, is the disk full?"
        raise ToolFileError(path, f"cannot be written: {error.strerror}", hint=hint) from error
    return folders


def remove(path: Path, folders: tuple[Path, ...]) -> None:
    """Remove a file, and those of the folders that are empty then.

    Raises:
        ToolFileError: It cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        hint = "look at whether its folder is yours"
        raise ToolFileError(path, f"cannot be removed: {error.strerror}", hint=hint) from error
    for folder in reversed(folders):
        with suppress(OSError):  # something else lies in it
            folder.rmdir()


def is_open_to_others(path: Path) -> bool:
    """Say whether anybody but the owner can read or change a file; on Windows, where modes say nothing, never."""
    try:
        return not WINDOWS and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return False


def journal_file(machine: Machine) -> Path:
    """Return the file that holds our note of what was written.

    Raises:
        ToolFileError: Nothing says where the user's files are.
    """
    if machine.is_windows or machine.platform == "darwin":
        folder = machine.user_configuration("inhouse")
    else:
        folder = machine.xdg_state and machine.xdg_state / "inhouse"
    if folder is None:
        hint = "set HOME (on Windows USERPROFILE) to your home folder"
        raise ToolFileError(Path("login.json"), "has no place: nothing says where your files are", hint=hint)
    return folder / "login.json"


def read_journal(machine: Machine) -> tuple[Record, ...]:
    """Return what was written.

    Raises:
        ToolFileError: The note cannot be read.
    """
    path = journal_file(machine)
    try:
        return load_journal(read_text(path) or "")
    except ValueError as error:
        hint = "it is inhouse's own note of what `login` wrote; without it, take that out of the files by hand"
        raise ToolFileError(path, f"cannot be understood: {error}", hint=hint) from error


def write_journal(machine: Machine, records: tuple[Record, ...]) -> None:
    """Write down what was written; no file is left when that is nothing.

    Raises:
        ToolFileError: It cannot be written.
    """
    path = journal_file(machine)
    if records:
        write_text(path, dump_journal(records), private=True)
    else:
        remove(path, (path.parent,))


def _make_folders(folder: Path, *, private: bool) -> tuple[Path, ...]:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700 if private else 0o777)
    return tuple(reversed(missing))
