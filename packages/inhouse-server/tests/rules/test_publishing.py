import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from packaging.utils import NormalizedName

from inhouse_server.errors import ConflictError, PublishBlockedError
from inhouse_server.model import (
    Association,
    Digests,
    Domain,
    File,
    GroupMode,
    GroupRestriction,
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
from inhouse_server.rules.generic_publishing import decide as decide_generic
from inhouse_server.rules.group_patterns import PackagePath
from inhouse_server.rules.package_groups import GroupControls
from inhouse_server.rules.publishing import Outcome, check_publish_allowed, decide
from inhouse_server.rules.resolution import Place

NAME = NormalizedName("acme")
OWN = OriginControls(Restriction.ALLOW, Restriction.BLOCK)
BOTH = OriginControls(Restriction.ALLOW, Restriction.ALLOW)
INGESTED = OriginControls(Restriction.BLOCK, Restriction.ALLOW)


def a_file(name: str = "acme-1.0.tar.gz", content: str = "one") -> File:
    return File(name, "1.0", Digests(Sha256(hashlib.sha256(content.encode()).hexdigest())))


RECORD = PackageVersion(
    id=1,
    package=Package(1, 1, PackageFormat.PYPI, NAME, OWN),
    version="1.0",
    status=VersionStatus.PUBLISHED,
    origin=Origin(OriginType.INTERNAL, "team"),
    revision="r",
    published_at=datetime(2026, 1, 1, tzinfo=UTC),
    metadata=None,
    files=(a_file(),),
)
HELD = {"1": RECORD}
RETAINED = replace(RECORD, origin=Origin(OriginType.EXTERNAL, None, "public:pypi"))
PUBLIC = Place("store", None, {}, {"1": (a_file(content="public"),)})


@pytest.mark.parametrize(
    ("entry", "file", "expected"),
    [
        (Place("team"), a_file(), Outcome.NEW_VERSION),
        (Place("team", OWN), a_file(), Outcome.NEW_VERSION),
        (Place("team", OWN, HELD), a_file(), Outcome.ALREADY_HERE),
        (Place("team", OWN, HELD), a_file("acme-1.0-py3-none-any.whl"), Outcome.NEW_FILE),
    ],
)
def test_what_publishing_does(entry: Place, file: File, expected: Outcome) -> None:
    assert decide([entry], NAME, "1", file) is expected


def test_the_same_bytes_again_are_no_conflict_whatever_upstream_holds() -> None:
    assert decide([Place("team", BOTH, HELD), PUBLIC], NAME, "1", a_file()) is Outcome.ALREADY_HERE


def test_upstream_block_lets_a_public_name_be_published() -> None:
    assert decide([Place("team", OWN), PUBLIC], NAME, "1", a_file()) is Outcome.NEW_VERSION


@pytest.mark.parametrize("held", [{}, HELD])
def test_publish_block_refuses_even_the_same_bytes(held: dict[str, PackageVersion]) -> None:
    with pytest.raises(PublishBlockedError, match="'publish' is BLOCK") as caught:
        decide([Place("team", INGESTED, held)], NAME, "1", a_file())
    assert "put-package-origin-configuration" in caught.value.hint


def test_other_bytes_are_a_conflict_that_shows_both_hashes() -> None:
    other = a_file(content="two")
    with pytest.raises(ConflictError, match="File already exists") as caught:
        decide([Place("team", OWN, HELD)], NAME, "1", other)
    assert a_file().digests.sha256 in caught.value.message
    assert other.digests.sha256 in caught.value.message
    assert "team" in caught.value.message
    assert "Raise the version" in caught.value.hint


@pytest.mark.parametrize("status", [VersionStatus.ARCHIVED, VersionStatus.DISPOSED, VersionStatus.UNFINISHED])
@pytest.mark.parametrize("file", [a_file(), a_file("acme-1.0.zip")], ids=["same bytes", "new file"])
def test_a_version_that_was_put_away_takes_no_files(status: VersionStatus, file: File) -> None:
    with pytest.raises(ConflictError, match=f"status {status}") as caught:
        decide([Place("team", OWN, {"1": replace(RECORD, status=status)})], NAME, "1", file)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("places", "where"),
    [
        ([Place("team"), PUBLIC], "the upstream store"),
        ([Place("team"), Place("other", None, HELD)], "the upstream other"),
        ([Place("team", None, {}, {"1": (a_file(),)})], "the public source of this repository"),
        ([Place("team", BOTH, {"1": RETAINED}), PUBLIC], "the upstream store"),
    ],
)
def test_a_version_that_comes_from_upstream_is_a_conflict_that_says_where(places: list[Place], where: str) -> None:
    with pytest.raises(ConflictError, match="File already exists") as caught:
        decide(places, NAME, "1", a_file("acme-1.0-py3-none-any.whl"))
    assert where in caught.value.message
    assert "upstream" in caught.value.hint


