"""What copying does with each version, all or none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from inhouse_server.errors import InvalidRequestError
from inhouse_server.model import (
    CoreMetadata,
    Digests,
    File,
    Origin,
    OriginControls,
    OriginType,
    Package,
    PackageFormat,
    PackageVersion,
    Restriction,
    Sha256,
    VersionStatus,
)
from inhouse_server.rules.bulk import FailureCode
from inhouse_server.rules.copying import Original, Step, controls_after_copy, plan, wanted_versions

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ALLOW, BLOCK = Restriction.ALLOW, Restriction.BLOCK
INTERNAL = Origin(OriginType.INTERNAL, repository="team")
PACKAGE = Package(1, 1, PackageFormat.PYPI, NormalizedName("acme"), OriginControls(ALLOW, BLOCK))
KNOWN, OTHER = (CoreMetadata("acme", "1.0", summary=summary) for summary in ("one", "two"))
numbers = st.sampled_from(["1.0", "2.0", "3.0"])
contents = st.lists(st.sampled_from("ab"), unique=True).map(
    lambda names: tuple(File(name, "1.0", Digests(Sha256(name * 64))) for name in names)
)
metadata = st.sampled_from([None, KNOWN, OTHER])
originals = st.builds(
    Original,
    key=st.just("1"),
    version=st.just("1.0"),
    status=st.sampled_from(VersionStatus),
    origin=st.just(INTERNAL),
    revision=st.sampled_from(["r", "s"]),
    published_at=st.just(NOW),
    metadata=metadata,
    files=contents,
)
held = st.builds(
    PackageVersion,
    id=st.just(1),
    package=st.just(PACKAGE),
    version=st.just("1.0"),
    status=st.sampled_from(VersionStatus),
    origin=st.just(INTERNAL),
    revision=st.just("r"),
    published_at=st.just(NOW),
    metadata=metadata,
    files=contents,
)


@given(
    wanted=st.dictionaries(numbers, st.none() | st.sampled_from(["r", "s"]), min_size=1),
    found=st.dictionaries(numbers, originals),
    there=st.dictionaries(numbers, held),
    allow_overwrite=st.booleans(),
)
def test_a_plan_is_for_all_or_for_none(
    wanted: dict[str, str | None],
    found: dict[str, Original],
    there: dict[str, PackageVersion],
    *,
    allow_overwrite: bool,
) -> None:
    made = plan(wanted, found, there, allow_overwrite=allow_overwrite)
    assert not (made.steps and made.failed)
    assert (made.steps or made.failed).keys() == wanted.keys()
    if made.failed:
        assert {failure.code for failure in made.failed.values()} != {FailureCode.SKIPPED}
    for version, failure in made.failed.items():
        if failure.code is FailureCode.NOT_FOUND:
            assert version not in found
        if failure.code is FailureCode.ALREADY_EXISTS:
            assert version in there
            assert not allow_overwrite
    for version, step in made.steps.items():
        assert found[version].status not in {VersionStatus.DISPOSED, VersionStatus.UNFINISHED}
        assert wanted[version] in (None, found[version].revision)
        assert (step is Step.INSERT) is (version not in there)
        if step is Step.REPLACE:
            assert allow_overwrite
            assert there[version].status is not VersionStatus.DISPOSED
        if step is Step.LEAVE:
            assert {file.filename for file in found[version].files} == {file.filename for file in there[version].files}


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [(KNOWN, KNOWN, True), (KNOWN, None, True), (None, OTHER, True), (KNOWN, OTHER, False)],
)
def test_metadata_that_is_not_known_is_no_difference(
    here: CoreMetadata | None, there: CoreMetadata | None, *, same: bool
) -> None:
    files = (File("a", "1.0", Digests(Sha256("a" * 64))),)
    original = Original("1", "1.0", VersionStatus.PUBLISHED, INTERNAL, "r", NOW, here, files)
    other = PackageVersion(1, PACKAGE, "1.0", VersionStatus.ARCHIVED, INTERNAL, "r", NOW, there, files)
    steps = plan({"1.0": None}, {"1.0": original}, {"1.0": other}, allow_overwrite=True).steps
    assert steps == {"1.0": Step.LEAVE if same else Step.REPLACE}


def test_how_versions_are_named() -> None:
    assert wanted_versions(["1.0", "2.0", "1.0"], None) == {"1.0": None, "2.0": None}
    assert wanted_versions(None, {"1.0": "r"}) == {"1.0": "r"}
    for versions, revisions in (([], None), (None, {}), (None, None), (["1.0"], {"1.0": "r"}), ([], {})):
        with pytest.raises(InvalidRequestError):
            wanted_versions(versions, revisions)


def test_a_package_is_open_for_what_it_began_with() -> None:
    assert controls_after_copy(INTERNAL) == OriginControls(ALLOW, BLOCK)
    assert controls_after_copy(Origin(OriginType.EXTERNAL, external_connection="public:pypi")) == OriginControls(
        BLOCK, ALLOW, beside_public=True
    )
