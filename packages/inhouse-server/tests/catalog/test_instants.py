from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.catalog import instants

times = st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the timezone


@given(times, times)
def test_text_says_the_time_and_sorts_as_it_does(one: datetime, two: datetime) -> None:
    assert instants.from_text(instants.to_text(one)) == one
    assert (instants.to_text(one) < instants.to_text(two)) == (one < two)


def test_other_timezones_are_brought_to_utc() -> None:
    elsewhere = datetime(2026, 3, 1, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert instants.to_text(elsewhere) == "2026-02-28T21:00:00.000000Z"


def test_a_time_without_a_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a timezone"):
        instants.to_text(datetime(2026, 3, 1))  # noqa: DTZ001 - that is the test
