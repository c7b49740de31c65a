"""Moves a project from one address of its repository to another: texts of its files in, new texts out.

Nothing is resolved anew. Versions and the digests of files stay, and with them what gets installed; only the addresses
change, and what is made over them. The way back gives the same bytes again, since what a lock holds comes either all
from where the project leaves or not at all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from inhouse.errors import ForeignAddressesError, LockStaleError, ManifestError
from inhouse.project.address import without_user
from inhouse.project.edit import with_beginnings, with_value
from inhouse.project.locked import Locked, is_lock, locked_addresses
from inhouse.project.manager import Manager
from inhouse.project.manifest import Coordinates
from inhouse.project.poetry_lock import goes_with, with_digest
from inhouse.project.tables import FILE

ANSWERS: Final = frozenset({".copier-answers.yml", ".cruft.json"})
"""What a template was answered when the project was made; an update of the template begins with it."""

_COORDINATES: Final = ("domain", "owner", "region", "repository")


@dataclass(frozen=True)
class Move:
    """From where to where.

    Attributes:
        origins: The endpoints that are left: the project's own first, then other addresses of the same repository.
        target: The endpoint that takes their place.
        before: Which repository it was.
        after: Which one it is then.
    """

    origins: tuple[str, ...]
    target: str
    before: Coordinates
    after: Coordinates


def concerns(name: str) -> bool:
    """Say whether a file, by its name below the project, may have to move with it."""
    return name == FILE or name in ANSWERS or is_lock(name)


def retarget(files: Mapping[str, str], move: Move) -> dict[str, str]:
    """Return the texts of those files that change.

    Args:
        files: Texts by the files' names below the project, `pyproject.toml` among them; those that do not concern us
            are left alone.
        move: From where to where.

    Raises:
        ForeignAddressesError: Locks hold addresses that are not left.
        LockStaleError: Poetry's lock was not made for the `pyproject.toml`.
        ManifestError: Something is written in a way that cannot be changed without writing all anew.
    """
    locks = {name: text for name, text in files.items() if is_lock(name)}
    foreign = {name: found for name, text in locks.items() if (found := _foreign(name, text, move))}
    if foreign:
        raise ForeignAddressesError(foreign, move.origins[0])
    manifest = moved_manifest(files[FILE], move)
    changed = {FILE: manifest}
    for name, text in locks.items():
        changed[name] = _moved_lock(name, text, move)
    if (lock := changed.get(Manager.POETRY.lock)) is not None:
        changed[Manager.POETRY.lock] = _with_digest(lock, files[FILE], manifest, move)
    changed |= {name: _moved_answers(text, move) for name, text in files.items() if name in ANSWERS}
    return {name: text for name, text in changed.items() if text != files[name]}


def moved_manifest(text: str, move: Move) -> str:
    """Return a `pyproject.toml` with every address in it moved, and `[tool.inhouse]` naming the repository.

    Raises:
        ManifestError: A value is not written as it is read.
    """
    text = with_beginnings(text, move.origins, move.target)
    for key in _COORDINATES:
        try:
            text = with_value(text, ("tool", "inhouse", key), getattr(move.after, key))
        except LookupError as error:
            hint = "write it as a plain text in quotes, without escapes"
            raise ManifestError(FILE, f"tool.inhouse.{key}", "cannot be exchanged", hint=hint) from error
    return text


def disagreements(files: Mapping[str, str], endpoint: str) -> dict[str, tuple[str, ...]]:
    """Return by file what does not agree with an endpoint; nothing when all does.

    Args:
        files: Texts by the files' names below the project, `pyproject.toml` among them.
        endpoint: The endpoint of the project's one index.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, text in files.items():
        if not is_lock(name):
            continue
        elsewhere = places(locked for locked in locked_addresses(name, text) if not _lies_in(locked, [endpoint]))
        problems = [f"it takes {packages} from {place}" for place, packages in elsewhere.items()]
        if name == Manager.POETRY.lock and not goes_with(text, files[FILE]):
            problems.append(f"it was made for another {FILE}")
        if problems:
            found[name] = tuple(problems)
    return found


def places(addresses: Iterable[Locked]) -> dict[str, str]:
    """Return addresses for a person: by index or host, the packages that come from there, the first few by name."""
    packages: dict[str, list[str]] = {}
    for locked in addresses:
        named = packages.setdefault(_place(locked.url), [])
        name = f"{locked.package or 'packages'}{' (by its own address)' if locked.direct else ''}"
        if name not in named:
            named.append(name)
    return {place: _few(names) for place, names in packages.items()}


_FEW: Final = 5


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more


def _place(url: str) -> str:
    index, found, _ = url.partition("/simple")
    if found:
        return without_user(f"{index}/")
    host = re.match(r"[a-z+]+://[^/]+/", url)
    return without_user(host[0] if host else url)


def _foreign(name: str, text: str, move: Move) -> dict[str, str]:
    """Return the places from which a lock takes something, and that are not left."""
    addresses = locked_addresses(name, text)
    is_ours = any(_lies_in(locked, [*move.origins, move.target]) for locked in addresses)
    if name.endswith(".txt") and not is_ours:
        return {}  # a file of requirements that has nothing to do with the repository
    indexed = [locked for locked in addresses if not locked.direct]
    if indexed and all(_lies_in(locked, [move.target]) for locked in indexed):
        return {}  # it is there already
    return places(locked for locked in addresses if not _lies_in(locked, move.origins))


def _lies_in(locked: Locked, endpoints: Sequence[str]) -> bool:
    """Say whether an address is as it must be: below one of the endpoints, or, named by the project itself, not."""
    return any(locked.url.startswith(endpoint) for endpoint in endpoints) is not locked.direct


def _moved_lock(name: str, text: str, move: Move) -> str:
    either = "|".join(map(re.escape, sorted(move.origins, key=len, reverse=True)))
    before = r"(?<=[\"'\s=])|\A" if name.endswith(".txt") else r"(?<=[\"'])"
    return re.sub(rf"(?:{before})(?:{either})", lambda _: move.target, text)


def _with_digest(lock: str, before: str, after: str, move: Move) -> str:
    # The lock may have been left behind where the project was before, or be ahead of it.
    texts = [before]
    for place in (*move.origins, move.target):
        there = replace(move, origins=(*move.origins, move.target), target=place, after=move.before)
        texts.append(moved_manifest(before, there))
    try:
        return with_digest(lock, texts, after)
    except LookupError as error:
        raise LockStaleError(Manager.POETRY.lock, write="poetry lock") from error


def _moved_answers(text: str, move: Move) -> str:
    pairs = [("endpoint", origin, move.target) for origin in move.origins]
    pairs += [(key, getattr(move.before, key), getattr(move.after, key)) for key in _COORDINATES]
    for key, old, new in pairs:
        line = rf"(?m)^(\s*[\"']?{key}[\"']?\s*:\s*[\"']?){re.escape(old)}(?=[\"']?\s*,?\s*$)"
        text = re.sub(line, rf"\g<1>{new}", text)  # no address or name has a backslash
    return text
