"""Reads a table of a TOML file, in a fraction of the time that importing `tomllib` takes where the file is plain.

Plain is: the table begins with a line of its own, and the wanted keys stand in it as `key = "value"` or `key = number`.
Anything else is left to `tomllib`, so that nothing is ever read in another way than the standard has it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def read_table(content: str, name: str, keys: Collection[str] | None = None) -> dict[str, str]:
    """Return a table's texts, numbers and truths, as text.

    Args:
        content: The whole file.
        name: The table, for example `tool.inhouse`; empty for what stands before the first one.
        keys: Those that are wanted; None for all.

    Raises:
        ValueError: It is not TOML, or needs a Python with `tomllib` to be read.
    """
    plain = _plain(content, name, keys)
    if plain is not None:
        return plain
    table: Any = _parsed(content)
    for part in name.split(".") if name else ():
        table = table.get(part, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        return {}
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in table.items()
        if (keys is None or key in keys) and isinstance(value, (str, int, float))
    }


def _parsed(content: str) -> dict[str, Any]:
    try:
        import tomllib
    except ImportError:
        try:
            import tomli as tomllib  # type: ignore[import-not-found,no-redef]
        except ImportError:
            raise ValueError('it needs Python 3.11 or newer to be read; `key = "value"` can be read by any') from None
    return tomllib.loads(content)


def _plain(content: str, name: str, keys: Collection[str] | None) -> dict[str, str] | None:
    """Return the table if it is plain; None if it is not."""
    if '"""' in content or "'''" in content or "\r" in content.replace("\r\n", ""):
        return None
    if name and name.rpartition(".")[2] not in content:
        return {}
    headers = 0 if name else 1
    inside = not name
    found: dict[str, str] = {}
    for line in content.splitlines():
        stripped = line.strip()
        if stripped.startswith("["):
            inside = _is_header(stripped, name)
            headers += inside
        elif inside and stripped and not stripped.startswith("#") and not _take(stripped, keys, found):
            return None
    if headers != 1 or (keys is not None and not found.keys() >= set(keys)):
        return None
    return found


def _is_header(line: str, name: str) -> bool:
    return bool(name) and line.startswith(f"[{name}]") and line[len(name) + 2 :].strip()[:1] in {"", "#"}


def _take(line: str, keys: Collection[str] | None, found: dict[str, str]) -> bool:
    """Take one line; say whether it was plain."""
    key, equals, value = line.partition("=")
    key, value = key.strip(), value.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
        named = "\\" not in key and '"' not in key
    else:
        named = bool(key) and _BARE.issuperset(key)
    if keys is not None and (not named or key not in keys):
        return True  # a value over several lines may end here, and is not ours
    if not equals or not named or key in found:
        return False
    read = _value(value)
    if read is None:
        return False
    found[key] = read
    return True


def _value(text: str) -> str | None:
    quote = text[:1]
    if quote in {'"', "'"}:
        value, closed, rest = text[1:].partition(quote)
        plain = closed and "\\" not in value and rest.strip()[:1] in {"", "#"}
        return value if plain else None
    value = text.partition("#")[0].strip()
    is_number = value.isascii() and value.isdigit() and (value == "0" or value[0] != "0")
    return value if is_number or value in {"true", "false"} else None
