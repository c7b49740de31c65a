"""The HTTP end of the control plane: reads a request whole, asks who sent it, calls the operation, answers."""

import hashlib
import ipaddress
import logging
import re
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from botocore.model import OperationModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from inhouse_server import compat
from inhouse_server.audit import SUCCESS, AuditLog, Entry
from inhouse_server.blobs import IncomingBlob
from inhouse_server.client_addresses import client_address
from inhouse_server.control_plane import registry, sts
from inhouse_server.control_plane.arguments import arguments, check_signature
from inhouse_server.control_plane.protocol import answers, models
from inhouse_server.control_plane.protocol.decode import WireRequest, decode
from inhouse_server.control_plane.protocol.encode import WireAnswer, encode
from inhouse_server.control_plane.registry import Context, Services
from inhouse_server.control_plane.streaming import StreamedResponse
from inhouse_server.errors import (
    InvalidRequestError,
    QuotaExceededError,
    RequestError,
    ResourceType,
    ValidationReason,
)
from inhouse_server.identity.sigv4 import SignedRequest
from inhouse_server.rules.policies import patterns
from inhouse_server.services.access import Caller, domain_arn, package_group_arn, repository_arn
from inhouse_server.supersets import Feature

_LOG = logging.getLogger(__name__)
_SIGNED_FOR = "codeartifact"
"""What requests are signed for, those of our own operations too: they go to the same address with the same keys."""

