import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.rules.endpoints import canonical_path, repository_endpoint

OWNER = "111122223333"


@pytest.mark.parametrize(
    ("base_url", "dualstack", "expected"),
    [
        ("http://127.0.0.1:8765", False, "http://127.0.0.1:8765/pypi/d/my-domain-111122223333/lib/"),
        ("http://127.0.0.1:8765", True, "http://127.0.0.1:8765/pypi/d/my-domain-111122223333/lib/"),
        (
            "http://codeartifact.us-east-1.amazonaws.com",
            False,
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/lib/",
        ),
        (
            "https://codeartifact-fips.us-east-1.amazonaws.com:443",
            False,
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/lib/",
        ),
        (
            "https://codeartifact.eu-west-1.amazonaws.com",
            True,
            "https://my-domain-111122223333.codeartifact.eu-west-1.on.aws/pypi/lib/",
        ),
        (
            "https://codeartifact.cn-north-1.amazonaws.com.cn",
            False,
            "https://my-domain-111122223333.d.codeartifact.cn-north-1.amazonaws.com.cn/pypi/lib/",
        ),
        (
            "https://codeartifact.us-east-1.amazonaws.com.example.com",
            False,
            "https://codeartifact.us-east-1.amazonaws.com.example.com/pypi/d/my-domain-111122223333/lib/",
        ),
    ],
)
def test_a_client_is_told_the_form_of_address_that_it_uses(base_url: str, dualstack: bool, expected: str) -> None:
    found = repository_endpoint(base_url, "my-domain", OWNER, "lib", package_format="pypi", dualstack=dualstack)
    assert found == expected


AWS_HOST = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com"
PATH = "/pypi/d/my-domain-111122223333/lib/simple/acme/1.0%2Blocal/acme.whl"


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (AWS_HOST, "/pypi/lib/simple/acme/1.0%2Blocal/acme.whl"),
        (f"{AWS_HOST}:443", "/pypi/lib/simple/acme/1.0%2Blocal/acme.whl"),
        ("my-domain-111122223333.codeartifact.us-east-1.on.aws", "/pypi/lib/simple/acme/1.0%2Blocal/acme.whl"),
        (AWS_HOST.upper(), "/pypi/lib/simple/acme/1.0%2Blocal/acme.whl"),
        ("my-domain-111122223333.localhost:8765", "/pypi/lib/simple/acme/1.0%2Blocal/acme.whl"),
        ("127.0.0.1:8765", "/my-domain-111122223333/pypi/lib/simple/acme/1.0%2Blocal/acme.whl"),
        ("127.0.0.1:8765", PATH),
        (AWS_HOST, PATH),
    ],
)
def test_every_form_becomes_the_path_form(host: str, path: str) -> None:
    assert canonical_path(host, path) == PATH


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("127.0.0.1:8765", "/pypi/lib/simple/acme/"),
        ("my-domain-11112222333.example.com", "/pypi/lib/"),
        (AWS_HOST, "/v1/domain"),
        (AWS_HOST, "/-/inhouse/v1/capabilities"),
        (AWS_HOST, "/healthz"),
        ("127.0.0.1", "/MY-domain-111122223333/pypi/lib/"),
    ],
)
def test_everything_else_stays(host: str, path: str) -> None:
    assert canonical_path(host, path) == path


@given(st.text(max_size=60), st.text(max_size=60))
def test_it_is_done_once(host: str, path: str) -> None:
    once = canonical_path(host, f"/{path}")
    assert canonical_path(host, once) == once
