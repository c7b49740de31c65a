"""What tests make go wrong in the repository."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from pytest_inhouse.signed_requests import Api

_PATH = "/-/inhouse/v1/faults"
_EVERYTHING = "*"
_PUBLIC_SOURCE = "public:pypi"

Fault = Mapping[str, Any]


class Faults:
    """Makes requests fail or slow, from the call on; all of it ends with the test.

    Each call returns a context manager; as one, the fault ends with the block::

        with codeartifact.faults("GetAuthorizationToken", status=429, times=2):
            ...
    """

    def __init__(self, api: Api) -> None:
        self._api = api

    def __call__(
        self,
        operation: str = _EVERYTHING,
        *,
        status: int | None = None,
        times: int | None = None,
        seconds: float = 0,
        retry_after: int | None = None,
    ) -> AbstractContextManager[None]:
        """Make requests go wrong.

        Args:
            operation: An operation of the API by its name; for installers `ReadFromRepository` (pages and files) and
                `PublishPackageVersion` (uploads); `*` for all of these; `public:pypi` for what the repository asks of
                PyPI.
            status: 401, 403, 404, 429, 500 or 503, told as each plane tells it.
            times: How many requests it befalls; None for all.
            seconds: How long each waits first.
            retry_after: Seconds that an answer with 429 or 503 tells its client to wait.

        Raises:
            RefusedError: There is no such fault.
        """
        fault: dict[str, Any] = {"target": operation}
        if status is not None:
            fault["status"] = status
        if seconds:
            fault["delayMilliseconds"] = round(seconds * 1000)
        if times is not None:
            fault["times"] = times
        if retry_after is not None:
            fault["retryAfterSeconds"] = retry_after
        before = self.left
        self._put([*before, fault])
        return self._until_the_end_of_the_block(self.left[-1])

    def slow(
        self, operation: str = _EVERYTHING, *, seconds: float = 1, times: int | None = None
    ) -> AbstractContextManager[None]:
        """Make right answers come late."""
        return self(operation, seconds=seconds, times=times)

    def public_source_down(self, *, times: int | None = None) -> AbstractContextManager[None]:
        """Let the repository not reach PyPI; what it has kept is still served."""
        return self(_PUBLIC_SOURCE, status=503, times=times)

    @property
    def left(self) -> list[Fault]:
        """The faults that are still to happen, each with the `times` that are left."""
        found: list[Fault] = self._api.call("GET", _PATH)["faults"]
        return found

    def clear(self) -> None:
        """End them all."""
        self._put([])

    def _put(self, faults: list[Fault]) -> None:
        given = [{name: value for name, value in fault.items() if value is not None} for fault in faults]
        self._api.call("PUT", _PATH, {"faults": given})

    @contextmanager
    def _until_the_end_of_the_block(self, fault: Fault) -> Iterator[None]:
        try:
            yield
        finally:
            left = self.left
            same = [each for each in left if _without_times(each) == _without_times(fault)]
            if same:
                left.remove(same[-1])  # of several that are alike, the one that came last ends first
                self._put(left)


def _without_times(fault: Fault) -> Fault:
    return {name: value for name, value in fault.items() if name != "times"}
