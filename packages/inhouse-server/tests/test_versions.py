import pytest
from packaging.version import Version

from inhouse_server.versions import MAXIMUM_LENGTH, canonical_text, parse_version


def test_a_version_is_read() -> None:
    assert parse_version("1.0") == Version("1")
    assert canonical_text("1.0.0") == canonical_text("1") == "1"


@pytest.mark.parametrize("text", ["", "one", "9" * (MAXIMUM_LENGTH + 1), "9" * 5000])
def test_what_is_none_or_too_long_is_told_and_is_itself(text: str) -> None:
    assert parse_version(text) is None
    assert canonical_text(text) == text
