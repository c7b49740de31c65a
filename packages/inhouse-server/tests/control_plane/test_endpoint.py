"""The control plane's HTTP end, called without a network."""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asgi_calls import Reply, ask
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_server import LiveServer, admin_key_of
from starlette.applications import Starlette

from inhouse_server import compat
from inhouse_server.app import create_app
from inhouse_server.control_plane import endpoint, registry
from inhouse_server.control_plane.protocol import models
from inhouse_server.control_plane.protocol.decode import WireRequest, decode
from inhouse_server.data_folder import DataFolder, open_data_folder
from inhouse_server.movable_clock import utc_now
from inhouse_server.services.access import Access, Caller
from inhouse_server.services.domains import Domains
from inhouse_server.settings import ServerSettings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataFolder]:
    with open_data_folder(tmp_path_factory.mktemp("endpoint") / "data", account=None, clock=utc_now) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(folder: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    public = tmp_path_factory.mktemp("public")
    return create_app(ServerSettings(data_dir=folder.path, public_pypi=str(public)), folder)


def signed_headers(
    folder: DataFolder,
    method: str,
    path: str,
    *,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    service: str = "codeartifact",
) -> dict[str, str]:
    key = admin_key_of(folder)
    url = f"http://127.0.0.1:80{quote(path, safe='/')}" + (f"?{query}" if query else "")
    request = AWSRequest(method=method, url=url, data=body, headers={"Host": "127.0.0.1", **headers})
    SigV4Auth(Credentials(key.id, key.secret), service, "us-east-1").add_auth(request)
    return {name: str(value) for name, value in request.headers.items()}


def call(
    app: Starlette,
    folder: DataFolder,
    method: str,
    path: str,
    *,
    query: str = "",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    return ask(
        app,
        method,
        path,
        query=query,
        headers=signed_headers(folder, method, path, query=query, headers=headers or {}, body=body),
        body=[body],
    )


def told(reply: Reply) -> tuple[int, str, str | None]:
    return reply.status, reply.headers["x-amzn-errortype"], json.loads(reply.body).get("reason")


def test_a_signed_request_is_answered(app: Starlette, folder: DataFolder) -> None:
    reply = call(app, folder, "POST", "/v1/domains", body=b"{}")
    assert (reply.status, reply.body) == (200, b'{"domains":[]}')
    assert reply.headers["content-type"] == "application/json"
    assert len(reply.headers["x-amzn-requestid"]) == 36


def test_without_a_signature(app: Starlette) -> None:
    reply = ask(app, "POST", "/v1/domains", body=[b"{}"])
    assert told(reply) == (403, "MissingAuthenticationTokenException", None)
    assert json.loads(reply.body)["message"] == "Missing Authentication Token"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("DELETE", "/v1/domains"),
        ("HEAD", "/v1/domain"),
        ("PURGE", "/v1/domain"),
        ("GET", "/v1/"),
    ],
)
def test_an_unknown_route(app: Starlette, folder: DataFolder, method: str, path: str) -> None:
    reply = call(app, folder, method, path)
    assert told(reply) == (400, "ValidationException", "UNKNOWN_OPERATION")


def test_an_unknown_route_without_a_signature_tells_nothing(app: Starlette) -> None:
    assert ask(app, "GET", "/v1/nothing").status == 403


