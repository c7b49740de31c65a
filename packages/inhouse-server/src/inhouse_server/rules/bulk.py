"""Operations on several versions at once: either all of them change, or none does and each is told why.

Source: CodeArtifact user guide, "Update the status of package versions", "Copy package versions"; botocore's model,
`PackageVersionErrorCode`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inhouse_server.errors import InvalidRequestError
from inhouse_server.model import PackageVersion, VersionStatus
from inhouse_server.rules.version_status import may_be_disposed, may_be_set

DELETED = "Deleted"
"""What answers call the status of a version that is gone; no version that is there has it."""

SETTABLE = (VersionStatus.PUBLISHED, VersionStatus.UNLISTED, VersionStatus.ARCHIVED)
"""The statuses that UpdatePackageVersionsStatus sets."""


class FailureCode(StrEnum):
    """Why nothing was done with a version."""

    ALREADY_EXISTS = "ALREADY_EXISTS"
    MISMATCHED_REVISION = "MISMATCHED_REVISION"
    MISMATCHED_STATUS = "MISMATCHED_STATUS"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True)
class Failure:
    """What is told of a version with which nothing was done."""

    code: FailureCode
    message: str


@dataclass(frozen=True, slots=True)
class Done:
    """What is told of a version that has changed.

    Attributes:
        revision: Of a deleted version, the one that it had.
        status: `DELETED`, or its status from now on.
    """

    revision: str
    status: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told of several versions, by the text under which each was asked for; one of the two is empty."""

    done: Mapping[str, Done] = field(default_factory=dict)
    failed: Mapping[str, Failure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a caller says the versions must be like for anything to change; None expects nothing.

    Attributes:
        status: The status of all of them; may be one that no version has.
        revisions: By version.
    """

    status: str | None = None
    revisions: Mapping[str, str] | None = None


def check_revisions(versions: Iterable[str], revisions: Mapping[str, str] | None) -> None:
    """Return if revisions, where there are some, are given for just these versions.

    Raises:
        InvalidRequestError: One is missing, or one is of a version that is not asked for.
    """
    if revisions is None:
        return
    if odd := sorted(set(versions) ^ revisions.keys()):
        raise InvalidRequestError(
            f"'versionRevisions' and 'versions' must name the same versions; only one of them has {', '.join(odd)}."
        )


def check_target_status(target: str) -> VersionStatus:
    """Return the status that versions are to be given.

    Raises:
        InvalidRequestError: It is not one that can be set.
    """
    found = next((status for status in SETTABLE if status == target), None)
    if found is None:
        raise InvalidRequestError(
            f"Value '{target}' at 'targetStatus' failed to satisfy constraint: Member must be one of "
            f"{', '.join(SETTABLE)}.",
            hint="Assets are deleted with dispose-package-versions, versions with delete-package-versions.",
        )
    return found


Refusal = Callable[[PackageVersion], str | None]
"""Says why a version cannot be changed in a certain way; None where it can."""


def refuse_status(target: VersionStatus) -> Refusal:
    """Return what refuses versions that cannot be given the status `target`."""

    def refuse(record: PackageVersion) -> str | None:
        if may_be_set(record.status):
            return None
        return f"version {record.version} is {record.status}, which cannot become {target}"

    return refuse


def refuse_disposal(record: PackageVersion) -> str | None:
    """Return why a version cannot be disposed of, or None."""
    return None if may_be_disposed(record.status) else f"version {record.version} is {record.status} already"


def refuse_nothing(_: PackageVersion) -> str | None:
    """Return None: every version can be deleted."""
    return None


def failures(
    versions: Iterable[str], records: Mapping[str, PackageVersion], expected: Expectations, refuse: Refusal
) -> dict[str, Failure]:
    """Return what is told of all `versions` if one of them cannot be changed; nothing if all can.

    Args:
        versions: As they were asked for.
        records: Those that are there, by the text under which they were asked for.
        expected: What the caller expects of them.
        refuse: Says why one cannot be changed.
    """
    wanted = list(versions)
    found = {version: _failure(version, records.get(version), expected, refuse) for version in wanted}
    return all_or_none(found, lambda version: f"version {version} is skipped")


def all_or_none(found: Mapping[str, Failure | None], skipped: Callable[[str], str]) -> dict[str, Failure]:
    """Return the failures, with SKIPPED for every other version; nothing where there is no failure at all."""
    if all(failure is None for failure in found.values()):
        return {}
    return {version: failure or Failure(FailureCode.SKIPPED, skipped(version)) for version, failure in found.items()}


def not_found(version: str) -> Failure:
    """Return what is told of a version that is not there."""
    return Failure(FailureCode.NOT_FOUND, f"Could not find version {version}")


def mismatched_revision(current: str, expected: str | None) -> Failure | None:
    """Return what is told of a version whose revision is not the one that is expected, if one is."""
    if expected is None or expected == current:
        return None
    return Failure(FailureCode.MISMATCHED_REVISION, f"current revision: {current}, expected revision: {expected}")


def _failure(version: str, record: PackageVersion | None, expected: Expectations, refuse: Refusal) -> Failure | None:
    if record is None:
        return not_found(version)
    revision = None if expected.revisions is None else expected.revisions[version]
    if (mismatch := mismatched_revision(record.revision, revision)) is not None:
        return mismatch
    if expected.status not in (None, record.status):
        return Failure(
            FailureCode.MISMATCHED_STATUS,
            f"current status: {record.status}, expected status: {expected.status}",
        )
    refusal = refuse(record)
    return None if refusal is None else Failure(FailureCode.NOT_ALLOWED, refusal)
