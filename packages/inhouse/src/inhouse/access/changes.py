"""What is to be changed in a file, decided and shown; the writing is done elsewhere. Pure."""

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inhouse.access.addresses import hidden
from inhouse.access.interface import Reading, Role, Target, ToolFile, names_only
from inhouse.access.journal import Record, format_name
from inhouse.access.tool_files import CONFIGURATIONS
from inhouse.access.undo import keeping_line_ends, undo_of, undone, unix_lines
from inhouse.process import MASK, masked
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool

_SECRET_VALUE: Final = re.compile(
    r"""((?i:\b(?:password|auth|token)["']?[ \t]*[=:][ \t]*|\bpassword[ \t]+))"""
    r"""(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\s"'][^\s,}]*)"""
)


@dataclass(frozen=True)
class Change:
    """A file as it is and as it will be.

    Attributes:
        path: The file.
        tool: Whose it is.
        before: Its text; None if there is no file.
        after: Its text then; None if it will be removed.
        record: What will take it back; None if it takes something back itself.
        gave_way: What was in the way, each in a few words.
        secrets: What must not be shown of either text.
        holds_secret: Whether there will be a secret in it that we write.
        is_exact: Whether what is taken back leaves the very bytes that were there before.
    """

    path: Path
    tool: Tool
    before: str | None = field(repr=False)
    after: str | None = field(repr=False)
    record: Record | None = field(default=None, repr=False)
    gave_way: tuple[str, ...] = ()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    holds_secret: bool = False
    is_exact: bool = True

    @property
    def is_nothing(self) -> bool:
        """Whether all is already as it will be."""
        return self.before == self.after

    def diff(self) -> str:
        """Return the change as a unified diff, secrets masked."""
        old, new = (_shown(text or "", self.secrets) for text in (self.before, self.after))
        was, will_be = (str(self.path) if text is not None else "(no file)" for text in (self.before, self.after))
        lines = difflib.unified_diff(old.splitlines(), new.splitlines(), was, will_be, lineterm="")
        return "".join(f"{line}\n" for line in lines)


def login_change(target: Target, before: str | None, index: Index, token: str, record: Record | None) -> Change:
    """Decide what to change in a file for it to name our repository.

    What an earlier login wrote is taken back first, so that `logout` always leads back to what was there before both.

    Args:
        target: The file.
        before: Its text; None if there is no file.
        index: The repository.
        token: The token, for files that hold secrets; "" takes such secrets out.
        record: What an earlier login noted about the file; None for none.

    Raises:
        ValueError: The text is not of the file's format, or cannot be changed without harm.
    """
    path, file = target.path, target.kind
    original, created = before, before is None
    folders: tuple[Path, ...] = ()
    if record is not None and before is not None:
        original = undone(before, record.undo, record.kind).text
        created, folders = record.created and not original.strip(), record.folders
        original = None if created else original
    old = original or ""
    try:
        after = keeping_line_ends(old, lambda text: file.configured(text, index, token))
        readings = [file.read(unix_lines(text)) for text in (before or "", old, after)]
        undo = undo_of(old, after, file.format)
    except (AttributeError, TypeError, LookupError) as error:
        # A file that its own tool would refuse: a list in the place of a table, and the like.
        raise ValueError(f"it is not as {file.tool.value} wants it: {error}") from error
    if not _is_right(readings[2], file, index, token):
        raise ValueError("it is written in a way that leaves no room for the repository")
    note = Record(path, file.tool, format_name(file.format), created, undo, folders)
    return Change(
        path=path,
        tool=file.tool,
        before=before,
        after=None if not after and before is None else after,
        record=note if undo.touched or created else None,
        gave_way=_gone(readings[1], readings[2]),
        secrets=frozenset({token, *(secret for reading in readings for secret in reading.secrets)} - {""}),
        holds_secret=file.holds_secrets and bool(token),
    )


def logout_change(record: Record, before: str | None) -> tuple[Change, tuple[str, ...]]:
    """Decide how to take back what was written into a file.

    Args:
        record: What was noted about it.
        before: Its text now; None if the file is gone, which leaves nothing to do.

    Returns:
        The change, and our entries that somebody has changed since and that are left alone.

    Raises:
        ValueError: Others have changed the text, and it is not of its format any more.
    """
    if before is None:
        return Change(record.path, record.tool, None, None), ()
    result = undone(before, record.undo, record.kind)
    is_gone = record.created and not result.text.strip()
    secrets = _secrets(record.tool, before) | _secrets(record.tool, result.text)
    after = None if is_gone else result.text
    change = Change(record.path, record.tool, before, after, secrets=secrets, is_exact=result.is_exact)
    return change, tuple(".".join(key) for key in result.left)


def _is_right(reading: Reading, file: ToolFile, index: Index, token: str) -> bool:
    if not names_only(reading, index):
        return False
    if file.holds_secrets:
        return not token or any(mention.password == token for mention in reading.of(Role.CREDENTIALS))
    ours = {index.url, index.publish_url}
    return any(mention.url in ours and not mention.password for mention in reading.mentions)


def _gone(old: Reading, new: Reading) -> tuple[str, ...]:
    kept = {(mention.key, mention.role, mention.url, mention.password) for mention in new.mentions}
    lost = (each for each in old.mentions if (each.key, each.role, each.url, each.password) not in kept)
    return tuple(dict.fromkeys(str(mention) for mention in lost))


def _secrets(tool: Tool, text: str) -> frozenset[str]:
    try:
        return frozenset(CONFIGURATIONS[tool].read(unix_lines(text)).secrets)
    except ValueError:
        return frozenset()


def _shown(text: str, secrets: Collection[str]) -> str:
    # The longest first: a short one may be a part of it. What is spelled with escapes is known by its key alone.
    shown = masked(text, sorted(secrets, key=len, reverse=True))
    return hidden(_SECRET_VALUE.sub(rf"\1{MASK}", shown))
