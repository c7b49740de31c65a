"""The rules that are tables: origin controls, statuses; and revisions and metadata, which are functions of files."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_distributions import metadata_text

from inhouse_server.errors import InvalidDistributionError
from inhouse_server.model import CoreMetadata, Digests, File, OriginControls, Restriction, Sha256, VersionStatus
from inhouse_server.rules import core_metadata, version_status
from inhouse_server.rules.origin_controls import Arrival, Permissions, chosen, defaults, effective
from inhouse_server.rules.revision import revision

ALLOW, BLOCK = Restriction.ALLOW, Restriction.BLOCK


@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        (Arrival.PUBLISHED, OriginControls(ALLOW, BLOCK)),
        (Arrival.INGESTED, OriginControls(BLOCK, ALLOW, beside_public=True)),
        (Arrival.RETAINED, OriginControls(BLOCK, ALLOW)),
    ],
)
def test_how_a_package_arrives_decides_its_controls(arrival: Arrival, expected: OriginControls) -> None:
    assert defaults(arrival) == expected


def test_who_opens_a_package_means_it() -> None:
    assert chosen(ALLOW, ALLOW).beside_public
    assert not chosen(ALLOW, BLOCK).beside_public


def test_what_is_not_there_yet_may_come_from_anywhere() -> None:
    assert effective(None) == Permissions(publish=True, external_upstream=True, internal_upstream=True)


@pytest.mark.parametrize("publish", Restriction)
@pytest.mark.parametrize("upstream", Restriction)
def test_each_control_closes_its_own_way(publish: Restriction, upstream: Restriction) -> None:
    permissions = effective(OriginControls(publish, upstream))
    assert permissions.publish is (publish is ALLOW)
    assert permissions.external_upstream is permissions.internal_upstream is (upstream is ALLOW)


@pytest.mark.parametrize(
    ("status", "listed", "downloadable"),
    [
        (VersionStatus.PUBLISHED, True, True),
        (VersionStatus.UNLISTED, False, True),
        (VersionStatus.ARCHIVED, False, False),
        (VersionStatus.DISPOSED, False, False),
        (VersionStatus.UNFINISHED, False, False),
    ],
)
def test_what_a_status_means(status: VersionStatus, listed: bool, downloadable: bool) -> None:
    assert version_status.is_listed(status) is listed
    assert version_status.is_downloadable(status) is downloadable
    assert version_status.accepts_files(status) is downloadable


FILES = st.lists(
    st.builds(
        lambda name, digit: File(f"{name}.whl", "1.0", Digests(Sha256(digit * 64))),
        st.sampled_from("abcdef"),
        st.sampled_from("0123456789abcdef"),
    ),
    unique_by=lambda file: file.filename,
    max_size=5,
)
METADATA = st.none() | st.builds(
    CoreMetadata, name=st.just("acme"), version=st.just("1.0"), summary=st.text(max_size=3)
)


@given(FILES, METADATA, FILES, METADATA)
def test_a_revision_tells_files_and_metadata_apart_and_nothing_else(
    files: list[File], metadata: CoreMetadata | None, others: list[File], other: CoreMetadata | None
) -> None:
    one, two = revision(files, metadata), revision(others, other)
    assert (one == two) == (
        {(f.filename, f.digests.sha256) for f in files} == {(f.filename, f.digests.sha256) for f in others}
        and metadata == other
    )
    assert revision(reversed(files), metadata) == one
    assert len(one) <= 50
    assert not any(character.isspace() for character in one)


def test_the_metadata_that_is_kept() -> None:
    content = (
        b"Metadata-Version: 2.9\nName: Acme.Core\nVersion: 1.0\nSummary: Short\nLicense-Expression: MIT\n"
        b"Requires-Python: >=3.11\nRequires-Dist: six\nRequires-Dist: idna; extra == 'x'\nFuture-Field: yes\n"
        b"Project-URL: Home Page, https://home.example.com\nProject-URL: Source Code, https://git.example.com\n"
        b"\nLong text.\n"
    )
    assert core_metadata.parse(content, "x.whl") == CoreMetadata(
        name="Acme.Core",
        version="1.0",
        summary="Short",
        home_page="https://home.example.com",
        source_code="https://git.example.com",
        license="MIT",
        requires_python=">=3.11",
        requires_dist=("six", "idna; extra == 'x'"),
        description="Long text.\n",
    )


def test_metadata_without_most_fields() -> None:
    found = core_metadata.parse(metadata_text(requires_python=None, summary="s"), "x.whl")
    assert (found.home_page, found.source_code, found.license, found.requires_dist) == (None, None, None, ())


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (b"", "name"),
        (b"Name: acme\n", "version"),
        (b"Version: 1\n", "name"),
        (b"Name: a\nName: b\nVersion: 1\n", "name"),
        (b"Name: a\nVersion: 1\nVersion: 2\n", "version"),
        (b"\xff\xfe\x00", "name"),
    ],
)
def test_metadata_must_say_one_name_and_one_version(content: bytes, missing: str) -> None:
    with pytest.raises(InvalidDistributionError, match=f"exactly one {missing}") as caught:
        core_metadata.parse(content, "x.whl")
    assert caught.value.hint


@given(st.binary())
def test_any_bytes_are_metadata_or_refused(content: bytes) -> None:
    with contextlib.suppress(InvalidDistributionError):
        assert core_metadata.parse(content, "x.whl").name
