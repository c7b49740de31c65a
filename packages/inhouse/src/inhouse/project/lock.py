"""What a `uv.lock` says about where packages come from, and about the version of the project itself."""

import re
import tomllib

from inhouse.errors import ManifestError


def foreign_packages(text: str, index_url: str) -> dict[str, str]:
    """Return the packages of a lock that come from another index: name to that index's address.

    A package from elsewhere means that a second index was in play while the lock was written, on this machine or on
    a colleague's; its name may be taken by a stranger there.

    Args:
        text: The text of the `uv.lock`.
        index_url: The address of the project's one index, ending in `simple/`.

    Raises:
        ManifestError: The text is not TOML.
    """
    try:
        lock = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = "resolve the conflict, or write the lock anew with `make lock`"
        raise ManifestError("uv.lock", "", f"is not valid TOML: {error}", hint=hint) from error
    foreign = {}
    for package in lock.get("package", []):
        registry = package.get("source", {}).get("registry")
        if registry is not None and registry.rstrip("/") != index_url.rstrip("/"):
            foreign[package.get("name", "?")] = registry
    return foreign


def with_version(text: str, name: str, version: str) -> str:
    """Return a lock with another version of the project itself; every other byte stays.

    A raised version changes nothing that a resolution depends on, and yet uv takes the lock for a stale one.

    Args:
        text: The text of the `uv.lock`; one that does not hold the project with a version comes back as it is.
        name: The project's normalised name.
        version: The version, normalised as well.
    """
    entry = rf'(?m)^(\[\[package\]\]\r?\nname = "{re.escape(name)}"\r?\nversion = ")[^"\n]*'
    own = r'("\r?\nsource = \{ (?:editable|virtual) = "\." \})'
    return re.sub(entry + own, rf"\g<1>{version}\g<2>", text, count=1)
