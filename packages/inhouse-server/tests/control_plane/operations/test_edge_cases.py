"""Whole stories over several operations and both planes: what one thing that was done means for the others."""

from dataclasses import replace
from typing import Any

import pytest
from house import House
from live_server import LiveServer
from made_distributions import wheel_name
from people import EVERYTHING, People, deny, policy

ONE, TWO, THREE = (wheel_name("acme", version) for version in ("1.0", "2.0", "3.0"))


@pytest.fixture
def chain(house: House) -> House:
    """`team` stands behind nothing, before it `shared`, and before that `store`, which is connected."""
    house.repository("store", connected=True)
    house.repository("shared", "store")
    house.repository("team", "shared")
    return house


def test_a_version_that_is_archived_here_is_hidden_though_it_is_public(chain: House) -> None:
    chain.release("acme", "1.0")
    assert chain.get("team", "acme", "1.0").status == 200
    chain.set_status("team", "acme", "Archived", "1.0")
    assert chain.page("team", "acme") == []
    assert chain.get("team", "acme", "1.0").status == 404
    assert chain.page("shared", "acme") == [ONE], "elsewhere it is as it was"


def test_a_version_that_is_unlisted_here_can_be_fetched_and_is_not_shown(chain: House) -> None:
    content = chain.release("acme", "1.0")
    chain.get("team", "acme", "1.0")
    chain.set_status("team", "acme", "Unlisted", "1.0")
    assert chain.page("team", "acme") == []
    assert chain.get("team", "acme", "1.0").data == content
    chain.set_status("team", "acme", "Published", "1.0")
    assert chain.page("team", "acme") == [ONE]


def test_what_was_retained_can_be_installed_after_its_upstream_is_deleted(chain: House) -> None:
    content = chain.release("acme", "1.0")
    chain.get("team", "acme", "1.0")
    chain.api.delete_repository(domain=chain.domain, repository="shared")
    chain.api.delete_repository(domain=chain.domain, repository="store")
    described = chain.api.describe_repository(domain=chain.domain, repository="team")["repository"]
    assert described["upstreams"] == []
    assert chain.page("team", "acme") == [ONE]
    assert chain.get("team", "acme", "1.0").data == content


def test_a_repository_in_between_keeps_nothing(chain: House) -> None:
    chain.release("acme", "1.0")
    chain.get("team", "acme", "1.0")
    assert chain.versions("team", "acme") == chain.versions("store", "acme") == {"1.0": "Published"}
    assert chain.versions("shared", "acme") == {}
    assert chain.api.list_packages(domain=chain.domain, repository="shared")["packages"] == []


def test_the_same_bytes_may_be_uploaded_again_and_others_not(house: House) -> None:
    house.repository("team")
    assert house.upload("team", "acme", "1.0").status == 200
    assert house.upload("team", "acme", "1.0").status == 200
    assert house.upload("team", "acme", "1.0", code="changed = True").status == 409


def test_a_version_that_is_upstream_can_be_uploaded_once_upstream_is_blocked(chain: House) -> None:
    chain.release("acme", "1.0")
    assert chain.upload("team", "acme", "1.0", code="ours = True").status == 409
    chain.control("team", "acme", "ALLOW", "BLOCK")
    assert chain.upload("team", "acme", "1.0", code="ours = True").status == 200
    assert b"ours" not in chain.get("shared", "acme", "1.0").data


def test_the_first_upload_closes_a_name_for_what_is_public(chain: House) -> None:
    chain.published("team", "acme", "1.0")
    assert chain.controls("team", "acme") == ("ALLOW", "BLOCK")
    chain.release("acme", "3.0")
    assert chain.page("team", "acme") == [ONE]
    assert chain.get("team", "acme", "3.0").status == 404
    chain.api.delete_package(**chain.named("team", "acme"))
    assert chain.page("team", "acme") == [THREE], "the name is nobody's again"


def test_copying_what_is_there_already_is_told_nowhere(house: House) -> None:
    house.repository("team")
    house.repository("production")
    house.published("team", "acme", "1.0")
    where: dict[str, Any] = {"sourceRepository": "team", "destinationRepository": "production"}
    for done in ({"1.0"}, set[str]()):
        answer = house.api.copy_package_versions(
            domain=house.domain, format="pypi", package="acme", versions=["1.0"], **where
        )
        assert answer["successfulVersions"].keys() == done
        assert answer["failedVersions"] == {}


def test_copying_a_version_that_is_missing_copies_nothing(house: House) -> None:
    house.repository("team")
    house.repository("production")
    house.published("team", "acme", "1.0")
    answer = house.api.copy_package_versions(
        domain=house.domain,
        sourceRepository="team",
        destinationRepository="production",
        format="pypi",
        package="acme",
        versions=["1.0", "5.6.7"],
    )
    assert answer["successfulVersions"] == {}
    assert answer["failedVersions"] == {
        "1.0": {"errorCode": "SKIPPED", "errorMessage": "Version 1.0 was skipped"},
        "5.6.7": {"errorCode": "NOT_FOUND", "errorMessage": "Could not find version 5.6.7"},
    }
    assert house.versions("production", "acme") == {}


