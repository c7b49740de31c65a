"""Status, disposal and deletion of versions: all or none, and only of what is as expected."""

from typing import Any

import pytest
from house import House
from live_server import told

Named = dict[str, Any]
STATUSES = ["Published", "Unlisted", "Archived"]


@pytest.fixture
def acme(house: House) -> Named:
    """The package `acme` with the versions 1.0 and 2.0, as parameters name it."""
    house.repository("team")
    house.published("team", "acme", "1.0", "2.0")
    return house.named("team", "acme")


def revision(house: House, version: str) -> str:
    return str(house.describe("team", "acme", version)["revision"])


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_a_status_can_be_set_and_set_back(house: House, acme: Named, before: str, after: str) -> None:
    house.set_status("team", "acme", before, "1.0")
    old = revision(house, "1.0")
    answer = house.api.update_package_versions_status(**{**acme, "targetStatus": after}, versions=["1.0"])
    assert answer["successfulVersions"] == {"1.0": {"revision": old, "status": after}}
    assert answer["failedVersions"] == {}
    assert house.versions("team", "acme") == {"1.0": after, "2.0": "Published"}
    assert revision(house, "1.0") == old, "the status is no part of the revision"


@pytest.mark.parametrize("status", ["Unfinished", "Disposed", "Deleted", "published"])
def test_other_statuses_cannot_be_set(house: House, acme: Named, status: str) -> None:
    with pytest.raises(house.api.exceptions.ValidationException, match="targetStatus"):
        house.api.update_package_versions_status(**{**acme, "targetStatus": status}, versions=["1.0"])


def test_one_version_that_is_not_as_expected_stops_all(house: House, acme: Named) -> None:
    house.set_status("team", "acme", "Unlisted", "2.0")
    answer = house.api.update_package_versions_status(
        **acme, versions=["1.0", "2.0"], expectedStatus="Unlisted", targetStatus="Archived"
    )
    assert answer["successfulVersions"] == {}
    assert answer["failedVersions"] == {
        "1.0": {
            "errorCode": "MISMATCHED_STATUS",
            "errorMessage": "current status: Published, expected status: Unlisted",
        },
        "2.0": {"errorCode": "SKIPPED", "errorMessage": "version 2.0 is skipped"},
    }
    assert house.versions("team", "acme") == {"1.0": "Published", "2.0": "Unlisted"}


@pytest.mark.parametrize("operation", ["update_package_versions_status", "dispose_package_versions"])
def test_a_revision_that_is_not_as_expected_stops_all(house: House, acme: Named, operation: str) -> None:
    more = {"targetStatus": "Archived"} if operation.startswith("update") else {}
    current = revision(house, "1.0")
    right = {"1.0": current, "2.0": revision(house, "2.0")}
    call = getattr(house.api, operation)
    answer = call(**acme, versions=["1.0", "2.0"], versionRevisions={**right, "1.0": "other"}, **more)
    assert answer["failedVersions"]["1.0"] == {
        "errorCode": "MISMATCHED_REVISION",
        "errorMessage": f"current revision: {current}, expected revision: other",
    }
    assert answer["failedVersions"]["2.0"]["errorCode"] == "SKIPPED"
    assert house.versions("team", "acme") == {"1.0": "Published", "2.0": "Published"}
    answer = call(**acme, versions=["1.0", "2.0"], versionRevisions=right, **more)
    assert answer["failedVersions"] == {}
    assert {version: done["revision"] for version, done in answer["successfulVersions"].items()} == right


@pytest.mark.parametrize("operation", ["update_package_versions_status", "dispose_package_versions"])
@pytest.mark.parametrize("revisions", [{"1.0": "r"}, {"1.0": "r", "2.0": "r", "3.0": "r"}, {}])
def test_revisions_must_be_of_the_versions(
    house: House, acme: Named, operation: str, revisions: dict[str, str]
) -> None:
    more = {"targetStatus": "Archived"} if operation.startswith("update") else {}
    with pytest.raises(house.api.exceptions.ValidationException, match="must name the same versions") as caught:
        getattr(house.api, operation)(**acme, versions=["1.0", "2.0"], versionRevisions=revisions, **more)
    assert told(caught.value)["reason"] == "FIELD_VALIDATION_FAILED"


@pytest.mark.parametrize(
    "operation", ["update_package_versions_status", "dispose_package_versions", "delete_package_versions"]
)
def test_a_version_that_is_not_here_stops_all(house: House, acme: Named, operation: str) -> None:
    more = {"targetStatus": "Archived"} if operation.startswith("update") else {}
    answer = getattr(house.api, operation)(**acme, versions=["1.0", "9.9"], **more)
    assert answer["successfulVersions"] == {}
    assert answer["failedVersions"] == {
        "1.0": {"errorCode": "SKIPPED", "errorMessage": "version 1.0 is skipped"},
        "9.9": {"errorCode": "NOT_FOUND", "errorMessage": "Could not find version 9.9"},
    }
    assert house.versions("team", "acme") == {"1.0": "Published", "2.0": "Published"}
    missing = house.api.exceptions.ResourceNotFoundException
    for place, kind in (({"package": "other"}, "package"), ({"repository": "nowhere"}, "repository")):
        with pytest.raises(missing) as caught:
            getattr(house.api, operation)(**{**acme, **place}, versions=["1.0"], **more)
        assert told(caught.value)["resourceType"] == kind


