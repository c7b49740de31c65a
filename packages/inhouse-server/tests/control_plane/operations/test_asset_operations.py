"""Assets and readmes, and generic packages, which are published through the API itself."""

import hashlib
from typing import Any

import pytest
from house import House
from live_server import told
from made_distributions import wheel_name

LONG = b"0123456789abcdef" * (3 * 1024**2 // 16)
"""Three times as long as any body that is read as JSON."""


@pytest.fixture
def team(house: House) -> House:
    house.repository("team")
    return house


def publish(
    house: House,
    content: bytes = b"bytes",
    *,
    version: str = "1.0",
    asset: str = "a.bin",
    **more: Any,  # noqa: ANN401 - parameters of any kind
) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        **house.named("team", "tools", "generic"),
        "namespace": "acme",
        "packageVersion": version,
        "assetName": asset,
        "assetContent": content,
        "assetSHA256": hashlib.sha256(content).hexdigest(),
        **more,
    }
    given = {name: value for name, value in parameters.items() if value is not None}
    return dict(house.api.publish_package_version(**given))


def tools(house: House) -> dict[str, Any]:
    return {**house.named("team", "tools", "generic"), "namespace": "acme"}


# --- assets of Python packages ---------------------------------------------------------------------------------------


def asset(house: House, **more: str) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        **house.named("team", "acme"),
        "packageVersion": "1.0",
        "asset": wheel_name("acme", "1.0"),
        **more,
    }
    return dict(house.api.get_package_version_asset(**parameters))


def test_an_asset_is_given_with_what_it_is(team: House) -> None:
    team.published("team", "acme", "1.0")
    revision = team.describe("team", "acme", "1.0")["revision"]
    answer = asset(team, packageVersionRevision=revision)
    assert answer["asset"].read() == team.get("team", "acme", "1.0").data
    assert (answer["assetName"], answer["packageVersion"]) == (wheel_name("acme", "1.0"), "1.0")
    assert answer["packageVersionRevision"] == revision
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert headers["content-type"] == "application/octet-stream"
    assert int(headers["content-length"]) == team.bytes_held()
    team.set_status("team", "acme", "Unlisted", "1.0")
    assert asset(team)["asset"].read()


def test_an_asset_of_another_revision(team: House) -> None:
    team.published("team", "acme", "1.0")
    with pytest.raises(team.api.exceptions.ConflictException) as caught:
        asset(team, packageVersionRevision="other")
    assert told(caught.value) == {
        "code": "ConflictException",
        "status": 409,
        "resourceId": "1.0",
        "resourceType": "package-version",
    }


def test_assets_that_are_not_to_be_had(team: House) -> None:
    team.published("team", "acme", "1.0")
    missing = team.api.exceptions.ResourceNotFoundException
    for more, kind in (({"asset": "b.whl"}, "asset"), ({"packageVersion": "2.0"}, "package-version")):
        with pytest.raises(missing) as caught:
            asset(team, **more)
        assert told(caught.value)["resourceType"] == kind
    team.set_status("team", "acme", "Archived", "1.0")
    with pytest.raises(missing, match="is Archived"):
        asset(team)
    team.api.dispose_package_versions(**team.named("team", "acme"), versions=["1.0"])
    with pytest.raises(missing) as caught:
        asset(team)
    assert told(caught.value)["resourceType"] == "asset"


def test_upstream_is_not_looked_at_and_bytes_of_what_is_held_are_fetched(house: House) -> None:
    content = house.release("acme", "1.0")
    house.repository("store", connected=True)
    house.repository("team", "store")
    with pytest.raises(house.api.exceptions.ResourceNotFoundException):
        asset(house)
    where: dict[str, Any] = {"sourceRepository": "store", "destinationRepository": "team"}
    house.api.copy_package_versions(
        **where, domain=house.domain, format="pypi", package="acme", versions=["1.0"], includeFromUpstream=True
    )
    assert house.bytes_held() == 0
    assert asset(house)["asset"].read() == content
    assert house.bytes_held() == len(content)


def test_a_readme(team: House) -> None:
    assert team.upload("team", "acme", "1.0", description="# Grüße\n\nMany.").status == 200
    answer = dict(team.api.get_package_version_readme(**team.named("team", "acme"), packageVersion="1.0"))
    del answer["ResponseMetadata"]
    assert answer == {
        "format": "pypi",
        "package": "acme",
        "version": "1.0",
        "versionRevision": team.describe("team", "acme", "1.0")["revision"],
        "readme": "# Grüße\n\nMany.",
    }


def test_no_readme(team: House) -> None:
    team.published("team", "acme", "1.0")
    publish(team)
    missing = team.api.exceptions.ResourceNotFoundException
    for name in (team.named("team", "acme"), tools(team)):
        with pytest.raises(missing, match="no description"):
            team.api.get_package_version_readme(**name, packageVersion="1.0")
        with pytest.raises(missing, match="version not found"):
            team.api.get_package_version_readme(**name, packageVersion="2.0")


