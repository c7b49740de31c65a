"""Takes a stale token out of a configuration file: text in, new text out."""

import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final

from inhouse.access.ini import without_options
from inhouse.access.netrc_text import with_login
from inhouse.access.toml import dumped, parsed, without
from inhouse.tools.locations import Tool

__all__ = ["without_secret"]


def without_secret(tool: Tool, text: str, key: str, secret: str) -> str | None:
    """Return a text without a token; the address and the user name beside it stay.

    Args:
        tool: The tool that the file belongs to.
        text: The file's text.
        key: The entry, as the tool's reader names it.
        secret: The token.

    Returns:
        None when the token cannot be taken out without touching anything else.
    """
    if not secret:
        return None
    changed = _REMOVERS[tool](text, key, secret)
    if secret in changed:
        changed = changed.replace(f":{secret}@", "@")
    return changed if changed != text and secret not in changed else None


def _in_address(text: str, key: str, secret: str) -> str:
    _ = key
    return text.replace(f":{secret}@", "@")


def _netrc(text: str, key: str, secret: str) -> str:
    _ = secret
    return with_login(text, key.removeprefix("machine ") if key != "default" else "", "")


def _pypirc(text: str, key: str, secret: str) -> str:
    _ = secret
    return without_options(text, lambda section, option: (f"[{section}]", option) == (key, "password"))


def _uv(text: str, key: str, secret: str) -> str:
    if key != "[[credential]]":
        return text
    document = parsed(text)
    listed: Any = document["credential"]
    for number in reversed(range(len(listed))):
        if secret in {listed[number].get("password"), listed[number].get("token")}:
            del listed[number]
    return dumped(document)


def _toml(text: str, key: str, *names: str) -> str:
    document = parsed(text)
    _drop(document, tomllib.loads(text), key, names)
    return dumped(document)


def _drop(document: MutableMapping[str, Any], values: Mapping[str, Any], key: str, names: tuple[str, ...]) -> None:
    """Drop entries below a dotted key, of which the last name may have dots of its own."""
    tables: list[str] = []
    inner: Any = values
    rest = key
    while rest and isinstance(inner, Mapping):
        name = rest if rest in inner else rest.partition(".")[0]
        tables.append(name)
        inner, rest = inner.get(name), rest[len(name) :].removeprefix(".")
    if not isinstance(inner, Mapping):
        without(document, *tables)
        return
    for name in names:
        without(document, *tables, name)


_REMOVERS: Final[Mapping[Tool, Callable[[str, str, str], str]]] = {
    Tool.PIP: _in_address,
    Tool.UV: _uv,
    Tool.NETRC: _netrc,
    Tool.TWINE: _pypirc,
    # What is left of credentials without a password would still be taken before the keyring is asked.
    Tool.POETRY: lambda text, key, _: _toml(text, key, "username", "password", "token"),
    Tool.PDM: lambda text, key, _: _toml(text, key, "password"),
    Tool.HATCH: lambda text, key, _: _toml(text, key, "auth"),
}
