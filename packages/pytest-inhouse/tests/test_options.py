from typing import Any

import pytest

from pytest_inhouse.errors import UsageError
from pytest_inhouse.options import Options, read_compatibility, read_options


def test_a_marker_wins_over_what_is_configured() -> None:
    configured = Options(compat="superset", aws_hosts=True)
    assert read_options(configured, {}) == configured
    assert read_options(configured, {"compat": "aws", "region": "cn-north-1", "aws_hosts": False}) == Options(
        "aws", "cn-north-1", aws_hosts=False
    )


@pytest.mark.parametrize(
    ("marker", "reason"),
    [
        ({"mode": "aws"}, "has no argument mode"),
        ({"compat": "azure"}, "'azure' is not a mode"),
        ({"region": "Frankfurt"}, "'Frankfurt' is not a region"),
        ({"region": 1}, "1 is not a region"),
    ],
)
def test_a_marker_that_cannot_be(marker: dict[str, Any], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        read_options(Options(), marker)


def test_a_mode_says_where_it_came_from() -> None:
    with pytest.raises(UsageError, match="codeartifact_compat: 'strict' is not a mode"):
        read_compatibility("strict", "codeartifact_compat")
