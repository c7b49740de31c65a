"""The routes of the data plane, and what stands around every handler."""

import logging
import uuid
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from inhouse_server.data_plane.addresses import ROOT, find_address
from inhouse_server.data_plane.answers import problem, refusal
from inhouse_server.data_plane.reading import Reading
from inhouse_server.data_plane.services import Services
from inhouse_server.data_plane.threads import Threads
from inhouse_server.data_plane.uploading import Uploading
from inhouse_server.errors import AuthenticationError, RequestError

_LOG = logging.getLogger(__name__)
_READING = ["GET", "HEAD"]
_OTHERS = ["PUT", "PATCH", "DELETE", "OPTIONS"]
"""Methods that nothing here has."""

_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

Handler = Callable[[Request], Awaitable[Response]]


def create_routes(services: Services) -> list[BaseRoute]:
    """Return the routes of everything under `/pypi`. None of them redirects: twine and Poetry refuse any 3xx."""
    threads = Threads()
    reading, uploading = Reading(services, threads), Uploading(services, threads)
    page, upload, misplaced = map(_answering, (reading.page, uploading.upload, uploading.misplaced))
    simple = f"{ROOT}/simple"
    pages, file = (f"{simple}/{{project}}", f"{simple}/{{project}}/"), f"{simple}/{{project}}/{{version}}/{{filename}}"
    return [
        Route(ROOT, upload, methods=["POST"]),
        Route(f"{ROOT}/", upload, methods=["POST"]),
        *(Route(path, page, methods=["GET"]) for path in pages),
        Route(file, _answering(reading.file), methods=["GET"]),
        Route(simple, misplaced, methods=["POST"]),
        Route(f"{simple}/{{rest:path}}", misplaced, methods=["POST"]),
        *(Route(path, _refusing(["POST"]), methods=_OTHERS) for path in (ROOT, f"{ROOT}/")),
        *(Route(path, _refusing(_READING), methods=_OTHERS) for path in (*pages, file)),
        Route("/pypi", _answering(_unknown), methods=_ALL_METHODS),
        Route("/pypi/{rest:path}", _answering(_unknown), methods=_ALL_METHODS),
    ]


async def _unknown(request: Request) -> Response:
    return problem(
        404,
        f"There is nothing at {request.scope['path']}.",
        "A project is at /pypi/d/<domain>-<owner>/<repository>/simple/<project>/, and uploads go to "
        "/pypi/d/<domain>-<owner>/<repository>/. As on AWS, simple/ itself lists no projects.",
    )


def _refusing(allowed: Sequence[str]) -> Handler:
    """Return a handler for the methods that an address does not have."""

    async def refuse(request: Request) -> Response:
        response = problem(
            405,
            f"{request.method} is not possible here.",
            "Projects and files are read with GET; a file is published with a POST to "
            "/pypi/d/<domain>-<owner>/<repository>/, and never changed.",
        )
        response.headers["Allow"] = ", ".join(allowed)
        return response

    return _answering(refuse)


def _answering(handler: Handler) -> Handler:
    """Return the handler with its errors made answers."""

    async def answer(request: Request) -> Response:
        request.state.request_id = request_id = str(uuid.uuid4())
        try:
            response = await handler(request)
        except RequestError as error:
            address = find_address(request) if isinstance(error, AuthenticationError) else None
            response = refusal(error, hint="" if address is None else address.login_hint)
        except ClientDisconnect:
            response = Response(status_code=400)  # nobody is there to read it
        except Exception:  # noqa: BLE001 - the last line before the wire: the client learns no internals
            _LOG.exception("request %s: %s %s failed", request_id, request.method, request.scope["path"])
            response = problem(
                500, "The repository has met an error of its own.", f"Its log says more under request {request_id}."
            )
        response.headers["x-amzn-RequestId"] = request_id
        if request.method == "HEAD" and not isinstance(response, StreamingResponse):
            response.body = b""  # the length stays that of the body which GET answers with
        return response

    return answer
