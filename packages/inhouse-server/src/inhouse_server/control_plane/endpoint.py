"""The HTTP end of the control plane: reads a request whole, asks who sent it, calls the operation, answers."""

import hashlib
import logging
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from botocore.model import OperationModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from inhouse_server import compat
from inhouse_server.audit import SUCCESS, AuditLog, Entry
from inhouse_server.control_plane import registry, sts
from inhouse_server.control_plane.protocol import answers, models
from inhouse_server.control_plane.protocol.decode import WireRequest, decode
from inhouse_server.control_plane.protocol.encode import WireAnswer, encode
from inhouse_server.control_plane.registry import Context, Services
from inhouse_server.errors import InvalidRequestError, RequestError, ValidationReason
from inhouse_server.identity.sigv4 import SignedRequest
from inhouse_server.services.access import Caller, domain_arn, package_group_arn, repository_arn

_LOG = logging.getLogger(__name__)
_SERVICE = "codeartifact"
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_SCHEMES = ("http", "https")
_READING = ("Describe", "Get", "List")
"""How the names of operations begin that change nothing; of these only GetAuthorizationToken is audited."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request that has been read whole.

    Attributes:
        id: What the answer's `x-amzn-RequestId` says.
        path: Decoded.
        headers: By name in lower case; of several of one name, the last.
        base_url: Of the server as the client sees it; None where the request's headers do not make one.
    """

    id: str
    path: str
    signed: SignedRequest
    headers: Mapping[str, str]
    body: bytes
    base_url: str | None


class ControlPlane:
    """CodeArtifact's API as an ASGI application for everything under `/v1`.

    Args:
        services: What operations call.
        audit: Where changes are written down.

    Raises:
        TypeError: A function does not take its operation's parameters.
    """

    def __init__(self, services: Services, audit: AuditLog) -> None:
        self._services = services
        self._audit = audit
        self._routes = models.routes(_SERVICE)
        self._functions = registry.operations()
        for name, function in self._functions.items():
            registry.check_signature(function, models.load(_SERVICE).operation_model(name))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        response = await _respond(Request(scope, receive), self.answer, in_json)
        await response(scope, receive, send)

    def answer(self, incoming: Incoming) -> WireAnswer:
        """Return the answer to a request.

        Raises:
            RequestError: It cannot be done.
        """
        caller = self._services.access.signed(incoming.signed, _SERVICE)
        operation = self._routes.get((incoming.signed.method, incoming.path))
        if operation is None:
            raise InvalidRequestError(
                f"There is no operation {incoming.signed.method} {incoming.path}.", ValidationReason.UNKNOWN_OPERATION
            )
        if operation.name.startswith(_READING) and operation.name != "GetAuthorizationToken":
            return self._call(incoming, caller, operation, {})
        parameters: dict[str, object] = {}
        outcome = answers.INTERNAL.shape
        try:
            answer = self._call(incoming, caller, operation, parameters)
            outcome = SUCCESS
        except RequestError as error:
            outcome = answers.find(type(error)).shape
            raise
        finally:
            resource = _resource(caller, parameters)
            action = f"{_SERVICE}:{operation.name}"
            self._audit.record(Entry(incoming.id, caller.principal.arn, action, resource, outcome))
        return answer

    def _call(
        self, incoming: Incoming, caller: Caller, operation: OperationModel, parameters: dict[str, object]
    ) -> WireAnswer:
        """Decode into `parameters`, call the operation's function, encode what it returns."""
        function = self._functions.get(operation.name)
        if function is None:
            raise InvalidRequestError(
                f"This version of the embedded repository does not offer {operation.name} yet.",
                ValidationReason.UNKNOWN_OPERATION,
            )
        wire = WireRequest(incoming.signed.query, incoming.headers, incoming.body)
        parameters |= decode(operation, wire)
        if incoming.base_url is None:
            raise InvalidRequestError(
                "The Host header is not a host name with an optional port, or X-Forwarded-Proto neither http nor https."
            )
        context = Context(operation.name, parameters, caller, self._services, incoming.base_url)
        return encode(operation, registry.call(function, context))


