"""A request that is damaged in whatever way is refused as AWS would refuse it, in time, and changes nothing."""

import json
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from asgi_calls import Reply, ask
from botocore.model import OperationModel, StructureShape
from botocore.parsers import create_parser
from botocore.validate import ParamValidator
from damages import badly_signed, damaged
from house import House
from hypothesis import HealthCheck, given, note, seed, settings
from live_server import ACCOUNT, LiveServer, admin_key_of, serve
from starlette.applications import Starlette
from valid_requests import DOMAIN, PARAMETERS, Request, furnish, operations, request_for, signed_headers

from inhouse_server.app import create_app
from inhouse_server.control_plane.protocol import models
from inhouse_server.data_folder import open_data_folder
from inhouse_server.model import AccessKey
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings

PATIENCE_SECONDS = 30
"""How long an answer may take; they take milliseconds, on a machine that does nothing else."""

AUTHENTICATION = {
    "MissingAuthenticationTokenException": 403,
    "IncompleteSignatureException": 400,
    "UnrecognizedClientException": 403,
    "InvalidSignatureException": 403,
    "ExpiredTokenException": 403,
}
"""Errors that all of AWS's services have, and no service's model."""

UNDECLARED = {("DeleteDomain", "ResourceNotFoundException")}
"""Errors that operations answer though the model does not declare them."""

few = settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
many = settings(few, max_examples=150, print_blob=True)
every_operation = pytest.mark.parametrize("name", sorted(operations()))


@dataclass
class Server:
    """An application with a domain in it, and its catalog, which is the same before each request.

    Attributes:
        catalog: A connection of its own, which sees when others have written.
        furnished: What the catalog has when nothing has happened yet.
    """

    app: Starlette
    key: AccessKey
    catalog: sqlite3.Connection
    furnished: sqlite3.Connection

    def send(self, request: Request, headers: Mapping[str, str]) -> Reply:
        """Return the answer to a request; there is one, in time, and a refusal has changed nothing."""
        before = self._written()
        reply = _in_time(self.app, request, headers)
        if self._written() != before:
            changed = list(self.catalog.iterdump()) != list(self.furnished.iterdump())
            if changed:
                self.furnished.backup(self.catalog)
            assert not changed or reply.status == 200, f"{reply} has changed something"
        return reply

    def _written(self) -> int:
        number: int = self.catalog.execute("PRAGMA data_version").fetchone()[0]
        return number


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("damaged")
    public = folder / "public"
    public.mkdir()
    settings = ServerSettings(data_dir=folder / "data", public_pypi=str(public))
    with open_data_folder(settings.data_dir, account=ACCOUNT, clock=utc_now) as opened:
        app = create_app(settings, opened)
        key = admin_key_of(opened)
        with serve(app) as url:
            api = LiveServer(url, opened, key).codeartifact()
            api.create_domain(domain=DOMAIN)
            furnish(House(url, api, DOMAIN, public))
        catalog, furnished = _connect(opened.database.path), sqlite3.connect(":memory:")
        catalog.backup(furnished)
        yield Server(app, key, catalog, furnished)
        catalog.close()
        furnished.close()


def test_every_operation_has_a_request() -> None:
    assert PARAMETERS.keys() == operations().keys()
    assert len(PARAMETERS) == 48


@every_operation
def test_a_request_without_damage_is_answered(server: Server, name: str) -> None:
    """Otherwise nothing would be damaged here but what is refused anyway."""
    operation = operations()[name]
    request = request_for(operation)
    reply = server.send(request, signed_headers(request, server.key))
    assert reply.status == 200, reply.body
    check_answer(operation, reply)


@every_operation
def test_a_damaged_request(server: Server, name: str) -> None:
    """The same damages each time, others for each operation."""
    seed(zlib.crc32(name.encode()))(few(damage(server, operations()[name])))()


@pytest.mark.slow
@every_operation
def test_many_damaged_requests(server: Server, name: str) -> None:
    """Others each time."""
    many(damage(server, operations()[name]))()


