"""What package groups let into repositories: on publishing, on project pages, on downloads, on what is retained."""

import pytest
from made_distributions import make_wheel, wheel_name
from packaging.utils import NormalizedName
from small_world import SmallWorld

from inhouse_server.errors import ConflictError, NotFoundError, PublishBlockedError
from inhouse_server.model import Association, File, PackageFormat, Repository
from inhouse_server.rules.group_patterns import PackagePath
from inhouse_server.rules.publishing import Outcome
from inhouse_server.services.files import Wanted
from inhouse_server.services.group_controls import read_group_controls


@pytest.fixture
def store(world: SmallWorld) -> Repository:
    return world.repository("store", connected=True)


@pytest.fixture
def team(world: SmallWorld, store: Repository) -> Repository:
    return world.repository("team", store)


def test_a_reserved_name_is_never_asked_of_the_public_source(world: SmallWorld, team: Repository) -> None:
    for project in ("acme", "acme-core", "acmecorp"):
        world.remote.add_wheel(project, "9.0")
    world.group("/pypi//acme~", PUBLISH="ALLOW", EXTERNAL_UPSTREAM="BLOCK")
    for project in ("acme", "acme-core"):
        with pytest.raises(NotFoundError):
            world.page(team, project)
        with pytest.raises(NotFoundError):
            world.get(team, project, "9.0")
        with pytest.raises(NotFoundError):
            world.files.metadata(Wanted(team, NormalizedName(project), "9.0", wheel_name(project, "9.0")))
        assert world.upload_wheel(team, project, "1.0") is Outcome.NEW_VERSION
        assert world.page(team, project) == [wheel_name(project, "1.0")]
    assert world.remote.asked == []
    assert world.page(team, "acmecorp") == [wheel_name("acmecorp", "9.0")], "no word ends there"


def test_a_reserved_name_stays_reserved_in_the_connected_repository_itself(
    world: SmallWorld, store: Repository
) -> None:
    world.remote.add_wheel("acme", "9.0")
    world.group("/pypi//acme~", EXTERNAL_UPSTREAM="BLOCK")
    with pytest.raises(NotFoundError):
        world.page(store, "acme")
    assert world.remote.asked == []


