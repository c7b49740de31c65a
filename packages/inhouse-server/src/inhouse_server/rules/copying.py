"""What copying versions from one repository into another does.

Source: CodeArtifact user guide, "Copy package versions between repositories"; where the guide is silent, the choices
are ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inhouse_server.errors import InvalidRequestError
from inhouse_server.model import CoreMetadata, File, Origin, OriginControls, OriginType, PackageVersion, VersionStatus
from inhouse_server.rules.bulk import Failure, FailureCode, all_or_none, mismatched_revision, not_found
from inhouse_server.rules.origin_controls import Arrival, defaults
from inhouse_server.rules.version_status import may_be_copied


@dataclass(frozen=True, slots=True)
class Original:
    """A version to copy, wherever it comes from.

    Attributes:
        key: Equal for versions that are the same, however they were asked for.
    """

    key: str
    version: str
    status: VersionStatus
    origin: Origin
    revision: str
    published_at: datetime
    metadata: CoreMetadata | None
    files: tuple[File, ...]


class Step(Enum):
    """What copying does with one version."""

    INSERT = "it is new in the destination"
    REPLACE = "it takes the place of the one there"
    LEAVE = "the destination has the very same"


@dataclass(frozen=True, slots=True)
class Plan:
    """What copying does: a step for each version, or failures for all of them."""

    steps: Mapping[str, Step]
    failed: Mapping[str, Failure]


def wanted_versions(versions: Sequence[str] | None, revisions: Mapping[str, str] | None) -> dict[str, str | None]:
    """Return the versions to copy, each with the revision that it must have, if one is asked for.

    Raises:
        InvalidRequestError: Both ways to name them are used, or none.
    """
    if versions is not None and revisions is not None:
        raise InvalidRequestError("Specify either 'versions' or 'versionRevisions', not both.")
    if revisions:
        return dict(revisions)
    if versions:
        return dict.fromkeys(versions)
    raise InvalidRequestError("Specify the versions to copy, with 'versions' or 'versionRevisions'.")


def plan(
    wanted: Mapping[str, str | None],
    originals: Mapping[str, Original],
    there: Mapping[str, PackageVersion],
    *,
    allow_overwrite: bool,
) -> Plan:
    """Return what copying does; nothing at all if one of the versions cannot be copied.

    Args:
        wanted: Versions with the revision that is expected of each, or None.
        originals: Those that can be had, by the text under which they are wanted.
        there: What the destination has of them, in the same way.
        allow_overwrite: Whether a version may take the place of another one.
    """
    decided: dict[str, Step | Failure] = {}
    for version, revision in wanted.items():
        original = originals.get(version)
        decided[version] = (
            not_found(version)
            if original is None
            else _decide(version, original, revision, there.get(version), allow_overwrite=allow_overwrite)
        )
    failed = all_or_none(
        {version: each if isinstance(each, Failure) else None for version, each in decided.items()},
        lambda version: f"Version {version} was skipped",
    )
    if failed:
        return Plan({}, failed)
    return Plan({version: each for version, each in decided.items() if isinstance(each, Step)}, {})


def controls_after_copy(first: Origin) -> OriginControls:
    """Return the settings of a package that is made by copying a version of this origin."""
    return defaults(Arrival.PUBLISHED if first.type is OriginType.INTERNAL else Arrival.INGESTED)


def _decide(
    version: str, original: Original, revision: str | None, there: PackageVersion | None, *, allow_overwrite: bool
) -> Step | Failure:
    mismatch = mismatched_revision(original.revision, revision)
    if mismatch is not None:
        return mismatch
    if not may_be_copied(original.status):
        return Failure(FailureCode.NOT_ALLOWED, f"Version {version} is {original.status} and cannot be copied")
    if there is None:
        return Step.INSERT
    return Step.LEAVE if _is_same(original, there) else _replace(version, there, allow_overwrite=allow_overwrite)


def _replace(version: str, there: PackageVersion, *, allow_overwrite: bool) -> Step | Failure:
    if not allow_overwrite:
        return Failure(FailureCode.ALREADY_EXISTS, f"Version {version} already exists")
    if there.status is VersionStatus.DISPOSED:
        return Failure(
            FailureCode.NOT_ALLOWED, f"Version {version} was disposed of in the destination; delete it there first"
        )
    return Step.REPLACE


def _is_same(original: Original, there: PackageVersion) -> bool:
    """Return whether two versions have the same files and, as far as it is known of both, the same metadata."""
    if _contents(original.files) != _contents(there.files) or there.status is VersionStatus.DISPOSED:
        return False
    return None in (original.metadata, there.metadata) or original.metadata == there.metadata


def _contents(files: tuple[File, ...]) -> set[tuple[str, str]]:
    return {(file.filename, file.digests.sha256) for file in files}
