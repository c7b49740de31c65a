"""The repository's clock, which tests move, so that what expires in hours does so at once."""

from datetime import UTC, datetime, timedelta

from pytest_inhouse.signed_requests import Api

_PATH = "/-/inhouse/v1/clock"


class Clock:
    """Of the repository alone: the test's own process, and the time of signatures, stay where they are.

    Tokens, sessions and quarantines go by it. It is set right again after each test.
    """

    def __init__(self, api: Api) -> None:
        self._api = api

    @property
    def now(self) -> datetime:
        """The time that the repository goes by; in UTC."""
        return datetime.fromtimestamp(float(self._api.call("GET", _PATH)["now"]), tz=UTC)

    @property
    def offset(self) -> timedelta:
        """How far it is from the real time."""
        return timedelta(seconds=self._api.call("GET", _PATH)["offsetSeconds"])

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move it from where it is; backwards with negative numbers."""
        self._put(self.offset + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))

    def reset(self) -> None:
        """Set it right again."""
        self._put(timedelta())

    def _put(self, offset: timedelta) -> None:
        self._api.call("PUT", _PATH, {"offsetSeconds": round(offset.total_seconds())})
