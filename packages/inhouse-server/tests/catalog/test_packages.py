import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from inhouse_server.catalog import Database, blobs, domains, packages, repositories
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
    Repository,
    Restriction,
    Sha256,
    VersionStatus,
)

ALLOW, BLOCK = Restriction.ALLOW, Restriction.BLOCK
PYPI, GENERIC = PackageFormat.PYPI, PackageFormat.GENERIC
NOW = datetime(2026, 3, 1, 12, 0, 0, 123_456, tzinfo=UTC)
INTERNAL = Origin(OriginType.INTERNAL, repository="team")


def digests(digit: str) -> Digests:
    return Digests(Sha256(digit * 64), md5=digit * 32, sha1=digit * 40, sha512=digit * 128, blake2_256=digit * 64)


def a_file(name: str = "acme-1.0.tar.gz", digit: str = "a", **changes: object) -> File:
    return replace(File(name, "1.0", Digests(Sha256(digit * 64))), **changes)  # type: ignore[arg-type]  # fields of File


@pytest.fixture
def team(database: Database) -> Repository:
    with database.write() as connection:
        domain = domains.insert(
            connection, region="us-east-1", owner="1" * 12, name="dd", created_at=NOW, encryption_key="k"
        )
        return repositories.insert(
            connection, domain, name="team", administrator="1" * 12, description=None, created_at=NOW
        )


def add_package(  # noqa: PLR0917 - all but the first two seldom matter
    connection: sqlite3.Connection,
    repository: Repository,
    name: str = "acme",
    package_format: PackageFormat = PYPI,
    controls: OriginControls = OriginControls(ALLOW, BLOCK),  # noqa: B008 - frozen
    namespace: str | None = None,
) -> Package:
    return packages.insert_package(
        connection,
        repository.id,
        package_format,
        namespace=namespace,
        name=NormalizedName(name),
        controls=controls,
        created_at=NOW,
    )


def add_version(
    connection: sqlite3.Connection, package: Package, version: str = "1.0", **changes: object
) -> PackageVersion:
    values: dict[str, object] = {
        "status": VersionStatus.PUBLISHED,
        "origin": INTERNAL,
        "revision": "r",
        "published_at": NOW,
        "metadata": None,
        "files": (),
    }
    return packages.insert_version(connection, package, version, **{**values, **changes})  # type: ignore[arg-type]  # as above


def test_a_package_is_found_as_it_was_made(database: Database, team: Repository) -> None:
    with database.write() as connection:
        made = add_package(connection, team)
        assert packages.find_package(connection, team.id, PYPI, "acme") == made
        assert packages.find_package(connection, team.id, PYPI, "Acme") is None
        assert packages.find_package(connection, team.id, GENERIC, "acme") is None
        assert packages.find_package(connection, team.id + 1, PYPI, "acme") is None


def test_packages_are_listed_page_by_page_in_order(database: Database, team: Repository) -> None:
    with database.write() as connection:
        for name in ("b", "a", "c"):
            add_package(connection, team, name)
        add_package(connection, team, "a", GENERIC)
        add_package(connection, team, "a", GENERIC, namespace="tools")
        found: list[tuple[str, str, str]] = []
        while page := packages.list_packages(connection, team.id, after=found[-1] if found else None, limit=2):
            assert len(page) <= 2
            found += [(package.format, package.namespace or "", package.name) for package in page]
    assert found == [
        ("generic", "", "a"),
        ("generic", "tools", "a"),
        ("pypi", "", "a"),
        ("pypi", "", "b"),
        ("pypi", "", "c"),
    ]


def test_packages_are_filtered(database: Database, team: Repository) -> None:
    with database.write() as connection:
        add_package(connection, team, "acme-core")
        add_package(connection, team, "acme_x", GENERIC)
        add_package(connection, team, "six", controls=OriginControls(BLOCK, ALLOW))

        def listed(**filters: object) -> list[str]:
            return [p.name for p in packages.list_packages(connection, team.id, **filters, limit=9)]  # type: ignore[arg-type]  # as above

        assert listed() == ["acme_x", "acme-core", "six"]
        assert listed(format=PYPI) == ["acme-core", "six"]
        assert listed(prefix="acme") == ["acme_x", "acme-core"]
        assert listed(prefix="acme_") == ["acme_x"], "an underscore is no wildcard"
        assert listed(prefix="%") == []
        assert listed(publish=BLOCK) == listed(upstream=ALLOW) == ["six"]
        assert listed(publish=ALLOW, format=PYPI) == ["acme-core"]


