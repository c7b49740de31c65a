"""Asks the API as somebody: a request, signed, and its answer. For what boto3 would do, where it may be missing."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from pytest_inhouse.errors import RefusedError, ServerStoppedError
from pytest_inhouse.server import AccessKey

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says.

    Attributes:
        error: AWS's name of the error; empty where there is none.
    """

    status: int
    error: str
    body: bytes


class Api:
    """The API of one server, as one identity sees it in one region.

    Args:
        url: Of the server.
        key: Who asks.
        region: That requests are signed for, and that domains live in.
        host: The name that the server is asked under, where it is not its own: it answers with addresses of AWS's form
            where it is asked under that of AWS's API.
    """

    def __init__(self, url: str, key: AccessKey, region: str, host: str | None = None) -> None:
        self._url = url
        self._key = key
        self._region = region
        self._host = host

    def call(self, method: str, path: str, body: object = None, /, **query: str) -> dict[str, Any]:
        """Return the answer.

        Args:
            method: Of HTTP.
            path: For example `/v1/domain`.
            body: What is sent as JSON.
            query: Parameters, with `_` for `-`.

        Raises:
            RefusedError: The answer is an error.
            ServerStoppedError: There is none.
        """
        named = urlencode({name.replace("_", "-"): value for name, value in query.items()}, quote_via=quote)
        target = f"{path}?{named}" if named else path
        payload = b"" if body is None else json.dumps(body).encode()
        answer = exchange(self._url, method, target, self._signed(method, target, payload), payload)
        said: dict[str, Any] = json.loads(answer.body or b"{}")
        if answer.status >= 300:
            raise RefusedError(
                f"{method} {path}",
                status=answer.status,
                code=answer.error,
                reason=str(said.get("message", "")),
                hint="The message is the repository's own, and AWS's in the same case.",
            )
        return said

    def _signed(self, method: str, target: str, payload: bytes) -> dict[str, str]:
        # Half of what starting costs a test run, and not needed before the first test that uses the fixture.
        from botocore.auth import SigV4Auth  # noqa: PLC0415
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415
        from botocore.credentials import Credentials  # noqa: PLC0415

        host = self._host or urlsplit(self._url).netloc
        request = AWSRequest(
            method=method,
            url=f"http://{host}{target}",
            data=payload,
            headers={"Host": host, "Content-Type": "application/json"},
        )
        SigV4Auth(Credentials(self._key.id, self._key.secret), "codeartifact", self._region).add_auth(request)
        return {name: str(value) for name, value in request.headers.items()}


def exchange(url: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a request to the server, past all proxies; return its answer.

    Raises:
        ServerStoppedError: There is no answer.
    """
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_SECONDS)
    try:
        connection.request(method, target, body, dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("x-amzn-errortype", ""), answer.read())
    except (OSError, http.client.HTTPException) as error:
        raise ServerStoppedError(url, str(error)) from error
    finally:
        connection.close()
