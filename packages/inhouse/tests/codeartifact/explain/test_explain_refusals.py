"""Answers that the embedded repository does not give on demand: gathering goes on, and says what is not known."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError
from client_fakes import COORDINATES
from packaging.utils import canonicalize_name

from inhouse.codeartifact.capabilities import Capabilities
from inhouse.codeartifact.explain.facts import Facts, Gate, Known, Links, Page, Unknown
from inhouse.codeartifact.explain.gathering import gather_facts
from inhouse.codeartifact.interface import PublishedFile
from inhouse.errors import AccessDeniedError, CredentialsRefusedError, NotFoundError, ServiceError

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

WITH_UPSTREAM = {
    "shared": {"upstreams": [{"repositoryName": "gone"}], "externalConnections": [{"packageFormat": "npm"}]}
}


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")


class Client:
    """A client that knows some repositories, and a group whose modes are of the future."""

    def __init__(self, repositories: dict[str, Any], versions: ClientError | None) -> None:
        self.meta = self
        self.endpoint_url = "http://127.0.0.1:9"
        self.repositories = repositories
        self.versions = versions

    def describe_repository(self, *, repository: str, **_: str) -> dict[str, Any]:
        if repository not in self.repositories:
            raise error("ResourceNotFoundException")
        return {"repository": self.repositories[repository]}

    def describe_package(self, **_: str) -> dict[str, Any]:
        raise error("ResourceNotFoundException")

    def get_paginator(self, _: str) -> "Client":
        return self

    def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
        if self.versions is not None:
            raise self.versions
        yield {"versions": []}

    def get_associated_package_group(self, **_: str) -> dict[str, Any]:
        restrictions = {"PUBLISH": {"effectiveMode": "ASK"}, "EXTERNAL_UPSTREAM": {"effectiveMode": "BLOCK"}}
        group = {"pattern": "/*", "originConfiguration": {"restrictions": restrictions}}
        return {"packageGroup": group, "associationType": "STRONG"}


def gathered(
    repositories: dict[str, Any] | None = None,
    page: Exception | None = None,
    versions: str = "",
    capabilities: Capabilities | None = None,
) -> Facts:
    def read() -> tuple[PublishedFile, ...]:
        if page is not None:
            raise page
        return ()

    client = Client(WITH_UPSTREAM if repositories is None else repositories, error(versions) if versions else None)
    name = canonicalize_name("acme-core")
    return gather_facts(cast("CodeArtifactClient", client), COORDINATES, name, read, lambda: capabilities)


def test_an_upstream_that_is_gone_is_unknown_and_holds_nothing() -> None:
    entry, gone = gathered().places
    assert entry.links == Known(Links(("gone",), ""))
    assert isinstance(gone.links, Unknown)
    assert gone.links.reason.startswith("the repository `gone` of the domain `acme` of 111122223333 does not exist")
    assert gone.links.permission == ""
    for versions in ("", "ResourceNotFoundException"):
        _, gone = gathered(versions=versions).places
        assert (gone.controls, gone.records) == (Known(None), Known(()))


def test_a_repository_is_visited_once() -> None:
    ways = {"shared": ("a", "b"), "a": ("c",), "b": ("c", "shared"), "c": ()}
    upstreams = {name: {"upstreams": [{"repositoryName": each} for each in behind]} for name, behind in ways.items()}
    told = gathered(upstreams)
    assert ([place.repository for place in told.places], told.is_cut) == (["shared", "a", "c", "b"], False)


def test_the_repository_that_is_asked_must_exist() -> None:
    with pytest.raises(NotFoundError):
        gathered({})


def test_a_service_that_is_too_busy_leaves_it_unknown() -> None:
    records = gathered(versions="ThrottlingException").places[0].records
    assert isinstance(records, Unknown)
    assert ("ThrottlingException" in records.reason, records.permission) == (True, "")


def test_credentials_that_are_refused_end_it() -> None:
    with pytest.raises(CredentialsRefusedError):
        gathered(versions="UnrecognizedClientException")


@pytest.mark.parametrize(("code", "is_down"), [("HTTP 503", True), ("HTTP 500", False)])
def test_only_503_means_that_a_public_source_is_down(code: str, *, is_down: bool) -> None:
    page = gathered(page=ServiceError(code, "GET simple/acme-core/", "no project page", hint="wait")).page
    assert (page == Known(Page(failure=code))) is is_down
    assert isinstance(page, Unknown) is not is_down


def test_of_a_token_both_permissions_are_asked_for_where_nobody_says_which() -> None:
    page = gathered(page=AccessDeniedError("no", hint="ask", operation="GetAuthorizationToken")).page
    assert isinstance(page, Unknown)
    assert page.permission == "codeartifact:GetAuthorizationToken on the domain `acme` and sts:GetServiceBearerToken"


def test_a_mode_that_nobody_has_heard_of_is_left_out() -> None:
    group = gathered().group
    assert isinstance(group, Known)
    assert set(group.value.restrictions) == {Gate.EXTERNAL_UPSTREAM}


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        (Capabilities(), Known(False)),
        (Capabilities("1.0", frozenset({"core-metadata"})), Known(False)),
        (Capabilities("1.0", frozenset({"own-names-closed"})), Known(True)),
    ],
)
def test_the_repository_says_whether_it_closes_our_names(capabilities: Capabilities, expected: Known[bool]) -> None:
    assert gathered(capabilities=capabilities).closes_own_names == expected


def test_a_repository_that_cannot_be_asked_leaves_it_unknown() -> None:
    assert isinstance(gathered(capabilities=None).closes_own_names, Unknown)
