"""Mends what can be mended without a person: permissions, and tokens that are surely stale. Nothing is lost."""

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from stat import S_IMODE

from inhouse.diagnosis.findings import Finding, Mend, MendKind
from inhouse.diagnosis.mending import without_secret
from inhouse.workflow.surroundings import shown_path

__all__ = ["mend"]


def mend(findings: Iterable[Finding], home: Path | None) -> tuple[str, ...]:
    """Mend what can be mended.

    A file whose text changes is copied first, beside itself and for its owner alone.

    Args:
        findings: The findings; those that only a person can mend are left.
        home: The home folder, for paths as they are shown.

    Returns:
        What was changed, a line each.
    """
    said: list[str] = []
    copied: dict[Path, Path] = {}
    for finding in findings:
        if finding.mend is not None and finding.mend.kind is MendKind.PERMISSIONS:
            said.append(_take_away(Path(finding.mend.path), home))
        elif finding.mend is not None:
            said.append(_take_out(finding.mend, copied, home))
    return tuple(said)


def _take_away(path: Path, home: Path | None) -> str:
    shown = shown_path(path, home)
    try:
        before = S_IMODE(path.stat().st_mode)
        path.chmod(before & ~0o077)
    except OSError as error:
        return f"{shown}: its mode cannot be changed: {error.strerror}"
    return f"{shown}: mode {before:04o} -> {before & ~0o077:04o}"


def _take_out(mend: Mend, copied: dict[Path, Path], home: Path | None) -> str:
    path = Path(mend.path)
    shown = shown_path(path, home)
    try:
        place = path.resolve()  # a link stays a link
        text = place.read_bytes().decode("utf-8")
        changed = without_secret(mend.tool, text, mend.key, mend.secret) if mend.tool is not None else None
        if changed is None:
            return f"{shown}: the token at `{mend.key}` stays; take it out by hand"
        if path not in copied:
            copied[path] = _copy(place)
        _replace(place, changed)
    except (OSError, ValueError) as error:
        return f"{shown}: the token at `{mend.key}` stays: {error}"
    return f"{shown}: took out the stale token at `{mend.key}`; the file as it was is now {copied[path].name}"


def _replace(place: Path, text: str) -> None:
    """Write a file beside its place first, and put it there when it is whole; it keeps its mode."""
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
        temporary.chmod(S_IMODE(place.stat().st_mode))
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


def _copy(place: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    copy = place.with_name(f"{place.name}.before-{stamp}")
    number = 1
    while copy.exists():
        number += 1
        copy = place.with_name(f"{place.name}.before-{stamp}-{number}")
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target, place.open("rb") as source:
        shutil.copyfileobj(source, target)
    return copy
