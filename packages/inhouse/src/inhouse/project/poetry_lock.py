"""The digest by which Poetry knows whether its lock goes with the `pyproject.toml`.

The addresses of sources are part of what it is made over, so that a lock whose addresses move needs another one.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

_LEGACY: Final = ("dependencies", "source", "extras", "dev-dependencies")


def _poetry_1(document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    poetry = _poetry(document)
    return {key: poetry.get(key) for key in (*_LEGACY, "group") if key in _LEGACY or poetry.get(key) is not None}


def _poetry_2(document: Mapping[str, Any], *, with_groups: bool) -> Any:  # noqa: ANN401
    said = document.get("project", {})
    keys = ("requires-python", "dependencies", "optional-dependencies")
    project = {key: said[key] for key in keys if key in said}
    groups = document.get("dependency-groups", {}) if with_groups else {}
    if not project and not groups:
        return _poetry_1(document)
    poetry = _poetry(document)
    return {
        **({"project": project} if project else {}),
        **({"dependency-groups": groups} if groups else {}),
        "tool": {"poetry": {key: poetry[key] for key in (*_LEGACY, "group") if key in poetry}},
    }


def _poetry(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("tool", {}).get("poetry", {})
    return found


_RULES: Final[Sequence[Callable[[Mapping[str, Any]], Any]]] = (
    lambda document: _poetry_2(document, with_groups=True),  # since Poetry 2.3
    lambda document: _poetry_2(document, with_groups=False),  # since Poetry 2.0
    _poetry_1,
)
"""What the digest is made over. Source: `Locker._get_content_hash` and `Locker.is_fresh` of Poetry 1.8.5 and 2.5.1."""

_LINE: Final = re.compile(r"(?m)^(content-hash = \")([0-9a-f]{64})(?=\")")


def digests(manifest: str) -> tuple[str, ...]:
    """Return the digests of a `pyproject.toml`, as the generations of Poetry make them, the newest first."""
    document = tomllib.loads(manifest)
    contents = (json.dumps(rule(document), sort_keys=True) for rule in _RULES)
    return tuple(hashlib.sha256(content.encode()).hexdigest() for content in contents)


def goes_with(lock: str, manifest: str) -> bool:
    """Say whether a lock was made for a `pyproject.toml`, by whatever Poetry."""
    return _written(lock) in digests(manifest)


def with_digest(lock: str, before: Sequence[str], after: str) -> str:
    """Return a lock with the digest of another `pyproject.toml`, made as the Poetry that wrote the lock makes it.

    Args:
        lock: The text of the `poetry.lock`.
        before: Texts of `pyproject.toml`, one of which the lock was made for.
        after: The text that it shall go with.

    Raises:
        LookupError: It was made for none of them.
    """
    written = _written(lock)
    for manifest in before:
        for old, new in zip(digests(manifest), digests(after), strict=True):
            if old == written:
                return _LINE.sub(rf"\g<1>{new}", lock)
    raise LookupError("the lock was made for another pyproject.toml")


def _written(lock: str) -> str:
    lines = _LINE.findall(lock)
    return lines[0][1] if len(lines) == 1 else ""
