"""What was asked before, answered again by reading as little as possible.

Which token answers a question is decided by the question, some variables and the contents of some files, and by nothing
else. So the decision is kept: under a digest of the question and the variables, with the names of the files, a digest
of what was in them, and the name of the token's own file. As long as all of that is as it was, nothing has to be read
and understood anew. Keys and tokens are not part of what is kept here; a changed byte anywhere makes it worthless.

On this path every import counts, even that of `__future__`: annotations that this Python may not know are in quotes.
"""

import os
import stat
import sys
import time

try:
    from _blake2 import blake2b
except ImportError:  # pragma: no cover - a Python that is built without it
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Token",
    "cache_folder",
    "fingerprint",
    "memo_name",
    "platform_folder",
    "read_private",
    "read_token",
    "recall",
    "state_of",
    "token_folder",
]

TOKEN_FORMAT = "inhouse-token 1"  # noqa: S105 - the first line of a file
MEMO_FORMAT = "inhouse-memo 1"
ON_POSIX = os.name == "posix"
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
"""So that a pipe in the place of a file is told from one, and not waited for."""

_NAME = "inhouse"
_LARGEST = 65_536
_SOON_AT_LEAST = 900
"""Seconds: a token with less left could end within what it was asked for, a long installation for example."""

_VARIABLES = ("AWS_", "INHOUSE_", "XDG_")
_MORE_VARIABLES = frozenset({"CI", "CODEBUILD_BUILD_ID", "HOME", "LOCALAPPDATA", "USERPROFILE"})
"""All variables that say who somebody is, or where that is written."""


class Token:
    """An authorization token.

    Attributes:
        value: The token itself; never part of a message.
        expires_at: When it stops working, in seconds since the epoch.
        created_at: When it was asked for, on our own clock.
    """

    __slots__ = ("created_at", "expires_at", "value")

    def __init__(self, value: str, expires_at: float, created_at: float) -> None:
        self.value = value
        self.expires_at = expires_at
        self.created_at = created_at

    def works(self, now: float) -> bool:
        """Say whether it still works."""
        return now < self.expires_at

    def is_due(self, now: float) -> bool:
        """Say whether it is time for a new one: a quarter of an hour or a tenth of its life before the end.

        One that lives so shortly that this would be always is due after half of its life.
        """
        life = self.expires_at - self.created_at
        return now >= self.expires_at - min(max(_SOON_AT_LEAST, life / 10), life / 2) or now < self.created_at


def recall(question: "tuple[str, ...]", environment: "Mapping[str, str]") -> "Token | None":
    """Return the token that answers a question, if that was decided before and nothing has changed since.

    Args:
        question: Whatever makes a question different from all others, beside variables and files.
        environment: The variables.
    """
    folder = token_folder(environment)
    memo = read_private(f"{folder}{os.sep}{memo_name(question, environment)}")
    if memo is None or not memo.startswith(MEMO_FORMAT):
        return None
    _, target, state, *paths = [*memo.split("\n"), "", ""]  # also where it was written in part
    while paths and not paths[-1]:
        paths.pop()
    if not target or state != state_of(paths):
        return None
    content = read_private(f"{folder}{os.sep}{target}")
    token = None if content is None else read_token(content)
    return None if token is None or token.is_due(time.time()) else token


def memo_name(question: "tuple[str, ...]", environment: "Mapping[str, str]") -> str:
    """Return the name of the file that the decision for a question is kept in."""
    variables = [
        f"{name}={value}"
        for name, value in environment.items()
        if name.startswith(_VARIABLES) or name in _MORE_VARIABLES
    ]
    variables.sort()
    return "memo-" + fingerprint(*question, "", *variables)


def state_of(paths: "Iterable[str]") -> str:
    """Return a digest of what is in some files, those that are not there included."""
    contents = []
    for path in paths:
        contents.append(path)
        try:
            with open(path, encoding="latin-1", newline="") as file:
                contents.append("+" + file.read())
        except OSError:
            contents.append("-")
    return fingerprint(*contents)


def fingerprint(*parts: str) -> str:
    """Return what tells a sequence of texts from every other one: 32 hexadecimal digits."""
    digest = blake2b(digest_size=16)
    for part in parts:
        content = part.encode("utf-8", "surrogateescape")
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


def read_token(content: str) -> "Token | None":
    """Return the token in a file's text; None if it is something else."""
    try:
        form, expires_at, created_at, value, _ = content.split("\n", 4)
        return Token(value, float(expires_at), float(created_at)) if form == TOKEN_FORMAT and value else None
    except ValueError:
        return None


def read_private(path: str) -> "str | None":
    """Return what is in a file; None unless it is a plain file, ours, and closed to everybody else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | NO_FOLLOW | _NO_WAIT)
    except OSError:
        return None
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size > _LARGEST:
            return None
        if ON_POSIX and (state.st_uid != os.geteuid() or state.st_mode & 0o077):
            return None
        return os.read(descriptor, _LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    finally:
        os.close(descriptor)


def token_folder(environment: "Mapping[str, str]") -> str:
    """Return the folder of the kept tokens."""
    return f"{cache_folder(environment)}{os.sep}tokens"


def cache_folder(environment: "Mapping[str, str]", platform: str = sys.platform) -> str:
    """Return the folder of what can be made anew: as INHOUSE_CACHE_DIR says, else where the platform keeps it."""
    said = environment.get("INHOUSE_CACHE_DIR")
    if said:
        return os.path.abspath(os.path.expanduser(said))
    if platform == "win32":
        return os.path.join(platform_folder(environment, "", "", platform), "Cache")
    default = "~/Library/Caches" if platform == "darwin" else "~/.cache"
    return platform_folder(environment, "XDG_CACHE_HOME", default, platform)


def platform_folder(environment: "Mapping[str, str]", variable: str, default: str, platform: str) -> str:
    """Return inhouse's folder for one kind of files, as the library platformdirs has it.

    That library is not used since it would have to be installed into every tool's environment.

    Args:
        environment: The variables.
        variable: The one that says where such files go, except on Windows.
        default: Where they go without it.
        platform: As `sys.platform` names it.
    """
    if platform == "win32":
        parent = environment.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    else:
        parent = environment.get(variable, "").strip()
        # Source: XDG Base Directory Specification: a path that is relative is invalid, and ignored. It would be one of
        # whatever folder somebody happens to be in.
        parent = parent if os.path.isabs(parent) else os.path.expanduser(default)
    return os.path.join(parent, _NAME)