def test_a_disposed_version_has_no_files_and_stays_known(house: House, acme: Named) -> None:
    before, size = house.describe("team", "acme", "1.0"), house.bytes_held()
    answer = house.api.dispose_package_versions(**acme, versions=["1.0"], expectedStatus="Published")
    assert answer["successfulVersions"] == {"1.0": {"revision": before["revision"], "status": "Disposed"}}
    assert house.describe("team", "acme", "1.0") == {**before, "status": "Disposed"}
    assert house.api.list_package_version_assets(**acme, packageVersion="1.0")["assets"] == []
    assert 0 < house.bytes_held() < size
    assert house.get("team", "acme", "1.0").status == 404
    again = house.api.dispose_package_versions(**acme, versions=["1.0"])
    assert again["failedVersions"]["1.0"]["errorCode"] == "NOT_ALLOWED"
    back = house.api.update_package_versions_status(**acme, versions=["1.0"], targetStatus="Published")
    assert back["failedVersions"]["1.0"]["errorCode"] == "NOT_ALLOWED"
    listed = house.api.list_package_versions(**acme, status="Disposed")["versions"]
    assert [version["version"] for version in listed] == ["1.0"]
    assert house.api.delete_package_versions(**acme, versions=["1.0"])["successfulVersions"]
    assert house.upload("team", "acme", "1.0").status == 200


def test_bytes_that_others_share_stay(house: House, acme: Named) -> None:
    house.repository("production")
    house.api.copy_package_versions(
        domain=house.domain, sourceRepository="team", destinationRepository="production", format="pypi",
        package="acme", versions=["1.0", "2.0"],
    )  # fmt: skip
    size, content = house.bytes_held(), house.get("production", "acme", "1.0").data
    house.api.dispose_package_versions(**acme, versions=["1.0"])
    house.api.delete_package_versions(**acme, versions=["2.0"])
    assert house.bytes_held() == size
    assert house.get("production", "acme", "1.0").data == content
    assert house.get("production", "acme", "2.0").status == 200
    house.api.delete_package(**house.named("production", "acme"))
    assert house.bytes_held() == 0


@pytest.mark.parametrize("status", [*STATUSES, "Disposed"])
def test_a_version_of_any_status_can_be_deleted(house: House, acme: Named, status: str) -> None:
    if status == "Disposed":
        house.api.dispose_package_versions(**acme, versions=["1.0"])
    else:
        house.set_status("team", "acme", status, "1.0")
    failed = house.api.delete_package_versions(**acme, versions=["1.0"], expectedStatus="Unfinished")["failedVersions"]
    assert failed["1.0"]["errorCode"] == "MISMATCHED_STATUS"
    answer = house.api.delete_package_versions(**{**acme, "expectedStatus": status}, versions=["1.0"])
    assert answer["successfulVersions"]["1.0"]["status"] == "Deleted"
    assert house.versions("team", "acme") == {"2.0": "Published"}


def test_the_package_stays_when_its_last_version_goes(house: House, acme: Named) -> None:
    house.api.delete_package_versions(**acme, versions=["1.0", "2.0"])
    assert house.versions("team", "acme") == {}
    assert house.controls("team", "acme") == ("ALLOW", "BLOCK")
    assert house.bytes_held() == 0


def test_versions_are_found_by_what_they_mean(house: House, acme: Named) -> None:
    """Two spellings of a version are one version; each is answered as it was asked for."""
    answer = house.api.dispose_package_versions(**acme, versions=["1", "1.0.0", "1"])
    assert answer["successfulVersions"].keys() == {"1", "1.0.0"}
    assert house.versions("team", "acme") == {"1.0": "Disposed", "2.0": "Published"}
    answer = house.api.delete_package_versions(**acme, versions=["1", "1.0"])
    assert answer["successfulVersions"].keys() == {"1", "1.0"}


def test_no_version_at_all_is_nothing_to_do(house: House, acme: Named) -> None:
    answer = house.api.delete_package_versions(**acme, versions=[])
    assert (answer["successfulVersions"], answer["failedVersions"]) == ({}, {})
    assert house.versions("team", "acme").keys() == {"1.0", "2.0"}


def test_more_than_a_hundred_versions_are_refused(house: House, acme: Named) -> None:
    with pytest.raises(house.api.exceptions.ValidationException, match="versions"):
        house.api.delete_package_versions(**acme, versions=[str(number) for number in range(101)])


def test_the_packages_of_other_accounts_are_denied(house: House) -> None:
    elsewhere = {**house.named("team", "acme"), "domainOwner": "9" * 12}
    for call in (
        lambda: house.api.update_package_versions_status(**elsewhere, versions=["1"], targetStatus="Archived"),
        lambda: house.api.dispose_package_versions(**elsewhere, versions=["1"]),
        lambda: house.api.delete_package_versions(**elsewhere, versions=["1"]),
        lambda: house.api.delete_package(**elsewhere),
        lambda: house.api.put_package_origin_configuration(
            **elsewhere, restrictions={"publish": "ALLOW", "upstream": "BLOCK"}
        ),
        lambda: house.api.get_package_version_readme(**elsewhere, packageVersion="1"),
    ):
        with pytest.raises(house.api.exceptions.AccessDeniedException, match=r"package/.*/team/pypi//acme"):
            call()
