"""Whose names are and how they get reserved, asked of the embedded repository as a process; and the commands."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from client_fakes import write_tree
from command_line import Run, run_command
from explained_world import OWNER, World, world
from inline_snapshot import snapshot
from own_machine import hide_machine_files
from packaging.utils import NormalizedName, canonicalize_name

from inhouse.codeartifact.explain.facts import Fact, Gate, Group, Known, Mode, Unknown
from inhouse.codeartifact.interface import PublishedFile
from inhouse.codeartifact.name_facts import NameFacts, Owner
from inhouse.codeartifact.name_gathering import gather_names
from inhouse.codeartifact.probing import is_on_index, probe
from inhouse.codeartifact.repository import CodeArtifactRepository
from inhouse.codeartifact.reserving import GroupReservations, GroupState, Held
from inhouse.errors import AccessDeniedError, NotFoundError, RepositoryUnreachableError, ServiceError
from inhouse.project.manifest import Coordinates
from inhouse.settings import load_settings

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # botocore leaves its sockets to the collector

COORDINATES = Coordinates("acme", OWNER, "us-east-1", "shared")
TIMEOUT = (3.0, 10.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """`shared` with `store` behind it, and PyPI behind `store` and, by itself, behind `team`."""
    with world(tmp_path_factory.mktemp("guarded")) as made:
        made.repository("store", public=True)
        made.repository("team", public=True)
        made.repository("shared", "store")
        made.publish("shared", "acme-core", "1.0")
        made.publish("shared", "zeta-core", "1.0")
        made.fetch("shared", "requests", "2.0")
        made.group("/pypi//zeta~", {"EXTERNAL_UPSTREAM": "BLOCK"})
        listed = {"EXTERNAL_UPSTREAM": "ALLOW_SPECIFIC_REPOSITORIES"}
        made.group("/pypi//listed~", listed, ("EXTERNAL_UPSTREAM", "shared"))
        made.group("/pypi//leaky~", listed, ("EXTERNAL_UPSTREAM", "shared"), ("EXTERNAL_UPSTREAM", "team"))
        yield made


@pytest.fixture
def service(made: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    for name, value in made.server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))
    hide_machine_files(monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path / "no-programs"))
    return made


@pytest.fixture
def run(service: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a project of the repository."""
    _ = service
    (tmp_path / "app").mkdir()
    monkeypatch.chdir(tmp_path / "app")

    def run(*arguments: str) -> tuple[int, str, str]:
        return run_command(capsys, *arguments)

    return run


def project(endpoint: str, *dependencies: str, name: str = "zeta-app", more: str = "") -> str:
    return f"""\
[project]
name = "{name}"
version = "1.0"
dependencies = {json.dumps(dependencies)}

[tool.inhouse]
domain = "acme"
owner = "{OWNER}"
region = "us-east-1"
repository = "shared"
index = "shared"

[[tool.uv.index]]
name = "shared"
url = "{endpoint}simple/"
publish-url = "{endpoint}"
default = true
authenticate = "always"

{more}"""


def names(*wanted: str) -> frozenset[NormalizedName]:
    return frozenset(canonicalize_name(name) for name in wanted)


def gathered(*wanted: str, own: str = "zeta-app") -> dict[str, NameFacts]:
    repository = CodeArtifactRepository(COORDINATES, load_settings({}, os.environ))
    return {facts.name: facts for facts in repository.name_facts(names(*wanted), canonicalize_name(own))}


def mode(group: Fact[Group] | None) -> Mode:
    assert isinstance(group, Known)
    return group.value.restrictions[Gate.EXTERNAL_UPSTREAM].mode


@pytest.mark.usefixtures("service")
def test_whose_a_name_is() -> None:
    found = gathered("zeta-app", "acme-core", "zeta-core", "requests", "patched", "acme-ghost")
    assert {name: facts.owner for name, facts in found.items()} == {
        "zeta-app": Known(Owner.PROJECT),
        "acme-core": Known(Owner.INTERNAL),
        "zeta-core": Known(Owner.INTERNAL),
        "requests": Known(Owner.PUBLIC),  # fetched
        "patched": Known(Owner.PUBLIC),  # only offered
        "acme-ghost": Known(Owner.NOBODY),
    }
    assert found["requests"].group is None  # it does not matter, and is not asked for
    assert mode(found["acme-core"].group) is Mode.ALLOW
    assert mode(found["zeta-core"].group) is Mode.BLOCK


