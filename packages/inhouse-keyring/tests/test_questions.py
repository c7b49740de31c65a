"""Which question stands behind a domain or an address, and when an address is none of our business."""

from pathlib import Path

import pytest

from inhouse_keyring.errors import ConfigurationError
from inhouse_keyring.questions import Wanted, question_for, question_of, surroundings_of

AWS = "https://acme-111122223333.d.codeartifact.eu-west-1.amazonaws.com/pypi/shared/simple/"
LOCAL = "http://127.0.0.1:8765"
BELOW = "/pypi/d/acme-111122223333/shared/simple/"
SERVICES = "[services embedded]\ncodeartifact =\n  endpoint_url = http://127.0.0.1:8765\n"
EMBEDDED = f"[profile embedded]\nservices = embedded\nregion = eu-central-1\n{SERVICES}"


def configure(home: Path, aws: str = "", ours: str = "") -> None:
    for path, text in ((home / ".aws" / "config", aws), (home / ".config" / "inhouse" / "config.toml", ours)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def of(address: str, **environment: str) -> Wanted | None:
    return question_of(address, surroundings_of(environment))


def found(address: str, **environment: str) -> Wanted:
    wanted = of(address, **environment)
    assert wanted is not None
    return wanted


def test_an_address_of_aws_is_asked_for_at_aws() -> None:
    wanted = found(AWS)
    assert (wanted.domain, wanted.owner, wanted.region) == ("acme", "111122223333", "eu-west-1")
    assert (wanted.endpoint, wanted.profile) == ("https://codeartifact.eu-west-1.amazonaws.com", None)
    assert (wanted.seconds, wanted.connect_timeout, wanted.read_timeout) == (3600, 3.0, 30.0)


def test_an_address_of_aws_may_be_asked_for_elsewhere() -> None:
    api = "https://vpce-1.api.codeartifact.eu-west-1.vpce.amazonaws.com"
    assert found(AWS, AWS_ENDPOINT_URL_CODEARTIFACT=api + "/").endpoint == api


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_CODEARTIFACT", "AWS_ENDPOINT_URL"])
def test_an_endpoint_in_a_variable_is_known(name: str) -> None:
    wanted = found(LOCAL + BELOW, **{name: LOCAL, "AWS_DEFAULT_REGION": "eu-west-3"})
    assert (wanted.domain, wanted.region, wanted.endpoint) == ("acme", "eu-west-3", LOCAL)
    assert of("http://127.0.0.1:9999" + BELOW, **{name: LOCAL}) is None
    assert of("https://127.0.0.1:8765" + BELOW, **{name: LOCAL}) is None


def test_an_endpoint_of_the_profile_is_known(home: Path) -> None:
    configure(home, EMBEDDED)
    wanted = found(LOCAL + BELOW, AWS_PROFILE="embedded")
    assert (wanted.endpoint, wanted.region, wanted.profile) == (LOCAL, "eu-central-1", None)


def test_an_endpoint_of_the_user_configuration_is_known(home: Path) -> None:
    configure(home, ours=f'[endpoints]\n"acme-111122223333" = "{LOCAL}"\n')
    assert found(LOCAL + BELOW).region == "us-east-1"
    assert of(LOCAL + "/pypi/d/other-111122223333/shared/simple/") is None


def test_the_profile_that_our_configuration_has_for_the_domain_brings_its_endpoint(home: Path) -> None:
    configure(home, EMBEDDED, '[profiles]\n"acme-111122223333" = "embedded"\n')
    assert found(LOCAL + BELOW).profile == "embedded"


def test_the_one_profile_that_names_an_endpoint_is_meant_for_it(home: Path) -> None:
    configure(home, EMBEDDED)
    wanted = found(LOCAL + BELOW)
    assert (wanted.profile, wanted.endpoint) == ("embedded", LOCAL)
    configure(home, EMBEDDED + "[profile another]\nservices = embedded\n")
    assert of(LOCAL + BELOW) is None  # which of the two is for the user to say
    assert of(LOCAL + BELOW, INHOUSE_PROFILE="third") is None


def test_configured_endpoints_can_be_switched_off(home: Path) -> None:
    configure(home, "[default]\nendpoint_url = http://127.0.0.1:8765\nignore_configured_endpoint_urls = true\n")
    assert found(AWS).endpoint == "https://codeartifact.eu-west-1.amazonaws.com"
    switched = {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": LOCAL}
    assert found(AWS, **switched).endpoint == "https://codeartifact.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    "address",
    [
        "python-poetry-check",
        "poetry-repository-shared",
        "https://pypi.example/simple/",
        LOCAL + BELOW,
        AWS.replace("https", "http"),
        "https://registry.example/pypi/d/acme-111122223333/shared/simple/",
    ],
)
def test_everything_else_is_none_of_our_business(address: str) -> None:
    assert of(address) is None
    assert of(address, AWS_ENDPOINT_URL_CODEARTIFACT="http://127.0.0.1:1") is None


def test_a_domain_is_asked_for_in_its_region() -> None:
    def endpoint(**environment: str) -> str:
        return question_for("acme", "111122223333", "eu-west-1", surroundings_of(environment)).endpoint

    assert endpoint() == "https://codeartifact.eu-west-1.amazonaws.com"
    assert endpoint(AWS_USE_FIPS_ENDPOINT="true") == "https://codeartifact-fips.eu-west-1.amazonaws.com"
    assert endpoint(AWS_USE_DUALSTACK_ENDPOINT="true") == "https://codeartifact.eu-west-1.api.aws"
    assert endpoint(AWS_ENDPOINT_URL=LOCAL + "/") == LOCAL
    named = question_for("acme", "111122223333", "eu-west-1", surroundings_of({"AWS_ENDPOINT_URL": LOCAL}), "http://x")
    assert named.endpoint == "http://x"


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(ConfigurationError, match="`rubbish` is not an address"):
        question_for("acme", "111122223333", "eu-west-1", surroundings_of({"AWS_ENDPOINT_URL": "rubbish"}))
