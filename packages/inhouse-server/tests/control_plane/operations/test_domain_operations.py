from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from live_server import LiveServer, told

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

ACCOUNT = "111122223333"


def test_a_new_domain_is_described_as_it_was_answered(codeartifact: "CodeArtifactClient") -> None:
    made = codeartifact.create_domain(domain="described")["domain"]
    created, key = made.pop("createdTime"), made.pop("encryptionKey")
    assert made == {
        "name": "described",
        "owner": ACCOUNT,
        "arn": f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:domain/described",
        "status": "Active",
        "repositoryCount": 0,
        "assetSizeBytes": 0,
        "s3BucketArn": f"arn:aws:s3:::assets-{ACCOUNT}-us-east-1",
    }
    assert abs((datetime.now(UTC) - created).total_seconds()) < 60
    assert key.startswith(f"arn:aws:kms:us-east-1:{ACCOUNT}:key/")
    codeartifact.create_repository(domain="described", repository="lib")
    again = codeartifact.describe_domain(domain="described", domainOwner=ACCOUNT)["domain"]
    assert again == {**made, "createdTime": created, "encryptionKey": key, "repositoryCount": 1}


def test_a_second_domain_of_the_same_name_is_refused(codeartifact: "CodeArtifactClient", domain: str) -> None:
    with pytest.raises(codeartifact.exceptions.ConflictException) as caught:
        codeartifact.create_domain(domain=domain)
    assert told(caught.value) == {
        "code": "ConflictException",
        "status": 409,
        "resourceId": domain,
        "resourceType": "domain",
    }


def test_regions_are_apart(live_server: LiveServer, domain: str) -> None:
    elsewhere = live_server.codeartifact(region="eu-west-1")
    with pytest.raises(elsewhere.exceptions.ResourceNotFoundException):
        elsewhere.describe_domain(domain=domain)
    assert ":eu-west-1:" in elsewhere.create_domain(domain=domain)["domain"]["arn"]
    assert [each["name"] for each in elsewhere.list_domains()["domains"]].count(domain) == 1


def test_a_domain_that_does_not_exist(codeartifact: "CodeArtifactClient") -> None:
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException) as caught:
        codeartifact.describe_domain(domain="missing")
    assert told(caught.value) == {
        "code": "ResourceNotFoundException",
        "status": 404,
        "resourceId": "missing",
        "resourceType": "domain",
    }


def test_another_accounts_domain_is_denied_before_it_is_looked_for(codeartifact: "CodeArtifactClient") -> None:
    with pytest.raises(codeartifact.exceptions.AccessDeniedException) as caught:
        codeartifact.describe_domain(domain="missing", domainOwner="999999999999")
    assert caught.value.response["Error"]["Message"] == (
        f"User: arn:aws:iam::{ACCOUNT}:user/admin is not authorized to perform: codeartifact:DescribeDomain on "
        "resource: arn:aws:codeartifact:us-east-1:999999999999:domain/missing because no resource-based policy allows "
        "the codeartifact:DescribeDomain action"
    )