_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_SCHEMES = ("http", "https")
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FEED_BYTES = 1024**2
"""How much of an asset is collected before a thread is troubled with it."""

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
        address: The IP address that the request came from; None where there is none.
        payload: Where the body was written to that was too long to be held in memory.
        caller: Who signed the request, where that is known already: a signature is good for minutes, and a long body
            may take longer.
    """

    id: str
    path: str
    signed: SignedRequest
    headers: Mapping[str, str]
    body: bytes
    base_url: str | None
    address: str | None = None
    payload: IncomingBlob | None = None
    caller: Caller | None = None


class ControlPlane:
    """The API of CodeArtifact, or that of our own operations, as an ASGI application.

    Args:
        service: Which of the two; the name of its model, and what its actions begin with in policies.
        functions: What answers its operations.
        services: What those call.
        audit: Where changes are written down.

    Raises:
        TypeError: A function does not take its operation's parameters.
    """

    def __init__(
        self, service: str, functions: Mapping[str, registry.Function], services: Services, audit: AuditLog
    ) -> None:
        self._service = service
        self._functions = functions
        self._services = services
        self._audit = audit
        self._routes = models.routes(service)
        for name, function in functions.items():
            check_signature(function, models.load(service).operation_model(name))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        request = Request(scope, receive)
        operation = self._routes.get((request.method, request.scope["path"]))
        if operation is not None and models.takes_bytes(operation) and _claimed_digest(request):
            with await run_in_threadpool(self._services.store.incoming) as blob:
                response = await _respond(request, self.answer, in_json, partial(self._read_into, blob))
        else:
            response = await _respond(request, self.answer, in_json)
        await response(scope, receive, send)

    async def _read_into(self, blob: IncomingBlob, request: Request, request_id: str) -> Incoming:
        """Write a request's body to `blob`, once it is known who sends it.

        The signature covers the digest that a header names; whether the body has it is the operation's to say.
        """
        incoming = _incoming(request, request_id, b"", _claimed_digest(request))
        caller = await run_in_threadpool(self._services.access.signed, incoming.signed, _SIGNED_FOR)
        if not _DIGEST.fullmatch(_claimed_digest(request)):
            return replace(incoming, caller=caller)  # refused for its digest, whatever the bytes are
        too_long = QuotaExceededError(
            f"An asset may have {compat.MAXIMUM_ASSET_BYTES} bytes.",
            ResourceType.ASSET,
            request.query_params.get("asset", ""),
        )
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > compat.MAXIMUM_ASSET_BYTES:
            raise too_long
        pending = bytearray()
        async for chunk in request.stream():
            pending += chunk
            if blob.size + len(pending) > compat.MAXIMUM_ASSET_BYTES:
                raise too_long
            if len(pending) >= _FEED_BYTES:
                await run_in_threadpool(blob.write, bytes(pending))
                pending.clear()
        await run_in_threadpool(blob.write, bytes(pending))
        return replace(incoming, payload=blob, caller=caller)

    def answer(self, incoming: Incoming) -> WireAnswer:
        """Return the answer to a request.

        Raises:
            RequestError: It cannot be done.
        """
        caller = _from(incoming.caller or self._services.access.signed(incoming.signed, _SIGNED_FOR), incoming)
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
            action = f"{self._service}:{operation.name}"
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
        wire = WireRequest(incoming.signed.query, incoming.headers, incoming.body, incoming.payload)
        parameters |= decode(operation, wire)
        if incoming.base_url is None:
            raise InvalidRequestError(
                "The Host header is not a host name with an optional port, or X-Forwarded-Proto neither http nor https."
            )
        conditions = {**caller.principal.conditions, **_conditions(parameters)}
        caller = replace(caller, principal=replace(caller.principal, conditions=conditions))
        context = Context(operation.name, parameters, caller, self._services, incoming.base_url)
        return encode(operation, function(context, **arguments(operation, parameters, caller.principal.account)))


class SecurityTokenService:
    """STS's API as an endpoint for `POST /`.

    Args:
        services: What operations call.
        audit: Where is written down who was given credentials.
    """

    def __init__(self, services: Services, audit: AuditLog) -> None:
        self._services = services
        self._audit = audit

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        return await _respond(request, self.answer, sts.error)

    def answer(self, incoming: Incoming) -> WireAnswer:
        """Return the answer to a request.

        Raises:
            RequestError: It cannot be done.
        """
        call = sts.Call(
            sessions=self._services.sessions,
            caller=lambda: self._caller(incoming),
            conditions=_conditions_of_place(incoming),
            request_id=incoming.id,
        )
        try:
            action = sts.read_action(incoming.body)
        except RequestError:
            call.caller()  # strangers are told that they are, before anything else
            raise
        if action not in sts.AUDITED:
            return sts.answer(incoming.body, call)
        outcome = answers.INTERNAL.code
        try:
            answer = sts.answer(incoming.body, call)
            outcome = SUCCESS
        except RequestError as error:
            outcome = answers.find(type(error)).code
            raise
        finally:
            if "principal" in call.known:  # what strangers try is not written down: they could fill the disk with it
                who, resource = call.known["principal"], call.known.get("resource")
                self._audit.record(Entry(incoming.id, who, f"{sts.SERVICE}:{action}", resource, outcome))
        return answer

    def _caller(self, incoming: Incoming) -> Caller:
        return _from(self._services.access.signed(incoming.signed, sts.SERVICE), incoming)


def create_routes(services: Services, audit: AuditLog) -> list[BaseRoute]:
    """Return the routes of CodeArtifact's API and of STS."""
    token_service = SecurityTokenService(services, audit)

    async def sts_endpoint(request: Request) -> Response:
        return await token_service(request)

    codeartifact = ControlPlane(registry.CODEARTIFACT, registry.operations(), services, audit)
    return [Mount("/v1", app=codeartifact), Route("/", sts_endpoint, methods=["POST"])]


def create_door(services: Services, audit: AuditLog, enabled: Collection[Feature]) -> list[BaseRoute]:
    """Return the routes of those operations that AWS does not have and whose features are enabled.

    Whatever else is asked for there does not exist, as on AWS.
    """
    functions = registry.superset_operations(enabled)
    ours = ControlPlane(registry.INHOUSE, functions, services, audit)
    return [
        Route(path, ours, methods=[method])
        for (method, path), operation in models.routes(registry.INHOUSE).items()
        if operation.name in functions
    ]


def in_json(error: RequestError | None, request_id: str) -> WireAnswer:
    """Return an error in REST-JSON; None is an exception that nobody foresaw."""
    return answers.internal_in_json(request_id) if error is None else answers.in_json(error)


