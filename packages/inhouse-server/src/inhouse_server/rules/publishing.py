"""Whether a file may be published, and what publishing it changes.

Source: CodeArtifact user guide, "Publishing to a repository with upstreams", "Editing package origin controls" and
"Package asset overwrites"; where the guide is silent, the choices are ours.
"""

import shlex
from collections.abc import Hashable, Sequence
from enum import Enum

from packaging.utils import InvalidWheelFilename, NormalizedName, parse_wheel_filename

from inhouse_server.errors import (
    ConflictError,
    PublishBlockedError,
    QuotaExceededError,
    ResourceType,
)
from inhouse_server.model import (
    Association,
    Domain,
    File,
    GroupMode,
    GroupRestriction,
    PackageFormat,
    PackageVersion,
)
from inhouse_server.rules.group_patterns import PackagePath
from inhouse_server.rules.origin_controls import effective
from inhouse_server.rules.package_groups import GroupControls
from inhouse_server.rules.resolution import Place, upstream_of_version
from inhouse_server.rules.version_status import accepts_files, is_downloadable


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
            f"`{_closing_command(place, name)}`, or choose another name.",
        )
    group = place.group
    if group is None:  # pragma: no cover - without a group there is nothing else that blocks
        raise AssertionError(name)
    if group.association is Association.WEAK:
        own_group = _group_command("create-package-group", group, f"{group.package}$")
        raise PublishBlockedError(
            f"The package {name} may not be published in the repository {place.repository}: its name is a variation of "
            f"what the package group {group.pattern} stands for, and such packages are blocked.",
            hint="Use the very name that the group stands for. If this one is meant to be another, an administrator "
            f"can make a group of its own for it: `{own_group}`.",
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
        hint="An administrator can change that with "
        f"`{_group_command('update-package-group-origin-configuration', group, source)} {change}`.",
    )


def whereabouts(places: Sequence[Place], version: str) -> str | None:
    """Return what there is of a version other than in `places[0]` itself, as words after "the version"; or None.

    Args:
        places: In the order of the search.
        version: As `names.version_key` gives it.
    """
    upstream = upstream_of_version(places, version)
    if upstream is None:
        return None
    if upstream == places[0].repository:
        return "comes from the public source of this repository"
    record = next(place.versions.get(version) for place in places if place.repository == upstream)
    if record is not None and not is_downloadable(record.status):
        return f"is in the upstream {upstream}, which holds it back with status {record.status}"
    return f"comes from the upstream {upstream}"


def _closing_command(place: Place, name: str) -> str:
    """Return the command of the AWS CLI that lets a package be published here, and never come from upstream."""
    path = PackagePath(PackageFormat.PYPI, "", name) if place.group is None else place.group.package
    domain = None if place.group is None else place.group.domain
    words = [*_command("put-package-origin-configuration", domain), "--repository", place.repository]
    words += ["--format", path.format, *(["--namespace", path.namespace] if path.namespace else [])]
    return shlex.join([*words, "--package", path.name, "--restrictions", "publish=ALLOW,upstream=BLOCK"])


def _group_command(operation: str, group: GroupControls, pattern: str) -> str:
    return shlex.join([*_command(operation, group.domain), "--package-group", pattern])


def _command(operation: str, domain: Domain | None) -> list[str]:
    """Return the beginning of a command of the AWS CLI, whole enough to be pasted."""
    named = (
        [] if domain is None else ["--region", domain.region, "--domain", domain.name, "--domain-owner", domain.owner]
    )
    return ["aws", "codeartifact", operation, *named]


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
    where = whereabouts(places, version)
    if where is None:
        return
    raise ConflictError(
        f"File already exists: version {file.version} of {name} is not in the repository {places[0].repository} "
        f"itself, but {where}.",
        ResourceType.PACKAGE_VERSION,
        file.version,
        hint=f"Raise the version. If {name} is your own project and must never come from upstream, an administrator "
        f"can close it with `{_closing_command(places[0], name)}`.",
    )
