import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.rules.ranges import ByteRange, UnsatisfiableRangeError, parse


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-0", ByteRange(0, 1)),
        ("bytes=0-9", ByteRange(0, 10)),
        ("bytes=0-1000", ByteRange(0, 10)),
        ("bytes=5-", ByteRange(5, 10)),
        ("bytes=-3", ByteRange(7, 10)),
        ("bytes=-1000", ByteRange(0, 10)),
        ("Bytes=2-3", ByteRange(2, 4)),
        ("bytes=-", None),
        ("bytes=3-2", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=1-2-3", None),
        ("bytes=٣-٤", None),
        ("", None),
    ],
)
def test_ranges_of_ten_bytes(header: str | None, expected: ByteRange | None) -> None:
    assert parse(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999-"])
def test_a_range_behind_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(UnsatisfiableRangeError):
        parse(header, 10)


def test_no_range_of_an_empty_file_can_be_satisfied() -> None:
    for header in ("bytes=0-", "bytes=-1"):
        with pytest.raises(UnsatisfiableRangeError):
            parse(header, 0)


@given(st.text() | st.from_regex(r"bytes=[0-9]{0,4}-[0-9]{0,4}", fullmatch=True), st.integers(0, 2000))
def test_what_is_answered_lies_in_the_file(header: str, size: int) -> None:
    try:
        found = parse(header, size)
    except UnsatisfiableRangeError:
        return
    if found is not None:
        assert 0 <= found.start < found.stop <= size


@given(st.binary(min_size=1, max_size=50), st.data())
def test_a_suffix_is_the_end_of_the_file(content: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 60))
    found = parse(f"bytes=-{length}", len(content))
    assert found is not None
    assert content[found.start : found.stop] == content[-length:]