def test_a_package_whose_own_control_allows_is_still_reserved(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("acme", "9.0")
    world.group("/pypi//acme~", EXTERNAL_UPSTREAM="BLOCK")
    world.set_controls(team, "acme", publish="ALLOW", upstream="ALLOW")
    with pytest.raises(NotFoundError):
        world.page(team, "acme")
    assert world.remote.asked == []


def test_a_group_that_allows_does_not_open_what_the_package_blocks(world: SmallWorld, team: Repository) -> None:
    world.group("/pypi//six$", PUBLISH="ALLOW", EXTERNAL_UPSTREAM="ALLOW", INTERNAL_UPSTREAM="ALLOW")
    world.remote.add_wheel("six", "1.0")
    world.set_controls(team, "six", publish="BLOCK", upstream="BLOCK")
    with pytest.raises(NotFoundError):
        world.page(team, "six")
    with pytest.raises(PublishBlockedError, match="origin control 'publish' is BLOCK"):
        world.upload_wheel(team, "six", "2.0")


def test_publishing_is_blocked_by_the_group_and_the_refusal_names_it(world: SmallWorld, team: Repository) -> None:
    world.group("/pypi//acme~", PUBLISH="BLOCK")
    with pytest.raises(PublishBlockedError, match=r"its package group /pypi//acme~ has PUBLISH=BLOCK\.") as caught:
        world.upload_wheel(team, "acme-core", "1.0")
    assert "--package-group '/pypi//acme~' --restrictions PUBLISH=ALLOW" in caught.value.hint
    assert set(world.rows().values()) == {0}
    assert world.upload_wheel(team, "other", "1.0") is Outcome.NEW_VERSION


def test_the_refusal_names_the_group_that_it_is_inherited_from(world: SmallWorld, team: Repository) -> None:
    world.group("/*", PUBLISH="BLOCK")
    world.group("/pypi//acme~")
    with pytest.raises(PublishBlockedError, match=r"/pypi//acme~ has PUBLISH=BLOCK, inherited from /\*") as caught:
        world.upload_wheel(team, "acme", "1.0")
    assert "--package-group '/*' --restrictions PUBLISH=ALLOW" in caught.value.hint


def test_only_listed_repositories_take_uploads(world: SmallWorld, team: Repository) -> None:
    release = world.repository("release")
    world.group("/pypi//acme~", PUBLISH=("release",))
    assert world.upload_wheel(release, "acme", "1.0") is Outcome.NEW_VERSION
    with pytest.raises(PublishBlockedError, match="the repository is not on the list") as caught:
        world.upload_wheel(team, "acme", "1.0")
    assert "--add-allowed-repositories originRestrictionType=PUBLISH,repositoryName=team" in caught.value.hint


def test_a_variation_is_blocked_everywhere(world: SmallWorld, team: Repository) -> None:
    """Names of PyPI projects are ASCII; the catalog is asked with another one, as the services are."""
    world.group("/pypi//acme~", PUBLISH="ALLOW", EXTERNAL_UPSTREAM="ALLOW")
    alike = NormalizedName("\u0430cme")
    world.remote.files[alike] = {}
    found = world.search.search(team, alike)
    assert world.remote.asked == []
    for place in found.places:
        assert place.group is not None
        assert place.group.association is Association.WEAK
        assert not place.permissions.publish
    with world.database.read() as connection:
        exact = read_group_controls(connection, world.domain, PackagePath(PackageFormat.PYPI, "", "acme"))
    assert exact.association is Association.STRONG


def test_the_public_source_is_reached_through_one_repository(world: SmallWorld) -> None:
    """The user guide's example: repoA -> repoB -> public, and nobody else."""
    repo_b = world.repository("repo-b", connected=True)
    repo_a = world.repository("repo-a", repo_b)
    repo_c = world.repository("repo-c", repo_b)
    other_store = world.repository("other-store", connected=True)
    world.remote.add_wheel("six", "1.0")
    world.group("/pypi//six~", PUBLISH="BLOCK", EXTERNAL_UPSTREAM=("repo-b",), INTERNAL_UPSTREAM=("repo-a",))
    for closed in (repo_c, other_store):
        with pytest.raises(NotFoundError):
            world.page(closed, "six")
        with pytest.raises(NotFoundError):
            world.get(closed, "six", "1.0")
    assert world.remote.asked == []
    assert world.page(repo_a, "six") == [wheel_name("six", "1.0")]
    assert world.get(repo_a, "six", "1.0") == make_wheel("six", "1.0")
    assert world.held(repo_a, "six", "1.0") is not None
    assert world.held(repo_b, "six", "1.0") is not None
    with pytest.raises(NotFoundError):
        world.page(repo_c, "six")
    for repository in (repo_a, repo_b, repo_c):
        with pytest.raises(PublishBlockedError):
            world.upload_wheel(repository, "six", "2.0")


def test_repositories_in_between_need_not_be_listed(world: SmallWorld, store: Repository) -> None:
    middle = world.repository("middle", store)
    entry = world.repository("entry", middle)
    world.remote.add_wheel("six", "1.0")
    world.group("/pypi//six$", EXTERNAL_UPSTREAM=("store",), INTERNAL_UPSTREAM=("entry",))
    assert world.get(entry, "six", "1.0") == make_wheel("six", "1.0")
    assert world.held(middle, "six", "1.0") is None
    with pytest.raises(NotFoundError):
        world.page(middle, "six")


def test_internal_upstreams_can_be_closed(world: SmallWorld) -> None:
    release = world.repository("release")
    entry = world.repository("entry", release)
    world.upload_wheel(release, "acme", "1.0")
    world.group("/pypi//acme~", INTERNAL_UPSTREAM="BLOCK")
    with pytest.raises(NotFoundError):
        world.page(entry, "acme")
    with pytest.raises(NotFoundError):
        world.get(entry, "acme", "1.0")
    assert world.page(release, "acme") == [wheel_name("acme", "1.0")]
    world.group("/pypi//acme~", INTERNAL_UPSTREAM="ALLOW")
    assert world.page(entry, "acme") == [wheel_name("acme", "1.0")], "a change is seen at once"


def test_what_was_retained_before_stays_and_is_refreshed_no_more(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    world.remote.add_wheel("six", "2.0")
    world.remote.yank("six", wheel_name("six", "1.0"))
    world.group("/pypi//six$", EXTERNAL_UPSTREAM="BLOCK")
    asked = list(world.remote.asked)
    (file,) = world.pages.project_page(team, NormalizedName("six")).files
    assert (file.filename, file.yanked) == (wheel_name("six", "1.0"), False)
    assert world.get(team, "six", "1.0") == make_wheel("six", "1.0")
    assert world.remote.asked == asked


def test_a_way_that_is_closed_between_search_and_retaining_stays_closed(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    original = world.ingest.fetch_file

    def close_meanwhile(connection_name: str, project: NormalizedName, file: File) -> None:
        original(connection_name, project, file)
        world.group("/pypi//six$", EXTERNAL_UPSTREAM="BLOCK")

    world.ingest.fetch_file = close_meanwhile  # type: ignore[method-assign]  # the moment in between has no other handle
    with pytest.raises(NotFoundError, match="may no longer enter"):
        world.get(team, "six", "1.0")
    assert world.held(team, "six", "1.0") is None


def test_the_check_for_conflicts_upstream_follows_the_group(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("acme", "1.0")
    with pytest.raises(ConflictError, match="comes from"):
        world.upload_wheel(team, "acme", "1.0", code="ours = True")
    world.group("/pypi//acme~", EXTERNAL_UPSTREAM="BLOCK")
    assert world.upload_wheel(team, "acme", "1.0", code="ours = True") is Outcome.NEW_VERSION


def test_the_conflict_check_does_not_see_upstreams_that_are_closed(world: SmallWorld) -> None:
    release = world.repository("release")
    entry = world.repository("entry", release)
    world.upload_wheel(release, "acme", "1.0")
    with pytest.raises(ConflictError, match="comes from"):
        world.upload_wheel(entry, "acme", "1.0", code="ours = True")
    world.group("/pypi//acme~", INTERNAL_UPSTREAM=("release",))
    assert world.upload_wheel(entry, "acme", "1.0", code="ours = True") is Outcome.NEW_VERSION


def test_the_most_specific_group_decides_alone(world: SmallWorld, team: Repository) -> None:
    world.group("/*", EXTERNAL_UPSTREAM="BLOCK", PUBLISH="BLOCK")
    world.group("/pypi//six$", EXTERNAL_UPSTREAM="ALLOW")
    for project in ("six", "idna"):
        world.remote.add_wheel(project, "1.0")
    assert world.page(team, "six") == [wheel_name("six", "1.0")]
    with pytest.raises(NotFoundError):
        world.page(team, "idna")
    with pytest.raises(PublishBlockedError, match=r"inherited from /\*"):
        world.upload_wheel(team, "six", "3.0")
    assert set(world.remote.asked) == {"six"}