def test_a_deleted_version_can_be_published_with_other_bytes(house: House) -> None:
    house.repository("team")
    house.published("team", "acme", "1.0")
    revision = house.describe("team", "acme", "1.0")["revision"]
    answer = house.api.delete_package_versions(**house.named("team", "acme"), versions=["1.0"])
    assert answer["successfulVersions"] == {"1.0": {"revision": revision, "status": "Deleted"}}
    assert answer["failedVersions"] == {}
    assert house.page("team", "acme") == []
    assert house.upload("team", "acme", "1.0", code="changed = True").status == 200
    assert house.describe("team", "acme", "1.0")["revision"] != revision


def test_a_deleted_version_comes_again_from_upstream(chain: House) -> None:
    content = chain.release("acme", "1.0")
    chain.get("team", "acme", "1.0")
    chain.api.delete_package_versions(**chain.named("team", "acme"), versions=["1.0"])
    assert chain.versions("team", "acme") == {}
    assert chain.get("team", "acme", "1.0").data == content
    assert chain.versions("team", "acme") == {"1.0": "Published"}


@pytest.mark.parametrize(("status", "refreshed"), [("Published", True), ("Unlisted", True), ("Archived", False)])
def test_files_that_are_added_upstream_come_to_versions_that_are_open(
    chain: House, status: str, *, refreshed: bool
) -> None:
    chain.release("acme", "1.0")
    chain.get("team", "acme", "1.0")
    chain.set_status("team", "acme", status, "1.0")
    second = wheel_name("acme", "1.0").replace("py3-none-any", "py3-none-linux_x86_64")
    (chain.public / second).write_bytes((chain.public / ONE).read_bytes())
    listed = set(chain.page("team", "acme"))
    assert listed == ({ONE, second} if status == "Published" else set())
    address = f"{chain.url}/pypi/d/{chain.domain}-111122223333/team/simple/acme/1.0/{second}"
    assert (chain.ask("GET", address).status == 200) is refreshed
    files = chain.api.list_package_version_assets(**chain.named("team", "acme"), packageVersion="1.0")["assets"]
    assert (second in {file["name"] for file in files}) is refreshed


@pytest.mark.parametrize("status", ["Archived", "Disposed"])
def test_a_version_that_is_put_away_takes_no_uploads(house: House, status: str) -> None:
    house.repository("team")
    house.published("team", "acme", "1.0")
    if status == "Disposed":
        house.api.dispose_package_versions(**house.named("team", "acme"), versions=["1.0"])
    else:
        house.set_status("team", "acme", status, "1.0")
    assert house.upload("team", "acme", "1.0").status == 409
    assert house.page("team", "acme") == []
    assert house.get("team", "acme", "1.0").status == 404
    assert house.versions("team", "acme") == {"1.0": status}


def test_a_disposed_version_holds_back_what_is_public(chain: House) -> None:
    chain.release("acme", "1.0")
    chain.release("acme", "2.0")
    chain.get("team", "acme", "1.0")
    chain.api.dispose_package_versions(**chain.named("team", "acme"), versions=["1.0"])
    assert chain.page("team", "acme") == [TWO]
    assert chain.get("team", "acme", "1.0").status == 404


def test_without_its_connection_a_repository_keeps_what_it_has(house: House) -> None:
    house.repository("store", connected=True)
    first = house.release("acme", "1.0")
    house.get("store", "acme", "1.0")
    house.release("acme", "2.0")
    changed = house.api.disassociate_external_connection(
        domain=house.domain, repository="store", externalConnection="public:pypi"
    )["repository"]
    assert changed["externalConnections"] == []
    assert house.page("store", "acme") == [ONE]
    assert house.get("store", "acme", "1.0").data == first
    assert house.get("store", "acme", "2.0").status == 404


def test_a_policy_that_denies_closes_the_door_to_tokens_that_are_out(house: House, live_server: LiveServer) -> None:
    house.repository("team")
    house.published("team", "acme", "1.0")
    key = People(live_server).user(EVERYTHING)
    reader = replace(house, api=live_server.codeartifact(key_id=key.id, secret=key.secret))
    token = reader.api.get_authorization_token(domain=house.domain)["authorizationToken"]
    assert reader.ask("GET", f"{house.root('team')}/simple/acme/", token=token).status == 200
    statement = deny("codeartifact:ReadFromRepository", Principal={"AWS": key.principal.arn})
    house.api.put_repository_permissions_policy(
        domain=house.domain, repository="team", policyDocument=policy(statement)
    )
    assert reader.ask("GET", f"{house.root('team')}/simple/acme/", token=token).status == 403
    house.repository("production")
    copy: dict[str, Any] = {"domain": house.domain, "format": "pypi", "package": "acme", "versions": ["1.0"]}
    with pytest.raises(house.api.exceptions.AccessDeniedException, match="ReadFromRepository"):
        reader.api.copy_package_versions(**copy, sourceRepository="team", destinationRepository="production")
    house.api.delete_repository_permissions_policy(domain=house.domain, repository="team")
    statement = deny("codeartifact:CopyPackageVersions", Principal={"AWS": key.principal.arn})
    house.api.put_repository_permissions_policy(
        domain=house.domain, repository="production", policyDocument=policy(statement)
    )
    with pytest.raises(house.api.exceptions.AccessDeniedException, match="CopyPackageVersions"):
        reader.api.copy_package_versions(**copy, sourceRepository="team", destinationRepository="production")
    house.api.delete_repository(domain=house.domain, repository="production")
    house.repository("production")
    assert reader.api.copy_package_versions(**copy, sourceRepository="team", destinationRepository="production")[
        "successfulVersions"
    ]
