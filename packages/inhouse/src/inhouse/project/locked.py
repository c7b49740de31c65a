"""Which addresses a lock holds, whoever wrote it: uv, Poetry, or a tool that follows PEP 751 or pip's requirements.

Only what comes from an index counts. What a project names by its own address (a git repository, an archive) is no
business of the index, and stays.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from inhouse.errors import ManifestError


@dataclass(frozen=True)
class Locked:
    """An address in a lock.

    Attributes:
        package: The package that comes from there; "" when it is said of all.
        url: The address.
        direct: Whether the project itself named it, apart from any index.
    """

    package: str
    url: str
    direct: bool = False


PYPI: Final = "PyPI"
"""Stands for the address of a package of which Poetry notes none."""


def is_lock(name: str) -> bool:
    """Say whether a file, by its name below the project, may hold addresses of the index."""
    return _reader(name) is not None


def locked_addresses(name: str, text: str) -> tuple[Locked, ...]:
    """Return the addresses that a lock holds.

    Args:
        name: The lock's name below the project, with `/`.
        text: Its text.

    Raises:
        ManifestError: It is not TOML, and should be.
    """
    reader = _reader(name)
    if reader is None:
        return ()
    if reader is _requirements:
        return tuple(_requirements(text))
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = "resolve the conflict, or write the lock anew"
        raise ManifestError(name, "", f"is not valid TOML: {error}", hint=hint) from error
    return tuple(reader(document))


def _reader(name: str) -> Callable[[Any], Iterator[Locked]] | None:
    path = PurePosixPath(name)
    if path.parent.name == "" and path.name in {"uv.lock", "poetry.lock"}:
        return _uv if path.name == "uv.lock" else _poetry
    # Source: PEP 751, "File Name".
    if path.parent.name == "" and re.fullmatch(r"pylock(\.[^.]+)?\.toml", path.name):
        return _pylock
    if path.parent.name in {"", "requirements"} and path.suffix == ".txt":
        return _requirements if "requirements" in name else None
    return None


def _uv(document: Mapping[str, Any]) -> Iterator[Locked]:
    for package in document.get("package", []):
        name, source = package.get("name", "?"), package.get("source", {})
        if "url" in source:
            yield Locked(name, source["url"], direct=True)
        if "registry" in source:
            yield Locked(name, source["registry"])
            yield from _files(name, [package.get("sdist", {}), *package.get("wheels", [])])
        for wanted in package.get("metadata", {}).get("requires-dist", []):
            if "index" in wanted:
                yield Locked(wanted.get("name", "?"), wanted["index"])


def _files(name: str, files: list[Mapping[str, Any]]) -> Iterator[Locked]:
    return (Locked(name, file["url"]) for file in files if "url" in file)


def _poetry(document: Mapping[str, Any]) -> Iterator[Locked]:
    for package in document.get("package", []):
        name, source = package.get("name", "?"), package.get("source", {})
        is_direct = source.get("type", "legacy") != "legacy"
        yield Locked(name, source.get("url", PYPI), is_direct)


def _pylock(document: Mapping[str, Any]) -> Iterator[Locked]:
    for package in document.get("packages", []):
        name = package.get("name", "?")
        if "index" in package:
            yield Locked(name, package["index"])
        yield from _files(name, [package.get("sdist", {}), *package.get("wheels", [])])
        if "url" in package.get("archive", {}):
            yield Locked(name, package["archive"]["url"], direct=True)


_OPTION: Final = re.compile(r"(?m)^[ \t]*(?:-i|-f|--index-url|--extra-index-url|--find-links)[ \t=]+[\"']?([^\s\"']+)")


def _requirements(text: str) -> Iterator[Locked]:
    return (Locked("", found) for found in _OPTION.findall(text))
