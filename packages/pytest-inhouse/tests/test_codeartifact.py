"""The fixture's own helpers, as the author of a test uses them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import boto3
import pytest

from pytest_inhouse import (
    CodeArtifact,
    RefusedError,
    RunningServer,
    ServerStoppedError,
    UsageError,
    make_wheel,
    new_domain,
)
from pytest_inhouse.server import AccessKey
from pytest_inhouse.signed_requests import Api

OPENER = build_opener(ProxyHandler({}))
READ = ["codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken", "codeartifact:ReadFromRepository"]


def page(codeartifact: CodeArtifact, project: str, token: str, repository: str | None = None) -> str:
    url = f"{codeartifact.index_url(repository)}{project}/"
    with OPENER.open(Request(url, headers={"Authorization": f"Bearer {token}"})) as answer:
        return str(answer.read().decode())


def test_the_environment_points_at_the_repository_alone(codeartifact: CodeArtifact) -> None:
    assert os.environ["AWS_ENDPOINT_URL_CODEARTIFACT"] == codeartifact.url
    ours = {name: value for name, value in codeartifact.environment.items() if name.startswith("AWS_")}
    assert {name: value for name, value in os.environ.items() if name.startswith("AWS_")} == ours
    assert not Path(os.environ["AWS_CONFIG_FILE"]).exists()


def test_boto3_reaches_it_unmodified(codeartifact: CodeArtifact) -> None:
    with closing(boto3.client("codeartifact")) as client, closing(boto3.client("sts")) as tokens:
        found = client.describe_domain(domain=codeartifact.domain)["domain"]
        assert (found["owner"], found["arn"].split(":")[3]) == (codeartifact.owner, codeartifact.region)
        assert tokens.get_caller_identity()["Account"] == codeartifact.owner


def test_clients_are_made_and_closed_for_the_test(codeartifact: CodeArtifact) -> None:
    assert codeartifact.client().list_repositories()["repositories"] == []
    assert codeartifact.client("sts").get_caller_identity()["Arn"].endswith(":user/admin")


def test_without_boto3(codeartifact: CodeArtifact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(UsageError, match="pip install boto3"):
        codeartifact.client("codeartifact")


class TestDomains:
    """Each test has one, and nothing of the tests before it; these run in the order that they are written in."""

    names: list[str] = []  # noqa: RUF012 - what the first test tells the second

    def test_one_is_left_behind(self, codeartifact: CodeArtifact) -> None:
        codeartifact.repository("team")
        client = codeartifact.client()
        client.create_domain(domain="another")
        client.create_repository(domain="another", repository="team")
        codeartifact.clock.move(hours=13)
        codeartifact.faults("ListDomains", status=500)
        codeartifact.public.add("idna", "99.0")
        self.names.append(codeartifact.domain)

    def test_and_is_gone(self, codeartifact: CodeArtifact) -> None:
        assert codeartifact.domain not in self.names
        names = {each["name"] for each in codeartifact.client().list_domains()["domains"]}
        assert names.isdisjoint({*self.names, "another"})
        assert codeartifact.clock.offset == timedelta()
        codeartifact.repository("store", public=True)
        with pytest.raises(HTTPError, match="404"):
            page(codeartifact, "idna", codeartifact.token())


def test_many_domains_and_repositories_are_removed(codeartifact_server: RunningServer) -> None:
    with new_domain(codeartifact_server) as made:
        client = made.client()
        for number in range(55):  # more than a page has
            client.create_domain(domain=f"domain-{number}")
        for number in range(3):
            made.repository(f"repository-{number}")
    with new_domain(codeartifact_server) as made:
        names = {each["name"] for each in made.client().list_domains()["domains"]}
        assert not {name for name in names if name.startswith("domain-")}


def test_a_domain_that_may_not_be_removed_is_left(codeartifact_server: RunningServer) -> None:
    with new_domain(codeartifact_server) as made:
        denied = {"Effect": "Deny", "Principal": "*", "Action": "codeartifact:DeleteDomain", "Resource": "*"}
        client = made.client()
        client.put_domain_permissions_policy(
            domain=made.domain, policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [denied]})
        )
        name = made.domain
    api = Api(codeartifact_server.url, codeartifact_server.admin, made.region)
    assert name in [each["name"] for each in api.call("POST", "/v1/domains", {})["domains"]]
    api.call("DELETE", "/v1/domain/permissions/policy", None, domain=name)
    api.call("DELETE", "/v1/domain", None, domain=name)


@pytest.fixture(scope="module")
def furnished(codeartifact_server: RunningServer) -> Iterator[CodeArtifact]:
    with new_domain(codeartifact_server) as made:
        made.repository("team")
        made.publish("acme-core", "1.0")
        yield made


def test_fixtures_of_a_longer_life(furnished: CodeArtifact) -> None:
    assert "acme_core-1.0" in page(furnished, "acme-core", furnished.token())
    with pytest.raises(UsageError, match="not this domain's to set"):
        furnished.act_as(furnished)


def test_repositories(codeartifact: CodeArtifact) -> None:
    store = codeartifact.repository("store", public=True)
    team = codeartifact.repository("team", upstreams=[store])
    codeartifact.public.add("idna", "99.0")
    assert "idna-99.0" in page(codeartifact, "idna", codeartifact.token(), team)
    said = codeartifact.client().get_repository_endpoint(domain=codeartifact.domain, repository=team, format="pypi")
    assert codeartifact.endpoint(team) == said["repositoryEndpoint"]
    assert codeartifact.index_url(team) == f"{said['repositoryEndpoint']}simple/"
    with pytest.raises(UsageError, match="store, team"):
        codeartifact.endpoint()
    with pytest.raises(UsageError, match="one or the other"):
        codeartifact.repository("both", upstreams=[store], public=True)
    with pytest.raises(RefusedError) as caught:
        codeartifact.repository("team")
    assert (caught.value.status, caught.value.code) == (409, "ConflictException")


def test_a_test_without_repositories(codeartifact: CodeArtifact) -> None:
    with pytest.raises(UsageError, match=r'(?s)has made none.*codeartifact\.repository\("team"\)'):
        codeartifact.publish("acme-core")


def test_an_index_url_with_a_token(codeartifact: CodeArtifact) -> None:
    codeartifact.repository("team")
    bare = codeartifact.index_url().removeprefix("http://")
    assert codeartifact.index_url(token="made-up") == f"http://aws:made-up@{bare}"
    assert codeartifact.index_url(token=True).startswith("http://aws:ey")


def test_publishing(codeartifact: CodeArtifact, tmp_path: Path) -> None:
    codeartifact.repository("team")
    first = codeartifact.publish("Acme.Core", "1.0", requires=["idna>=3"], requires_python=">=3.11")
    assert (first.name, first.version, first.filename) == ("acme-core", "1.0", "acme_core-1.0-py3-none-any.whl")
    assert f"#sha256={first.sha256}" in page(codeartifact, "acme-core", codeartifact.token())
    assert codeartifact.publish("Acme.Core", "1.0", requires=["idna>=3"], requires_python=">=3.11") == first
    with pytest.raises(RefusedError) as caught:
        codeartifact.publish("acme-core", "1.0", files={"acme.py": ""})
    assert caught.value.status == 409
    made = make_wheel("acme-core", "1.1")
    (tmp_path / made.filename).write_bytes(made.content)
    assert codeartifact.publish(tmp_path / made.filename).version == "1.1"


def test_publishing_a_source_distribution(codeartifact: CodeArtifact, tmp_path: Path) -> None:
    codeartifact.repository("team")
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "acme-core"\nversion = "2.0"\n'
    )
    (project / "acme_core.py").touch()
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path], cwd=project, check=True)
    published = codeartifact.publish(tmp_path / "acme_core-2.0.tar.gz")
    assert (published.name, published.version) == ("acme-core", "2.0")


def test_pypi_has_what_the_test_says(codeartifact: CodeArtifact, tmp_path: Path) -> None:
    codeartifact.repository("store", public=True)
    file = codeartifact.public.add("idna", "99.0", requires=["acme-core"])
    assert "idna-99.0" in page(codeartifact, "idna", codeartifact.token())
    file.unlink()
    with pytest.raises(HTTPError, match="404"):
        page(codeartifact, "idna", codeartifact.token())
    made = make_wheel("requests", "98.0")
    (tmp_path / made.filename).write_bytes(made.content)
    codeartifact.public.add(tmp_path / made.filename)
    assert "requests-98.0" in page(codeartifact, "requests", codeartifact.token())


def test_a_token_expires(codeartifact: CodeArtifact) -> None:
    codeartifact.repository("team")
    codeartifact.publish("acme-core")
    short, long = codeartifact.token(timedelta(minutes=15)), codeartifact.token(43_200)
    codeartifact.clock.move(minutes=16)
    assert abs(codeartifact.clock.now - datetime.now(UTC) - timedelta(minutes=16)) < timedelta(minutes=1)
    with pytest.raises(HTTPError, match="401"):
        page(codeartifact, "acme-core", short)
    page(codeartifact, "acme-core", long)
    codeartifact.clock.move(hours=12)
    assert codeartifact.clock.offset == timedelta(hours=12, minutes=16)
    with pytest.raises(HTTPError, match="401"):
        page(codeartifact, "acme-core", long)
    codeartifact.clock.reset()
    page(codeartifact, "acme-core", short)


def status(codeartifact: CodeArtifact) -> int:
    try:
        codeartifact.token()
    except RefusedError as error:
        return error.status
    return 200


def test_faults_as_blocks(codeartifact: CodeArtifact) -> None:
    with codeartifact.faults("GetAuthorizationToken", status=429, times=2, retry_after=7):
        assert [status(codeartifact) for _ in range(3)] == [429, 429, 200]
    with codeartifact.faults("GetAuthorizationToken", status=500):
        with codeartifact.faults("GetAuthorizationToken", status=403, times=3):
            assert status(codeartifact) == 500  # the first that was asked for
        assert status(codeartifact) == 500
        assert len(codeartifact.faults.left) == 1
    assert status(codeartifact) == 200
    assert codeartifact.faults.left == []


def test_a_block_ends_its_own_fault_and_no_other(codeartifact: CodeArtifact) -> None:
    codeartifact.faults("GetAuthorizationToken", status=403, times=5)
    assert status(codeartifact) == 403
    with codeartifact.faults("GetAuthorizationToken", status=403, times=5):
        pass
    assert [fault["times"] for fault in codeartifact.faults.left] == [4]
    codeartifact.faults.clear()
    assert status(codeartifact) == 200


def test_slow_answers(codeartifact: CodeArtifact) -> None:
    start = time.monotonic()
    with codeartifact.faults.slow("GetAuthorizationToken", seconds=0.3, times=1):
        assert status(codeartifact) == 200
    assert time.monotonic() - start >= 0.3


def test_the_public_source_is_down(codeartifact: CodeArtifact) -> None:
    codeartifact.repository("store", public=True)
    codeartifact.public.add("idna", "99.0")
    with codeartifact.faults.public_source_down(), pytest.raises(HTTPError, match="503"):
        page(codeartifact, "idna", codeartifact.token())
    assert "idna-99.0" in page(codeartifact, "idna", codeartifact.token())


def test_a_fault_that_cannot_be(codeartifact: CodeArtifact) -> None:
    with pytest.raises(RefusedError, match="418 cannot be answered"):
        codeartifact.faults("GetAuthorizationToken", status=418)


def test_users_with_fewer_rights(codeartifact: CodeArtifact) -> None:
    codeartifact.repository("team")
    codeartifact.publish("acme-core", "1.0")
    reader = codeartifact.user(actions=READ, name="reader")
    assert reader.arn == f"arn:aws:iam::{codeartifact.owner}:user/reader"
    assert "acme_core-1.0" in page(codeartifact, "acme-core", reader.token())
    with pytest.raises(RefusedError, match=r"user/reader is not authorized to perform: codeartifact:PublishPackage"):
        reader.publish("acme-core", "2.0")
    with pytest.raises(RefusedError, match="GetRepositoryEndpoint"):
        reader.index_url()
    nobody = codeartifact.user()
    with pytest.raises(RefusedError) as caught:
        nobody.token()
    assert (caught.value.status, caught.value.code) == (403, "AccessDeniedException")
    assert nobody.client("sts").get_caller_identity()["Arn"] == nobody.arn
    assert (nobody.environment["AWS_ACCESS_KEY_ID"], nobody.environment["AWS_SECRET_ACCESS_KEY"]) == (
        nobody.access_key_id,
        nobody.secret_access_key,
    )
    with pytest.raises(UsageError, match="cannot be made"):
        codeartifact.user("{}")


def test_acting_as_another(codeartifact: CodeArtifact) -> None:
    allowed = {"Effect": "Allow", "Action": "codeartifact:ListDomains", "Resource": "*"}
    lister = codeartifact.user({"Version": "2012-10-17", "Statement": [allowed]})
    codeartifact.act_as(lister)
    with closing(boto3.client("codeartifact")) as client, closing(boto3.client("sts")) as tokens:
        assert tokens.get_caller_identity()["Arn"] == lister.arn
        assert codeartifact.domain in [each["name"] for each in client.list_domains()["domains"]]
        with pytest.raises(client.exceptions.AccessDeniedException):
            client.create_domain(domain="another")
    codeartifact.repository("team")  # the helpers are the administrator's


@pytest.mark.parametrize(("mode", "answer"), [("aws", 404), ("superset", 200)])
def test_the_mode_of_the_server(request: pytest.FixtureRequest, mode: str, answer: int) -> None:
    request.node.add_marker(pytest.mark.codeartifact(compat=mode))
    codeartifact: CodeArtifact = request.getfixturevalue("codeartifact")
    api = Api(codeartifact.url, AccessKey(codeartifact.access_key_id, codeartifact.secret_access_key), "us-east-1")
    try:
        found = 200 if api.call("GET", "/-/inhouse/v1/capabilities") else 0
    except RefusedError as error:
        found = error.status
    assert found == answer


def test_a_program_finds_nothing_of_the_users(codeartifact: CodeArtifact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://elsewhere.example/")
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    codeartifact.repository("team")
    for found in (codeartifact.program_environment(), codeartifact.installer_environment("pip", token="made-up")):
        assert "PIP_EXTRA_INDEX_URL" not in found
        assert "VIRTUAL_ENV" not in found
        assert found["PATH"] == os.environ["PATH"]
        assert list(Path(found["HOME"]).iterdir()) == []
        assert found["AWS_ACCESS_KEY_ID"] == codeartifact.access_key_id
    assert found["PIP_INDEX_URL"] == codeartifact.index_url(token="made-up")


def test_a_server_that_is_gone_is_told_plainly(codeartifact_server: RunningServer) -> None:
    api = Api("http://127.0.0.1:1", codeartifact_server.admin, "us-east-1")
    with pytest.raises(ServerStoppedError, match=r"127\.0\.0\.1:1 does not answer"):
        api.call("GET", "/v1/domain", domain="acme")


@pytest.mark.codeartifact(region="eu-central-1")
def test_under_awss_own_addresses(codeartifact: CodeArtifact, aws_hosts: object) -> None:
    assert aws_hosts is codeartifact.aws_hosts
    assert codeartifact.aws_hosts is not None
    codeartifact.repository("team")
    codeartifact.publish("acme-core")
    host = f"{codeartifact.domain}-{codeartifact.owner}.d.codeartifact.eu-central-1.amazonaws.com"
    assert codeartifact.endpoint() == f"https://{host}/pypi/team/"
    with closing(boto3.client("codeartifact")) as client:
        said = client.get_repository_endpoint(domain=codeartifact.domain, repository="team", format="pypi")
    assert said["repositoryEndpoint"] == codeartifact.endpoint()
    opener = build_opener()
    bearer = {"Authorization": f"Bearer {codeartifact.token()}"}
    with opener.open(Request(f"{codeartifact.index_url()}acme-core/", headers=bearer)) as answer:
        assert b"acme_core-1.0" in answer.read()
    with pytest.raises(OSError, match="403"):
        opener.open("https://example.org/")
    assert codeartifact.aws_hosts.reached == ["codeartifact.eu-central-1.amazonaws.com", host]
    assert codeartifact.aws_hosts.refused == ["example.org"]


@pytest.mark.codeartifact(region="cn-north-1", aws_hosts=True)
def test_in_china(codeartifact: CodeArtifact) -> None:
    client = codeartifact.client()
    assert client.describe_domain(domain=codeartifact.domain)["domain"]["name"] == codeartifact.domain
    codeartifact.repository("team")
    assert codeartifact.endpoint().endswith(".d.codeartifact.cn-north-1.amazonaws.com.cn/pypi/team/")
    assert codeartifact.aws_hosts is not None
    assert codeartifact.aws_hosts.reached == ["codeartifact.cn-north-1.amazonaws.com.cn"]
