import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_keyring.endpoints import (
    api_endpoint,
    aws_repository,
    custom_repository,
    domain_and_owner,
    is_loopback,
    is_region,
    is_repository,
    parse_address,
    serves,
)
from inhouse_keyring.errors import ConfigurationError

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
        "HTTPS://aws@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/simple/?x#y",
        "https://my-domain-111122223333.codeartifact.cn-north-1.on.amazonwebservices.com.cn/pypi/shared/",
        "https://my-domain-111122223333.codeartifact-fips.us-gov-west-1.on.aws/pypi/shared/",
        "https://my-domain-111122223333.d.codeartifact.eusc-de-east-1.amazonaws.eu/pypi/shared/",
        "https://vpce-0a1b-xyz.d.codeartifact.us-west-2.vpce.amazonaws.com/pypi/d/my-domain-111122223333/shared/simple/",
        "https://vpce-0a1b.d.codeartifact.cn-north-1.vpce.amazonaws.com.cn/pypi/d/my-domain-111122223333/shared",
    ],
)
def test_aws_addresses_are_ours(address: str) -> None:
    assert is_repository(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "http://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com:443/pypi/shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com.example.org/pypi/shared/",
        "https://example.org/my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com:8443/pypi/shared/",
        f"{LOCAL}/pypi/d/acme-111122223333/libraries/simple/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com@example.org/pypi/shared/",
        "https://example.org\\@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/../shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi//",
        "https://my-domain-111122223333.d.codeartifact.cn-north-1.amazonaws.com/pypi/shared/",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com.cn/pypi/shared/",
        "https://my-domain-111122223333.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "https://my-domain-111122223333.d.s3.us-east-1.amazonaws.com/pypi/shared/",
        "https://my-domain-111122223333.d.codeartifact..amazonaws.com/pypi/shared/",
        "https://my-domain-1111222233334.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "https://a-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "https://my--111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
        "https://evil.d.codeartifact.us-west-2.vpce.amazonaws.com/pypi/d/my-domain-111122223333/shared/",
        "https://vpce-0a1b.d.codeartifact.us-west-2.vpce.amazonaws.com/pypi/my-domain-111122223333/shared/",
        "https://vpce-0a1b.d.codeartifact.us-west-2.vpce.amazonaws.com/pypi/d/my-domain/shared/",
        "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com",
        "poetry-repository-shared",
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


def test_an_address_of_aws_tells_where_its_tokens_come_from() -> None:
    found = aws_repository("https://my-domain-111122223333.d.codeartifact.eu-west-1.amazonaws.com/pypi/shared/simple/")
    assert found is not None
    assert (found.domain, found.owner, found.repository) == ("my-domain", "111122223333", "shared")
    assert (found.region, found.endpoint) == ("eu-west-1", "https://codeartifact.eu-west-1.amazonaws.com")


@pytest.mark.parametrize(
    ("host", "endpoint"),
    [
        ("d.codeartifact.cn-north-1.amazonaws.com.cn", "https://codeartifact.cn-north-1.amazonaws.com.cn"),
        ("d.codeartifact-fips.us-east-1.amazonaws.com", "https://codeartifact-fips.us-east-1.amazonaws.com"),
        ("codeartifact.eu-west-1.on.aws", "https://codeartifact.eu-west-1.api.aws"),
        ("codeartifact-fips.us-east-1.on.aws", "https://codeartifact-fips.us-east-1.api.aws"),
    ],
)
def test_each_form_has_an_api_of_its_own(host: str, endpoint: str) -> None:
    found = aws_repository(f"https://my-domain-111122223333.{host}/pypi/shared/")
    assert found is not None
    assert found.endpoint == endpoint


def test_apis_are_where_botocore_finds_them() -> None:
    import botocore.session
    from botocore.config import Config

    session = botocore.session.Session()
    for region in ("us-east-1", "cn-north-1", "eu-west-1", "us-gov-west-1"):
        for fips in (False, True):
            for dual_stack in (False, True):
                config = Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack)
                client = session.create_client("codeartifact", region_name=region, config=config)
                made = client.meta.endpoint_url
                if not (fips or dual_stack):  # the rules of the others are applied when a request is made
                    assert api_endpoint(region) == made
                resolver = client._ruleset_resolver  # type: ignore[attr-defined] # no public way
                resolved = resolver.construct_endpoint(
                    client.meta.service_model.operation_model("GetAuthorizationToken"), {}, {}
                )
                assert api_endpoint(region, fips=fips, dual_stack=dual_stack) == resolved.url