@pytest.mark.usefixtures("service")
def test_a_list_of_repositories_counts_for_those_with_a_way_to_pypi() -> None:
    found = gathered("listed-a", "leaky-a")
    assert found["listed-a"].open_repositories == Known(())
    assert found["leaky-a"].open_repositories == Known(("team",))


def test_what_a_policy_hides_is_unknown(service: World) -> None:
    service.deny("store", "ListPackageVersions")
    try:
        found = gathered("requests", "acme-core")
    finally:
        service.deny("store")
    assert found["acme-core"].owner == Known(Owner.INTERNAL)  # seen elsewhere
    hidden = found["requests"].owner
    assert isinstance(hidden, Unknown)
    assert hidden.permission == "codeartifact:ListPackageVersions on `store`"
    service.deny("shared", "DescribeRepository")
    try:
        found = gathered("patched", "acme-core")
    finally:
        service.deny("shared")
    assert found["acme-core"].owner == Known(Owner.INTERNAL)
    assert isinstance(found["patched"].owner, Unknown)


def test_a_page_that_is_not_shown_leaves_it_open_whose_a_name_is(service: World) -> None:
    service.deny("shared", "ReadFromRepository")
    try:
        found = gathered("acme-ghost")
    finally:
        service.deny("shared")
    hidden = found["acme-ghost"].owner
    assert isinstance(hidden, Unknown)
    assert hidden.permission == "codeartifact:ReadFromRepository on `shared`"


def test_a_token_is_tried_with_one_request(service: World) -> None:
    index = f"{service.endpoint('shared')}simple/"
    taken = probe(index, "zeta-core", service.token(), timeout=TIMEOUT)
    assert taken.status == 200
    assert taken.skew is not None
    assert abs(taken.skew) < 2
    assert probe(index, "zeta-core", "stale", timeout=TIMEOUT).status == 401
    fast = probe(index, "zeta-core", timeout=TIMEOUT, clock=lambda: 4_102_444_800.0)
    assert fast.status == 401
    assert fast.skew is not None
    assert fast.skew > 1_000_000
    assert is_on_index(index, "zeta-core", TIMEOUT) is None  # 401: an index that does not say
    with pytest.raises(RepositoryUnreachableError):
        probe("http://127.0.0.1:9/simple/", "x", timeout=TIMEOUT)
    assert is_on_index("http://127.0.0.1:9/simple/", "x", TIMEOUT) is None


def test_check_config_refuses_names_that_nothing_reserves(service: World, run: Run) -> None:
    endpoint = service.endpoint("shared")
    write_tree(Path.cwd(), {"pyproject.toml": project(endpoint, "zeta-core", "requests")})
    assert run("check-config") == (0, "nothing is wrong; 3 names looked at\n", "")
    write_tree(Path.cwd(), {"pyproject.toml": project(endpoint, "acme-core", "acme-ghost", "requests")})
    code, out, err = run("check-config")
    assert (code, err) == (3, "")
    assert out == snapshot("""\
danger: acme-core [name-unreserved]
  it is published in the domain, and not reserved: its package group /* lets every public source in
  so: whoever registers it on PyPI can be installed in its place
  fix: inhouse reserve acme, or for this name alone: inhouse reserve acme-core --exact

danger: acme-ghost [name-unreserved]
  nobody offers it, and it is not reserved: its package group /* lets every public source in
  so: whoever registers it on PyPI can be installed in its place
  fix: inhouse reserve acme, or for this name alone: inhouse reserve acme-ghost --exact

2 dangers; 4 names looked at
""")


