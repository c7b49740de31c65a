"""What is gathered from the embedded repository, as a process, with policies that hide things."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import run_command
from explained_world import OWNER, World, world
from inline_snapshot import snapshot
from packaging.utils import canonicalize_name

from inhouse.codeartifact.explain.facts import (
    Controls,
    Facts,
    Gate,
    Known,
    Links,
    Mode,
    OriginType,
    Page,
    Record,
    Restriction,
    Status,
    Unknown,
)
from inhouse.codeartifact.explain.gathering import LONGEST_SEARCH
from inhouse.codeartifact.explain.reasoning import explain
from inhouse.codeartifact.explain.words import as_text
from inhouse.codeartifact.repository import CodeArtifactRepository
from inhouse.errors import NotFoundError
from inhouse.project.manifest import Coordinates
from inhouse.settings import load_settings

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # botocore leaves its sockets to the collector


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """`shared` with `team` and `store` behind it, and PyPI behind `store`."""
    with world(tmp_path_factory.mktemp("explain")) as made:
        made.repository("store", public=True)
        made.repository("team")
        made.repository("shared", "team", "store")
        made.publish("shared", "acme-core", "1.0", "1.1")
        made.set_status("shared", "acme-core", "1.1", "Unlisted")
        made.publish("team", "acme-team", "2.0")
        made.fetch("shared", "requests", "2.0")
        made.group("/pypi//acme~", {"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"}, ("PUBLISH", "team"))
        made.client.create_package_group(domain="acme", packageGroup="/pypi//acme-team$")
        yield made


@pytest.fixture
def service(made: World, monkeypatch: pytest.MonkeyPatch) -> World:
    for name, value in made.server.environment.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is no project."""
    monkeypatch.chdir(tmp_path)


def gathered(name: str, repository: str = "shared") -> Facts:
    coordinates = Coordinates("acme", OWNER, "us-east-1", repository)
    return CodeArtifactRepository(coordinates, load_settings({}, os.environ)).facts(canonicalize_name(name))


@pytest.mark.usefixtures("service")
def test_all_that_decides_is_gathered() -> None:
    told = gathered("acme-core")
    assert [place.repository for place in told.places] == ["shared", "team", "store"]
    entry, team, store = told.places
    assert (entry.links, store.links) == (Known(Links(("team", "store"))), Known(Links((), "public:pypi")))
    assert entry.controls == Known(Controls(publish=True, upstream=False))
    assert isinstance(entry.records, Known)
    assert set(entry.records.value) == {
        Record("1.0", Status.PUBLISHED, OriginType.INTERNAL, "shared"),
        Record("1.1", Status.UNLISTED, OriginType.INTERNAL, "shared"),
    }
    assert (team.controls, team.records) == (Known(None), Known(()))
    assert isinstance(told.page, Known)
    assert [(file.version, file.requires_python) for file in told.page.value.files] == [("1.0", ">=3.11")]
    assert not told.is_cut


@pytest.mark.usefixtures("service")
def test_public_versions_are_told_apart() -> None:
    entry, _, store = gathered("Requests").places
    expected = Known((Record("2.0", Status.PUBLISHED, OriginType.EXTERNAL, "public:pypi"),))
    assert (entry.records, store.records) == (expected, expected)


@pytest.mark.usefixtures("service")
def test_the_group_is_told_with_what_it_inherits_and_from_where() -> None:
    told = gathered("acme-team").group
    assert isinstance(told, Known)
    assert (told.value.pattern, told.value.is_strong) == ("/pypi//acme-team$", True)
    listed = Restriction(Mode.ALLOW_SPECIFIC_REPOSITORIES, "/pypi//acme~", Known(("team",)))
    assert told.value.restrictions[Gate.PUBLISH] == listed
    assert told.value.restrictions[Gate.EXTERNAL_UPSTREAM] == Restriction(Mode.ALLOW, "/*")


@pytest.mark.parametrize(
    ("repository", "action", "attribute"),
    [
        ("team", "DescribeRepository", "links"),
        ("team", "DescribePackage", "controls"),
        ("team", "ListPackageVersions", "records"),
        ("shared", "DescribeRepository", "links"),
        ("shared", "ListPackageVersions", "records"),
    ],
)
def test_what_a_policy_hides_is_unknown(service: World, repository: str, action: str, attribute: str) -> None:
    service.deny(repository, action)
    try:
        told = gathered("acme-team")
    finally:
        service.deny(repository)
    place = next(each for each in told.places if each.repository == repository)
    fact = getattr(place, attribute)
    assert isinstance(fact, Unknown)
    assert fact.permission == f"codeartifact:{action} on `{repository}`"
    assert list(told.unknowns()) == [fact]


def test_a_page_that_may_not_be_read_is_unknown(service: World) -> None:
    service.deny("shared", "ReadFromRepository")
    try:
        page = gathered("acme-core").page
    finally:
        service.deny("shared")
    assert isinstance(page, Unknown)
    assert page.permission == "codeartifact:ReadFromRepository on `shared`"


@pytest.mark.parametrize(
    ("allowed", "missing"),
    [
        ("sts:GetServiceBearerToken", "codeartifact:GetAuthorizationToken on the domain `acme`"),
        ("codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken"),
    ],
)
def test_a_token_that_is_not_given_leaves_the_page_unknown(
    service: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: str, missing: str
) -> None:
    name = f"without-{missing.partition(':')[0]}"
    for variable, value in service.user(name, "codeartifact:Get*Endpoint", allowed, folder=tmp_path).items():
        monkeypatch.setenv(variable, value)
    page = gathered("acme-core").page
    assert isinstance(page, Unknown)
    assert page.permission == missing


