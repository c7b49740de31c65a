"""Quotas that AWS lets an account have raised: by default those that harm no test, on request any."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from house import House
from live_server import ACCOUNT, LiveServer, admin_key_of, serve, told
from made_distributions import make_wheel

from inhouse_server.app import create_app
from inhouse_server.data_folder import open_data_folder
from inhouse_server.movable_clock import utc_now
from inhouse_server.quotas import Quotas
from inhouse_server.settings import ServerSettings


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory, public_folder: Path) -> Iterator[LiveServer]:
    path = tmp_path_factory.mktemp("narrow") / "data"
    settings = ServerSettings(data_dir=path, public_pypi=str(public_folder), quotas=Quotas(1, 2, 3))
    with open_data_folder(path, account=ACCOUNT, clock=utc_now) as folder, serve(create_app(settings, folder)) as url:
        yield LiveServer(url, folder, admin_key_of(folder))


@pytest.fixture(scope="module")
def house(narrow: LiveServer, public_folder: Path) -> House:
    api = narrow.codeartifact()
    api.create_domain(domain="only")
    return House(narrow.url, api, "only", public_folder)


def test_domains_of_an_account_in_a_region(house: House, narrow: LiveServer) -> None:
    with pytest.raises(house.api.exceptions.ServiceQuotaExceededException) as caught:
        house.api.create_domain(domain="second")
    assert told(caught.value) == {
        "code": "ServiceQuotaExceededException",
        "status": 402,
        "resourceId": "second",
        "resourceType": "domain",
    }
    with pytest.raises(house.api.exceptions.ConflictException):
        house.api.create_domain(domain="only")
    narrow.codeartifact(region="eu-west-1").create_domain(domain="second")


def test_repositories_of_a_domain(house: House) -> None:
    house.repository("one")
    house.repository("two")
    with pytest.raises(house.api.exceptions.ServiceQuotaExceededException) as caught:
        house.repository("three")
    assert told(caught.value)["resourceType"] == "repository"
    house.api.delete_repository(domain="only", repository="one")
    house.repository("three")


def test_assets_of_a_version(house: House) -> None:
    (repository, *_) = (each["name"] for each in house.api.list_repositories()["repositories"])
    for number in range(3):
        _publish(house, repository, f"asset-{number}")
    with pytest.raises(house.api.exceptions.ServiceQuotaExceededException) as caught:
        _publish(house, repository, "asset-3")
    assert told(caught.value)["resourceType"] == "package-version"
    _publish(house, repository, "asset-1")  # which is there
    for tag in ("py3", "py31", "py32"):
        assert _upload(house, repository, tag) == 200
    assert _upload(house, repository, "py33") == 413
    assert _upload(house, repository, "py3") == 200


def _publish(house: House, repository: str, asset: str) -> None:
    house.api.publish_package_version(
        **house.named(repository, "tool", "generic"),
        packageVersion="1",
        namespace="ns",
        assetName=asset,
        assetContent=b"x",
        assetSHA256="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        unfinished=True,
    )


def _upload(house: House, repository: str, tag: str) -> int:
    fields = {
        ":action": "file_upload",
        "name": "acme",
        "version": "1.0",
        "content": (f"acme-1.0-{tag}-none-any.whl", make_wheel("acme", "1.0")),
    }
    return house.ask("POST", f"{house.root(repository)}/", fields=fields).status


def test_by_default_tests_can_make_a_domain_each(live_server: LiveServer) -> None:
    api = live_server.codeartifact(region="ap-south-1")
    for number in range(12):
        api.create_domain(domain=f"many-{number}")


def test_a_token_of_another_account_or_region_leads_nowhere(live_server: LiveServer) -> None:
    api = live_server.codeartifact(region="af-south-1")
    for name in ("first-of-two", "second-of-two"):
        api.create_domain(domain=name)
    token = api.list_domains(maxResults=1)["nextToken"]
    elsewhere = live_server.codeartifact(region="eu-north-1")
    with pytest.raises(ClientError, match="nextToken"):
        elsewhere.list_domains(nextToken=token)
    assert [each["name"] for each in api.list_domains(nextToken=token)["domains"]] == ["second-of-two"]


@pytest.mark.parametrize("key", ["nonsense", "key/nonsense", "12345678-1234-1234-1234", "mrk-123"])
def test_what_is_no_key_encrypts_nothing(live_server: LiveServer, key: str) -> None:
    api = live_server.codeartifact()
    with pytest.raises(ClientError) as caught:
        api.create_domain(domain="unkeyed", encryptionKey=key)
    assert told(caught.value)["reason"] == "ENCRYPTION_KEY_ERROR"


@pytest.mark.parametrize("key", ["12345678-1234-1234-1234-123456789ABC", f"mrk-{'0' * 32}", "alias/mine"])
def test_a_key_by_its_id_or_alias(live_server: LiveServer, key: str) -> None:
    api = live_server.codeartifact()
    made = api.create_domain(domain="keyed", encryptionKey=key)["domain"]
    assert made["encryptionKey"].endswith(key if key.startswith("alias/") else f"key/{key}")
    api.delete_domain(domain="keyed")


def test_tag_keys_of_aws_are_not_ours_to_set(live_server: LiveServer, domain: str) -> None:
    api = live_server.codeartifact()
    arn = api.describe_domain(domain=domain)["domain"]["arn"]
    with pytest.raises(ClientError, match="AWS's own"):
        api.tag_resource(resourceArn=arn, tags=[{"key": "AWS:x", "value": ""}])
    with pytest.raises(ClientError, match="AWS's own"):
        api.create_repository(domain=domain, repository="tagged", tags=[{"key": "aws:x", "value": ""}])
    assert api.list_tags_for_resource(resourceArn=arn)["tags"] == []


@pytest.mark.parametrize("digest", ["A" * 64, "a" * 63, "a" * 65])
def test_a_digest_of_another_form_is_told_as_such(live_server: LiveServer, domain: str, digest: str) -> None:
    """Not as a wrong signature: it is the field that is wrong."""
    api = live_server.codeartifact(validate=False)
    api.create_repository(domain=domain, repository="team")
    with pytest.raises(ClientError) as caught:
        api.publish_package_version(
            domain=domain,
            repository="team",
            format="generic",
            namespace="ns",
            package="tool",
            packageVersion="1",
            assetName="asset",
            assetContent=b"x",
            assetSHA256=digest,
        )
    found = told(caught.value)
    assert (found["code"], found["reason"]) == ("ValidationException", "FIELD_VALIDATION_FAILED")
    assert "assetSHA256" in caught.value.response["Error"]["Message"]
