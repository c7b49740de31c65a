# ruff: noqa: ANN401 - botocore's stubs know AWS's services alone
"""What tests may do to a server that was started for them, through boto3, STS and the data plane."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from house import House
from live_server import ACCOUNT, REGION, LiveServer, admin_key_of, serve, told
from made_distributions import wheel_name
from people import EVERYTHING, People, allow, policy, trust

from inhouse_server.app import create_app
from inhouse_server.control_plane.protocol import models
from inhouse_server.data_folder import open_data_folder
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings
from inhouse_server.supersets import Compatibility

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, public_folder: Path) -> Iterator[LiveServer]:
    """A server for tests, in the mode of AWS."""
    path = tmp_path_factory.mktemp("stage") / "data"
    settings = ServerSettings(
        data_dir=path, public_pypi=str(public_folder), compatibility=Compatibility.AWS, for_tests=True
    )
    with open_data_folder(path, account=ACCOUNT, clock=utc_now) as folder, serve(create_app(settings, folder)) as url:
        yield LiveServer(url, folder, admin_key_of(folder))


def our_client(server: LiveServer, key_id: str = "", secret: str = "", *, validate: bool = True) -> Any:
    session = boto3.Session()
    session._loader.search_paths.append(str(models._OURS))
    return session.client(  # type: ignore[call-overload] # the stubs know AWS's services alone
        "inhouse",
        endpoint_url=server.url,
        region_name=REGION,
        aws_access_key_id=key_id or server.key.id,
        aws_secret_access_key=secret or server.key.secret,
        config=Config(parameter_validation=validate),
    )


@pytest.fixture
def director(stage: LiveServer) -> Iterator[Any]:
    client = our_client(stage)
    yield client
    client.put_faults(faults=[])
    client.put_clock(offsetSeconds=0)


@pytest.fixture
def api(stage: LiveServer) -> "CodeArtifactClient":
    return stage.codeartifact()


@pytest.fixture
def place(stage: LiveServer, api: "CodeArtifactClient", public_folder: Path) -> Iterator[House]:
    name = f"domain-{len(api.list_domains()['domains']) + 1}"
    api.create_domain(domain=name)
    yield House(stage.url, api, name, public_folder)
    for file in public_folder.iterdir():
        file.unlink()


# --- the clock -------------------------------------------------------------------------------------------------------


def test_the_clock_moves_and_real_clients_go_on_signing(director: Any, api: "CodeArtifactClient") -> None:
    assert director.get_clock()["offsetSeconds"] == 0
    moved = director.put_clock(offsetSeconds=86_400)
    assert moved["offsetSeconds"] == 86_400
    assert abs(moved["now"] - datetime.now(UTC) - timedelta(days=1)) < timedelta(minutes=1)
    made = api.create_domain(domain="tomorrow")["domain"]
    assert abs(made["createdTime"] - datetime.now(UTC) - timedelta(days=1)) < timedelta(minutes=1)
    api.delete_domain(domain="tomorrow")


def test_a_token_expires_at_once(director: Any, place: House) -> None:
    team = place.repository("team")
    place.published(team, "acme-core", "1.0")
    token = place.api.get_authorization_token(domain=place.domain, durationSeconds=900)["authorizationToken"]
    page = f"{place.root(team)}/simple/acme-core/"
    assert place.ask("GET", page, token=token).status == 200
    director.put_clock(offsetSeconds=899)
    assert place.ask("GET", page, token=token).status == 200
    director.put_clock(offsetSeconds=901)
    refused = place.ask("GET", page, token=token)
    assert (refused.status, b"expired" in refused.data) == (401, True)


def test_a_session_expires_at_once(director: Any, stage: LiveServer) -> None:
    role = People(stage).role(trust({"AWS": f"arn:aws:iam::{ACCOUNT}:user/admin"}), EVERYTHING)
    found = stage.sts().assume_role(RoleArn=role.arn, RoleSessionName="me")["Credentials"]
    session = stage.codeartifact(
        key_id=found["AccessKeyId"], secret=found["SecretAccessKey"], session_token=found["SessionToken"]
    )
    session.list_domains()
    director.put_clock(offsetSeconds=3601)
    with pytest.raises(ClientError, match="ExpiredToken"):
        session.list_domains()


# --- faults ----------------------------------------------------------------------------------------------------------


def test_throttling_is_told_as_the_model_has_it(director: Any, place: House) -> None:
    director.put_faults(faults=[{"target": "DescribeDomain", "status": 429, "times": 1, "retryAfterSeconds": 7}])
    with pytest.raises(place.api.exceptions.ThrottlingException) as caught:
        place.api.describe_domain(domain=place.domain)
    assert told(caught.value) == {"code": "ThrottlingException", "status": 429}
    response: Any = caught.value.response
    assert response["retryAfterSeconds"] == 7
    assert response["ResponseMetadata"]["RequestId"]
    assert director.get_faults()["faults"] == []
    place.api.describe_domain(domain=place.domain)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, ("UnrecognizedClientException", 403)),
        (403, ("AccessDeniedException", 403)),
        (404, ("ResourceNotFoundException", 404)),
        (500, ("InternalServerException", 500)),
        (503, ("InternalServerException", 500)),
    ],
)
def test_every_status_on_the_control_plane(
    director: Any, api: "CodeArtifactClient", status: int, expected: tuple[str, int]
) -> None:
    director.put_faults(faults=[{"target": "*", "status": status}])
    with pytest.raises(ClientError) as caught:
        api.list_domains()
    found = told(caught.value)
    assert (found["code"], found["status"]) == expected


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_every_status_on_the_data_plane(director: Any, place: House, status: int) -> None:
    team = place.repository("team")
    place.published(team, "acme-core", "1.0")
    page = f"{place.root(team)}/simple/acme-core/"
    director.put_faults(faults=[{"target": "ReadFromRepository", "status": status, "times": 2}])
    answer = place.ask("GET", page)
    assert answer.status == status
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert ("retry-after" in answer.headers) is (status in {429, 503})
    assert place.upload(team, "acme-core", "1.1").status == 200
    assert place.ask("HEAD", page).status == status
    assert place.ask("GET", page).status == 200
    director.put_faults(faults=[{"target": "PublishPackageVersion", "status": status, "times": 1}])
    assert place.upload(team, "acme-core", "1.2").status == status
    assert place.upload(team, "acme-core", "1.2").status == 200


def test_a_slow_answer_is_the_right_one(director: Any, api: "CodeArtifactClient") -> None:
    director.put_faults(faults=[{"target": "ListDomains", "delayMilliseconds": 300, "times": 1}])
    start = time.monotonic()
    api.list_domains()
    assert time.monotonic() - start >= 0.3


def test_the_public_source_is_down_and_what_was_kept_is_not(director: Any, place: House) -> None:
    store = place.repository("store", connected=True)
    place.release("public-one", "1.0")
    place.release("public-two", "1.0")
    assert place.get(store, "public-one", "1.0").status == 200
    director.put_faults(faults=[{"target": "public:pypi", "status": 503}])
    assert place.ask("GET", f"{place.root(store)}/simple/public-two/").status == 503
    assert place.get(store, "public-one", "1.0").status == 200
    director.put_faults(faults=[])
    assert place.page(store, "public-two") == [wheel_name("public-two", "1.0")]


@pytest.mark.parametrize(
    "fault",
    [
        {"target": "x y", "status": 500},
        {"target": "DescribeDomian", "status": 500},
        {"target": "GetCallerIdentity", "status": 500},
        {"target": "ListDomains"},
        {"target": "ListDomains", "status": 418},
        {"target": "ListDomains", "status": 500, "times": 0},
        {"target": "ListDomains", "delayMilliseconds": -1},
        {"status": 500},
    ],
)
def test_a_fault_that_cannot_be_is_refused(director: Any, stage: LiveServer, fault: dict[str, object]) -> None:
    director.put_faults(faults=[{"target": "GetAuthorizationToken", "status": 500, "times": 3}])
    with pytest.raises(ClientError, match="ValidationException"):
        our_client(stage, validate=False).put_faults(faults=[fault])
    assert [each["times"] for each in director.get_faults()["faults"]] == [3]


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "arguments"),
    [("get_clock", {}), ("put_clock", {"offsetSeconds": 5}), ("get_faults", {}), ("put_faults", {"faults": []})],
)
def test_only_those_who_may(stage: LiveServer, call: str, arguments: dict[str, Any]) -> None:
    user = People(stage).user(policy(allow("codeartifact:*")))
    client = our_client(stage, user.id, user.secret)
    with pytest.raises(ClientError, match="not authorized to perform: inhouse:"):
        getattr(client, call)(**arguments)


@pytest.mark.parametrize("call", ["get_clock", "get_faults"])
def test_a_server_that_is_not_for_tests_has_neither(live_server: LiveServer, call: str) -> None:
    with pytest.raises(ClientError, match="404"):
        getattr(our_client(live_server), call)()


def test_in_the_mode_of_aws_there_is_nothing_beside_them(stage: LiveServer) -> None:
    with pytest.raises(ClientError, match="404"):
        our_client(stage).get_capabilities()
