"""A clock that stands still until it is moved."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass
class FakeClock:
    """Call it for the time; it begins on a day in March 2026."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        """Move the clock, for example by `hours=1`."""
        self.now += timedelta(**amount)
