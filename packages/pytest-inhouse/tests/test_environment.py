import os
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from pytest_inhouse import environment
from pytest_inhouse.server import AccessKey

URL = "http://127.0.0.1:7"


def test_who_asks() -> None:
    said = environment.identity(AccessKey("AKIAMADEUP", "made-up"), "eu-west-1", Path("/nowhere"))
    assert said == snapshot(
        {
            "AWS_ACCESS_KEY_ID": "AKIAMADEUP",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_REGION": "eu-west-1",
            "AWS_CONFIG_FILE": "/nowhere/config",
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere/credentials",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"NO_PROXY": "acme.example"}, "acme.example,127.0.0.1,localhost"),
        ({"no_proxy": "b.example", "NO_PROXY": "a.example"}, "b.example,127.0.0.1,localhost"),
        ({"NO_PROXY": "acme.example,127.0.0.1,localhost"}, "acme.example,127.0.0.1,localhost"),
    ],
)
def test_no_proxy_is_asked_for_this_machine(said: dict[str, str], expected: str) -> None:
    assert environment.direct(URL, said) == {
        "AWS_ENDPOINT_URL_CODEARTIFACT": URL,
        "AWS_ENDPOINT_URL_STS": URL,
        "NO_PROXY": expected,
        "no_proxy": expected,
    }


def test_all_spellings_lead_to_the_front() -> None:
    assert environment.through_front(URL, Path("/ca.pem")) == snapshot(
        {
            "HTTPS_PROXY": "http://127.0.0.1:7",
            "https_proxy": "http://127.0.0.1:7",
            "HTTP_PROXY": "http://127.0.0.1:7",
            "http_proxy": "http://127.0.0.1:7",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "AWS_CA_BUNDLE": "/ca.pem",
            "CURL_CA_BUNDLE": "/ca.pem",
            "NODE_EXTRA_CA_CERTS": "/ca.pem",
            "PIP_CERT": "/ca.pem",
            "REQUESTS_CA_BUNDLE": "/ca.pem",
            "SSL_CERT_FILE": "/ca.pem",
            "TWINE_CERT": "/ca.pem",
        }
    )


def test_what_leads_elsewhere_goes() -> None:
    said = {
        "AWS_PROFILE": "x",
        "AWS_ENDPOINT_URL": "y",
        "ALL_PROXY": "p",
        "all_proxy": "p",
        "SSL_CERT_DIR": "d",
        "A": "b",
    }
    assert environment.cleaned(said, front=True) == {"A": "b"}
    assert environment.cleaned(said, front=False) == {
        name: value for name, value in said.items() if not name.startswith("AWS_")
    }


def test_a_home_has_everything_in_it() -> None:
    said = environment.at_home(Path("/home/nobody"))
    assert {name for name, value in said.items() if not value.startswith("/home/nobody")} == {"NETRC"}
    assert said["NETRC"] == os.devnull
