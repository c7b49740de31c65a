"""The commands of the AWS CLI that change what was found, word by word; they work with the embedded repository too."""

from collections.abc import Sequence

from inhouse.codeartifact.explain.facts import Gate, Mode, Restriction
from inhouse.codeartifact.explain.findings import Command
from inhouse.project.manifest import Coordinates


def set_status(coordinates: Coordinates, repository: str, name: str, versions: Sequence[str]) -> Command:
    """Publish versions that are there."""
    return (
        *_package("update-package-versions-status", coordinates, repository, name),
        *("--versions", *versions, "--target-status", "Published"),
    )


def delete(coordinates: Coordinates, repository: str, name: str, versions: Sequence[str]) -> Command:
    """Take versions away, so that others of the same number can come."""
    return (*_package("delete-package-versions", coordinates, repository, name), "--versions", *versions)


def copy(coordinates: Coordinates, source: str, name: str, versions: Sequence[str]) -> Command:
    """Copy versions into the repository that is asked; origin controls do not count for that."""
    return (
        *_domain("copy-package-versions", coordinates),
        *("--source-repository", source, "--destination-repository", coordinates.repository),
        *("--format", "pypi", "--package", name, "--versions", *versions),
    )


def set_controls(coordinates: Coordinates, repository: str, name: str, *, publish: bool, upstream: bool) -> Command:
    """Set a package's own origin controls."""
    said = f"publish={_mode(allowed=publish)},upstream={_mode(allowed=upstream)}"
    return (
        *_package("put-package-origin-configuration", coordinates, repository, name),
        *("--restrictions", said),
    )


def open_group(coordinates: Coordinates, gate: Gate, restriction: Restriction, repository: str) -> Command:
    """Let a repository through where a package group does not: in the group in which that is set."""
    change = (
        ("--add-allowed-repositories", f"originRestrictionType={gate},repositoryName={repository}")
        if restriction.mode is Mode.ALLOW_SPECIFIC_REPOSITORIES
        else ("--restrictions", f"{gate}=ALLOW")
    )
    return (
        *_domain("update-package-group-origin-configuration", coordinates),
        *("--package-group", restriction.source, *change),
    )


def own_group(coordinates: Coordinates, name: str) -> Command:
    """Make a package group for one name."""
    return (*_domain("create-package-group", coordinates), "--package-group", _pattern(name))


def reserve(coordinates: Coordinates, name: str, group: str) -> tuple[Command, ...]:
    """Close a name to public sources, in a package group of its own.

    Args:
        coordinates: The domain.
        name: The name.
        group: The pattern of the group that it belongs to now.
    """
    block = _restrict(coordinates, name, Gate.EXTERNAL_UPSTREAM, Mode.BLOCK)
    return (block,) if group == _pattern(name) else (own_group(coordinates, name), block)


def exempt(coordinates: Coordinates, name: str, gate: Gate) -> tuple[Command, ...]:
    """Open a way in for one name, in a package group of its own, and leave the general one as it is."""
    return (own_group(coordinates, name), _restrict(coordinates, name, gate, Mode.ALLOW))


def _restrict(coordinates: Coordinates, name: str, gate: Gate, mode: Mode) -> Command:
    return (
        *_domain("update-package-group-origin-configuration", coordinates),
        *("--package-group", _pattern(name), "--restrictions", f"{gate}={mode}"),
    )


def _pattern(name: str) -> str:
    return f"/pypi//{name}$"


def _domain(operation: str, coordinates: Coordinates) -> Command:
    return (
        *("aws", "codeartifact", operation, "--region", coordinates.region),
        *("--domain", coordinates.domain, "--domain-owner", coordinates.owner),
    )


def _package(operation: str, coordinates: Coordinates, repository: str, name: str) -> Command:
    return (
        *_domain(operation, coordinates),
        *("--repository", repository, "--format", "pypi", "--package", name),
    )


def _mode(*, allowed: bool) -> str:
    return "ALLOW" if allowed else "BLOCK"
