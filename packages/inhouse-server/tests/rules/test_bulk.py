"""All or none, whatever is expected of whichever versions."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from inhouse_server.errors import InvalidRequestError
from inhouse_server.model import (
    Origin,
    OriginControls,
    OriginType,
    Package,
    PackageFormat,
    PackageVersion,
    Restriction,
    VersionStatus,
)
from inhouse_server.rules import bulk
from inhouse_server.rules.bulk import Expectations, FailureCode

PACKAGE = Package(
    1, 1, PackageFormat.PYPI, NormalizedName("acme"), OriginControls(Restriction.ALLOW, Restriction.BLOCK)
)
statuses = st.sampled_from(VersionStatus)
numbers = st.sampled_from(["1.0", "2.0", "3.0"])
refusals = st.one_of(
    st.sampled_from(bulk.SETTABLE).map(bulk.refuse_status),
    st.sampled_from([bulk.refuse_disposal, bulk.refuse_nothing]),
)


def record(version: str, status: VersionStatus, revision: str = "r") -> PackageVersion:
    origin = Origin(OriginType.INTERNAL, repository="team")
    return PackageVersion(1, PACKAGE, version, status, origin, revision, datetime(2026, 3, 1, tzinfo=UTC), None)


@given(
    wanted=st.lists(numbers),
    held=st.dictionaries(numbers, st.tuples(statuses, st.sampled_from(["r", "s"]))),
    expected_status=st.none() | st.sampled_from([*VersionStatus, "Deleted"]),
    revisions=st.none() | st.fixed_dictionaries(dict.fromkeys(["1.0", "2.0", "3.0"], st.sampled_from(["r", "s"]))),
    refuse=refusals,
)
def test_either_every_version_fails_or_none_does(
    wanted: list[str],
    held: dict[str, tuple[VersionStatus, str]],
    expected_status: str | None,
    revisions: dict[str, str] | None,
    refuse: bulk.Refusal,
) -> None:
    records = {version: record(version, *values) for version, values in held.items()}

    def is_fine(version: str) -> bool:
        found = records.get(version)
        return (
            found is not None
            and expected_status in (None, found.status)
            and (revisions is None or revisions[version] == found.revision)
            and refuse(found) is None
        )

    failed = bulk.failures(wanted, records, Expectations(expected_status, revisions), refuse)
    if all(is_fine(version) for version in wanted):
        assert failed == {}
        return
    assert failed.keys() == set(wanted)
    for version, failure in failed.items():
        assert (failure.code is FailureCode.SKIPPED) is is_fine(version)
        assert failure.message


@given(statuses)
def test_only_what_was_disposed_of_is_closed(status: VersionStatus) -> None:
    found = record("1.0", status)
    disposed = status is VersionStatus.DISPOSED
    assert all((bulk.refuse_status(target)(found) is not None) is disposed for target in bulk.SETTABLE)
    assert (bulk.refuse_disposal(found) is not None) is disposed
    assert bulk.refuse_nothing(found) is None


@given(st.text(max_size=12) | st.sampled_from(VersionStatus))
def test_three_statuses_can_be_set(target: str) -> None:
    if target in ("Published", "Unlisted", "Archived"):
        assert bulk.check_target_status(target) == target
        return
    with pytest.raises(InvalidRequestError):
        bulk.check_target_status(target)


@given(st.lists(numbers), st.none() | st.dictionaries(numbers, st.just("r")))
def test_revisions_are_of_the_versions_or_absent(versions: list[str], revisions: dict[str, str] | None) -> None:
    if revisions is None or set(versions) == set(revisions):
        bulk.check_revisions(versions, revisions)
        return
    with pytest.raises(InvalidRequestError):
        bulk.check_revisions(versions, revisions)
