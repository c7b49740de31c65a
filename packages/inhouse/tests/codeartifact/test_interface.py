"""The contract of `Repository`, on the real client against a repository of a few canned answers, and on the fake."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from client_fakes import COORDINATES, ENDPOINT, TOKEN, FakeRepository
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from inhouse.codeartifact.interface import Identity, PublishedFile, Repository, Token, VersionOrigin
from inhouse.codeartifact.repository import CodeArtifactRepository
from inhouse.errors import CredentialsRefusedError, RepositoryError
from inhouse.settings import read_settings

DIGEST = "ab" * 32
FILES = [PublishedFile("acme_core-1.2.0-py3-none-any.whl", "1.2.0", DIGEST)]
ORIGINS: dict[str, dict[str, object]] = {
    "1.2.0": {"origin": {"originType": "INTERNAL", "domainEntryPoint": {"repositoryName": "shared"}}},
    "2": {"origin": {"originType": "EXTERNAL", "domainEntryPoint": {"externalConnectionName": "public:pypi"}}},
    "3": {"origin": {"originType": "UNKNOWN"}},
    "4": {},
}
PAGE = {
    "meta": {"api-version": "1.1"},
    "name": "acme-core",
    "files": [{"filename": FILES[0].filename, "url": f"../{FILES[0].filename}", "hashes": {"sha256": DIGEST}}],
}


@pytest.fixture
def service(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    """A service that answers as CodeArtifact does, and credentials to ask it with."""
    address = httpserver.url_for("").rstrip("/")
    monkeypatch.setenv("AWS_ENDPOINT_URL_CODEARTIFACT", address)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMADEUP")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    asked = {"domain": "acme", "domain-owner": "111122223333"}
    httpserver.expect_request(
        "/v1/authorization-token", method="POST", query_string={**asked, "duration": "3600"}
    ).respond_with_json({"authorizationToken": TOKEN, "expiration": 1_767_323_045})
    httpserver.expect_request(
        "/v1/repository/endpoint", method="GET", query_string={**asked, "repository": "shared", "format": "pypi"}
    ).respond_with_json({"repositoryEndpoint": ENDPOINT})
    identity = (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        "<Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDA</UserId><Account>111122223333</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
    httpserver.expect_request("/", method="POST").respond_with_data(identity, content_type="text/xml")

    def page(request: Request) -> Response:
        credentials = request.authorization
        if credentials is None or (credentials.username, credentials.password) != ("aws", TOKEN):
            return Response("no", 401, {"WWW-Authenticate": 'Basic realm="CodeArtifact"'})
        import json

        return Response(json.dumps(PAGE), 200, {"Content-Type": "application/vnd.pypi.simple.v1+json"})

    described = {**asked, "repository": "shared", "format": "pypi", "package": "acme-core"}
    for number, origin in ORIGINS.items():
        httpserver.expect_request(
            "/v1/package/version", method="GET", query_string={**described, "version": number}
        ).respond_with_json({"packageVersion": {"version": number, **origin}})
    httpserver.expect_request(
        "/v1/package/version", method="GET", query_string={**described, "version": "9"}
    ).respond_with_json({"message": "no"}, 404, {"x-amzn-ErrorType": "ResourceNotFoundException"})
    httpserver.expect_request("/simple/acme-core/").respond_with_handler(page)
    httpserver.expect_request("/simple/unknown/").respond_with_data("no", 404)
    httpserver.expect_request("/simple/forbidden/").respond_with_data("no", 403)
    httpserver.expect_request("/simple/broken/").respond_with_data("no", 500)
    yield httpserver
    httpserver.check_assertions()


def real(environment: dict[str, str] | None = None) -> Repository:
    settings = read_settings({}, {**os.environ, **(environment or {})}, Path("config.toml"), "")
    return CodeArtifactRepository(COORDINATES, settings)


@pytest.fixture(params=["real", "fake"])
def repository(request: pytest.FixtureRequest, service: HTTPServer) -> Repository:
    _ = service
    return real() if request.param == "real" else FakeRepository(files=list(FILES))


def test_a_token_is_given(repository: Repository) -> None:
    assert repository.token().value == TOKEN
    assert repository.token() == repository.token()


def test_a_token_is_not_shown(repository: Repository) -> None:
    assert TOKEN not in repr(repository.token())


def test_the_endpoint_is_told_and_ends_in_a_slash(repository: Repository) -> None:
    assert repository.endpoint() == ENDPOINT


def test_it_is_told_who_asks(repository: Repository) -> None:
    assert repository.identity() == Identity("111122223333", "arn:aws:iam::111122223333:user/ada")


def test_files_are_listed_with_their_digests(repository: Repository, service: HTTPServer) -> None:
    assert repository.published(service.url_for("/simple/"), "Acme.Core") == tuple(FILES)


def test_it_is_told_that_a_version_was_published_here(repository: Repository) -> None:
    assert repository.origin("Acme.Core", "1.2.0") == VersionOrigin(is_internal=True, source="shared")


@pytest.mark.parametrize(
    ("version", "origin"),
    [
        ("2", VersionOrigin(is_internal=False, source="public:pypi")),
        ("3", VersionOrigin(is_internal=False)),
        ("4", VersionOrigin(is_internal=False)),
        ("9", None),
    ],
)
@pytest.mark.usefixtures("service")
def test_nothing_else_counts_as_published_here(version: str, origin: VersionOrigin | None) -> None:
    assert real().origin("acme-core", version) == origin


def test_a_token_is_asked_for_once(service: HTTPServer) -> None:
    repository = real()
    repository.token()
    repository.token()
    assert [request.path for request, _ in service.log] == ["/v1/authorization-token"]
    assert repository.token().expires_at is not None


def test_an_exported_token_is_not_asked_for(service: HTTPServer) -> None:
    assert real({"CODEARTIFACT_AUTH_TOKEN": "made-up-export"}).token() == Token("made-up-export")
    assert not service.log


def test_a_project_that_is_not_there_has_no_files(service: HTTPServer) -> None:
    assert real().published(service.url_for("/simple/"), "unknown") == ()


@pytest.mark.parametrize(
    ("project", "words"),
    [("forbidden", "not allowed"), ("broken", "HTTP 500")],
)
def test_a_refused_page_says_why_and_what_to_do(service: HTTPServer, project: str, words: str) -> None:
    with pytest.raises(RepositoryError, match=words) as caught:
        real().published(service.url_for("/simple/"), project)
    assert caught.value.hint


def test_a_refused_token_is_said_to_have_expired(service: HTTPServer) -> None:
    with pytest.raises(CredentialsRefusedError) as caught:
        real({"CODEARTIFACT_AUTH_TOKEN": "made-up-old"}).published(service.url_for("/simple/"), "acme-core")
    assert "unset CODEARTIFACT_AUTH_TOKEN" in caught.value.hint
    assert "made-up-old" not in caught.value.message


def test_netrc_is_not_read(service: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password else\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert os.environ["NETRC"]
    assert real().published(service.url_for("/simple/"), "acme-core")
