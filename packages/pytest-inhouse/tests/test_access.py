"""What `Access` makes of what it is told; what it does is in `test_codeartifact.py`."""

import pytest

from pytest_inhouse.access import _form, _member


@pytest.mark.parametrize(
    ("body", "message", "hint"),
    [
        (b'{"message": "no", "hint": "ask"}', "no", "ask"),
        (b'{"message": "no"}', "no", ""),
        (b"Internal Server Error\n", "Internal Server Error", ""),
        (b"", "", ""),
    ],
)
def test_reasons(body: bytes, message: str, hint: str) -> None:
    assert (_member(body, "message"), _member(body, "hint")) == (message, hint)


def test_a_form() -> None:
    assert _form("x", {"name": "acme"}, "acme.whl", b"\r\n--bytes") == (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nacme\r\n'
        b'--x\r\nContent-Disposition: form-data; name="content"; filename="acme.whl"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--bytes\r\n--x--\r\n"
    )