@pytest.mark.parametrize("status", [VersionStatus.ARCHIVED, VersionStatus.DISPOSED, VersionStatus.UNFINISHED])
def test_a_version_that_an_upstream_holds_back_is_said_to_be_there(status: VersionStatus) -> None:
    places = [Place("app"), Place("team", None, {"1": replace(RECORD, status=status)})]
    with pytest.raises(ConflictError, match=f"is in the upstream team, which holds it back with status {status}"):
        decide(places, NAME, "1", a_file())
    generic = [Place("app"), Place("team", None, {"1.0": replace(RECORD, status=status)})]
    with pytest.raises(ConflictError, match=f"is in the upstream team, which holds it back with status {status}"):
        decide_generic(generic, NAME, a_file(), unfinished=False)


DOMAIN = Domain(1, "eu-west-1", "111122223333", "house", datetime(2026, 1, 1, tzinfo=UTC), "key")
NAMED = "--region eu-west-1 --domain house --domain-owner 111122223333"
PYPI_PATH = PackagePath(PackageFormat.PYPI, "", NAME)


def a_group(path: PackagePath, mode: GroupMode, association: Association = Association.STRONG) -> GroupControls:
    return GroupControls(
        path,
        "/generic/tools/Lint~",
        association,
        dict.fromkeys(GroupRestriction, mode),
        dict.fromkeys(GroupRestriction, "/generic/tools/Lint~"),
    )


def in_domain(*, mode: GroupMode = GroupMode.ALLOW, association: Association = Association.STRONG) -> GroupControls:
    return replace(a_group(PYPI_PATH, mode, association), pattern="/pypi//acme~", domain=DOMAIN)


@pytest.mark.parametrize(
    ("places", "command"),
    [
        (
            [Place("team", INGESTED, group=in_domain())],
            (
                f"put-package-origin-configuration {NAMED} --repository team --format pypi --package acme "
                "--restrictions publish=ALLOW,upstream=BLOCK"
            ),
        ),
        (
            [Place("team", group=in_domain()), Place("other", None, HELD)],
            (
                f"put-package-origin-configuration {NAMED} --repository team --format pypi --package acme "
                "--restrictions publish=ALLOW,upstream=BLOCK"
            ),
        ),
        (
            [Place("team", group=in_domain(association=Association.WEAK))],
            f"create-package-group {NAMED} --package-group '/pypi//acme$'",
        ),
        (
            [Place("team", group=in_domain(mode=GroupMode.BLOCK))],
            (
                f"update-package-group-origin-configuration {NAMED} --package-group '/generic/tools/Lint~' "
                "--restrictions PUBLISH=ALLOW"
            ),
        ),
        (
            [Place("team", group=in_domain(mode=GroupMode.ALLOW_SPECIFIC_REPOSITORIES))],
            (
                f"update-package-group-origin-configuration {NAMED} --package-group '/generic/tools/Lint~' "
                "--add-allowed-repositories originRestrictionType=PUBLISH,repositoryName=team"
            ),
        ),
    ],
)
def test_the_command_of_a_hint_can_be_pasted(places: list[Place], command: str) -> None:
    with pytest.raises((PublishBlockedError, ConflictError)) as caught:
        decide(places, NAME, "1", a_file())
    assert f"`aws codeartifact {command}`" in caught.value.hint


def test_a_variation_of_a_groups_name_may_not_be_published() -> None:
    path = PackagePath(PackageFormat.GENERIC, "tools", "lint")
    place = Place("team", group=a_group(path, GroupMode.ALLOW, Association.WEAK))
    with pytest.raises(
        PublishBlockedError, match="a variation of what the package group /generic/tools/Lint~"
    ) as caught:
        check_publish_allowed(place, "lint")
    assert "aws codeartifact create-package-group --package-group '/generic/tools/lint$'" in caught.value.hint


def test_the_hint_names_the_package_in_its_own_format() -> None:
    path = PackagePath(PackageFormat.GENERIC, "tools", "Lint")
    place = Place("team", INGESTED, group=a_group(path, GroupMode.ALLOW))
    with pytest.raises(PublishBlockedError) as caught:
        check_publish_allowed(place, "Lint")
    assert "--format generic --namespace tools --package Lint --restrictions" in caught.value.hint
    check_publish_allowed(replace(place, controls=OWN), "Lint")


def test_a_version_has_one_source_distribution() -> None:
    second = a_file("Acme-1.0.tar.gz", "two")
    with pytest.raises(ConflictError, match="may have only one") as caught:
        decide([Place("team", OWN, HELD)], NAME, "1", second)
    assert "acme-1.0.tar.gz" in caught.value.message
    assert caught.value.hint
    wheel = {"1": replace(RECORD, files=(a_file("acme-1.0-py3-none-any.whl"),))}
    assert decide([Place("team", OWN, wheel)], NAME, "1", second) is Outcome.NEW_FILE
