"""Keeps tokens in files that nobody else can read.

`tokens/<digest of the key>` in inhouse's cache folder: lines of text, since importing `json` takes longer than all of
the reading. A file that others could have written or read is not believed.
"""

from __future__ import annotations

import os
import stat

from inhouse_keyring.errors import KINDS, TokenError
from inhouse_keyring.memory import (
    MEMO_FORMAT,
    NO_FOLLOW,
    ON_POSIX,
    TOKEN_FORMAT,
    Token,
    fingerprint,
    memo_name,
    read_private,
    read_token,
    state_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class CacheKey:
    """What a kept token was asked for; whoever asks for anything else does not get it.

    Attributes:
        endpoint: The address of the API.
        region: Its region.
        domain: The domain.
        owner: The account that owns the domain.
        who: The identity that asks; never empty.
        seconds: How long the token was to work.
    """

    __slots__ = ("domain", "endpoint", "owner", "region", "seconds", "who")

    def __init__(self, endpoint: str, region: str, domain: str, owner: str, *, who: str, seconds: int) -> None:
        if not who:
            raise ValueError("a token of nobody cannot be kept")
        self.endpoint = endpoint
        self.region = region
        self.domain = domain
        self.owner = owner
        self.who = who
        self.seconds = seconds

    @property
    def parts(self) -> tuple[str, ...]:
        """All of it, as texts."""
        return (self.endpoint, self.region, self.domain, self.owner, self.who, str(self.seconds))

    @property
    def digest(self) -> str:
        """The name of its file."""
        return fingerprint("token", *self.parts)


class Cache:
    """The folder of kept tokens.

    Args:
        folder: Where they are.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def read(self, key: CacheKey) -> Token | None:
        """Return the token that was kept for a key; None if there is none that can be believed."""
        content = read_private(self._path(key.digest))
        if content is None:
            return None
        return read_token(content) if _parts(content) == list(key.parts) else None

    def write(self, key: CacheKey, token: Token) -> None:
        """Keep a token, whole or not at all.

        Raises:
            OSError: It cannot be kept.
        """
        lines = (TOKEN_FORMAT, repr(token.expires_at), repr(token.created_at), token.value, *key.parts)
        if any("\n" in line for line in lines):
            raise OSError("a line of the token holds a newline")
        self._write(key.digest, "\n".join(lines) + "\n")

    def failure(self, key: CacheKey) -> tuple[float, TokenError] | None:
        """Return when the last question failed, and how; None if it did not."""
        content = read_private(self._path(key.digest + ".failed"))
        if content is None:
            return None
        try:
            at, kind, message, hint = content.split("\n", 3)
            return float(at), KINDS[kind](message.replace("\v", "\n"), hint=hint.replace("\v", "\n"))
        except (ValueError, KeyError):
            return None

    def note_failure(self, key: CacheKey, at: float, error: TokenError) -> None:
        """Remember how a question failed, for those who waited for its answer.

        Raises:
            OSError: It cannot be remembered.
        """
        texts = (text.replace("\n", "\v") for text in (error.message, error.hint))
        self._write(key.digest + ".failed", "\n".join((repr(at), type(error).__name__, *texts)))

    def forget_failure(self, key: CacheKey) -> None:
        """Forget it, since a later question succeeded."""
        _remove(self._path(key.digest + ".failed"))

    def lock_path(self, key: CacheKey) -> str:
        """Return the file to lock while a key is asked for; makes the folder.

        There are 256 of them, shared by all keys, so that they need not be removed, which could not be done safely.

        Raises:
            OSError: The folder cannot be made.
        """
        self._make_folder()
        return self._path(f"lock-{key.digest[:2]}")

    def clear(self, domain: str = "", owner: str = "") -> int:
        """Forget tokens, and return how many.

        Args:
            domain: Only those of this domain; empty for any.
            owner: Only those of this account's domains; empty for any.
        """
        forgotten = 0
        for path, parts in self._files():
            if (not domain or parts[2:3] == [domain]) and (not owner or parts[3:4] == [owner]):
                _remove(path + ".failed")
                forgotten += _remove(path)
        return forgotten

    def prune(self, now: float) -> None:
        """Remove what has expired: the keys of temporary credentials never come back."""
        for path, _ in self._files():
            token = read_token(read_private(path) or "")
            if token is not None and not token.works(now):
                _remove(path + ".failed")
                _remove(path)
        for path in self._memos():
            target = (read_private(path) or "").split("\n")[1:2]
            if not target or not os.path.exists(self._path(target[0])):
                _remove(path)

    def remember(
        self, question: tuple[str, ...], environment: Mapping[str, str], paths: Sequence[str], key: CacheKey
    ) -> None:
        """Keep the decision that a key's token answers a question; see `inhouse_keyring.memory`.

        Args:
            question: What makes the question different from others.
            environment: The variables that were looked at.
            paths: The files that were looked at, as they were named: a relative path is looked at again from where
                the question is asked again.
            key: What was decided.

        Raises:
            OSError: It cannot be kept.
        """
        if not any("\n" in path for path in paths):
            lines = (MEMO_FORMAT, key.digest, state_of(paths), *paths)
            self._write(memo_name(question, environment), "\n".join(lines))

    def _files(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the files of tokens, each with the parts of its key."""
        for name in self._names():
            if len(name) == 32 and name.isalnum():
                path = self._path(name)
                yield path, _parts(read_private(path) or "")

    def _memos(self) -> list[str]:
        return [self._path(name) for name in self._names() if name.startswith("memo-")]

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.folder)
        except OSError:
            return []

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _make_folder(self) -> None:
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        if ON_POSIX:
            state = os.lstat(self.folder)
            if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():
                raise PermissionError(f"{self.folder} is not your own folder")
            if state.st_mode & 0o077:
                os.chmod(self.folder, 0o700)

    def _write(self, name: str, content: str) -> None:
        self._make_folder()
        path = self._path(name)
        partial = f"{path}.{os.getpid()}.partial"
        _remove(partial)  # of a process that was killed, whose number is ours now
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(content)
            os.replace(partial, path)
        except BaseException:
            _remove(partial)
            raise


def _parts(content: str) -> list[str]:
    """Return the parts of the key that the text of a token's file has."""
    return content.rstrip("\n").split("\n")[4:]


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True