@every_operation
def test_a_badly_signed_request(server: Server, name: str) -> None:
    """The same mistakes each time, others for each operation."""
    seed(zlib.crc32(name.encode()))(settings(few, max_examples=6)(sign_badly(server, operations()[name])))()


@pytest.mark.slow
@every_operation
def test_many_badly_signed_requests(server: Server, name: str) -> None:
    """Others each time."""
    settings(many, max_examples=40)(sign_badly(server, operations()[name]))()


@every_operation
def test_a_body_that_was_changed_on_its_way(server: Server, name: str) -> None:
    request = request_for(operations()[name])
    changed = replace(request, body=request.body + b" ")
    reply = server.send(changed, signed_headers(request, server.key))
    check_answer(operations()[name], reply)
    assert reply.status in (400, 403), reply.body


def damage(server: Server, operation: OperationModel) -> Callable[[], None]:
    @given(request=damaged(request_for(operation)))
    def check(request: Request) -> None:
        check_damaged(server, operation, request)

    return check


def sign_badly(server: Server, operation: OperationModel) -> Callable[[], None]:
    request = request_for(operation)

    @given(headers=badly_signed(signed_headers(request, server.key)))
    def check(headers: dict[str, str]) -> None:
        reply = server.send(request, headers)
        check_answer(operation, reply)
        assert reply.headers.get("x-amzn-errortype") in AUTHENTICATION, reply

    return check


def check_damaged(server: Server, operation: OperationModel, request: Request) -> None:
    note(f"{request.method} {request.path}?{request.query_string[:300]} {dict(request.headers)} {request.body[:300]!r}")
    try:
        headers = signed_headers(request, server.key)
        headers = {each: value.encode("latin-1").decode("latin-1") for each, value in headers.items()}
    except UnicodeError:
        return  # nobody can send that
    reply = server.send(request, headers)
    if not request.path.startswith("/v1/"):  # another plane answers
        assert 400 <= reply.status < 500
        return
    named = models.routes("codeartifact").get((request.method, request.path), operation)
    check_answer(named, reply)


def check_answer(operation: OperationModel, reply: Reply) -> None:
    """Hold an answer against the service's model."""
    assert len(reply.headers["x-amzn-requestid"]) == 36
    if reply.status == 200:
        assert operation.output_shape is not None
        parser = create_parser("rest-json")
        response = {"status_code": 200, "headers": reply.headers, "body": reply.body}
        if operation.has_streaming_output:
            response["body"] = b""
        parsed = parser.parse(response, operation.output_shape)
        del parsed["ResponseMetadata"]
        report = ParamValidator().validate(parsed, operation.output_shape)
        assert not report.has_errors(), report.generate_report()
        return
    code = reply.headers["x-amzn-errortype"]
    assert reply.headers["content-type"] == "application/json"
    told: dict[str, Any] = json.loads(reply.body)
    assert told["message"]
    if code in AUTHENTICATION:
        assert (reply.status, set(told)) == (AUTHENTICATION[code], {"message"})
        return
    declared = {shape.name: shape for shape in operation.error_shapes}
    assert code in declared or (operation.name, code) in UNDECLARED, f"{operation.name} does not declare {code}"
    shape = declared.get(code) or operation.service_model.shape_for(code)
    assert isinstance(shape, StructureShape)
    assert reply.status == shape.metadata["error"]["httpStatusCode"] < 500, reply.body
    assert told.keys() == shape.members.keys(), told
    for member, value in told.items():
        enumeration = getattr(shape.members[member], "enum", None)
        assert isinstance(value, str)
        assert not enumeration or value in enumeration, (member, value)


def _in_time(app: Starlette, request: Request, headers: Mapping[str, str]) -> Reply:
    """Return an answer, or fail where there is none in time; what hangs is left hanging."""
    found: list[Reply | BaseException] = []

    def run() -> None:
        try:
            found.append(
                ask(
                    app,
                    request.method,
                    request.path,
                    query=request.query_string,
                    headers=headers,
                    body=[request.body] if request.body else [],
                )
            )
        except BaseException as error:  # noqa: BLE001 - it is told below
            found.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert found, "there is no answer"
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=PATIENCE_SECONDS)