def test_an_exported_token_that_is_refused_leaves_the_page_unknown(
    service: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ = service
    monkeypatch.setenv("CODEARTIFACT_AUTH_TOKEN", "made-up")
    page = gathered("acme-core").page
    assert isinstance(page, Unknown)
    assert (page.permission, "refused" in page.reason) == ("", True)


def test_a_user_who_may_do_little_learns_what_to_ask_for(
    service: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = service.user("little", "codeartifact:DescribeRepository", folder=tmp_path)
    for name, value in little.items():
        monkeypatch.setenv(name, value)
    text = as_text(explain(gathered("acme-core")))
    assert text == snapshot("""\
what pip and uv get of acme-core from `shared` is unknown: its page could not be read [depends on
?1]

  1. no repository of the search that you may look into holds a version of acme-core [depends on ?2,
     ?4, ?6]
  2. whether public:pypi gives anything through `store` is unknown [depends on ?3, ?8, ?7, ?2, ?5,
     ?4, ?6, ?1]

?1 unknown: the project's page in `shared`, which is what installers see (it is not allowed to you;
            ask for codeartifact:GetRepositoryEndpoint on `shared`)
?2 unknown: the versions that `shared` holds (it is not allowed to you; ask for
            codeartifact:ListPackageVersions on `shared`)
?3 unknown: the origin controls of the package in `shared` (it is not allowed to you; ask for
            codeartifact:DescribePackage on `shared`)
?4 unknown: the versions that `team` holds (it is not allowed to you; ask for
            codeartifact:ListPackageVersions on `team`)
?5 unknown: the origin controls of the package in `team` (it is not allowed to you; ask for
            codeartifact:DescribePackage on `team`)
?6 unknown: the versions that `store` holds (it is not allowed to you; ask for
            codeartifact:ListPackageVersions on `store`)
?7 unknown: the origin controls of the package in `store` (it is not allowed to you; ask for
            codeartifact:DescribePackage on `store`)
?8 unknown: the package group of the name (it is not allowed to you; ask for
            codeartifact:GetAssociatedPackageGroup on the domain `acme`)

searched    shared → team → store (public:pypi)
publishing  whether acme-core can be published in `shared` is unknown [depends on ?3, ?8]
group       unknown [depends on ?8]\
""")


def test_a_list_of_repositories_may_be_hidden(service: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    actions = ("DescribeRepository", "DescribePackage", "ListPackageVersions", "GetAssociatedPackageGroup")
    for name, value in service.user("most", *(f"codeartifact:{each}" for each in actions), folder=tmp_path).items():
        monkeypatch.setenv(name, value)
    group = gathered("acme-core").group
    assert isinstance(group, Known)
    allowed = group.value.restrictions[Gate.PUBLISH].allowed
    assert isinstance(allowed, Unknown)
    assert allowed.permission == "codeartifact:ListAllowedRepositoriesForGroup on the domain `acme`"


@pytest.mark.usefixtures("service")
def test_a_repository_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        gathered("acme-core", "nowhere")


def test_the_search_ends_where_a_lookup_does(service: World) -> None:
    service.repository("chain-0")
    for number in range(1, LONGEST_SEARCH + 1):
        service.repository(f"chain-{number}", f"chain-{number - 1}")
    told = gathered("acme-core", f"chain-{LONGEST_SEARCH}")
    assert (len(told.places), told.is_cut) == (LONGEST_SEARCH, True)
    told = gathered("acme-core", f"chain-{LONGEST_SEARCH - 1}")
    assert (len(told.places), told.is_cut) == (LONGEST_SEARCH, False)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("acme-core",), 0, "pip and uv take acme-core 1.0 from `shared`"),
        (("acme-core", "--version", "1.1"), 3, "as Unlisted"),
        (("requests",), 0, "it comes from public:pypi through `store`"),
        (("requests", "--version", "2"), 0, "`shared` itself holds 2.0, fetched from public:pypi (Published)"),
        (("acme-team",), 0, "`team`, upstream, is the nearest repository that holds 2.0"),
        (("acme-taken",), 0, "pip and uv take acme-taken 99.0"),
        (("no-such-thing",), 3, "public:pypi, asked through `store`, does not offer no-such-thing searched"),
    ],
)
@pytest.mark.usefixtures("service", "nowhere")
def test_it_is_explained_outside_a_project(
    arguments: tuple[str, ...], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, out, _ = run_command(capsys, "explain", *arguments, "--domain", "acme", "--repository", "shared")
    out = " ".join(out.split())
    assert (ended, words in out) == (code, True), out
    assert "difference:" not in out


def test_a_public_source_that_does_not_answer_is_no_absent_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(tmp_path, "http://127.0.0.1:1/simple/") as made:
        made.repository("shared", public=True)
        for name, value in made.server.environment.items():
            monkeypatch.setenv(name, value)
        told = gathered("requests")
        made.publish("shared", "acme-open", "1.0")
        made.controls("shared", "acme-open", "ALLOW", "ALLOW")
        text = " ".join(as_text(explain(gathered("acme-open"))).split())
    assert told.page == Known(Page(failure="HTTP 503"))
    assert text.startswith("pip and uv take acme-open 1.0")
    assert "adds nothing to the page: it offers nothing else, or does not answer now" in text