# --- generic packages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"bytes", LONG], ids=["nothing", "little", "much"])
def test_an_asset_is_published_and_read_back(team: House, content: bytes) -> None:
    answer = publish(team, content)
    del answer["ResponseMetadata"]
    revision = answer.pop("versionRevision")
    assert answer == {
        "format": "generic",
        "namespace": "acme",
        "package": "tools",
        "version": "1.0",
        "status": "Published",
        "asset": {
            "name": "a.bin",
            "size": len(content),
            "hashes": {
                "MD5": hashlib.md5(content).hexdigest(),
                "SHA-1": hashlib.sha1(content).hexdigest(),
                "SHA-256": hashlib.sha256(content).hexdigest(),
                "SHA-512": hashlib.sha512(content).hexdigest(),
            },
        },
    }
    read = team.api.get_package_version_asset(**tools(team), packageVersion="1.0", asset="a.bin")
    assert read["asset"].read() == content
    assert read["packageVersionRevision"] == revision
    assert team.bytes_held() == len(content)
    described = team.api.describe_package_version(**tools(team), packageVersion="1.0")["packageVersion"]
    assert (described["namespace"], described["revision"]) == ("acme", revision)
    assert described["origin"] == {"domainEntryPoint": {"repositoryName": "team"}, "originType": "INTERNAL"}
    assert described["displayName"] == "tools"
    assets = team.api.list_package_version_assets(**tools(team), packageVersion="1.0")
    assert (assets["namespace"], assets["assets"]) == ("acme", [answer["asset"]])
    controls = team.api.describe_package(**tools(team))["package"]
    assert controls == {
        "format": "generic",
        "namespace": "acme",
        "name": "tools",
        "originConfiguration": {"restrictions": {"publish": "ALLOW", "upstream": "BLOCK"}},
    }


def test_a_version_is_unfinished_until_its_last_asset_has_come(team: House) -> None:
    first = publish(team, b"one", asset="one", unfinished=True)
    assert first["status"] == "Unfinished"
    again = publish(team, b"one", asset="one", unfinished=True)
    assert again["versionRevision"] == first["versionRevision"]
    with pytest.raises(team.api.exceptions.ResourceNotFoundException, match="Unfinished"):
        team.api.get_package_version_asset(**tools(team), packageVersion="1.0", asset="one")
    with pytest.raises(team.api.exceptions.ConflictException) as caught:
        publish(team, b"other", asset="one", unfinished=True)
    assert told(caught.value)["resourceType"] == "asset"
    last = publish(team, b"two", asset="two")
    assert last["status"] == "Published"
    assert last["versionRevision"] != first["versionRevision"]
    listed = team.api.list_package_versions(**tools(team))
    assert (listed["namespace"], listed["versions"][0]["revision"]) == ("acme", last["versionRevision"])
    for name in ("one", "two"):
        assert team.api.get_package_version_asset(**tools(team), packageVersion="1.0", asset=name)["asset"].read()


@pytest.mark.parametrize("status", ["Published", "Unlisted", "Archived", "Disposed"])
def test_nothing_is_added_to_a_version_that_is_finished(team: House, status: str) -> None:
    publish(team, unfinished=True)
    if status == "Disposed":
        team.api.dispose_package_versions(**tools(team), versions=["1.0"])
    else:
        answer = team.api.update_package_versions_status(
            **tools(team),
            versions=["1.0"],
            expectedStatus="Unfinished",
            targetStatus=status,  # type: ignore[arg-type]  # one of the literals
        )
        assert answer["failedVersions"] == {}
    for name in ("a.bin", "b.bin"):
        with pytest.raises(team.api.exceptions.ConflictException) as caught:
            publish(team, asset=name, unfinished=True)
        assert caught.value.response["Error"]["Message"] == (
            f"Cannot update existing generic package version 'acme/tools/1.0' with status '{status}'. Only "
            "'Unfinished' package versions can be updated."
        )


def test_an_unfinished_version_is_not_copied(team: House) -> None:
    team.repository("production")
    publish(team, b"one", asset="one", unfinished=True)
    where: Any = {
        "domain": team.domain, "format": "generic", "namespace": "acme", "package": "tools", "versions": ["1.0"],
        "sourceRepository": "team", "destinationRepository": "production",
    }  # fmt: skip
    answer = team.api.copy_package_versions(**where)
    assert answer["failedVersions"]["1.0"]["errorCode"] == "NOT_ALLOWED"
    publish(team, b"two", asset="two")
    answer = team.api.copy_package_versions(**where, includeFromUpstream=True)
    assert answer["successfulVersions"]["1.0"]["status"] == "Published"
    there = {**tools(team), "repository": "production"}
    assert len(team.api.list_package_version_assets(**there, packageVersion="1.0")["assets"]) == 2
    with pytest.raises(team.api.exceptions.ResourceNotFoundException):
        team.api.copy_package_versions(**{**where, "namespace": "other"})


def test_generic_versions_are_found_upstream_of_the_source(team: House) -> None:
    team.repository("front", "team")
    team.repository("production")
    publish(team)
    answer = team.api.copy_package_versions(
        domain=team.domain, format="generic", namespace="acme", package="tools", versions=["1.0"],
        sourceRepository="front", destinationRepository="production", includeFromUpstream=True,
    )  # fmt: skip
    assert answer["successfulVersions"].keys() == {"1.0"}


