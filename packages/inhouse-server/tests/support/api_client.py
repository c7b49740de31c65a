"""One interface over programs that call AWS's API, so that one scenario drives them all."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from botocore.response import StreamingBody

Answer = dict[str, Any]
"""What JSON can say of an answer: times are seconds since 1970, bytes are as `described` says."""


@dataclass
class RefusedError(Exception):
    """An error that the API answered, as the program understood it.

    Attributes:
        name: Of the exception.
        message: Its text.
        members: `resourceId`, `resourceType` and `reason`, where the program tells them.
    """

    name: str
    message: str
    members: Mapping[str, str] = field(default_factory=dict)


class ApiClient(Protocol):
    """A program with credentials and endpoints in its environment."""

    def call(self, operation: str, /, **parameters: object) -> Answer:
        """Call an operation once.

        Args:
            operation: Of CodeArtifact; STS's are called `sts:AssumeRole`.
            parameters: By the model's names; a `Path` is a file whose bytes are meant.

        Raises:
            RefusedError: The API answered an error.
        """

    def all_pages(self, operation: str, member: str, /, **parameters: object) -> list[Any]:
        """Return what is in the lists `member` of all pages, where a page is asked to hold one."""

    def close(self) -> None:
        """End the program, where it runs still."""


Start = Callable[[Mapping[str, str]], ApiClient]
"""Makes a client, given the variables beside those that every clean environment has."""


def service_of(operation: str) -> tuple[str, str]:
    """Return the service and the operation that `ApiClient.call` is asked for."""
    service, _, name = operation.rpartition(":")
    return service or "codeartifact", name


def as_json(value: object) -> Any:  # noqa: ANN401 - whatever an answer holds
    """Return what boto3 gave as an `Answer` says it."""
    match value:
        case datetime():
            return round(value.timestamp(), 3)
        case StreamingBody():
            return described(value.read())
        case dict():
            return {name: as_json(item) for name, item in value.items() if name != "ResponseMetadata"}
        case list():
            return [as_json(item) for item in value]
        case _:
            return value


def described(content: bytes) -> dict[str, object]:
    """Return how many bytes there are and which."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def content_of(path: Path) -> dict[str, object]:
    """Return the same of a file's."""
    return described(path.read_bytes())
