"""Makes the repository a project's one index: text of a `pyproject.toml` in, new text out.

Why only one: asked for a package of your own, a second index is asked too, and whoever has registered the name there
wins when the first one answers "not found" or, with other tools, "not allowed". With PyPI behind the repository as an
upstream, one address serves everything, and the repository decides what comes from where.
"""

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, cast

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from inhouse.project.manifest import SECOND_SOURCES, Index


@dataclass(frozen=True)
class IndexChange:
    """What making the one index meant.

    Attributes:
        text: The new text; the old one, to the letter, when all was as it must be.
        removed: What reached around the one index and was taken out, each described in a few words.
    """

    text: str
    removed: tuple[str, ...] = ()


def repository_index(name: str, endpoint: str) -> Index:
    """Return the index of a repository.

    Args:
        name: Its name in uv.
        endpoint: The repository's endpoint, ending in `/`.
    """
    return Index(name, f"{endpoint}simple/", endpoint, default=True, authenticate="always")


def set_one_index(text: str, index: Index) -> IndexChange:
    """Make an index the one index of a project; comments and formatting of the rest are kept.

    Doing it twice changes nothing. What would reach around the index (other indexes, links to folders, sources that
    point to an index that is gone) is taken out and listed.

    Args:
        text: The text of a valid `pyproject.toml`.
        index: The index.
    """
    document = tomlkit.parse(f"{text.rstrip()}\n")
    before = document.unwrap()
    uv = subtable(subtable(document, "tool", is_super_table=True), "uv")
    removed = make_one_index(uv, index)
    if document.unwrap() == before:
        return IndexChange(text)
    return IndexChange(ended_like(text, tomlkit.dumps(document)), tuple(removed))


def make_one_index(uv: MutableMapping[str, Any], index: Index) -> list[str]:
    """Make an index the one index in a table of uv's settings: `[tool.uv]`, or a whole `uv.toml`.

    Returns:
        What reached around it and was taken out, each described in a few words.
    """
    removed = _drop_second_sources(uv)
    set_value(uv, "index-strategy", "first-index")
    set_value(uv, "keyring-provider", "subprocess")
    removed += [*_drop_other_indexes(uv, index), *_drop_sources(uv, index)]
    listed = cast("AoT", uv["index"])
    entry = listed[0]
    for key, value in (
        ("name", index.name),
        ("url", index.url),
        ("publish-url", index.publish_url),
        ("default", True),
        ("authenticate", index.authenticate),
    ):
        set_value(entry, key, value)
    for key in [key for key in entry if key not in {"name", "url", "publish-url", "default", "authenticate"}]:
        # `explicit` would hide the index again, `ignore-error-codes` would let uv go on after a refusal.
        removed.append(f"`{key}` of the index `{index.name}`")
        del entry[key]
    return removed


_NEW_ENTRY = re.compile(r"(?m)(^\[\[tool\.(?:uv\.index|poetry\.source)\]\]\n(?:[a-z-]+ = .*\n)+)(?=[\[#])")
"""An index with no empty line behind it, as tomlkit writes one that is new between other tables."""


def ended_like(text: str, changed: str) -> str:
    """Return a changed text with the line ends of the old one, and with as many of them at its end."""
    end = text[len(text.rstrip()) :]
    if "\r\n" in text and not re.search(r"(?<!\r)\n", text):
        lines = _NEW_ENTRY.sub(r"\1\n", changed.replace("\r\n", "\n").rstrip())
        return lines.replace("\n", "\r\n") + end
    return _NEW_ENTRY.sub(r"\1\n", changed.rstrip()) + end


def _drop_second_sources(uv: MutableMapping[str, Any]) -> list[str]:
    removed = []
    for prefix, table in (("tool.uv", uv), ("tool.uv.pip", uv.get("pip", {}))):
        for key in (*SECOND_SOURCES, "torch-backend"):
            if key in table:
                removed.append(f"`{key}` of [{prefix}]")
                del table[key]
    if uv.get("pip", {}).get("index-strategy", "first-index") != "first-index":
        removed.append("`index-strategy` of [tool.uv.pip]")
        del uv["pip"]["index-strategy"]
    return removed


def _drop_other_indexes(uv: MutableMapping[str, Any], index: Index) -> list[str]:
    """Leave exactly one entry in `[[tool.uv.index]]`: the one with the index's name, or a new one."""
    entries = list(uv.get("index", []))
    mine = next((entry for entry in entries if entry.get("name") == index.name), None)
    removed = [
        f"the index `{entry.get('name', '')}` ({entry.get('url', '')})" for entry in entries if entry is not mine
    ]
    if mine is not None and not removed and isinstance(uv["index"], AoT):
        return []
    listed = tomlkit.aot()
    if not entries and isinstance(uv, Table) and not uv.as_string().replace("\r", "").endswith("\n\n"):
        uv.add(tomlkit.nl())  # a table reads better after an empty line
    listed.append(as_table(mine))
    uv["index"] = listed
    return removed


def as_table(entry: Mapping[str, object] | None) -> Table:
    """Return an entry as a table of its own; an inline one (`index = [{…}]`) has no room for comments."""
    if isinstance(entry, Table):
        return entry
    table = tomlkit.table()
    for key, value in (entry or {}).items():
        table.add(key, value)
    return table


def _drop_sources(uv: MutableMapping[str, Any], index: Index) -> list[str]:
    """Take out sources that pin a package to an index that is gone; uv would refuse the whole project."""
    sources = uv.get("sources", {})
    removed = []
    for package in list(sources):
        entries = sources[package] if isinstance(sources[package], list) else [sources[package]]
        kept = [entry for entry in entries if entry.get("index", index.name) == index.name]
        if len(kept) == len(entries):
            continue
        gone = next(entry["index"] for entry in entries if entry.get("index", index.name) != index.name)
        removed.append(f"the source of `{package}` in the index `{gone}`")
        if kept:
            sources[package] = kept
        else:
            del sources[package]
    return removed


def subtable(parent: MutableMapping[str, Any], key: str, *, is_super_table: bool = False) -> MutableMapping[str, Any]:
    """Return a table below another one; it is made, or made a table with room for others, if it is not one yet."""
    if key not in parent:
        parent[key] = tomlkit.table(is_super_table=is_super_table)
    elif isinstance(parent[key], InlineTable):
        parent[key] = as_table(parent[key])  # in one line there is no room for an index of its own
    return cast("MutableMapping[str, Any]", parent[key])


def set_value(table: MutableMapping[str, Any], key: str, value: object) -> None:
    """Set a value unless it is there already, so that its comment and place survive."""
    if table.get(key) != value:
        table[key] = value
