import os
from urllib.request import urlopen

import boto3
import pytest

from pytest_inhouse.server import CodeArtifact, ServerDidNotStartError, running

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # botocore leaves its sockets to the collector


def test_the_aws_environment_points_at_the_repository_alone(codeartifact: CodeArtifact) -> None:
    assert os.environ["AWS_ENDPOINT_URL_CODEARTIFACT"] == codeartifact.url
    assert {name for name in os.environ if name.startswith("AWS_")} == {
        *codeartifact.environment,
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_EC2_METADATA_DISABLED",
    }


def test_boto3_reaches_it_unmodified(codeartifact: CodeArtifact) -> None:
    client = boto3.client("codeartifact")
    client.create_domain(domain="acme-tests")
    assert [domain["name"] for domain in client.list_domains()["domains"]] == ["acme-tests"]
    with urlopen(f"{codeartifact.url}/healthz") as answer:
        assert answer.status == 200


def test_it_is_gone_afterwards(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("short")) as server:
        url = server.url
    with pytest.raises(OSError, match="refused"):
        urlopen(f"{url}/healthz")


def test_a_server_that_cannot_start_says_why(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "data").write_text("a file where the data folder should be")
    with pytest.raises(ServerDidNotStartError, match="data"), running(folder):
        pass