class SecurityTokenService:
    """STS's API as an endpoint for `POST /`.

    Args:
        services: What operations call.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        return await _respond(request, self.answer, sts.error)

    def answer(self, incoming: Incoming) -> WireAnswer:
        """Return the answer to a request.

        Raises:
            RequestError: It cannot be done.
        """
        caller = self._services.access.signed(incoming.signed, sts.SERVICE)
        return sts.answer(incoming.body, caller.principal, incoming.id)


def create_routes(services: Services, audit: AuditLog) -> list[BaseRoute]:
    """Return the routes of CodeArtifact's API and of STS."""
    token_service = SecurityTokenService(services)

    async def sts_endpoint(request: Request) -> Response:
        return await token_service(request)

    return [Mount("/v1", app=ControlPlane(services, audit)), Route("/", sts_endpoint, methods=["POST"])]


def in_json(error: RequestError | None, request_id: str) -> WireAnswer:
    """Return an error in REST-JSON; None is an exception that nobody foresaw."""
    return answers.internal_in_json(request_id) if error is None else answers.in_json(error)


async def _respond(
    request: Request,
    answer: Callable[[Incoming], WireAnswer],
    on_error: Callable[[RequestError | None, str], WireAnswer],
) -> Response:
    request_id = str(uuid.uuid4())
    try:
        incoming = await _read(request, request_id)
        wire = await run_in_threadpool(answer, incoming)
    except RequestError as error:
        wire = on_error(error, request_id)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except Exception:  # noqa: BLE001 - the last line before the wire: whatever it is, the caller learns no internals
        _LOG.exception("request %s: %s %s failed", request_id, request.method, request.scope["path"])
        wire = on_error(None, request_id)
    headers = {**wire.headers, "x-amzn-RequestId": request_id}
    return Response(wire.body, wire.status, headers, wire.content_type)


async def _read(request: Request, request_id: str) -> Incoming:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > compat.MAXIMUM_REQUEST_BYTES:
            raise InvalidRequestError(
                f"The body is longer than {compat.MAXIMUM_REQUEST_BYTES} bytes.", ValidationReason.CANNOT_PARSE
            )
    scope = request.scope
    raw_headers = cast("list[tuple[bytes, bytes]]", scope["headers"])
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw_headers)
    signed = SignedRequest(
        method=request.method,
        path=cast("bytes", scope["raw_path"]).partition(b"?")[0].decode("latin-1"),
        query=cast("bytes", scope["query_string"]).decode("latin-1"),
        headers=headers,
        body_sha256=hashlib.sha256(body).hexdigest(),
    )
    by_name = dict(headers)
    return Incoming(request_id, request.scope["path"], signed, by_name, bytes(body), _base_url(by_name, request))


def _base_url(headers: Mapping[str, str], request: Request) -> str | None:
    """Return the address that the client used, so that port forwards and proxies keep working.

    The host is that of `Host` alone, which the signature covers: whoever can add `X-Forwarded-Host` could send tokens
    elsewhere. A proxy has to say in `X-Forwarded-Proto` that it speaks TLS; nothing but the scheme can be changed so.
    """
    scheme = headers.get("x-forwarded-proto", request.scope["scheme"]).split(",")[0].strip().lower()
    host = headers.get("host", "")
    return f"{scheme}://{host}" if _HOST.fullmatch(host) and scheme in _SCHEMES else None


def _resource(caller: Caller, parameters: Mapping[str, object]) -> str | None:
    """Return the ARN of what a request speaks of, as far as it does."""
    found = {name: value for name, value in parameters.items() if isinstance(value, str)}
    if "resourceArn" in found:
        return found["resourceArn"]
    if "domain" not in found:
        return None
    place = (caller.region, found.get("domainOwner", caller.principal.account), found["domain"])
    if "repository" in found:
        return repository_arn(*place, found["repository"])
    if "packageGroup" in found:
        return package_group_arn(*place, found["packageGroup"])
    return domain_arn(*place)