async def _respond(
    request: Request,
    answer: Callable[[Incoming], WireAnswer],
    on_error: Callable[[RequestError | None, str], WireAnswer],
    read: Callable[[Request, str], Awaitable[Incoming]] | None = None,
) -> Response:
    request_id = str(uuid.uuid4())
    try:
        incoming = await (read or _read)(request, request_id)
        wire = await run_in_threadpool(answer, incoming)
    except RequestError as error:
        wire = on_error(error, request_id)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except Exception:  # noqa: BLE001 - the last line before the wire: whatever it is, the caller learns no internals
        _LOG.exception("request %s: %s %s failed", request_id, request.method, request.scope["path"])
        wire = on_error(None, request_id)
    headers = {**wire.headers, "x-amzn-RequestId": request_id}
    if wire.stream is not None:
        return StreamedResponse(wire.stream, wire.status, headers, wire.content_type)
    return Response(wire.body, wire.status, headers, wire.content_type)


async def _read(request: Request, request_id: str) -> Incoming:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > compat.MAXIMUM_REQUEST_BYTES:
            raise InvalidRequestError(
                f"The body is longer than {compat.MAXIMUM_REQUEST_BYTES} bytes.", ValidationReason.CANNOT_PARSE
            )
    return _incoming(request, request_id, bytes(body), hashlib.sha256(body).hexdigest())


def _claimed_digest(request: Request) -> str:
    return request.headers.get("x-amz-content-sha256", "")


def _incoming(request: Request, request_id: str, body: bytes, body_sha256: str) -> Incoming:
    scope = request.scope
    raw_headers = cast("list[tuple[bytes, bytes]]", scope["headers"])
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw_headers)
    signed = SignedRequest(
        method=request.method,
        path=cast("bytes", scope["raw_path"]).partition(b"?")[0].decode("latin-1"),
        query=cast("bytes", scope["query_string"]).decode("latin-1"),
        headers=headers,
        body_sha256=body_sha256,
    )
    by_name = dict(headers)
    address = None if request.client is None else client_address(request.client.host)
    base_url = _base_url(by_name, request)
    return Incoming(request_id, request.scope["path"], signed, by_name, body, base_url, address)


def _base_url(headers: Mapping[str, str], request: Request) -> str | None:
    """Return the address that the client used, so that port forwards and proxies keep working.

    The host is that of `Host`, which the signature covers: whoever can add `X-Forwarded-Host` could send tokens
    elsewhere, so that it is heeded from this machine alone. A proxy has to say in `X-Forwarded-Proto` that it speaks
    TLS; nothing but the scheme can be changed so.
    """
    scheme = headers.get("x-forwarded-proto", request.scope["scheme"]).split(",")[0].strip().lower()
    forwarded = headers.get("x-forwarded-host", "").split(",")[0].strip()
    host = forwarded if forwarded and _is_this_machine(request) else headers.get("host", "")
    return f"{scheme}://{host}" if _HOST.fullmatch(host) and scheme in _SCHEMES else None


def _is_this_machine(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(client_address(request.client.host)).is_loopback
    except ValueError:
        return False


def _from(caller: Caller, incoming: Incoming) -> Caller:
    """Return the caller with what policies can know of where the request came from."""
    return replace(caller, principal=replace(caller.principal, conditions=_conditions_of_place(incoming)))


def _conditions_of_place(incoming: Incoming) -> dict[str, tuple[str, ...]]:
    return {} if incoming.address is None else {"aws:sourceip": (incoming.address,)}


def _conditions(parameters: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Return what policies can know of the tags that a request sets or removes."""
    tags = cast("list[Mapping[str, str]]", parameters.get("tags", []))
    keys = [*(tag["key"] for tag in tags), *cast("list[str]", parameters.get("tagKeys", []))]
    found = patterns.with_tags("aws:RequestTag/", {tag["key"]: tag["value"] for tag in tags})
    return {**found, "aws:tagkeys": tuple(keys)} if keys else found


def _resource(caller: Caller, parameters: Mapping[str, object]) -> str | None:
    """Return the ARN of what a request speaks of, as far as it does."""
    found = {name: value for name, value in parameters.items() if isinstance(value, str)}
    if "resourceArn" in found:
        return found["resourceArn"]
    if "domain" not in found:
        return None
    place = (caller.region, found.get("domainOwner", caller.principal.account), found["domain"])
    repository = found.get("repository", found.get("destinationRepository"))
    if repository is not None:
        return repository_arn(*place, repository)
    if "packageGroup" in found:
        return package_group_arn(*place, found["packageGroup"])
    return domain_arn(*place)
