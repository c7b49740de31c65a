import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_keyring.endpoints import is_repository

LOCAL = "http://127.0.0.1:8765"


@pytest.mark.parametrize(
    "address",
    [
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/simple/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared",
        "https://my-domain-111122223333.d.codeartifact.cn-north-1.amazonaws.com.cn/pypi/shared/",
        "https://team2-111122223333.d.codeartifact-fips.us-east-1.amazonaws.com/pypi/shared/",
        "https://my-domain-111122223333.codeartifact.eu-west-1.on.aws/pypi/shared/simple/",
        "https://MY-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com:443/pypi/shared/",
    ],
)
def test_aws_addresses_are_ours(address: str) -> None:
    assert is_repository(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com.example.org/pypi/shared/",
        "https://example.org/my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com:8443/pypi/shared/",
        f"{LOCAL}/pypi/d/acme-111122223333/libraries/simple/",
        "python-poetry-check",
        "http://[::1/pypi/d/acme-111122223333/libraries/",
        "",
    ],
)
def test_other_addresses_are_not(address: str) -> None:
    assert not is_repository(address)


@pytest.mark.parametrize("path", ["/pypi/d/acme-111122223333/libraries/simple/", "/pypi/d/acme-111122223333/libraries"])
def test_a_configured_endpoint_is_ours(path: str) -> None:
    assert is_repository(LOCAL + path, [LOCAL])
    assert is_repository(LOCAL + path, ["https://elsewhere.example", LOCAL + "/"])


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8766/pypi/d/acme-111122223333/libraries/",
        "https://127.0.0.1:8765/pypi/d/acme-111122223333/libraries/",
        f"{LOCAL}/simple/",
    ],
)
def test_a_configured_endpoint_is_not_a_licence_for_its_neighbours(address: str) -> None:
    assert not is_repository(address, [LOCAL])


@pytest.mark.parametrize("endpoint", ["", "not a url", "http://[::1"])
def test_a_senseless_endpoint_matches_nothing(endpoint: str) -> None:
    assert not is_repository("/pypi/d/acme-111122223333/libraries/", [endpoint])


@given(st.text())
def test_whatever_a_tool_asks_for_is_answered(address: str) -> None:
    assert is_repository(address, [LOCAL, address]) in {True, False}
