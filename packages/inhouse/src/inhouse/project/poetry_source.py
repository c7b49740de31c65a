"""Makes the repository a Poetry project's one source: text of a `pyproject.toml` in, new text out.

See `index` for why there is only one. A primary source takes PyPI's place; beside a second one a stranger's package can
win, as soon as the first one refuses: Poetry takes 401, 403 and 404 for "no candidates".
"""

import tomllib
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

import tomlkit
from tomlkit.items import AoT

from inhouse.errors import ManifestError
from inhouse.project.index import IndexChange, as_table, ended_like, set_value, subtable
from inhouse.project.manifest import Index
from inhouse.project.poetry import dependency_tables
from inhouse.project.tables import FILE

PRIORITY = "primary"


def set_one_source(text: str, index: Index) -> IndexChange:
    """Make an index the one source of a Poetry project; comments and formatting of the rest are kept.

    Doing it twice changes nothing. Other sources, and what ties a dependency to them, are taken out and listed.

    Args:
        text: The text of a valid `pyproject.toml`.
        index: The index.

    Raises:
        ManifestError: Nothing can be added to what Poetry is told there.
    """
    document = tomlkit.parse(f"{text.rstrip()}\n")
    before = document.unwrap()
    poetry = subtable(subtable(document, "tool", is_super_table=True), "poetry", is_super_table=True)
    removed = [*_drop_other_sources(poetry, index), *_drop_pins(poetry, index)]
    entry = cast("AoT", poetry["source"])[0]
    for key, value in (("name", index.name), ("url", index.url), ("priority", PRIORITY)):
        set_value(entry, key, value)
    for key in [key for key in entry if key not in {"name", "url", "priority"}]:
        removed.append(f"`{key}` of the source `{index.name}`")
        del entry[key]
    if document.unwrap() == before:
        return IndexChange(text)
    changed = ended_like(text, tomlkit.dumps(document))
    if tomllib.loads(changed) != document.unwrap():
        hint = "write [tool.poetry] as a table of its own, each key on a line below it"
        raise ManifestError(FILE, "tool.poetry", "is written in a way that leaves no room for a source", hint=hint)
    return IndexChange(changed, tuple(removed))


def _drop_other_sources(poetry: MutableMapping[str, Any], index: Index) -> list[str]:
    """Leave exactly one entry in `[[tool.poetry.source]]`: the one with the index's name, or a new one."""
    entries: list[Mapping[str, Any]] = list(poetry.get("source", []))
    mine = next((entry for entry in entries if entry.get("name") == index.name), None)
    removed = [
        f"the source `{entry.get('name', '')}` ({entry.get('url', 'PyPI')})" for entry in entries if entry is not mine
    ]
    if mine is not None and not removed and isinstance(poetry["source"], AoT):
        return []
    listed = tomlkit.aot()
    listed.append(as_table(mine))
    poetry["source"] = listed
    return removed


def _drop_pins(poetry: MutableMapping[str, Any], index: Index) -> list[str]:
    """Take out what ties dependencies to sources that are gone; Poetry would refuse the whole project."""
    removed = []
    for _, dependencies in dependency_tables(poetry):
        for package in dependencies:
            wanted = dependencies[package]
            for entry in wanted if isinstance(wanted, list) else [wanted]:
                if isinstance(entry, MutableMapping) and entry.get("source", index.name) != index.name:
                    removed.append(f"the source `{entry['source']}` of `{package}`")
                    del entry["source"]
    return removed
