import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse.project.address import Address, aws_endpoint, endpoint_of, read_address, without_user
from inhouse.project.manifest import Coordinates, is_address_of

OWNERS = st.from_regex(r"[0-9]{12}", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z][a-z0-9-]{0,20}[a-z0-9]", fullmatch=True)
REPOSITORIES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{1,20}", fullmatch=True)
REGIONS = st.sampled_from(["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"])


def test_the_addresses_of_aws_are_built_as_it_builds_them() -> None:
    shared = Coordinates("acme", "111122223333", "eu-central-1", "shared")
    china = Coordinates("acme", "111122223333", "cn-north-1", "shared")
    assert aws_endpoint(shared) == "https://acme-111122223333.d.codeartifact.eu-central-1.amazonaws.com/pypi/shared/"
    assert aws_endpoint(china) == "https://acme-111122223333.d.codeartifact.cn-north-1.amazonaws.com.cn/pypi/shared/"
    dualstack = "https://acme-111122223333.codeartifact.eu-central-1.on.aws/pypi/shared/"
    assert aws_endpoint(shared, dualstack=True) == dualstack
    with pytest.raises(ValueError, match="no dual-stack address"):
        aws_endpoint(china, dualstack=True)


@given(DOMAINS, OWNERS, REGIONS, REPOSITORIES, st.booleans())
def test_an_address_of_aws_tells_all_it_was_made_of(
    domain: str, owner: str, region: str, repository: str, dualstack: bool
) -> None:
    coordinates = Coordinates(domain, owner, region, repository)
    endpoint = aws_endpoint(coordinates, dualstack=dualstack and not region.startswith("cn-"))
    assert read_address(endpoint) == Address(domain, owner, repository, region)
    assert is_address_of(endpoint, coordinates)
    assert endpoint_of(endpoint) == endpoint


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        ("http://127.0.0.1:8765/pypi/d/acme-111122223333/shared/", Address("acme", "111122223333", "shared", "")),
        (
            "https://vpce-1.d.codeartifact.us-east-1.vpce.amazonaws.com/pypi/d/my-domain-111122223333/a.b/",
            Address("my-domain", "111122223333", "a.b", "us-east-1"),
        ),
        (
            "https://acme-111122223333.d.codeartifact-fips.us-east-1.amazonaws.com/pypi/shared/",
            Address("acme", "111122223333", "shared", "us-east-1"),
        ),
        ("https://acme-111122223333.example/", None),
        ("https://index.example/pypi/shared/", None),
    ],
)
def test_what_an_address_tells(endpoint: str, told: Address | None) -> None:
    assert read_address(endpoint) == told


@pytest.mark.parametrize("end", ["", "/", "/simple", "/simple/", "//"])
def test_an_endpoint_may_be_named_by_its_index(end: str) -> None:
    assert endpoint_of(f"http://127.0.0.1:9/pypi/d/acme-111122223333/shared{end}") == (
        "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
    )


@pytest.mark.parametrize(
    "url",
    [
        "laptop",
        "ftp://h/a/",
        "https:///a/",
        "http://h:port/a",
        "http://aws:token@h/a/",
        "http://h/a?b",
        "http://h/a#b",
        'http://h/"a',
        "http://h/a b",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|port"):
        endpoint_of(url)


def test_a_token_in_an_address_is_not_shown() -> None:
    assert without_user("http://aws:secret@h:1/a/") == "http://h:1/a/"
    assert without_user("http://h:1/a/") == "http://h:1/a/"