def test_the_path_form_names_a_repository_on_any_host() -> None:
    found = custom_repository(f"{LOCAL}/before/pypi/d/acme-111122223333/libraries/simple/")
    assert found is not None
    assert (found.domain, found.owner, found.repository) == ("acme", "111122223333", "libraries")
    for path in ("", "/pypi/libraries/", "/pypi/d/acme/libraries/", "/pypi/d/acme-111122223333/", "/pypi/d/x-1/.."):
        assert custom_repository(LOCAL + path) is None


def test_an_api_below_a_path_serves_what_is_below_it_too() -> None:
    below = "/pypi/d/acme-111122223333/libraries/"
    assert serves(LOCAL + "/api/", LOCAL + "/api" + below)
    assert not serves(LOCAL + "/api", LOCAL + below)
    assert serves("https://ca.example:443", "https://CA.example" + below)
    assert serves("http://[::1]:8765", "http://[::1]:8765" + below)
    assert not serves("http://[::1]:8765", "http://[::2]:8765" + below)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "ftp://x", "http://", "http://x:0", "http://x:99999", "http://x:y", "http://[::1", "http://[x]"),
        *("http://[::1]x", "http://a b", "http://a\tb", "http://\u00fc", "http://[::1]:y"),
    ],
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text) is None


def test_an_address_is_taken_apart() -> None:
    address = parse_address("HTTP://user:pass@[::1]:80/a/b?c#d")
    assert address is not None
    assert (address.origin, address.path) == (("http", "::1", 80), "/a/b")


@pytest.mark.parametrize("authority", ["0[", "]", "a[b]", "us[er@host", "us]er@[::1]", "[::1]]", "[[::1]"])
def test_brackets_stand_around_an_address_of_ipv6_alone(authority: str) -> None:
    assert parse_address(f"https://{authority}/") is None


@given(st.text(), st.sampled_from(["http", "https"]))
def test_an_address_has_the_host_that_the_standard_library_sees(rest: str, scheme: str) -> None:
    from urllib.parse import urlsplit

    address = parse_address(f"{scheme}://{rest}")
    if address is not None:
        known = urlsplit(f"{scheme}://{rest}")
        assert (address.host, address.path) == (known.hostname, known.path)
        assert address.port == (known.port or {"http": 80, "https": 443}[scheme])


@pytest.mark.parametrize(
    ("host", "is_it"), [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True)]
)
def test_this_machine_is_known_by_its_names(host: str, is_it: bool) -> None:
    assert is_loopback(host) is is_it
    assert not is_loopback(f"{host}.example")
    assert not is_loopback("127.0.0.1.example.org")


def test_names_of_domains_are_taken_apart_at_the_account() -> None:
    assert domain_and_owner("my-team-2-111122223333") == ("my-team-2", "111122223333")
    for text in (
        "acme",
        "acme-1",
        "Acme-111122223333",
        "2acme-111122223333",
        f"{'a' * 51}-111122223333",
        "-111122223333",
    ):
        assert domain_and_owner(text) is None


@pytest.mark.parametrize(
    ("region", "is_it"),
    [
        ("us-east-1", True),
        ("us-gov-west-1", True),
        ("eusc-de-east-1", True),
        ("ap-southeast-11", True),
        ("", False),
        ("s3", False),
        ("lambda-url", False),
        ("x@127.0.0.1:19443/?", False),
        ("us-east-1.example.com", False),
        ("us-east-1#", False),
        ("us--1", False),
        ("US-EAST-1", False),
        ("us-east-one", False),
        ("-us-east-1", False),
    ],
)
def test_only_a_region_becomes_part_of_the_name_of_a_host(region: str, is_it: bool) -> None:
    assert is_region(region) is is_it
    if is_it:
        assert api_endpoint(region).startswith(f"https://codeartifact.{region}.")
    else:
        with pytest.raises(ConfigurationError, match="not the name of a region"):
            api_endpoint(region)


@pytest.mark.parametrize("host", ["d.codeartifact.s3.amazonaws.com", "codeartifact.lambda-url.on.aws"])
def test_what_anybody_may_name_so_is_no_repository(host: str) -> None:
    assert aws_repository(f"https://acme-111122223333.{host}/pypi/x/") is None