def test_transitive_names_count_and_an_exception_lets_one_pass(service: World, run: Run) -> None:
    endpoint = service.endpoint("shared")
    lock = "".join(
        f'[[package]]\nname = "{name}"\nsource = {{ registry = "{endpoint}simple/" }}\n'
        for name in ("zeta-core", "acme-core")
    )
    exception = (
        '[[tool.inhouse.exceptions]]\nfinding = "name-unreserved"\nplace = "acme-core"\nreason = "it goes soon"\n'
    )
    write_tree(Path.cwd(), {"pyproject.toml": project(endpoint, "zeta-core"), "uv.lock": lock})
    code, out, _ = run("check-config", "--format", "json")
    assert code == 3
    assert [(each["id"], each["place"]) for each in json.loads(out)["findings"]] == [("name-unreserved", "acme-core")]
    assert run("check-config", "--offline")[0] == 0
    write_tree(Path.cwd(), {"pyproject.toml": project(endpoint, "zeta-core", more=exception)})
    code, out, _ = run("check-config")
    assert code == 0
    assert "let pass: it goes soon" in out
    assert run("check-config", "--offline")[0] == 0  # of use where the repository is asked
    write_tree(Path.cwd(), {"uv.lock": ""})
    code, out, _ = run("check-config")
    assert code == 3
    assert "[exception-unused]" in out


