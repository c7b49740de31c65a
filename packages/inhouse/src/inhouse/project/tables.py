"""Reads tables and texts out of a parsed `pyproject.toml`, with our error when they are something else."""

from collections.abc import Mapping
from typing import Any, Final

from inhouse.errors import ManifestError

FILE: Final = "pyproject.toml"


def table(parent: Mapping[str, Any], key: str, dotted: str = "") -> Mapping[str, Any]:
    """Return a table; an empty one when it is not there.

    Args:
        parent: The table that holds it.
        key: Its key there.
        dotted: Its name as a person knows it; the key when it is left out.

    Raises:
        ManifestError: It is no table.
    """
    found = parent.get(key, {})
    if not isinstance(found, Mapping):
        raise ManifestError(FILE, dotted or key, "must be a table", hint=f"write it as [{dotted or key}]")
    return found


def tables(parent: Mapping[str, Any], key: str, dotted: str, *, hint: str) -> tuple[Mapping[str, Any], ...]:
    """Return a list of tables; an empty one when it is not there.

    Raises:
        ManifestError: It is no list of tables.
    """
    listed = parent.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
        raise ManifestError(FILE, dotted, "must be a list of tables", hint=hint)
    return tuple(listed)


def string(parent: Mapping[str, Any], key: str, dotted: str, *, hint: str = "", optional: bool = False) -> str:
    """Return a text; "" when it is not there and need not be.

    Raises:
        ManifestError: It is no text, or is missing.
    """
    value = parent.get(key)
    if value is None:
        if optional:
            return ""
        raise ManifestError(FILE, dotted, "is missing", hint=hint)
    if not isinstance(value, str):
        raise ManifestError(FILE, dotted, "must be a string", hint=hint or "put it in quotes")
    return value
