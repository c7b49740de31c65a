import pytest

from pytest_inhouse.aws_names import api_host, is_aws


@pytest.mark.parametrize(
    "host",
    [
        "codeartifact.us-east-1.amazonaws.com",
        "codeartifact.us-gov-west-1.amazonaws.com",
        "CodeArtifact.us-east-1.amazonaws.com.",
        "codeartifact-fips.us-east-1.amazonaws.com",
        "codeartifact.us-east-1.api.aws",
        "codeartifact.cn-north-1.amazonaws.com.cn",
        "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com",
        "my-domain-111122223333.d.codeartifact-fips.us-east-1.amazonaws.com",
        "my-domain-111122223333.d.codeartifact.cn-northwest-1.amazonaws.com.cn",
        "my-domain-111122223333.codeartifact.eu-west-1.on.aws",
        "sts.amazonaws.com",
        "sts.eu-central-1.amazonaws.com",
        "sts-fips.us-east-1.amazonaws.com",
        "sts.cn-north-1.amazonaws.com.cn",
    ],
)
def test_names_of_the_two_services(host: str) -> None:
    assert is_aws(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.org",
        "amazonaws.com",
        "s3.us-east-1.amazonaws.com",
        "codeartifact.us-east-1.amazonaws.com.example.org",
        "codeartifact.us-east-1.amazonaws.comx",
        "xcodeartifact.us-east-1.amazonaws.com",
        "a.b.d.codeartifact.us-east-1.amazonaws.com",
        "-.d.codeartifact.us-east-1.amazonaws.com",
        "codeartifact.amazonaws.com",
        "codeartifact.us_east_1.amazonaws.com",
        "127.0.0.1",
        "codeartifact.us-east-1.amazonaws.com\n",
    ],
)
def test_other_names(host: str) -> None:
    assert not is_aws(host)


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-gov-west-1"])
def test_the_name_of_the_api_is_one(region: str) -> None:
    assert is_aws(api_host(region))