def test_what_is_hidden_is_an_error_in_a_pipeline_with_the_permission(
    service: World, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_tree(Path.cwd(), {"pyproject.toml": project(service.endpoint("shared"), "requests")})
    actions = ("GetAuthorizationToken", "GetRepositoryEndpoint", "DescribeRepository", "ListPackageVersions")
    wanted = [f"codeartifact:{action}" for action in actions]
    for name, value in service.user("reader", *wanted, "sts:*", folder=tmp_path).items():
        monkeypatch.setenv(name, value)
    code, out, _ = run("check-config")
    assert code == 0
    assert out.startswith("note: zeta-app [name-unknown]\n")
    monkeypatch.setenv("CI", "true")
    code, out, _ = run("check-config")
    assert code == 4
    assert "fix: ask for the permission codeartifact:GetAssociatedPackageGroup on the domain `acme`" in out
    assert run("check-config", "--unknown", "warning")[0] == 0
    assert run("check-config", "--offline")[0] == 0


def test_a_stranger_who_reads_nothing_is_told_what_is_missing(
    service: World, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_tree(Path.cwd(), {"pyproject.toml": project(service.endpoint("shared"))})
    for name, value in service.user("half", "codeartifact:*", folder=tmp_path).items():
        monkeypatch.setenv(name, value)
    code, out, _ = run("doctor", "--format", "json")
    assert code == 3
    found = {each["id"]: each for each in json.loads(out)["findings"]}
    assert found["bearer-denied"]["permission"] == "sts:GetServiceBearerToken"
    for name, value in service.user("nobody", "sts:*", folder=tmp_path).items():
        monkeypatch.setenv(name, value)
    code, out, _ = run("doctor", "--format", "json")
    found = {each["id"]: each for each in json.loads(out)["findings"]}
    assert found["token-denied"]["permission"] == "codeartifact:GetAuthorizationToken"


def test_doctor_knows_stale_tokens_from_good_ones_and_takes_the_stale_ones_out(
    service: World, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    endpoint = service.endpoint("shared")
    write_tree(Path.cwd(), {"pyproject.toml": project(endpoint, "zeta-core", "requests")})
    code, out, _ = run("doctor")
    assert code == 0, out
    index = endpoint.replace("http://", "http://aws:{token}@") + "simple/"
    stale, good = index.format(token="stale-token"), index.format(token=service.token())
    pip = tmp_path / "home" / "config" / "pip" / "pip.conf"
    write_tree(
        tmp_path / "home",
        {
            "config/pip/pip.conf": f"# mine\n[global]\nindex-url = {stale}\n",
            ".netrc": f"machine 127.0.0.1 login aws password {service.token()}\nmachine x.example login a password b\n",
        },
    )
    pip.chmod(0o644)
    (tmp_path / "home" / ".netrc").chmod(0o600)
    monkeypatch.setenv("CODEARTIFACT_AUTH_TOKEN", "other-stale-token")
    monkeypatch.setenv("UV_INDEX_SHARED_PASSWORD", service.token())
    code, out, _ = run("doctor", "--format", "json")
    document = json.loads(out)
    assert code == 3
    assert {(each["id"], each["place"]) for each in document["findings"]} == {
        ("secret-readable", "~/config/pip/pip.conf"),
        ("token-stale", "~/config/pip/pip.conf: [global] index-url"),
        ("token-stored", "~/.netrc: machine 127.0.0.1"),
        ("token-stale", "CODEARTIFACT_AUTH_TOKEN"),
    }
    assert "stale-token" not in out
    assert document["identity"].endswith("user/admin")
    monkeypatch.delenv("CODEARTIFACT_AUTH_TOKEN")
    code, out, _ = run("doctor", "--fix", "--tool", "pip")
    assert (code, out.count("fixed: ")) == (0, 2)
    assert pip.read_text(encoding="utf-8") == f"# mine\n[global]\nindex-url = {index.replace(':{token}', '')}\n"
    assert pip.stat().st_mode & 0o777 == 0o600
    (copy,) = pip.parent.glob("pip.conf.before-*")
    assert "stale-token" in copy.read_text(encoding="utf-8")
    assert copy.stat().st_mode & 0o777 == 0o600
    pip.write_text(f"[global]\nindex-url = {good}\n", encoding="utf-8")
    code, out, _ = run("doctor", "--fix", "--tool", "pip")
    assert code == 3
    assert "[token-stored]" in out
    assert good in pip.read_text(encoding="utf-8")  # what still works is not taken away


def test_doctor_asks_pypi_only_when_told_to(service: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def on_pypi(url: str, name: str, timeout: tuple[float, float]) -> bool:
        _ = url, timeout
        asked.append(name)
        return True

    monkeypatch.setattr("inhouse.codeartifact.probing.is_on_index", on_pypi)
    write_tree(Path.cwd(), {"pyproject.toml": project(service.endpoint("shared"), "acme-core", "requests")})
    code, out, _ = run("doctor")
    assert (code, asked) == (3, [])
    assert "[name-unreserved]" in out
    code, out, _ = run("doctor", "--ask-public", "--format", "json")
    found = {(each["id"], each["place"], each["severity"]) for each in json.loads(out)["findings"]}
    assert sorted(asked) == ["acme-core", "zeta-app"]  # no public name of ours to anybody
    assert ("name-on-pypi", "acme-core", "danger") in found
    assert ("name-on-pypi", "zeta-app", "note") in found


def test_doctor_says_what_is_wrong_with_the_surroundings_of_nobody_s_project(
    service: World, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    index = service.endpoint("shared").replace("http://", "http://aws:stale@") + "simple/"
    monkeypatch.setenv("PIP_INDEX_URL", index)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://public.example/simple/")
    write_tree(tmp_path / "home", {"config/uv/uv.toml": "[broken\n"})
    code, out, _ = run("doctor")
    assert code == 3
    for said in (
        "danger: PIP_EXTRA_INDEX_URL [second-index]",
        "problem: PIP_INDEX_URL [token-stale]",
        "problem: ~/config/uv/uv.toml [configuration-unreadable]",
        "repository  none: no project with [tool.inhouse] is at hand",
    ):
        assert said in out


def test_doctor_goes_on_when_nobody_answers(service: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(Path.cwd(), {"pyproject.toml": project(service.endpoint("shared"))})
    for name in ("AWS_ENDPOINT_URL_CODEARTIFACT", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    code, out, _ = run("doctor", "--format", "json")
    assert code == 3
    assert [each["id"] for each in json.loads(out)["findings"]] == ["unreachable"]
    code, out, _ = run("doctor", "--offline")
    assert (code, "names       not looked at: --offline" in out) == (0, True)
    assert run("doctor", "--offline", "--ask-public")[0] == 2
    code, _, err = run("check-config")
    assert code == 1
    assert "cannot be reached" in err


def test_outside_of_a_project_there_is_nothing_to_check(run: Run) -> None:
    code, _, err = run("check-config")
    assert code == 1
    assert err.startswith("error: no project here")


def test_a_project_that_names_no_repository_is_checked_as_far_as_that_goes(run: Run) -> None:
    write_tree(Path.cwd(), {"pyproject.toml": '[project]\nname = "x"\n[[tool.uv.index]]\nurl = "https://a.example"\n'})
    code, out, _ = run("check-config", "--offline")
    assert code == 3
    assert "[public-index]" in out
    code, _, err = run("check-config")
    assert code == 1
    assert "does not name a repository" in err


def test_reserve_shows_then_makes_then_has_nothing_to_do(service: World, run: Run) -> None:
    write_tree(Path.cwd(), {"pyproject.toml": project(service.endpoint("shared"))})
    arguments = ("reserve", "Acme-*", "--publish-from", "shared", "--contact", "ada@acme.example")
    assert run(*arguments, "--dry-run") == snapshot(
        (
            0,
            """\
/pypi//acme~ holds acme-core
  make the package group /pypi//acme~
  set EXTERNAL_UPSTREAM=BLOCK in /pypi//acme~
  set PUBLISH=ALLOW_SPECIFIC_REPOSITORIES in /pypi//acme~
  let `shared` publish names of /pypi//acme~
""",
            "",
        )
    )
    reservations = GroupReservations(service.client, COORDINATES)
    assert reservations.state("/pypi//acme~") is None
    code, _, err = run(*arguments)
    assert (code, err) == snapshot(
        (0, "/pypi//acme~ is reserved; AWS may take some minutes until it is in effect everywhere\n")
    )
    state = reservations.state("/pypi//acme~")
    assert state == GroupState(
        "/pypi//acme~",
        {
            "EXTERNAL_UPSTREAM": "BLOCK",
            "INTERNAL_UPSTREAM": "INHERIT",
            "PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES",
        },
        ("shared",),
        "ada@acme.example",
    )
    assert run(*arguments) == (0, "/pypi//acme~ holds acme-core\n", "/pypi//acme~ is reserved already\n")
    code, out, _ = run("reserve", "acme", "--publish-from", "team", "--contact", "bob@acme.example")
    assert code == 0
    assert out == snapshot("""\
/pypi//acme~ holds acme-core
  let `team` publish names of /pypi//acme~
  let `shared` no longer publish names of /pypi//acme~
  set the contact of /pypi//acme~ to bob@acme.example
""")
    changed = reservations.state("/pypi//acme~")
    assert changed is not None
    assert (changed.publishers, changed.contact) == (("team",), "bob@acme.example")
    assert gathered("acme-core")["acme-core"].group is not None
    service.client.delete_package_group(domain="acme", packageGroup="/pypi//acme~")


def test_what_came_from_pypi_is_not_cut_off_without_a_word(service: World, run: Run) -> None:
    arguments = ("reserve", "requests", "--exact", "--domain", "acme", "--owner", OWNER, "--region", "us-east-1")
    code, out, err = run(*arguments)
    assert (code, out, err) == snapshot(
        (
            1,
            """\
/pypi//requests$ holds requests
  make the package group /pypi//requests$
  set EXTERNAL_UPSTREAM=BLOCK in /pypi//requests$
""",
            """\
warning: requests came from a public source (`shared`, `store`): what is there stays, and no new version comes
nothing was done: look at the warnings, and add --yes if it is meant
""",
        )
    )
    assert run(*arguments, "--yes")[0] == 0
    service.client.delete_package_group(domain="acme", packageGroup="/pypi//requests$")


def test_who_may_not_reserve_is_told_which_permission_is_missing(
    service: World, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    actions = ("DescribePackageGroup", "ListAssociatedPackages", "ListRepositoriesInDomain")
    for name, value in service.user("looker", *(f"codeartifact:{each}" for each in actions), folder=tmp_path).items():
        monkeypatch.setenv(name, value)
    code, _, err = run("reserve", "omega", "--domain", "acme", "--owner", OWNER, "--region", "us-east-1")
    assert code == 1
    assert "hint: ask for the permission codeartifact:CreatePackageGroup on the domain `acme`" in err


def test_repositories_that_hide_their_versions_make_it_unsure(service: World) -> None:
    reservations = GroupReservations(service.client, COORDINATES)
    service.deny("shared", "ListPackageVersions")
    try:
        held = reservations.held("/pypi//requests$")
    finally:
        service.deny("shared")
    assert held == (Held("requests", is_strong=True, public_in=("store",), is_known=False),)


def test_a_repository_that_does_not_exist_cannot_publish(service: World) -> None:
    reservations = GroupReservations(service.client, COORDINATES)
    reservations.create("/pypi//sigma~", "")
    with pytest.raises((NotFoundError, AccessDeniedError)):
        reservations.restrict("/pypi//sigma~", {"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"}, ["nowhere"], [])
    service.client.delete_package_group(domain="acme", packageGroup="/pypi//sigma~")


def stubbed_client() -> "CodeArtifactClient":
    secret = "made-up"
    return boto3.client(
        "codeartifact", region_name="us-east-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key=secret
    )


def told(*, files: int = 0, versions: Mapping[str, str] | None = None, broken: bool = False) -> Fact[Owner]:
    """Ask a service of made-up answers whose a name is."""
    client = stubbed_client()
    page = [PublishedFile(f"old-{number}.whl", "1.0") for number in range(files)]
    with Stubber(client) as stubber:
        stubber.add_response("describe_repository", {"repository": {"name": "shared"}})
        if broken:
            stubber.add_client_error("list_package_versions", "InternalServerException", "out of order")
        else:
            listed: list[dict[str, Any]] = [
                {"version": version, "status": "Published", "origin": {"originType": origin}}
                for version, origin in (versions or {}).items()
            ]
            stubber.add_response("list_package_versions", {"versions": listed})
        group = {"pattern": "/*", "originConfiguration": {"restrictions": {}}}
        stubber.add_response("get_associated_package_group", {"packageGroup": group, "associationType": "STRONG"})
        (found,) = gather_names(client, COORDINATES, names("old"), None, lambda _: page)
    return found.owner


def test_versions_older_than_the_record_of_origins_may_be_anybody_s() -> None:
    owner = told(files=1, versions={"1.0": "UNKNOWN"})
    assert isinstance(owner, Unknown)
    assert owner.reason == "they are older than the record of origins"
    assert told(versions={"1.0": "UNKNOWN"}) == Known(Owner.NOBODY)
    assert told(versions={"1.0": "UNKNOWN", "1.1": "INTERNAL"}) == Known(Owner.INTERNAL)


def test_a_service_that_is_out_of_order_leaves_it_open() -> None:
    owner = told(broken=True)
    assert isinstance(owner, Unknown)
    assert owner.permission == ""


def test_a_page_that_fails_leaves_it_open() -> None:
    def fail(name: NormalizedName) -> list[PublishedFile]:
        raise ServiceError("HTTP 503", f"GET simple/{name}/", "no", hint="")

    client = stubbed_client()
    with Stubber(client) as stubber:
        stubber.add_response("describe_repository", {"repository": {"name": "shared"}})
        stubber.add_response("list_package_versions", {"versions": []})
        stubber.add_client_error("get_associated_package_group", "AccessDeniedException", "no")
        (found,) = gather_names(client, COORDINATES, names("old"), None, fail)
    assert isinstance(found.owner, Unknown)
    assert isinstance(found.group, Unknown)
    assert found.open_repositories == Known(())


def test_a_list_that_is_hidden_is_unknown(service: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = ("GetAuthorizationToken", "GetRepositoryEndpoint", "GetAssociatedPackageGroup", "ListPackageVersions")
    more = ("DescribeRepository", "ReadFromRepository")
    wanted = [f"codeartifact:{action}" for action in (*seen, *more)]
    for name, value in service.user("listless", *wanted, "sts:*", folder=tmp_path).items():
        monkeypatch.setenv(name, value)
    hidden = gathered("listed-a")["listed-a"].open_repositories
    assert isinstance(hidden, Unknown)
    assert hidden.permission.startswith("codeartifact:ListAllowedRepositoriesForGroup")


def test_a_repository_of_the_list_that_is_hidden_is_unknown(service: World) -> None:
    service.deny("team", "DescribeRepository")
    try:
        hidden = gathered("leaky-a")["leaky-a"].open_repositories
    finally:
        service.deny("team")
    assert isinstance(hidden, Unknown)
    assert hidden.permission == "codeartifact:DescribeRepository on `team`"
