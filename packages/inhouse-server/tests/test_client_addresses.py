import pytest

from inhouse_server.client_addresses import client_address


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("::FFFF:192.0.2.7", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_of_ipv4_is_one_however_it_came(host: str, expected: str) -> None:
    assert client_address(host) == expected
