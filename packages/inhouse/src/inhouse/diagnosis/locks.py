"""What a project's locks hold: addresses that are not those of the one index, and the names of packages."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from inhouse.diagnosis.findings import Code, Finding, Severity
from inhouse.diagnosis.indexes import Wanted, address_of
from inhouse.errors import ManifestError
from inhouse.project.locked import PYPI, Locked, locked_addresses
from inhouse.project.retarget import places

__all__ = ["PDM_LOCK", "check_lock", "locked_names"]

PDM_LOCK: Final = "pdm.lock"

_EFFECT: Final = "these files are installed, whatever the repository has"


def check_lock(name: str, text: str, wanted: Wanted) -> Iterator[Finding]:
    """Yield what a lock takes from elsewhere than the one index.

    Args:
        name: The lock's name below the project, with `/`.
        text: Its text.
        wanted: The one index; where its endpoint is not known, one lock may hold only one place.
    """
    try:
        addresses = _addresses(name, text)
    except (ManifestError, ValueError, AttributeError, TypeError) as error:
        problem = (
            error.message.partition(": ")[2] if isinstance(error, ManifestError) else "it is not as its tool writes it"
        )
        yield Finding(
            Code.LOCK_UNREADABLE,
            Severity.PROBLEM,
            name,
            problem or "it cannot be read",
            "what would be installed cannot be told",
            "resolve the conflict, or write the lock anew",
        )
        return
    foreign = [each for each in addresses if not each.direct and not _lies_in(each.url, wanted, addresses)]
    for place, packages in places(foreign).items():
        problem = f"{packages} come from {place}, and not from the one index"
        fix = "write the lock anew, and look at what changes before you commit it"
        if not wanted.endpoint and wanted.coordinates is None:
            problem = f"{packages} come from {place}, and other packages from elsewhere"
        yield Finding(Code.LOCK_FOREIGN, Severity.DANGER, f"{name}: {place}", problem, _EFFECT, fix)
    direct = [each for each in addresses if each.direct and not _is_index(each.url, wanted)]
    for place, packages in places(direct).items():
        problem = f"{packages} come from {place}"
        yield Finding(Code.LOCK_DIRECT, Severity.NOTE, f"{name}: {place}", problem, _EFFECT, "see that it is meant")


def locked_names(name: str, text: str) -> frozenset[NormalizedName]:
    """Return the names of the packages that a lock takes from an index; none when it cannot be read."""
    if name.endswith((".txt", ".in")):
        return frozenset(canonicalize_name(each.name) for each in _requirements(text) if not each.url)
    try:
        found = {each.package for each in _addresses(name, text) if not each.direct}
    except (ManifestError, ValueError, AttributeError, TypeError):
        return frozenset()
    return frozenset(canonicalize_name(package) for package in found if package not in {"", "?"})


def _requirements(text: str) -> Iterator[Requirement]:
    """Yield what a file of requirements asks for; options and what is malformed are left out."""
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        said = re.sub(r"(^|\s)#.*", "", line).partition(" --")[0].strip()
        try:
            wanted = Requirement(said) if said and not said.startswith("-") else None
        except InvalidRequirement:
            continue
        if wanted is not None:
            yield wanted


def _addresses(name: str, text: str) -> tuple[Locked, ...]:
    if name == PDM_LOCK:
        return tuple(_pdm(tomllib.loads(text)))
    if name.endswith((".txt", ".in")):
        # Their options are looked at where sources are; see `declared`.
        return tuple(Locked(each.name, each.url, direct=True) for each in _requirements(text) if each.url)
    return locked_addresses(name, text)


def _pdm(document: Mapping[str, Any]) -> Iterator[Locked]:
    """Source: PDM's documentation, "Lock file"; addresses are there with the strategy `static_urls` only."""
    for package in document.get("package", []):
        name = package.get("name", "?")
        if "git" in package or "url" in package:
            yield Locked(name, package.get("git") or package["url"], direct=True)
            continue
        files = [file["url"] for file in package.get("files", []) if "url" in file]
        yield from (Locked(name, url) for url in files or [""])


def _lies_in(url: str, wanted: Wanted, addresses: Iterable[Locked]) -> bool:
    if not url:
        return True  # the lock does not say, and the tool asks its index
    if wanted.endpoint or wanted.coordinates is not None:
        return _is_index(url, wanted)
    first = next(each.url for each in addresses if not each.direct and each.url)
    return _index(url) == _index(first)


def _is_index(url: str, wanted: Wanted) -> bool:
    return url != PYPI and wanted.is_it(_index(url))


def _index(url: str) -> str:
    """Return the endpoint of an address anywhere below an index; else its host."""
    index, found, _ = url.partition("/simple")
    if found:
        return address_of(index)
    host = re.match(r"[a-z+]+://[^/]+", url)
    return host[0] if host else address_of(url)
