"""Copying versions between the repositories of a domain."""

from typing import Any

import pytest
from house import House
from live_server import told
from made_distributions import make_sdist, sdist_name, wheel_name


@pytest.fixture
def two(house: House) -> House:
    """`team` has acme 1.0 and 2.0, `production` has nothing."""
    house.repository("team")
    house.repository("production")
    house.published("team", "acme", "1.0", "2.0")
    return house


def copy(house: House, *versions: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parameters of any kind
    parameters: dict[str, Any] = {
        "domain": house.domain,
        "sourceRepository": "team",
        "destinationRepository": "production",
        "format": "pypi",
        "package": "acme",
        **({"versions": list(versions)} if versions else {}),
        **more,
    }
    return dict(house.api.copy_package_versions(**parameters))


def codes(answer: dict[str, Any]) -> dict[str, str]:
    return {version: failure["errorCode"] for version, failure in answer["failedVersions"].items()}


def test_a_copy_is_the_same_version(two: House) -> None:
    size, described = two.bytes_held(), two.describe("team", "acme", "1.0")
    answer = copy(two, "1.0")
    assert answer["successfulVersions"] == {"1.0": {"revision": described["revision"], "status": "Published"}}
    assert two.describe("production", "acme", "1.0") == described, "its origin is where it entered the domain"
    assert two.bytes_held() == size, "the bytes are shared"
    assert two.page("production", "acme") == [wheel_name("acme", "1.0")]
    assert two.get("production", "acme", "1.0").data == two.get("team", "acme", "1.0").data
    assert two.controls("production", "acme") == ("ALLOW", "BLOCK")


def test_revisions_can_be_asked_for(two: House) -> None:
    revision = two.describe("team", "acme", "1.0")["revision"]
    failed = copy(two, versionRevisions={"1.0": "other"})["failedVersions"]
    assert failed == {
        "1.0": {
            "errorCode": "MISMATCHED_REVISION",
            "errorMessage": f"current revision: {revision}, expected revision: other",
        }
    }
    assert copy(two, versionRevisions={"1.0": revision})["successfulVersions"].keys() == {"1.0"}


def test_just_one_way_to_name_versions(two: House) -> None:
    ways: list[dict[str, Any]] = [{}, {"versions": []}, {"versions": ["1.0"], "versionRevisions": {"1.0": "r"}}]
    for named in ways:
        with pytest.raises(two.api.exceptions.ValidationException, match="versionRevisions") as caught:
            copy(two, **named)
        assert told(caught.value)["reason"] == "FIELD_VALIDATION_FAILED"


def test_another_version_of_that_number_is_overwritten_only_when_asked(two: House) -> None:
    assert two.upload("production", "acme", "1.0", code="other = True").status == 200
    answer = copy(two, "1.0", "2.0")
    assert answer["successfulVersions"] == {}
    assert answer["failedVersions"] == {
        "1.0": {"errorCode": "ALREADY_EXISTS", "errorMessage": "Version 1.0 already exists"},
        "2.0": {"errorCode": "SKIPPED", "errorMessage": "Version 2.0 was skipped"},
    }
    answer = copy(two, "1.0", "2.0", allowOverwrite=True)
    assert answer["successfulVersions"].keys() == {"1.0", "2.0"}
    assert two.get("production", "acme", "1.0").data == two.get("team", "acme", "1.0").data
    assert two.describe("production", "acme", "1.0") == two.describe("team", "acme", "1.0")


def test_one_more_file_makes_another_version(two: House) -> None:
    copy(two, "1.0")
    path = wheel_name("acme", "1.0").replace("py3-none-any", "py3-none-linux_x86_64")
    content = two.get("team", "acme", "1.0").data
    fields = {":action": "file_upload", "name": "acme", "version": "1.0", "content": (path, content)}
    assert two.ask("POST", f"{two.root('team')}/", fields=fields).status == 200
    assert codes(copy(two, "1.0")) == {"1.0": "ALREADY_EXISTS"}
    assert copy(two, "1.0", allowOverwrite=True)["successfulVersions"].keys() == {"1.0"}
    assert len(two.page("production", "acme")) == 2


@pytest.mark.parametrize("status", ["Unlisted", "Archived"])
def test_the_status_is_copied(two: House, status: str) -> None:
    two.set_status("team", "acme", status, "1.0")
    assert copy(two, "1.0")["successfulVersions"]["1.0"]["status"] == status
    assert two.versions("production", "acme") == {"1.0": status}


def test_a_disposed_version_is_neither_copied_nor_overwritten(two: House) -> None:
    two.api.dispose_package_versions(**two.named("team", "acme"), versions=["1.0"])
    assert codes(copy(two, "1.0")) == {"1.0": "NOT_ALLOWED"}
    copy(two, "2.0")
    two.api.dispose_package_versions(**two.named("production", "acme"), versions=["2.0"])
    assert codes(copy(two, "2.0")) == {"2.0": "ALREADY_EXISTS"}
    assert codes(copy(two, "2.0", allowOverwrite=True)) == {"2.0": "NOT_ALLOWED"}


def test_origin_controls_of_the_destination_are_not_asked(two: House) -> None:
    two.control("production", "acme", "BLOCK", "BLOCK")
    assert copy(two, "1.0")["successfulVersions"].keys() == {"1.0"}
    assert two.controls("production", "acme") == ("BLOCK", "BLOCK")


def test_what_does_not_exist(two: House) -> None:
    missing = two.api.exceptions.ResourceNotFoundException
    with pytest.raises(missing, match="packageName=other"):
        copy(two, "1.0", package="other")
    with pytest.raises(missing, match="packageName=other"):
        copy(two, "1.0", package="other", includeFromUpstream=True)
    for place in ({"sourceRepository": "nowhere"}, {"destinationRepository": "nowhere"}):
        with pytest.raises(missing, match="Repository not found"):
            copy(two, "1.0", **place)
    with pytest.raises(two.api.exceptions.ValidationException, match="namespace"):
        copy(two, "1.0", namespace="x")
    with pytest.raises(two.api.exceptions.AccessDeniedException, match="ReadFromRepository"):
        copy(two, "1.0", domainOwner="9" * 12)


def test_two_spellings_of_a_version_are_copied_once(two: House) -> None:
    assert copy(two, "1.0", "1.0.0")["successfulVersions"].keys() == {"1.0", "1.0.0"}
    assert two.versions("production", "acme") == {"1.0": "Published"}
    assert two.upload("team", "acme", "3.0").status == 200
    assert two.upload("production", "acme", "3.0", code="other = True").status == 200
    assert copy(two, "3", "3.0", allowOverwrite=True)["successfulVersions"].keys() == {"3", "3.0"}


# --- from upstream ---------------------------------------------------------------------------------------------------


@pytest.fixture
def chain(house: House) -> House:
    """`team` stands before `store`, which is connected to the public source; `production` stands alone."""
    house.repository("store", connected=True)
    house.repository("team", "store")
    house.repository("production")
    return house


def test_only_what_the_source_holds_unless_upstream_is_asked_for(chain: House) -> None:
    content = chain.release("acme", "1.0")
    chain.release("acme", "2.0")
    chain.get("team", "acme", "2.0")
    assert codes(copy(chain, "1.0", "2.0")) == {"1.0": "NOT_FOUND", "2.0": "SKIPPED"}
    answer = copy(chain, "1.0", "2.0", includeFromUpstream=True)
    assert answer["successfulVersions"].keys() == {"1.0", "2.0"}
    assert chain.versions("production", "acme") == {"1.0": "Published", "2.0": "Published"}
    assert chain.versions("team", "acme") == {"2.0": "Published"}
    assert chain.get("production", "acme", "1.0").data == content


def test_a_public_version_is_copied_as_a_reference(chain: House) -> None:
    content = chain.release("acme", "1.0")
    answer = copy(chain, "1.0", includeFromUpstream=True)
    assert answer["successfulVersions"]["1.0"]["status"] == "Published"
    described = chain.describe("production", "acme", "1.0")
    assert described["origin"] == {
        "domainEntryPoint": {"externalConnectionName": "public:pypi"},
        "originType": "EXTERNAL",
    }
    assert described["summary"] == "Made for a test", "its metadata is offered apart from the file"
    assert described["revision"] == answer["successfulVersions"]["1.0"]["revision"]
    assert chain.controls("production", "acme") == ("BLOCK", "ALLOW")
    assert chain.bytes_held() == 0, "nobody has asked for the bytes"
    assert chain.get("production", "acme", "1.0").data == content
    assert chain.bytes_held() == len(content)
    chain.get("team", "acme", "1.0")
    assert codes(copy(chain, "1.0")) == {}
    assert chain.describe("team", "acme", "1.0") == described


def test_a_public_version_without_metadata_apart_is_copied_too(chain: House) -> None:

    (chain.public / sdist_name("acme")).write_bytes(make_sdist("acme"))
    assert copy(chain, "1.0", includeFromUpstream=True)["successfulVersions"].keys() == {"1.0"}
    assert "summary" not in chain.describe("production", "acme", "1.0")


def test_a_version_that_another_repository_holds(chain: House) -> None:
    chain.repository("base")
    chain.repository("front", "base")
    chain.published("base", "acme", "1.0")
    answer = copy(chain, "1.0", sourceRepository="front", includeFromUpstream=True)
    assert answer["successfulVersions"].keys() == {"1.0"}
    assert chain.describe("production", "acme", "1.0") == chain.describe("base", "acme", "1.0")
    chain.set_status("base", "acme", "Archived", "1.0")
    chain.api.delete_package(**chain.named("production", "acme"))
    assert codes(copy(chain, "1.0", sourceRepository="front", includeFromUpstream=True)) == {"1.0": "NOT_FOUND"}


def test_what_origin_controls_hide_from_the_source_is_not_copied(chain: House) -> None:
    chain.release("acme", "1.0")
    chain.control("team", "acme", "ALLOW", "BLOCK")
    assert codes(copy(chain, "1.0", includeFromUpstream=True)) == {"1.0": "NOT_FOUND"}


def test_a_public_source_that_does_not_answer_is_not_a_missing_version(chain: House) -> None:
    chain.release("acme", "1.0")
    chain.get("team", "acme", "1.0")
    moved = chain.public.rename(chain.public.with_name("moved"))
    try:
        assert copy(chain, "1.0", includeFromUpstream=True)["failedVersions"] == {}
        with pytest.raises(chain.api.exceptions.InternalServerException):
            copy(chain, "2.0", includeFromUpstream=True)
    finally:
        moved.rename(chain.public)
