"""What AWS does not have: where it is offered, to whom, and that nothing of it is left in the mode `aws`."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from house import House
from live_server import ACCOUNT, REGION, LiveServer, admin_key_of, serve
from made_distributions import make_wheel, wheel_name
from people import People, allow, policy

from inhouse_server.app import create_app
from inhouse_server.control_plane import registry
from inhouse_server.control_plane.arguments import check_signature
from inhouse_server.control_plane.protocol import models
from inhouse_server.data_folder import open_data_folder
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings
from inhouse_server.supersets import Compatibility, Feature, features

DOOR = "/-/inhouse/v1"
OURS = frozenset(models.load("inhouse").operation_names)
_HTTP = urllib3.PoolManager(retries=False)


def knock(
    server: LiveServer,
    path: str,
    query: Mapping[str, str] | None = None,
    *,
    keys: tuple[str, str] | None = None,
    service: str = "codeartifact",
) -> tuple[int, dict[str, Any]]:
    """Return the status and the body of a signed GET."""
    url = f"{server.url}{DOOR}/{path}" + (f"?{urlencode(query)}" if query else "")
    request = AWSRequest(method="GET", url=url)
    SigV4Auth(Credentials(*(keys or (server.key.id, server.key.secret))), service, REGION).add_auth(request)
    answer = _HTTP.request("GET", url, headers=dict(request.headers.items()))
    return answer.status, json.loads(answer.data)


@pytest.fixture
def people(live_server: LiveServer) -> People:
    return People(live_server)


@pytest.fixture(scope="module")
def as_aws(tmp_path_factory: pytest.TempPathFactory, public_folder: Path) -> Iterator[LiveServer]:
    """A server that does what AWS does and nothing else."""
    path = tmp_path_factory.mktemp("as-aws") / "data"
    settings = ServerSettings(data_dir=path, public_pypi=str(public_folder), compatibility=Compatibility.AWS)
    with open_data_folder(path, account=ACCOUNT, clock=utc_now) as folder, serve(create_app(settings, folder)) as url:
        yield LiveServer(url, folder, admin_key_of(folder))


@pytest.fixture
def aws_house(as_aws: LiveServer, public_folder: Path) -> Iterator[House]:
    api = as_aws.codeartifact()
    name = f"domain-{len(api.list_domains()['domains']) + 1}"
    api.create_domain(domain=name)
    yield House(as_aws.url, api, name, public_folder)
    for file in public_folder.iterdir():
        file.unlink()


# --- the model -------------------------------------------------------------------------------------------------------


def test_every_operation_of_our_model_is_answered_and_belongs_to_a_feature() -> None:
    assert registry.operations(registry.INHOUSE).keys() == OURS
    assert registry.superset_operations(frozenset(Feature)).keys() == OURS
    assert registry.superset_operations(frozenset()) == {}


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_functions_take_what_our_model_has(name: str) -> None:
    function = registry.operations(registry.INHOUSE)[name]
    check_signature(function, models.load("inhouse").operation_model(name))


def test_our_operations_stand_behind_one_address_that_aws_will_not_use() -> None:
    assert all(path.startswith(f"{DOOR}/") for _, path in models.routes("inhouse"))


def test_the_mode_of_aws_has_nothing_but_what_tests_ask_for() -> None:
    rehearsal = {Feature.CLOCK, Feature.FAULTS}
    assert features(Compatibility.AWS, for_tests=False) == frozenset()
    assert features(Compatibility.AWS, for_tests=True) == rehearsal
    assert features(Compatibility.SUPERSET, for_tests=False) == frozenset(Feature) - rehearsal
    assert features(Compatibility.SUPERSET, for_tests=True) == frozenset(Feature)


# --- capabilities ----------------------------------------------------------------------------------------------------


def test_whoever_has_keys_is_told_what_there_is_beyond_aws(live_server: LiveServer, people: People) -> None:
    nobody = people.user()
    for keys in (None, (nobody.id, nobody.secret)):
        status, told = knock(live_server, "capabilities", keys=keys)
        assert status == 200
        assert told == {
            "version": version("inhouse-server"),
            "compatibility": "superset",
            "features": ["capabilities", "core-metadata", "own-names-closed", "project-list"],
        }


def test_strangers_are_told_nothing(live_server: LiveServer) -> None:
    status, told = knock(live_server, "capabilities", keys=("AKIAMADEUP", "secret"))
    assert (status, "invalid" in told["message"]) == (403, True)
    status, told = knock(live_server, "capabilities", service="sts")
    assert status == 403
    assert _HTTP.request("GET", f"{live_server.url}{DOOR}/capabilities").status == 403


@pytest.mark.parametrize("path", ["", "else", "capabilities/", "../v1/domain"])
def test_nothing_else_is_behind_the_door(live_server: LiveServer, path: str) -> None:
    assert knock(live_server, path)[0] == 404


def test_botocore_itself_can_be_the_client(live_server: LiveServer, house: House) -> None:
    """Our model is one that botocore understands: with it on the search path, boto3 has a client for it."""
    session = boto3.Session()
    session._loader.search_paths.append(str(models._OURS))
    client: Any = session.client(  # type: ignore[call-overload] # the stubs know AWS's services alone
        "inhouse",
        endpoint_url=live_server.url,
        region_name=REGION,
        aws_access_key_id=live_server.key.id,
        aws_secret_access_key=live_server.key.secret,
    )
    team = house.repository("team")
    house.published(team, "acme-core", "1.0")
    assert client.list_projects(domain=house.domain, repository=team)["projects"] == [{"name": "acme-core"}]


# --- projects --------------------------------------------------------------------------------------------------------


def listed(server: LiveServer, house: House, repository: str, **query: str) -> list[str]:
    status, told = knock(server, "projects", {"domain": house.domain, "repository": repository, **query})
    assert status == 200, told
    names = [project["name"] for project in told["projects"]]
    more = told.get("nextToken")
    return names + (listed(server, house, repository, **{**query, "next-token": more}) if more else [])


def test_a_repository_lists_what_it_and_those_behind_it_hold(live_server: LiveServer, house: House) -> None:
    store = house.repository("store", connected=True)
    shared = house.repository("shared", store)
    team = house.repository("team", shared)
    house.release("public-one", "1.0")
    house.release("never-fetched", "1.0")
    assert house.get(store, "public-one", "1.0").status == 200
    house.published(shared, "acme-core", "1.0")
    house.published(team, "acme-app", "1.0")
    house.published(team, "acme-old", "1.0")
    house.set_status(team, "acme-old", "Archived", "1.0")
    house.control(team, "acme-empty", "ALLOW", "BLOCK")
    everything = ["acme-app", "acme-core", "public-one"]
    assert listed(live_server, house, team) == everything
    assert listed(live_server, house, team, **{"max-results": "1"}) == everything
    assert listed(live_server, house, store) == ["public-one"]


def test_projects_are_shown_to_those_who_may_see_them(live_server: LiveServer, house: House, people: People) -> None:
    team = house.repository("team")
    query = {"domain": house.domain, "repository": team}
    reader = people.user(policy(allow("codeartifact:*")))
    status, told = knock(live_server, "projects", query, keys=(reader.id, reader.secret))
    assert (status, "inhouse:ListProjects" in told["message"]) == (403, True)
    repository = f"arn:aws:codeartifact:*:*:repository/{house.domain}/team"
    lister = people.user(policy(allow("inhouse:List*", resource=repository)))
    assert knock(live_server, "projects", query, keys=(lister.id, lister.secret))[0] == 200


def test_requests_are_held_against_our_model(live_server: LiveServer, house: House) -> None:
    status, told = knock(live_server, "projects", {"domain": "NO", "repository": "team", "max-results": "0"})
    assert (status, told["reason"]) == (400, "FIELD_VALIDATION_FAILED")
    status, told = knock(live_server, "projects", {"domain": house.domain, "repository": "none"})
    assert (status, told["resourceType"]) == (404, "repository")


# --- the mode of AWS -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["capabilities", "projects"])
def test_in_the_mode_of_aws_there_is_no_door(as_aws: LiveServer, path: str) -> None:
    assert knock(as_aws, path)[0] == 404


def test_in_the_mode_of_aws_no_metadata_stands_beside_wheels(aws_house: House, house: House) -> None:
    for each, shown in ((house, True), (aws_house, False)):
        team = each.repository("team")
        each.published(team, "acme-core", "1.0")
        page = f"{each.root(team)}/simple/acme-core/"
        for accept in ("application/vnd.pypi.simple.v1+json", "text/html"):
            assert (b"core-metadata" in each.ask("GET", page, headers={"Accept": accept}).data) is shown
        metadata = each.ask("GET", f"{page}1.0/{wheel_name('acme-core', '1.0')}.metadata")
        assert metadata.status == (200 if shown else 404)
        assert each.get(team, "acme-core", "1.0").status == 200


def test_in_the_mode_of_aws_a_name_is_closed_in_its_own_repository_alone(aws_house: House, house: House) -> None:
    for each, stranger_wins in ((house, False), (aws_house, True)):
        store = each.repository("store", connected=True)
        shared = each.repository("shared", store)
        team = each.repository("team", shared)
        each.release("acme-core", "99.0")
        each.control(shared, "acme-core", "ALLOW", "BLOCK")
        each.published(shared, "acme-core", "1.0")
        ours, stranger = wheel_name("acme-core", "1.0"), wheel_name("acme-core", "99.0")
        assert each.page(shared, "acme-core") == [ours]
        assert each.page(team, "acme-core") == ([ours, stranger] if stranger_wins else [ours])
        fetched = each.get(team, "acme-core", "99.0")
        assert fetched.status == (200 if stranger_wins else 404)
        if stranger_wins:
            code = f"for_domain = {each.domain!r}"
            expected = hashlib.sha256(make_wheel("acme-core", "99.0", code=code)).hexdigest()
            assert hashlib.sha256(fetched.data).hexdigest() == expected


def test_who_opens_a_name_of_ours_gets_what_is_public(house: House) -> None:
    """As AWS documents it, in either mode."""
    store = house.repository("store", connected=True)
    team = house.repository("team", store)
    house.published(team, "acme-core", "1.0")
    house.release("acme-core", "99.0")
    assert house.page(team, "acme-core") == [wheel_name("acme-core", "1.0")]
    house.control(team, "acme-core", "ALLOW", "ALLOW")
    assert house.page(team, "acme-core") == [wheel_name("acme-core", "1.0"), wheel_name("acme-core", "99.0")]
    house.control(team, "acme-core", "ALLOW", "BLOCK")
    assert house.page(team, "acme-core") == [wheel_name("acme-core", "1.0")]


def test_a_patched_version_stands_beside_the_public_ones(house: House) -> None:
    """Published or copied into a package that came from the public source."""
    store = house.repository("store", connected=True)
    team = house.repository("team", store)
    patches = house.repository("patches")
    house.release("public-one", "1.0")
    house.release("public-one", "2.0")
    assert house.get(team, "public-one", "1.0").status == 200
    house.published(patches, "public-one", "1.0.post1")
    answer = house.api.copy_package_versions(
        domain=house.domain,
        sourceRepository=patches,
        destinationRepository=team,
        format="pypi",
        package="public-one",
        versions=["1.0.post1"],
    )
    assert list(answer["successfulVersions"]) == ["1.0.post1"]
    house.control(team, "public-one", "ALLOW", "ALLOW")
    house.published(team, "public-one", "1.0.post2")
    versions = ["1.0", "1.0.post1", "1.0.post2", "2.0"]
    assert house.page(team, "public-one") == [wheel_name("public-one", version) for version in versions]
