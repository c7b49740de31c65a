"""How a change to a text is taken back, also when others have changed the text since. Pure.

As long as nobody else has, the lines that were there are put back, byte for byte. Otherwise only our own entries are
taken out, and what was in their place is put back, unless somebody has changed just that.
"""

import difflib
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from inhouse.access.interface import FileFormat, Key


@dataclass(frozen=True)
class Hunk:
    """Lines that were exchanged.

    Attributes:
        start: The first of them, counted in the new text from 0.
        count: How many of the new text's they are.
        was: The lines that were there.
    """

    start: int
    count: int
    was: tuple[str, ...]


@dataclass(frozen=True)
class Touched:
    """An entry that was changed.

    Attributes:
        key: Which.
        was: Its text before; None if it was not there.
        now: A digest of what it says after; None if it was taken out. A digest, since it may hold a secret.
    """

    key: Key
    was: str | None
    now: str | None


@dataclass(frozen=True)
class Undo:
    """What it takes to take a change back.

    Attributes:
        digest: A digest of the whole new text.
        hunks: The lines that were exchanged, in the order of the text.
        touched: The entries that were changed.
    """

    digest: str
    hunks: tuple[Hunk, ...]
    touched: tuple[Touched, ...]


@dataclass(frozen=True)
class Undone:
    """A text without our change.

    Attributes:
        text: The text.
        is_exact: Whether it is what was there before, byte for byte.
        left: Our entries that somebody has changed since, and that were left alone for it.
    """

    text: str
    is_exact: bool
    left: tuple[Key, ...] = ()


def undo_of(before: str, after: str, kind: FileFormat) -> Undo:
    """Return what it takes to come back from one text to another.

    Raises:
        ValueError: One of them is not of the format.
    """
    old, new = kind.entries(unix_lines(before)), kind.entries(unix_lines(after))
    touched = tuple(
        Touched(key, old[key].raw if key in old else None, digest(new[key].meaning) if key in new else None)
        for key in dict.fromkeys([*old, *new])
        if key not in old or key not in new or old[key].meaning != new[key].meaning
    )
    lines, present = _lines(before), _lines(after)
    matcher = difflib.SequenceMatcher(None, lines, present, autojunk=False)
    hunks = tuple(
        Hunk(start, stop - start, tuple(lines[first:last]))
        for operation, first, last, start, stop in matcher.get_opcodes()
        if operation != "equal"
    )
    return Undo(digest(after), hunks, touched)


def undone(text: str, undo: Undo, kind: FileFormat) -> Undone:
    """Return a text without our change.

    Raises:
        ValueError: Others have changed the text, and it is not of the format any more.
    """
    if digest(text) == undo.digest:
        lines = _lines(text)
        for hunk in reversed(undo.hunks):
            lines[hunk.start : hunk.start + hunk.count] = hunk.was
        return Undone("".join(lines), is_exact=True)
    left = []
    for touched in undo.touched:
        current = kind.entries(unix_lines(text)).get(touched.key)
        if (digest(current.meaning) if current else None) == touched.now:
            text = keeping_line_ends(text, partial(kind.with_entry, key=touched.key, raw=touched.was))
        elif current is not None:
            left.append(touched.key)
    return Undone(text, is_exact=False, left=tuple(left))


def keeping_line_ends(text: str, change: Callable[[str], str]) -> str:
    """Return a text changed, with the line ends of Windows if it has only those."""
    if "\r\n" in text and not re.search(r"(?<!\r)\n", text):
        return change(unix_lines(text)).replace("\n", "\r\n")
    return change(text)


def digest(text: str) -> str:
    """Return what tells a text from every other one; a text may hold bytes that are none."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def unix_lines(text: str) -> str:
    """Return a text with the line ends of Unix, as every reader of ours wants it."""
    return text.replace("\r\n", "\n")


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
