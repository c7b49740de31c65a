"""A clock that tests move, so that what expires in hours does so at once."""

from datetime import UTC, datetime, timedelta

from inhouse_server.model import Clock


def utc_now() -> datetime:
    """Return the time now, timezone-aware UTC."""
    return datetime.now(UTC)


class MovableClock:
    """Gives the time now, moved by an offset that is zero at first.

    Args:
        real: Gives the real time.

    Attributes:
        offset: How far the clock is from the real time.
    """

    def __init__(self, real: Clock = utc_now) -> None:
        self.real = real
        self.offset = timedelta()

    def __call__(self) -> datetime:
        """Return the moved time."""
        return self.real() + self.offset