@pytest.mark.parametrize(
    ("given", "recorded"),
    [
        (f"arn:aws:kms:us-east-1:{ACCOUNT}:key/abc-1", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/abc-1"),
        ("arn:aws:kms:us-east-1:999999999999:alias/x", "arn:aws:kms:us-east-1:999999999999:alias/x"),
        ("alias/our-key", f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/our-key"),
    ],
)
def test_keys_are_recorded(codeartifact: "CodeArtifactClient", given: str, recorded: str) -> None:
    name = f"key-{abs(hash(given)) % 10**9}"
    assert codeartifact.create_domain(domain=name, encryptionKey=given)["domain"]["encryptionKey"] == recorded


@pytest.mark.parametrize("key", ["arn:aws:s3:::bucket", "arn:aws:kms:eu-west-1:111122223333:key/a", "no!key"])
def test_keys_that_cannot_be_used(codeartifact: "CodeArtifactClient", key: str) -> None:
    with pytest.raises(codeartifact.exceptions.ValidationException) as caught:
        codeartifact.create_domain(domain="unkeyed", encryptionKey=key)
    assert told(caught.value)["reason"] == "ENCRYPTION_KEY_ERROR"


def test_domains_are_listed_by_name_page_by_page(live_server: LiveServer) -> None:
    client = live_server.codeartifact(region="ca-central-1")
    names = [f"listed-{number}" for number in range(5)]
    for name in reversed(names):
        client.create_domain(domain=name)
    pages = list(client.get_paginator("list_domains").paginate(PaginationConfig={"PageSize": 2}))
    assert [[domain["name"] for domain in page["domains"]] for page in pages] == [names[:2], names[2:4], names[4:]]
    assert set(pages[0]["domains"][0]) == {"name", "owner", "arn", "status", "createdTime", "encryptionKey"}


def test_a_token_of_another_operation_is_refused(live_server: LiveServer) -> None:
    client = live_server.codeartifact(region="sa-east-1")
    for name in ("aa", "bb"):
        client.create_domain(domain=name)
        client.create_repository(domain=name, repository="lib")
    token = client.list_domains(maxResults=1)["nextToken"]
    for question in (
        lambda: client.list_repositories(nextToken=token),
        lambda: client.list_domains(nextToken=token[:-4] + "AAAA"),
        lambda: client.list_domains(nextToken="nonsense"),
    ):
        with pytest.raises(client.exceptions.ValidationException, match="nextToken"):
            question()


@pytest.mark.parametrize("name", ["MY_BAD DOMAIN", "x", "a" * 51, "1abc", "abc-", "ab_c", "ümlaut"])
def test_names_that_aws_does_not_allow(live_server: LiveServer, name: str) -> None:
    client = live_server.codeartifact(validate=False)
    with pytest.raises(client.exceptions.ValidationException, match="at 'domain'") as caught:
        client.create_domain(domain=name)
    assert told(caught.value)["reason"] == "FIELD_VALIDATION_FAILED"


@pytest.mark.parametrize("size", [0, 1001, -1])
def test_pages_have_one_to_a_thousand_entries(live_server: LiveServer, size: int) -> None:
    client = live_server.codeartifact(validate=False)
    with pytest.raises(client.exceptions.ValidationException, match="maxResults"):
        client.list_domains(maxResults=size)


def test_tags_given_at_creation(codeartifact: "CodeArtifactClient") -> None:
    arn = codeartifact.create_domain(
        domain="tagged", tags=[{"key": "team", "value": "data"}, {"key": "Empty", "value": ""}]
    )["domain"]["arn"]
    assert codeartifact.list_tags_for_resource(resourceArn=arn)["tags"] == [
        {"key": "Empty", "value": ""},
        {"key": "team", "value": "data"},
    ]
    made = codeartifact.create_repository(domain="tagged", repository="lib", tags=[{"key": "a", "value": "b"}])[
        "repository"
    ]
    assert codeartifact.list_tags_for_resource(resourceArn=made["arn"])["tags"] == [{"key": "a", "value": "b"}]
    (group,) = codeartifact.list_package_groups(domain="tagged")["packageGroups"]
    assert codeartifact.list_tags_for_resource(resourceArn=group["arn"])["tags"] == []


def test_a_key_of_a_tag_occurs_once(codeartifact: "CodeArtifactClient") -> None:
    with pytest.raises(codeartifact.exceptions.ValidationException, match="twice"):
        codeartifact.create_domain(domain="twice", tags=[{"key": "a", "value": "1"}, {"key": "a", "value": "2"}])


def test_a_resource_has_fifty_tags(codeartifact: "CodeArtifactClient", domain: str) -> None:
    tags = [{"key": f"key-{number}", "value": "x"} for number in range(51)]
    with pytest.raises(codeartifact.exceptions.ServiceQuotaExceededException) as caught:
        codeartifact.create_domain(domain="over", tags=tags)  # type: ignore[arg-type]  # a plain dict is what it takes
    assert told(caught.value)["status"] == 402
    with pytest.raises(codeartifact.exceptions.ServiceQuotaExceededException):
        codeartifact.create_repository(domain=domain, repository="over", tags=tags)  # type: ignore[arg-type]  # as above
    codeartifact.create_domain(domain="full", tags=tags[:50])  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("domain/missing", "domain"),
        ("repository/missing/lib", "domain"),
        ("repository/{domain}/missing", "repository"),
        ("package-group/{domain}/pypi/%2A", "package"),
    ],
)
def test_tags_of_what_does_not_exist(codeartifact: "CodeArtifactClient", domain: str, arn: str, kind: str) -> None:
    place = f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:{arn.format(domain=domain)}"
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException) as caught:
        codeartifact.list_tags_for_resource(resourceArn=place)
    assert told(caught.value)["resourceType"] == kind


@pytest.mark.parametrize(
    "arn", ["nonsense", "arn:aws:s3:::bucket", f"arn:aws:codeartifact:eu-west-1:{ACCOUNT}:domain/dd"]
)
def test_tags_of_what_is_no_resource_of_this_region(codeartifact: "CodeArtifactClient", arn: str) -> None:
    with pytest.raises(codeartifact.exceptions.ValidationException, match="resourceArn"):
        codeartifact.list_tags_for_resource(resourceArn=arn)


def test_tags_of_another_accounts_domain(codeartifact: "CodeArtifactClient") -> None:
    with pytest.raises(codeartifact.exceptions.AccessDeniedException):
        codeartifact.list_tags_for_resource(resourceArn="arn:aws:codeartifact:us-east-1:999999999999:domain/dd")
