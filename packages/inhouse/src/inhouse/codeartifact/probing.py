"""One request to an index, to see whether a token is taken there and what time it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

import requests

from inhouse.errors import RepositoryUnreachableError
from inhouse_keyring.errors import UNREACHABLE_HINT

__all__ = ["Probe", "is_on_index", "probe"]


@dataclass(frozen=True)
class Probe:
    """What came of a request.

    Attributes:
        status: The status of HTTP.
        skew: By how many seconds this machine's clock is ahead of the service's; None when it tells no time.
    """

    status: int
    skew: float | None = None


_TYPES: Final = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"


def probe(
    url: str,
    project: str,
    token: str = "",
    *,
    timeout: tuple[float, float],
    clock: Callable[[], float] = time.time,
) -> Probe:
    """Ask for a project's page.

    Args:
        url: The index, ending in `simple/`.
        project: The project's name, normalised.
        token: What to show; "" for nothing.
        timeout: Seconds to wait for a connection and for an answer.
        clock: This machine's clock.

    Raises:
        RepositoryUnreachableError: Nobody answers.
    """

    def signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
        return requests.auth.HTTPBasicAuth("aws", token)(request) if token else request  # and no netrc

    before = clock()
    try:
        with requests.get(
            f"{url}{project}/", auth=signed, timeout=timeout, stream=True, headers={"Accept": _TYPES}
        ) as answer:
            return Probe(answer.status_code, _skew(answer.headers.get("Date", ""), (before + clock()) / 2))
    except requests.RequestException as error:
        raise RepositoryUnreachableError(url, str(error), hint=UNREACHABLE_HINT) from error


def is_on_index(url: str, project: str, timeout: tuple[float, float]) -> bool | None:
    """Say whether an index that everybody may read has a project; None when it does not say.

    Args:
        url: The index, ending in `/`.
        project: The project's name, normalised. The index gets to know it.
        timeout: Seconds to wait for a connection and for an answer.
    """
    try:
        status = probe(url, project, timeout=timeout).status
    except RepositoryUnreachableError:
        return None
    return {200: True, 404: False}.get(status)


def _skew(date: str, now: float) -> float | None:
    try:
        said = parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
    difference = now - said
    # The service tells whole seconds, rounded down.
    return difference - 0.5