def test_a_body_that_is_too_long_is_not_read_to_its_end(app: Starlette) -> None:
    read: list[bytes] = []

    def chunks() -> Iterator[bytes]:
        for _ in range(5):
            read.append(b"x" * (compat.MAXIMUM_REQUEST_BYTES // 2))
            yield read[-1]

    reply = ask(app, "POST", "/v1/domains", body=chunks())
    assert len(read) == 3
    assert told(reply) == (400, "ValidationException", "CANNOT_PARSE")
    assert str(compat.MAXIMUM_REQUEST_BYTES) in json.loads(reply.body)["message"]


def test_a_client_that_goes_away(app: Starlette) -> None:
    assert ask(app, "POST", "/v1/domains", body=[b"{", None]).status == 400


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", "http://repo.example/"), ("::1", "http://repo.example/"), ("192.0.2.7", "http://127.0.0.1/")],
)
def test_a_forwarded_host_is_heeded_from_this_machine_alone(
    app: Starlette, folder: DataFolder, address: str, expected: str
) -> None:
    path, query = "/v1/repository/endpoint", "domain=forwarded&repository=lib&format=pypi"
    call(app, folder, "POST", "/v1/domain", query="domain=forwarded", body=b"{}")
    call(app, folder, "POST", "/v1/repository", query="domain=forwarded&repository=lib", body=b"{}")
    headers = signed_headers(
        folder, "GET", path, query=query, headers={"X-Forwarded-Host": "repo.example, proxy.example"}, body=b""
    )
    reply = ask(app, "GET", path, query=query, headers=headers, address=address)
    assert json.loads(reply.body)["repositoryEndpoint"].startswith(expected)


def test_a_host_that_is_none_makes_no_endpoint(app: Starlette, folder: DataFolder) -> None:
    reply = call(app, folder, "POST", "/v1/domains", headers={"Host": "a b"})
    assert told(reply) == (400, "ValidationException", "FIELD_VALIDATION_FAILED")


def test_an_unforeseen_exception_is_logged_and_not_told(
    app: Starlette, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the made-up inside")

    monkeypatch.setattr(Domains, "list_owned", fail)
    monkeypatch.setattr(Domains, "create", fail)
    with caplog.at_level(logging.ERROR, endpoint.__name__):
        reply = call(app, folder, "POST", "/v1/domains", body=b"{}")
        audited = call(app, folder, "POST", "/v1/domain", query="domain=unforeseen")
    request_id = reply.headers["x-amzn-requestid"]
    assert told(reply) == told(audited) == (500, "InternalServerException", None)
    assert request_id in json.loads(reply.body)["message"]
    assert b"made-up inside" not in reply.body
    assert request_id in caplog.text
    assert "the made-up inside" in caplog.text
    assert entries(folder.audit)[-1]["outcome"] == "InternalServerException"


def entries(audit: Path) -> list[dict[str, str]]:
    return [json.loads(line) for file in sorted(audit.iterdir()) for line in file.read_text().splitlines()]


AUDITED = "arn:aws:codeartifact:us-east-1:111122223333:domain/audited"


def test_what_changes_is_audited(app: Starlette, folder: DataFolder) -> None:
    made = call(app, folder, "POST", "/v1/domain", query="domain=audited")
    before = len(entries(folder.audit))
    call(app, folder, "GET", "/v1/domain", query="domain=audited")
    call(app, folder, "POST", "/v1/tags", query=f"resourceArn={quote(AUDITED, safe='')}")
    assert len(entries(folder.audit)) == before, "reading is not audited"
    call(app, folder, "POST", "/v1/repository", query="domain=audited&domain-owner=111122223333&repository=lib")
    call(app, folder, "POST", "/v1/repository", query="domain=audited&repository=lib")
    token = call(app, folder, "POST", "/v1/authorization-token", query="domain=audited")
    call(app, folder, "POST", "/v1/tag", query="resourceArn=arn%3Ax", body=b'{"tags": []}')
    call(app, folder, "PUT", "/v1/repository", query="domain=BAD")
    ask(app, "POST", "/v1/domain", query="domain=unsigned")
    place = "arn:aws:codeartifact:us-east-1:111122223333"
    first, *found = entries(folder.audit)[before - 1 :]
    assert first["request_id"] == made.headers["x-amzn-requestid"]
    assert [(each["action"], each["resource"], each["outcome"]) for each in (first, *found)] == [
        ("codeartifact:CreateDomain", f"{place}:domain/audited", "Success"),
        ("codeartifact:CreateRepository", f"{place}:repository/audited/lib", "Success"),
        ("codeartifact:CreateRepository", f"{place}:repository/audited/lib", "ConflictException"),
        ("codeartifact:GetAuthorizationToken", f"{place}:domain/audited", "Success"),
        ("codeartifact:TagResource", "arn:x", "ValidationException"),
        ("codeartifact:UpdateRepository", None, "ValidationException"),
    ]
    assert {each["principal"] for each in found} == {"arn:aws:iam::111122223333:user/admin"}
    text = "".join(file.read_text() for file in folder.audit.iterdir())
    assert json.loads(token.body)["authorizationToken"] not in text
    assert admin_key_of(folder).secret not in text


@pytest.mark.parametrize(
    ("operation", "query", "body", "resource"),
    [
        ("POST /v1/tag", "resourceArn=arn:x", b'{"tags": []}', "arn:x"),
        ("DELETE /v1/package-group", "domain=dd&package-group=/pypi/*", b"", "package-group/dd/pypi/%2A"),
        ("DELETE /v1/repository", "domain=dd&repository=lib", b"", "repository/dd/lib"),
    ],
)
def test_resources_in_the_audit(
    operation: str, query: str, body: bytes, resource: str, live_server: LiveServer
) -> None:
    """As far as a request's parameters can be read, its line says what it was about."""
    method, path = operation.split()
    model = models.routes("codeartifact")[method, path]
    parameters = decode(model, WireRequest(query, {}, body))
    caller = Caller(live_server.key.principal, "us-east-1")
    assert str(endpoint._resource(caller, parameters)).endswith(resource)


def test_nothing_to_say_which_resource(live_server: LiveServer) -> None:
    assert endpoint._resource(Caller(live_server.key.principal, "us-east-1"), {}) is None


texts = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=20)
known_paths = sorted({path for _, path in models.routes("codeartifact")})
known_parameters = sorted(
    {
        str(member.serialization["name"])
        for operation in models.routes("codeartifact").values()
        if operation.input_shape is not None
        for member in operation.input_shape.members.values()
        if "name" in member.serialization
    }
)
known_values = [
    "dd",
    "lib",
    "pypi",
    "111122223333",
    "/*",
    "5",
    "true",
    "arn:aws:codeartifact:us-east-1:111122223333:domain/dd",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=6,
)
bodies = st.binary(max_size=50) | st.dictionaries(
    st.sampled_from(["maxResults", "nextToken", "description", "upstreams", "tags", "encryptionKey", "packageGroup"]),
    json_values,
).map(lambda value: json.dumps(value).encode())
queries = st.lists(
    st.tuples(
        st.sampled_from(known_parameters),
        st.sampled_from(known_values) | st.text(st.characters(codec="utf-8"), max_size=10),
    ),
    max_size=6,
).map(lambda pairs: "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=st.sampled_from(known_paths),
    query=queries,
    body=bodies,
)
def test_a_malformed_request_is_never_our_own_error(  # noqa: PLR0917 - fixtures, then what hypothesis draws
    app: Starlette, folder: DataFolder, method: str, path: str, query: str, body: bytes
) -> None:
    reply = call(app, folder, method, path, query=query, body=body)
    assert reply.status in (200, 400, 402, 403, 404, 409), reply.body
    json.loads(reply.body)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "X"]),
    path=texts.map(lambda text: f"/v1/{text}") | st.just("/"),
    query=texts,
    headers=st.dictionaries(
        st.sampled_from(["authorization", "host", "x-amz-date", "x-forwarded-host", "x-amz-content-sha256", "accept"]),
        texts
        | st.just(
            f"AWS4-HMAC-SHA256 Credential=A/20260301/us-east-1/codeartifact/aws4_request, SignedHeaders=host, "
            f"Signature={'0' * 64}"
        ),
    ),
    body=st.binary(max_size=30),
)
def test_a_strangers_request_is_never_our_own_error(  # noqa: PLR0917 - fixtures, then what hypothesis draws
    app: Starlette, method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    reply = ask(app, method, path, query=query, headers=headers, body=[body])
    assert 400 <= reply.status < 500, reply.body


def test_the_digest_of_a_body_is_that_of_all_its_chunks(app: Starlette, folder: DataFolder) -> None:
    body = json.dumps({"maxResults": 5}).encode()
    headers = signed_headers(
        folder,
        "POST",
        "/v1/domains",
        query="",
        headers={"X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest()},
        body=body,
    )
    chunks = [body[:5], body[5:]]
    assert ask(app, "POST", "/v1/domains", headers=headers, body=chunks).status == 200
    assert ask(app, "POST", "/v1/domains", headers=headers, body=[body, b" "]).status == 403


def test_an_operation_that_nothing_answers_says_so(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a botocore newer than ours may have."""
    registry.operations()
    monkeypatch.delitem(registry._table, (registry.CODEARTIFACT, "ListDomains"))
    app = create_app(ServerSettings(data_dir=tmp_path), folder)
    reply = call(app, folder, "POST", "/v1/domains", body=b"{}")
    assert told(reply) == (400, "ValidationException", "UNKNOWN_OPERATION")
    assert "does not offer ListDomains yet" in json.loads(reply.body)["message"]


PUBLISH = "domain=generic&repository=lib&format=generic&package=tools&version=1.0&asset=a.bin"


def publish_headers(folder: DataFolder, body: bytes, sha256: str | None = None) -> dict[str, str]:
    claimed = sha256 or hashlib.sha256(body).hexdigest()
    path = "/v1/package/version/publish"
    headers = {"X-Amz-Content-SHA256": claimed}
    return signed_headers(folder, "POST", path, query=PUBLISH, headers=headers, body=body)


def test_an_asset_is_not_held_in_memory_nor_on_the_disk(app: Starlette, folder: DataFolder) -> None:
    """What is refused after it has come leaves nothing behind."""
    body = b"x" * (3 * compat.MAXIMUM_REQUEST_BYTES)
    chunks = [body[start : start + 100_000] for start in range(0, len(body), 100_000)]
    reply = ask(
        app, "POST", "/v1/package/version/publish", query=PUBLISH, headers=publish_headers(folder, body), body=chunks
    )
    assert told(reply) == (404, "ResourceNotFoundException", None)
    assert list((folder.blobs / "incoming").iterdir()) == []


def test_a_strangers_asset_is_not_read(app: Starlette, folder: DataFolder) -> None:
    read: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(5):
            read.append(number)
            yield b"x"

    headers = publish_headers(folder, b"xxxxx")
    headers["Authorization"] = headers["Authorization"][:-4] + "0000"
    reply = ask(app, "POST", "/v1/package/version/publish", query=PUBLISH, headers=headers, body=chunks())
    assert told(reply) == (403, "InvalidSignatureException", None)
    assert read == []


@pytest.mark.parametrize("announced", [True, False])
def test_an_asset_that_is_too_long_is_not_read_to_its_end(
    app: Starlette, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, *, announced: bool
) -> None:
    monkeypatch.setattr(compat, "MAXIMUM_ASSET_BYTES", 10)
    headers = publish_headers(folder, b"x" * 15)
    if announced:
        headers["Content-Length"] = "15"
    chunks = [b"xxxxx"] * 3 if not announced else []
    reply = ask(app, "POST", "/v1/package/version/publish", query=PUBLISH, headers=headers, body=chunks)
    assert told(reply) == (402, "ServiceQuotaExceededException", None)
    assert json.loads(reply.body)["resourceType"] == "asset"
    assert list((folder.blobs / "incoming").iterdir()) == []


def test_a_client_that_goes_away_in_the_middle_of_an_asset(app: Starlette, folder: DataFolder) -> None:
    headers = publish_headers(folder, b"xxxxx")
    reply = ask(app, "POST", "/v1/package/version/publish", query=PUBLISH, headers=headers, body=[b"xx", None])
    assert reply.status == 400
    assert list((folder.blobs / "incoming").iterdir()) == []


@pytest.mark.parametrize("claimed", [None, "UNSIGNED-PAYLOAD"])
def test_an_asset_needs_its_digest(app: Starlette, folder: DataFolder, claimed: str | None) -> None:
    path = "/v1/package/version/publish"
    headers = {} if claimed is None else {"X-Amz-Content-SHA256": claimed}
    signed = signed_headers(folder, "POST", path, query=PUBLISH, headers=headers, body=b"x")
    signed = {name: value for name, value in signed.items() if claimed or name.lower() != "x-amz-content-sha256"}
    reply = ask(app, "POST", path, query=PUBLISH, headers=signed, body=[b"x"])
    assert reply.status in (400, 403)
    assert reply.headers["x-amzn-errortype"] in ("ValidationException", "InvalidSignatureException")


def test_a_long_upload_may_outlive_its_signature(
    app: Starlette, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature is checked when the request begins; the body may take longer than it is good for."""
    checked: list[str] = []
    original = Access.signed

    def signed(self: Access, *arguments: Any) -> Caller:  # noqa: ANN401 - whatever it takes
        checked.append("once")
        return original(self, *arguments)

    monkeypatch.setattr(Access, "signed", signed)
    headers = publish_headers(folder, b"x")
    reply = ask(app, "POST", "/v1/package/version/publish", query=PUBLISH, headers=headers, body=[b"x"])
    assert reply.status == 404
    assert checked == ["once"]


def test_health(app: Starlette) -> None:
    reply = ask(app, "GET", "/healthz")
    assert (reply.status, json.loads(reply.body)) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/healthz/", "/elsewhere", "/v1"])
def test_nothing_is_redirected(app: Starlette, path: str) -> None:
    assert ask(app, "GET", path).status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 405), ("GET", "/elsewhere", 404), ("PUT", "/elsewhere", 404), ("POST", "/healthz", 405)],
)
def test_who_is_lost_is_shown_the_way(app: Starlette, method: str, path: str, status: int) -> None:
    reply = ask(app, method, path, query="\x80")
    told = json.loads(reply.body)
    assert reply.status == status
    assert path in told["message"]
    assert all(place in told["hint"] for place in ("/healthz", "/v1", "/pypi/"))
    assert ("allow" in reply.headers) == (status == 405)
