import pytest

from inhouse_server.remotes.freshness import fresh_seconds


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0.0),
        ({"Cache-Control": "public"}, 0.0),
        ({"Cache-Control": "max-age=60"}, 60.0),
        ({"Cache-Control": 'public, MAX-AGE="60"'}, 60.0),
        ({"Cache-Control": "max-age=600, public"}, 300.0),
        ({"Cache-Control": "max-age=60", "Age": "20"}, 40.0),
        ({"Cache-Control": "max-age=60", "Age": "90"}, 0.0),
        ({"Cache-Control": "max-age=60", "Age": "old"}, 60.0),
        ({"Cache-Control": "max-age=60, no-cache"}, 0.0),
        ({"Cache-Control": "no-store,max-age=60"}, 0.0),
        ({"Cache-Control": "max-age=-5"}, 0.0),
    ],
)
def test_how_long_a_listing_holds(headers: dict[str, str], expected: float) -> None:
    assert fresh_seconds(headers, 300.0) == expected
