"""Reads the authorization token out of a request.

Source: CodeArtifact user guide, "Using CodeArtifact with curl": HTTP Basic with the user name `aws`, or Bearer.
"""

from base64 import b64decode
from collections.abc import Mapping

from starlette.requests import Request

from inhouse_server import compat
from inhouse_server.client_addresses import client_address
from inhouse_server.errors import MissingAuthenticationError, UnknownAccessKeyError


def read_token(authorization: str | None) -> str:
    """Return the token of an `Authorization` header.

    Raises:
        MissingAuthenticationError: There is no such header.
        UnknownAccessKeyError: The header holds no token.
    """
    if authorization is None:
        raise MissingAuthenticationError("This repository needs an authorization token, and the request has none.")
    scheme, _, value = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        raise UnknownAccessKeyError(f"The authorization scheme {scheme!r} is not known; use Basic or Bearer.")
    try:
        user, separator, password = b64decode(value.strip(), validate=True).decode().partition(":")
    except ValueError as error:  # not base64, or not UTF-8
        raise UnknownAccessKeyError("The credentials of HTTP Basic cannot be read.") from error
    if not separator or user != compat.TOKEN_USERNAME:
        raise UnknownAccessKeyError(
            f"The user name must be {compat.TOKEN_USERNAME!r}, and the password an authorization token."
        )
    return password


def read_conditions(request: Request) -> Mapping[str, tuple[str, ...]]:
    """Return what the conditions of policies can know of where a request came from, by key in lower case."""
    return {} if request.client is None else {"aws:sourceip": (client_address(request.client.host),)}
