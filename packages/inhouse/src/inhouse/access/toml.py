"""Files in TOML: read by Python's own parser, changed with tomlkit, which keeps comments and formatting."""

import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from copy import deepcopy
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from inhouse.access.interface import Entry, Key


class Toml:
    """The format; `FileFormat` says what its methods promise. A list of tables is one entry."""

    def entries(self, text: str) -> dict[Key, Entry]:
        """Return every value by the tables that lead to it."""
        document = parsed(text)
        return {key: _entry(document, key, value) for key, value in _flat(values(text))}

    def with_entry(self, text: str, key: Key, raw: str | None) -> str:
        """Return the text with a value put back or taken out; tables that become empty go too."""
        document = parsed(text)
        if raw is None:
            without(document, *key)
        else:
            with_value(document, key, next(iter(parsed(raw).values())))
        return dumped(document)


def values(text: str) -> dict[str, Any]:
    """Return what a file says.

    Raises:
        ValueError: The text is not TOML.
    """
    return tomllib.loads(text)


def parsed(text: str) -> tomlkit.TOMLDocument:
    """Return a file's document, for changes.

    Raises:
        ValueError: The text is not TOML.
    """
    values(text)
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise ValueError(str(error)) from error


def dumped(document: tomlkit.TOMLDocument) -> str:
    """Return a document's text; a file that has something in it ends with a line end."""
    text = tomlkit.dumps(document)
    return text if text.endswith("\n") or not text else f"{text}\n"


def with_value(document: MutableMapping[str, Any], key: Key, value: object) -> None:
    """Set a value, unless it is there already; tables that lead to it are made."""
    *tables, name = key
    table = document
    for number, each in enumerate(tables):
        if not isinstance(table.get(each), MutableMapping):
            is_super_table = number < len(tables) - 1
            table[each] = tomlkit.table(is_super_table=is_super_table)
        table = cast("MutableMapping[str, Any]", table[each])
    # In Python `1 == True`, in TOML they differ.
    if table.get(name) != value or isinstance(table.get(name), bool) is not isinstance(value, bool):
        table[name] = value


def without(document: MutableMapping[str, Any], *key: str) -> None:
    """Take an entry out, and the tables that lead to it when nothing is left in them; none is fine."""
    name, *rest = key
    if name not in document:
        return
    if rest:
        inner = document[name]
        if not isinstance(inner, MutableMapping):
            return
        without(inner, *rest)
        if len(inner) or not _is_blank(inner):
            return
    del document[name]


def table(data: Mapping[str, Any], *key: str) -> Mapping[str, Any]:
    """Return a table of what a file says; an empty one where there is none."""
    for name in key:
        inner = data.get(name)
        data = inner if isinstance(inner, Mapping) else {}
    return data


def text_of(data: Mapping[str, Any], name: str) -> str:
    """Return a text; "" when there is none, or it is something else."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _is_blank(item: object) -> bool:
    text = "" if isinstance(item, InlineTable) else str(getattr(item, "as_string", lambda: "")())
    return "#" not in text  # a comment is somebody's work


def _flat(data: Mapping[str, Any], *leading: str) -> Iterator[tuple[Key, Any]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, *leading, name)
        else:
            yield (*leading, name), value


def _entry(document: Mapping[str, Any], key: Key, value: object) -> Entry:
    item: Any = document
    for name in key:
        item = item[name]
    alone = tomlkit.document()
    alone[key[-1]] = deepcopy(item)
    return Entry(tomlkit.dumps(alone), repr(value))
