"""Exchanges values in the text of a TOML file, where every other byte stays.

A writer of TOML has a mind of its own about quotes, spaces and the order of tables. Here only the text between the
quotes is exchanged, and that it was a value, and the right one, is seen by reading the text again.
"""

import re
import tomllib
from collections.abc import Sequence
from typing import Any


def with_value(text: str, path: Sequence[str], value: str) -> str:
    """Return a text with another value of one key.

    Args:
        text: Valid TOML, in which the key holds a text.
        path: The tables, from the outermost one, and the key.
        value: The value, of characters that need no escape.

    Raises:
        LookupError: The value is not written as it is, for example with escapes.
    """
    wanted = tomllib.loads(text)
    parent: Any = wanted
    for key in path[:-1]:
        parent = parent[key]
    old = parent[path[-1]]
    if old == value:
        return text
    parent[path[-1]] = value
    for found in re.finditer(rf"(?<=[\"']){re.escape(old)}(?=[\"'])", text):
        candidate = f"{text[: found.start()]}{value}{text[found.end() :]}"
        if _read(candidate) == wanted:
            return candidate
    raise LookupError(f"`{'.'.join(path)}` is not written as it is read")


def with_beginnings(text: str, old: Sequence[str], new: str) -> str:
    """Return a text in which values that begin with one of `old` begin with `new`; comments stay as they are."""
    for found in reversed(list(beginnings(text, old))):
        candidate = f"{text[: found.start()]}{new}{text[found.end() :]}"
        if _read(candidate) not in (None, _read(text)):
            text = candidate
    return text


def beginnings(text: str, of: Sequence[str]) -> "list[re.Match[str]]":
    """Return where a quote is followed by one of some texts; the longest counts where several fit."""
    either = "|".join(map(re.escape, sorted(of, key=len, reverse=True)))
    return list(re.finditer(rf"(?<=[\"'])(?:{either})", text))


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
