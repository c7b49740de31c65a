"""Whether an asset of a generic package may be published, and what that changes.

A generic version is made of as many assets as its maker likes; while it is Unfinished more can be added, afterwards
none.

Source: CodeArtifact user guide, "Publishing and consuming generic packages".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from inhouse_server.errors import ConflictError, ResourceType
from inhouse_server.model import File, PackageFormat, PackageVersion, VersionStatus
from inhouse_server.rules.publishing import check_publish_allowed, whereabouts
from inhouse_server.rules.resolution import Place


@dataclass(frozen=True, slots=True)
class Decision:
    """What publishing an asset does.

    Attributes:
        adds_file: False where these very bytes are in the version already.
        status: The version's from now on.
    """

    adds_file: bool
    status: VersionStatus


def full_name(namespace: str | None, name: str, version: str | None = None) -> str:
    """Return a package, or one of its versions, as messages name it."""
    return "/".join(part for part in (namespace, name, version) if part is not None)


def decide(places: Sequence[Place], name: str, file: File, *, unfinished: bool) -> Decision:
    """Return what publishing `file` in `places[0]` does.

    Args:
        places: The search for the package, so that what is reachable upstream is known.
        name: The package with its namespace, as `full_name` gives it.
        file: The asset, with the version it belongs to.
        unfinished: Whether more assets are to come.

    Raises:
        PublishBlockedError: Origin controls do not let the package be published here.
        ConflictError: The version takes no assets, has another one of that name, or comes from upstream.
    """
    entry = places[0]
    check_publish_allowed(entry, name)
    record = entry.versions.get(file.version)
    if record is not None:
        adds_file = _check_open(record, name, file)
    else:
        adds_file = True
        where = whereabouts(places, file.version)
        if where is not None:
            raise ConflictError(
                f"Version {file.version} of {name} is not in the repository {entry.repository} itself, but {where}.",
                ResourceType.PACKAGE_VERSION,
                file.version,
                hint="Choose another version.",
            )
    return Decision(adds_file, VersionStatus.UNFINISHED if unfinished else VersionStatus.PUBLISHED)


def _check_open(record: PackageVersion, name: str, file: File) -> bool:
    """Return whether an Unfinished version gets one more file by this one; False where it has these very bytes."""
    if record.status is not VersionStatus.UNFINISHED:
        raise ConflictError(
            f"Cannot update existing {PackageFormat.GENERIC} package version '{name}/{record.version}' with status "
            f"'{record.status}'. Only 'Unfinished' package versions can be updated.",
            ResourceType.PACKAGE_VERSION,
            record.version,
        )
    held = next((each for each in record.files if each.filename == file.filename), None)
    if held is not None and held.digests.sha256 != file.digests.sha256:
        raise ConflictError(
            f"Asset {file.filename} is in version {record.version} of {name} with other bytes (SHA-256 "
            f"{held.digests.sha256}; yours has {file.digests.sha256}).",
            ResourceType.ASSET,
            file.filename,
        )
    return held is None