def test_a_version_that_comes_from_upstream_is_not_published(team: House) -> None:
    publish(team)
    team.repository("front", "team")
    with pytest.raises(team.api.exceptions.ConflictException, match="upstream team"):
        publish(team, b"other", repository="front")
    front = {**tools(team), "repository": "front"}
    team.api.put_package_origin_configuration(**front, restrictions={"publish": "ALLOW", "upstream": "BLOCK"})
    assert publish(team, b"other", repository="front")["status"] == "Published"


def test_origin_controls_hold_for_generic_packages(team: House) -> None:
    team.api.put_package_origin_configuration(**tools(team), restrictions={"publish": "BLOCK", "upstream": "ALLOW"})
    with pytest.raises(team.api.exceptions.AccessDeniedException, match="acme/tools may not be published") as caught:
        publish(team)
    assert "--format generic --namespace acme --package tools" in caught.value.response["Error"]["Message"]


def test_package_groups_hold_for_generic_packages(team: House) -> None:
    team.api.create_package_group(domain=team.domain, packageGroup="/generic/acme/*")
    team.api.update_package_group_origin_configuration(
        domain=team.domain, packageGroup="/generic/acme/*", restrictions={"PUBLISH": "BLOCK"}
    )
    with pytest.raises(team.api.exceptions.AccessDeniedException, match="package group /generic/acme/"):
        publish(team)
    publish(team, namespace="other")
    publish(team, namespace=None)
    for group, namespaces in (("/*", [None, "other"]), ("/generic/acme/*", [])):
        found = team.api.list_associated_packages(domain=team.domain, packageGroup=group)["packages"]
        assert [each.get("namespace") for each in found] == namespaces


def test_versions_of_generic_packages_are_texts(team: House) -> None:
    publish(team, version="1.0")
    publish(team, b"other", version="1.0.0")
    assert len(team.api.list_package_versions(**tools(team))["versions"]) == 2


def test_a_namespace_makes_another_package(team: House) -> None:
    for namespace in ("acme", "acme-more", "b", None):
        publish(team, str(namespace).encode(), namespace=namespace)
    paginator = team.api.get_paginator("list_packages")

    def listed(**more: Any) -> list[str | None]:  # noqa: ANN401 - boto3 has literals
        pages = paginator.paginate(domain=team.domain, repository="team", **more, PaginationConfig={"PageSize": 1})
        return [each.get("namespace") for page in pages for each in page["packages"]]

    assert listed() == [None, "acme", "acme-more", "b"]
    assert listed(format="generic", namespace="acme") == ["acme", "acme-more"]
    assert listed(format="generic", namespace="c") == []
    deleted = team.api.delete_package(**{**tools(team), "namespace": "b"})["deletedPackage"]
    assert (deleted["namespace"], deleted["package"]) == ("b", "tools")
    assert listed() == [None, "acme", "acme-more"]
    with pytest.raises(team.api.exceptions.ConflictException, match=r"'tools/1\.0'"):
        publish(team, namespace=None)


@pytest.mark.parametrize("package_format", ["pypi", "npm", "maven"])
def test_other_formats_are_not_published_so(team: House, package_format: str) -> None:
    with pytest.raises(team.api.exceptions.ValidationException, match="generic"):
        publish(team, format=package_format, namespace=None)
    assert team.api.list_packages(domain=team.domain, repository="team")["packages"] == []


def test_bytes_that_are_not_those_announced(team: House) -> None:
    with pytest.raises(team.api.exceptions.ValidationException, match="SHA-256") as caught:
        publish(team, b"bytes", assetSHA256=hashlib.sha256(b"other").hexdigest())
    assert told(caught.value)["reason"] == "FIELD_VALIDATION_FAILED"
    assert team.api.list_packages(domain=team.domain, repository="team")["packages"] == []
    assert team.bytes_held() == 0


def test_parameters_are_checked(team: House) -> None:
    wrongs: list[dict[str, Any]] = [
        {"assetName": "a\tb"},
        {"packageVersion": "a b"},
        {"format": "bogus"},
        {"assetName": "x" * 256},
    ]
    for wrong in wrongs:
        with pytest.raises(team.api.exceptions.ValidationException, match="validation error"):
            publish(team, **wrong)
    with pytest.raises(team.api.exceptions.ResourceNotFoundException, match="Repository not found"):
        publish(team, repository="nowhere")
    with pytest.raises(team.api.exceptions.AccessDeniedException, match="PublishPackageVersion"):
        publish(team, domainOwner="9" * 12)


def test_asset_names_may_be_in_any_script(team: House) -> None:
    publish(team, asset="Grüße … 図.bin")
    answer = team.api.get_package_version_asset(**tools(team), packageVersion="1.0", asset="Grüße … 図.bin")
    assert answer["assetName"].encode("latin-1").decode() == "Grüße … 図.bin"
