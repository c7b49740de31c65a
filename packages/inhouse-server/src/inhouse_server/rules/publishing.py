"""Whether a file may be published, and what publishing it changes.

Source: CodeArtifact user guide, "Publishing to a repository with upstreams", "Editing package origin controls" and
"Package asset overwrites"; where the guide is silent, the choices are ours.
"""

from collections.abc import Hashable, Sequence
from enum import Enum

from packaging.utils import InvalidWheelFilename, NormalizedName, parse_wheel_filename

from inhouse_server.errors import (
    ConflictError,
    PublishBlockedError,
    QuotaExceededError,
    ResourceType,
)
from inhouse_server.model import Association, File, GroupMode, GroupRestriction, PackageVersion
from inhouse_server.rules.origin_controls import effective
from inhouse_server.rules.resolution import Place, upstream_of_version
from inhouse_server.rules.version_status import accepts_files


class Outcome(Enum):
    """What publishing a file does."""

    NEW_VERSION = "the version is new"
    NEW_FILE = "the version gets one more file"
    ALREADY_HERE = "these very bytes are here"


def decide(places: Sequence[Place], name: NormalizedName, version: str, file: File) -> Outcome:
    """Return what publishing `file` in `places[0]` does.

    Bytes that are here already are no conflict, whatever upstream holds: a release can be run again. What a public
    source that does not answer may have is none either, as on AWS: releases do not depend on it.

    Args:
        places: The search for the package, so that what is reachable upstream is known.
        version: As `names.version_key` gives it.

    Raises:
        PublishBlockedError: Origin controls, its own or its group's, do not let the package be published here.
        ConflictError: Other bytes, or a version that takes no files, are here, or the version comes from upstream.
    """
    entry = places[0]
    check_publish_allowed(entry, name)
    record = entry.versions.get(version)
    held = None if record is None else next((f for f in record.files if f.filename == file.filename), None)
    if record is not None:
        _check_open(record, entry.repository)
        if held is not None and held.digests.sha256 == file.digests.sha256:
            return Outcome.ALREADY_HERE
    _check_upstream(places, name, version, file)
    if held is not None:
        raise ConflictError(
            f"File already exists: {file.filename} is in the repository {entry.repository} with other bytes "
            f"(SHA-256 {held.digests.sha256}; yours has {file.digests.sha256}).",
            ResourceType.ASSET,
            file.filename,
            hint="What is published never changes. Raise the version and publish that.",
        )
    if record is not None:
        _check_only_one(record, file, entry.repository)
    return Outcome.NEW_VERSION if record is None else Outcome.NEW_FILE


def check_file_count(record: PackageVersion, most: int | None) -> None:
    """Return if a version may have one more file.

    Raises:
        QuotaExceededError: It has `most` already.
    """
    if most is not None and len(record.files) >= most:
        raise QuotaExceededError(
            f"Version {record.version} has {most} assets, and may have no more.",
            ResourceType.PACKAGE_VERSION,
            record.version,
        )


def check_publish_allowed(place: Place, name: str) -> None:
    """Return if origin controls, the package's own and its group's, let the package be published in a repository.

    Raises:
        PublishBlockedError: They do not; it says which of them, and how that is changed.
    """
    if place.permissions.publish:
        return
    if not effective(place.controls).publish:
        raise PublishBlockedError(
            f"The package {name} may not be published in the repository {place.repository}: its origin control "
            "'publish' is BLOCK.",
            hint=f"Its versions come from upstream. If {name} is your own project, an administrator can allow it with "
            f"`aws codeartifact put-package-origin-configuration {_coordinates(place, name)} "
            "--restrictions publish=ALLOW,upstream=BLOCK`, or choose another name.",
        )
    group = place.group
    if group is None:  # pragma: no cover - without a group there is nothing else that blocks
        raise AssertionError(name)
    if group.association is Association.WEAK:
        raise PublishBlockedError(
            f"The package {name} may not be published in the repository {place.repository}: its name is a variation of "
            f"what the package group {group.pattern} stands for, and such packages are blocked.",
            hint="Use the very name that the group stands for. If this one is meant to be another, an administrator "
            f"can make a group of its own for it: `aws codeartifact create-package-group --package-group "
            f"'{group.package}$'`.",
        )
    mode, source = group.modes[GroupRestriction.PUBLISH], group.sources[GroupRestriction.PUBLISH]
    inherited = "" if source == group.pattern else f", inherited from {source}"
    change = (
        "--restrictions PUBLISH=ALLOW"
        if mode is GroupMode.BLOCK
        else f"--add-allowed-repositories originRestrictionType=PUBLISH,repositoryName={place.repository}"
    )
    raise PublishBlockedError(
        f"The package {name} may not be published in the repository {place.repository}: its package group "
        f"{group.pattern} has PUBLISH={mode}{inherited}"
        f"{'' if mode is GroupMode.BLOCK else ', and the repository is not on the list'}.",
        hint="An administrator can change that with `aws codeartifact update-package-group-origin-configuration "
        f"--package-group '{source}' {change}`.",
    )


def _coordinates(place: Place, name: str) -> str:
    """Return the options of the AWS CLI that name a package."""
    if place.group is None:
        return f"--format pypi --package {name}"
    path = place.group.package
    namespace = f"--namespace {path.namespace} " if path.namespace else ""
    return f"--format {path.format} {namespace}--package {path.name}"


def _check_open(record: PackageVersion, repository: str) -> None:
    if not accepts_files(record.status):
        raise ConflictError(
            f"File already exists: version {record.version} is in the repository {repository} with status "
            f"{record.status}, and takes no files.",
            ResourceType.PACKAGE_VERSION,
            record.version,
            hint="Raise the version, or have an administrator set the version's status to Published or delete it.",
        )


def _check_only_one(record: PackageVersion, file: File, repository: str) -> None:
    """Return if no other file of the version is for the same: installers would take either of them."""
    mine = _what_for(file)
    other = next((held for held in record.files if _what_for(held) == mine), None)
    if other is None:
        return
    what = "a source distribution" if mine is None else "a wheel with the same tags"
    raise ConflictError(
        f"File already exists: version {record.version} has {what} in the repository {repository}, {other.filename}, "
        "and may have only one.",
        ResourceType.ASSET,
        file.filename,
        hint="Upload each file under one name, the one its build gave it, or raise the version.",
    )


def _what_for(file: File) -> Hashable:
    """Return which installations a wheel is for; None for a source distribution, which is for all."""
    if not file.filename.endswith(".whl"):
        return None
    try:
        _, _, build, tags = parse_wheel_filename(file.filename)
    except InvalidWheelFilename:  # an old one of a public source
        return file.filename
    return build, tags


def _check_upstream(places: Sequence[Place], name: NormalizedName, version: str, file: File) -> None:
    upstream = upstream_of_version(places, version)
    if upstream is None:
        return
    where = "the public source of this repository" if upstream == places[0].repository else f"the upstream {upstream}"
    raise ConflictError(
        f"File already exists: version {file.version} of {name} is not in the repository {places[0].repository} "
        f"itself, but comes from {where}.",
        ResourceType.PACKAGE_VERSION,
        file.version,
        hint=f"Raise the version. If {name} is your own project and must never come from upstream, an administrator "
        f"can close it with `aws codeartifact put-package-origin-configuration {_coordinates(places[0], name)} "
        "--restrictions publish=ALLOW,upstream=BLOCK`.",
    )
