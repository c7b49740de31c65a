"""What a client is told when a request cannot be done: one table from error to status, one form of body."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import JSONResponse, Response

from inhouse_server import compat
from inhouse_server.errors import (
    AccessDeniedError,
    AuthenticationError,
    ConflictError,
    InternalError,
    InvalidRequestError,
    NotAcceptableError,
    NotFoundError,
    PublishBlockedError,
    QuotaExceededError,
    RemoteUnavailableError,
    RequestError,
    StorageError,
    ThrottledError,
    UnavailableError,
)

STATUSES: Final[Mapping[type[RequestError], int]] = {
    AuthenticationError: 401,
    AccessDeniedError: 403,
    PublishBlockedError: compat.PUBLISH_REFUSED_STATUS,
    NotFoundError: 404,
    NotAcceptableError: 406,
    ConflictError: 409,
    QuotaExceededError: compat.UPLOAD_TOO_LARGE_STATUS,
    InvalidRequestError: 400,
    ThrottledError: 429,
    InternalError: 500,
    UnavailableError: 503,
    RemoteUnavailableError: compat.PUBLIC_SOURCE_UNAVAILABLE_STATUS,
    StorageError: 507,
}
"""The status of each error; a class that is not here has that of its nearest base."""


def status_of(error: RequestError) -> int:
    """Return the status that answers an error.

    Raises:
        LookupError: Neither its class nor a base of it is in the table.
    """
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    raise LookupError(type(error).__name__)


def refusal(error: RequestError, *, hint: str = "") -> Response:
    """Return the answer to a request that cannot be done.

    Args:
        hint: What to do next where the error itself does not say it.
    """
    status = status_of(error)
    response = problem(status, error.message, hint or error.hint)
    if status == 401:
        for challenge in compat.CHALLENGES:
            # Two lines, not one with a comma: clients of the standard library read only the first challenge of a line.
            response.headers.append("WWW-Authenticate", challenge)
    elif isinstance(error, ThrottledError | UnavailableError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def problem(status: int, message: str, hint: str) -> Response:
    """Return an error with a text that uv, twine and pip show to people."""
    content = {"message": message, "hint": hint} if hint else {"message": message}
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})