def test_a_version_comes_back_as_it_was_kept(database: Database, team: Repository) -> None:
    metadata = CoreMetadata("Acme", "1.0", summary="Ünï", requires_dist=("six",), description="Long.")
    files = (
        a_file("a.tar.gz", "a"),
        a_file(
            "b.whl",
            "b",
            size=5,
            requires_python=">=3",
            upload_time=NOW,
            yanked="broken",
            metadata_sha256=Sha256("c" * 64),
            url="https://files.example.com/b.whl",
        ),
        a_file("c.whl", "c", yanked=True),
    )
    origin = Origin(OriginType.EXTERNAL, external_connection="public:pypi")
    with database.write() as connection:
        package = add_package(connection, team)
        made = add_version(connection, package, origin=origin, metadata=metadata, files=files)
    with database.read() as connection:
        assert packages.find_version(connection, package, "1.0") == made
        assert packages.list_versions(connection, package) == [made]
        assert packages.list_versions(connection, package, with_metadata=False) == [replace(made, metadata=None)]
    assert made.files == files


@pytest.mark.parametrize("spelling", ["1", "1.0", "1.0.0", "v1.0"])
def test_a_version_is_found_by_what_it_is(database: Database, team: Repository, spelling: str) -> None:
    with database.write() as connection:
        package = add_package(connection, team)
        add_version(connection, package, "1.0")
        found = packages.find_version(connection, package, spelling)
        assert found is not None
        assert found.version == "1.0"
        assert packages.find_version(connection, package, "1.0.1") is None
        with pytest.raises(sqlite3.IntegrityError):
            add_version(connection, package, spelling)


def test_versions_of_other_formats_are_their_text(database: Database, team: Repository) -> None:
    with database.write() as connection:
        package = add_package(connection, team, package_format=GENERIC)
        add_version(connection, package, "1.0")
        add_version(connection, package, "1.0.0")
        assert packages.find_version(connection, package, "1") is None


def test_the_latest_published_comes_first(database: Database, team: Repository) -> None:
    with database.write() as connection:
        package = add_package(connection, team)
        for version, hours in (("1.0", 1), ("3.0", 0), ("2.0", 2)):
            add_version(connection, package, version, published_at=NOW + timedelta(hours=hours))
        assert [v.version for v in packages.list_versions(connection, package)] == ["2.0", "1.0", "3.0"]


def test_files_are_added_and_a_revision_is_set(database: Database, team: Repository) -> None:
    metadata = CoreMetadata("acme", "1.0")
    with database.write() as connection:
        package = add_package(connection, team)
        version = add_version(connection, package, files=(a_file(),))
        packages.insert_files(connection, version, [a_file("b.whl", "b")])
        packages.set_version_content(connection, version, "new", metadata)
        found = packages.find_version(connection, package, "1.0")
        assert found is not None
        assert ([f.filename for f in found.files], found.revision, found.metadata) == (
            ["acme-1.0.tar.gz", "b.whl"],
            "new",
            metadata,
        )
        with pytest.raises(sqlite3.IntegrityError):
            packages.insert_files(connection, version, [a_file("b.whl", "c")])


def test_what_the_bytes_say_goes_before_what_a_listing_says(database: Database, team: Repository) -> None:
    with database.write() as connection:
        package = add_package(connection, team)
        listed = a_file(digests=Digests(Sha256("a" * 64), md5="0" * 32), size=1)
        add_version(connection, package, files=(listed,))
        assert blobs.stored_size(connection, Sha256("a" * 64)) is None
        blobs.insert_blob(connection, digests("a"), 7, NOW)
        found = packages.find_version(connection, package, "1.0")
        assert found is not None
        assert found.files == (replace(listed, digests=digests("a"), size=7),)
        assert blobs.stored_size(connection, Sha256("a" * 64)) == 7


def test_a_blob_is_recorded_once(database: Database) -> None:
    with database.write() as connection:
        for _ in range(2):
            blobs.insert_blob(connection, digests("a"), 7, NOW)
        assert connection.execute("SELECT count(*) FROM blob").fetchone()[0] == 1


def test_the_bytes_of_a_domain_are_counted_once_and_only_where_they_are_here(
    database: Database, team: Repository
) -> None:
    with database.write() as connection:
        other = repositories.insert(
            connection, team.domain, name="other", administrator="1" * 12, description=None, created_at=NOW
        )
        elsewhere = domains.insert(
            connection, region="us-east-1", owner="1" * 12, name="ee", created_at=NOW, encryption_key="k"
        )
        assert packages.domain_asset_bytes(connection, team.domain.id) == 0
        for repository in (team, other):
            package = add_package(connection, repository)
            add_version(
                connection, package, files=(a_file(), a_file("b.whl", "b"), a_file("not-here.whl", "c", size=99))
            )
        for digit, size in (("a", 7), ("b", 5), ("d", 1000)):
            blobs.insert_blob(connection, digests(digit), size, NOW)
        assert packages.domain_asset_bytes(connection, team.domain.id) == 12
        assert packages.domain_asset_bytes(connection, elsewhere.id) == 0


@given(yanked=st.booleans() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_yanked_and_its_reason_come_back(database: Database, team: Repository, yanked: bool | str) -> None:
    with database.write() as connection:
        connection.execute("DELETE FROM package")
        package = add_package(connection, team)
        add_version(connection, package, files=(a_file(yanked=yanked),))
        found = packages.find_version(connection, package, "1.0")
        assert found is not None
        assert found.files[0].yanked == yanked
