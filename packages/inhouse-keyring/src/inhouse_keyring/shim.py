"""The program `keyring` that stands before another one on PATH, and answers for our repositories in its place.

It is opt-in, since it hides a program that people know. It must lie outside of a project's environment: pip does not
run a `keyring` that lies beside itself.
"""

from __future__ import annotations

import os
import shlex
import sys

from inhouse_keyring.memory import NO_FOLLOW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ShimError", "install", "is_shim", "next_keyring", "remove"]

_MARK = "This is inhouse-keyring's stand-in for keyring"

_CODE = "import sys; from inhouse_keyring.program import main; sys.exit(main(sys.argv[2:], sys.argv[1]))"

_POSIX = """\
#!/bin/sh
# {mark}: it answers for CodeArtifact, and hands everything else on.
# Remove it with: inhouse-keyring remove-shim {folder}
exec {python} -I -c '{code}' {path} "$@"
"""

_WINDOWS = """\
@rem {mark}: it answers for CodeArtifact, and hands everything else on.
@"{python}" -I -c "{code}" "{path}" %*
"""


class ShimError(Exception):
    """What lies in the place of the shim is something else, which is left alone."""


def install(folder: str) -> str:
    """Write the shim into a folder and return its path; one of ours that is there is replaced.

    Raises:
        ShimError: There is a `keyring` of somebody else's.
        OSError: It cannot be written.
    """
    path = shim_path(folder)
    if os.path.lexists(path) and not is_shim(path):
        raise ShimError(f"{path} is another program; choose a folder that comes before it on PATH")
    os.makedirs(folder, exist_ok=True)
    partial = f"{path}.{os.getpid()}.partial"
    # Only ever a new file: in a folder that others write to, one of that name may lie in wait.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW
    with open(os.open(partial, flags, 0o755), "w", encoding="utf-8", newline="") as file:
        file.write(content(folder))
    os.chmod(partial, 0o755)  # noqa: S103 - a program, without anything secret in it
    os.replace(partial, path)
    return path


def remove(folder: str) -> str:
    """Remove the shim from a folder and return what was its path; it is no error if there is none.

    Raises:
        ShimError: There is a `keyring` of somebody else's.
        OSError: It cannot be removed.
    """
    path = shim_path(folder)
    if os.path.lexists(path):
        if not is_shim(path):
            raise ShimError(f"{path} is another program, and not the one that inhouse-keyring writes")
        os.unlink(path)
    return path


def content(folder: str, python: str = sys.executable, *, windows: bool = os.name == "nt") -> str:
    """Return the text of the shim in a folder."""
    path = shim_path(folder)
    if windows:
        return _WINDOWS.format(mark=_MARK, python=python, code=_CODE, path=path)
    quoted = {"python": shlex.quote(python), "folder": shlex.quote(folder), "path": shlex.quote(path)}
    return _POSIX.format(mark=_MARK, code=_CODE, **quoted)


def shim_path(folder: str) -> str:
    """Return where the shim is in a folder."""
    name = "keyring.cmd" if os.name == "nt" else "keyring"
    return os.path.join(os.path.abspath(folder), name)


def is_shim(path: str) -> bool:
    """Say whether a program is one of ours."""
    try:
        with open(path, "rb") as file:
            return _MARK.encode() in file.read(500)
    except OSError:
        return False


def next_keyring(shim: str, environment: Mapping[str, str]) -> str | None:
    """Return the next `keyring` on PATH that is not one of ours; None if there is none.

    Args:
        shim: The path of the shim that was run.
        environment: The variables.
    """
    names = ("keyring.exe", "keyring.cmd", "keyring.bat") if os.name == "nt" else ("keyring",)
    # What is relative, or empty, is whatever folder somebody happens to be in.
    for folder in filter(os.path.isabs, environment.get("PATH", os.defpath).split(os.pathsep)):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.isfile(path) or not os.access(path, os.X_OK):
                continue
            if os.path.realpath(path) != os.path.realpath(shim) and not is_shim(path):
                return path
    return None
