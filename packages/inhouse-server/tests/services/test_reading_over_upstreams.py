"""Pages and files over upstreams and a public source: what is offered, what is fetched, what is retained where."""

import hashlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fake_remote import UPLOADED
from made_distributions import make_sdist, make_wheel, metadata_text, sdist_name, wheel_name
from packaging.utils import NormalizedName
from small_world import NOW, SmallWorld

from inhouse_server import compat
from inhouse_server.catalog import repositories
from inhouse_server.errands import Errands
from inhouse_server.errors import NotFoundError, RemoteUnavailableError
from inhouse_server.model import OriginType, Repository, VersionStatus
from inhouse_server.rules.origin_controls import Arrival, defaults
from inhouse_server.services.files import Wanted

INGESTED = defaults(Arrival.INGESTED)
SIX = wheel_name("six", "1.0")


@pytest.fixture
def store(world: SmallWorld) -> Repository:
    return world.repository("store", connected=True)


@pytest.fixture
def shared(world: SmallWorld, store: Repository) -> Repository:
    return world.repository("shared", store)


@pytest.fixture
def team(world: SmallWorld, shared: Repository) -> Repository:
    return world.repository("team", shared)


def wanted(repository: Repository, filename: str = SIX, version: str = "1.0", project: str = "six") -> Wanted:
    return Wanted(repository, NormalizedName(project), version, filename)


def test_a_page_lists_what_is_public_and_records_nothing(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    assert world.page(team, "six") == [SIX]
    assert set(world.rows().values()) == {0}
    assert world.remote.opened == []


def test_a_fetch_is_retained_at_both_ends_of_the_way_and_not_between(
    world: SmallWorld, store: Repository, shared: Repository, team: Repository
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"), upload_time=UPLOADED + timedelta(days=1))
    assert world.get(team, "six", "1.0") == make_wheel("six")
    assert world.held(shared, "six", "1.0") is None
    here, there = world.held(team, "six", "1.0"), world.held(store, "six", "1.0")
    assert here is not None
    assert there is not None
    for held in (here, there):
        assert (held.origin.type, held.origin.external_connection) == (OriginType.EXTERNAL, "public:pypi")
        assert held.published_at == UPLOADED
        assert held.metadata is not None
        assert held.metadata.summary == "Made for a test"
        assert {file.filename for file in held.files} == {SIX, sdist_name("six")}
        assert {file.upload_time for file in held.files} == {UPLOADED, UPLOADED + timedelta(days=1)}
    assert here.revision == there.revision
    assert world.controls(store, "six") == INGESTED
    # As open for what is public as the source of its first version.
    assert world.controls(team, "six") == replace(defaults(Arrival.RETAINED), beside_public=True)
    assert world.remote.opened == [SIX], "only the file that was asked for is fetched"


def test_other_files_of_a_recorded_version_are_fetched_on_demand_and_kept(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.get(team, "six", "1.0")
    for _ in range(2):
        assert world.get(team, "six", "1.0", sdist_name("six")) == make_sdist("six")
    assert world.remote.opened == [SIX, sdist_name("six")]


@pytest.fixture
def eager(tmp_path: Path) -> Iterator[SmallWorld]:
    """A world that fetches the other files of a release along, as the server does."""
    made = SmallWorld(tmp_path, errands=Errands())
    yield made
    made.database.close()


def test_a_release_that_is_small_is_fetched_whole(eager: SmallWorld) -> None:
    team = eager.repository("team", eager.repository("store", connected=True))
    eager.remote.add_wheel("six", "1.0")
    eager.remote.add("six", sdist_name("six"), make_sdist("six"))
    eager.get(team, "six", "1.0")
    assert sorted(eager.remote.opened) == sorted([SIX, sdist_name("six")])
    eager.remote.down = True
    eager.remote.contents.clear()
    assert eager.get(team, "six", "1.0", sdist_name("six")) == make_sdist("six")
    held = eager.held(team, "six", "1.0")
    assert held is not None
    assert [bool(file.digests.sha512) for file in held.files] == [True, True]


def test_files_that_are_large_wait_until_they_are_asked_for(eager: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"six-1.0-py31-none-any.whl": 400, "six-1.0-py32-none-any.whl": 500, "six-1.0-py33-none-any.whl": 5000}
    monkeypatch.setattr(compat, "MAXIMUM_ALONG_FILE_BYTES", 1000)
    monkeypatch.setattr(compat, "MAXIMUM_ALONG_BYTES", 800)
    team = eager.repository("team", eager.repository("store", connected=True))
    eager.remote.add_wheel("six", "1.0")
    for name, size in sizes.items():
        eager.remote.add("six", name, b"x" * size)
    eager.get(team, "six", "1.0")
    assert eager.remote.opened == [SIX, "six-1.0-py31-none-any.whl"]


def test_a_file_that_turns_out_too_large_is_given_up_and_the_request_is_answered(
    eager: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compat, "MAXIMUM_ALONG_FILE_BYTES", 1000)
    team = eager.repository("team", eager.repository("store", connected=True))
    eager.remote.add_wheel("six", "1.0")
    large = eager.remote.add("six", "six-1.0-py31-none-any.whl", b"x" * 2000)
    eager.remote.files["six"][large.filename] = replace(large, size=None)
    assert eager.get(team, "six", "1.0") == make_wheel("six")
    assert not eager.ingest.is_stored(large.digests.sha256)
    assert eager.get(team, "six", "1.0", large.filename) == b"x" * 2000


def test_what_a_wheel_says_counts_whichever_file_comes_first(world: SmallWorld, team: Repository) -> None:
    wheel_text = metadata_text("six", "1.0", description="All about six.")
    world.remote.add("six", SIX, make_wheel("six", metadata=wheel_text))
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.get(team, "six", "1.0", sdist_name("six"))
    before = world.held(team, "six", "1.0")
    world.get(team, "six", "1.0")
    after = world.held(team, "six", "1.0")
    assert before is not None
    assert after is not None
    assert after.metadata is not None
    assert after.metadata.description == "All about six."
    assert after.revision == before.revision


@pytest.mark.parametrize("status", [VersionStatus.PUBLISHED, VersionStatus.UNLISTED])
def test_a_status_of_one_repository_is_not_that_of_the_connected_one(
    world: SmallWorld, store: Repository, team: Repository, status: VersionStatus
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    with world.database.write() as connection:
        connection.execute("DELETE FROM package WHERE repository_id = ?", [store.id])
    world.set_status(team, "six", "1.0", status)
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    assert world.get(team, "six", "1.0", sdist_name("six")) == make_sdist("six")
    here, there = world.held(team, "six", "1.0"), world.held(store, "six", "1.0")
    assert here is not None
    assert there is not None
    assert (here.status, there.status) == (status, VersionStatus.PUBLISHED)


def test_digests_are_complete_once_the_bytes_are_here(world: SmallWorld, team: Repository, store: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    for repository in (team, store):
        held = world.held(repository, "six", "1.0")
        assert held is not None
        assert held.files[0].digests.sha512 == hashlib.sha512(make_wheel("six")).hexdigest()


def test_what_was_fetched_works_without_the_source(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    world.remote.down = True
    assert world.page(team, "six") == [SIX]
    assert world.get(team, "six", "1.0") == make_wheel("six")


def test_what_was_fetched_works_when_the_upstream_is_gone(world: SmallWorld, store: Repository) -> None:
    team = world.repository("direct", store)
    world.remote.add_wheel("six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.get(team, "six", "1.0")
    with world.database.write() as connection:
        connection.execute("DELETE FROM repository WHERE id = ?", [store.id])
    alone = Repository(**{n: getattr(team, n) for n in team.__slots__ if n != "upstreams"}, upstreams=())
    assert set(world.page(alone, "six")) == {SIX, sdist_name("six")}
    assert world.get(alone, "six", "1.0") == make_wheel("six")
    assert world.get(alone, "six", "1.0", sdist_name("six")) == make_sdist("six")


@pytest.mark.parametrize("ask", ["page", "file", "describe"])
def test_a_source_that_is_down_is_not_mistaken_for_a_missing_project(
    world: SmallWorld, team: Repository, ask: str
) -> None:
    world.remote.down = True
    asks = {
        "page": lambda: str(world.page(team, "six")),
        "file": lambda: str(world.get(team, "six", "1.0")),
        "describe": lambda: str(world.files.describe(wanted(team))),
    }
    with pytest.raises(RemoteUnavailableError):
        asks[ask]()


def test_a_missing_project_is_not_found_with_a_hint(world: SmallWorld, team: Repository) -> None:
    with pytest.raises(NotFoundError) as caught:
        world.page(team, "unknown")
    assert "spelling" in caught.value.hint


@pytest.mark.parametrize(("version", "filename"), [("1.0", "other.whl"), ("2.0", SIX), ("nonsense", SIX)])
def test_a_missing_file_is_not_found_with_a_hint(
    world: SmallWorld, team: Repository, version: str, filename: str
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    for call in (world.files.describe, world.files.open, world.files.metadata):
        with pytest.raises(NotFoundError) as caught:
            call(wanted(team, filename, version))
        assert "simple/six/" in caught.value.hint


def test_describing_fetches_and_records_nothing(world: SmallWorld, team: Repository) -> None:
    file = world.remote.add_wheel("six", "1.0")
    assert world.files.describe(wanted(team)) == file
    assert (world.remote.opened, set(world.rows().values())) == ([], {0})
    world.get(team, "six", "1.0")
    assert world.files.describe(wanted(team)).digests.sha256 == file.digests.sha256


def test_bytes_that_are_not_those_of_the_listing_are_neither_served_nor_kept(
    world: SmallWorld, team: Repository
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.remote.contents[SIX] = make_wheel("six", code="evil = True")
    with pytest.raises(RemoteUnavailableError, match="other bytes") as caught:
        world.get(team, "six", "1.0")
    assert "Nothing was kept" in caught.value.hint
    assert set(world.rows().values()) == {0}
    assert world.stored() == set()


def test_a_fetch_that_fails_records_nothing(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    del world.remote.contents[SIX]
    with pytest.raises(RemoteUnavailableError):
        world.get(team, "six", "1.0")
    assert set(world.rows().values()) == {0}
    assert world.stored() == set()


def test_many_who_want_the_same_file_fetch_it_once(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    open_file, first = world.remote.open, threading.Event()

    def slow_open(file: object) -> object:
        first.set()
        time.sleep(0.1)
        return open_file(file)  # type: ignore[arg-type]  # passed on

    world.remote.open = slow_open  # type: ignore[method-assign, assignment]  # a source that takes its time
    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(world.get, team, "six", "1.0") for _ in range(8)]
        assert {result.result() for result in results} == {make_wheel("six")}
    assert world.remote.opened == [SIX]
    assert world.rows() == {"package": 2, "package_version": 2, "asset": 2, "blob": 1}


def test_a_version_archived_here_stays_away_though_it_is_public(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.remote.add_wheel("six", "2.0")
    world.get(team, "six", "1.0")
    world.set_status(team, "six", "1.0", VersionStatus.ARCHIVED)
    assert world.page(team, "six") == [wheel_name("six", "2.0")]
    with pytest.raises(NotFoundError, match="Archived"):
        world.get(team, "six", "1.0")


def test_an_unlisted_version_can_be_fetched_and_is_not_shown(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    world.set_status(team, "six", "1.0", VersionStatus.UNLISTED)
    with pytest.raises(NotFoundError):
        world.page(team, "six")
    assert world.get(team, "six", "1.0") == make_wheel("six")


def test_an_internal_version_is_retained_with_its_origin_and_revision(
    world: SmallWorld, shared: Repository, team: Repository
) -> None:
    world.upload_wheel(shared, "acme-core", "1.0")
    world.now += timedelta(days=1)
    assert world.get(team, "acme-core", "1.0") == make_wheel()
    upstream, here = world.held(shared, "acme-core", "1.0"), world.held(team, "acme-core", "1.0")
    assert upstream is not None
    assert here is not None
    assert (here.origin, here.revision, here.published_at) == (upstream.origin, upstream.revision, NOW)
    assert here.metadata == upstream.metadata
    assert here.files == upstream.files
    assert world.controls(team, "acme-core") == defaults(Arrival.RETAINED)


def test_installing_does_not_change_what_the_next_installation_sees(
    world: SmallWorld, shared: Repository, team: Repository
) -> None:
    """Neither of a name that somebody has opened, nor of one that is closed."""
    for project in ("acme-core", "acme-secret"):
        world.upload_wheel(shared, project, "1.0")
        world.remote.add_wheel(project, "99.0")
    world.set_controls(shared, "acme-core", publish="ALLOW", upstream="ALLOW")
    opened = [wheel_name("acme-core", "1.0"), wheel_name("acme-core", "99.0")]
    closed = [wheel_name("acme-secret", "1.0")]
    assert (world.page(team, "acme-core"), world.page(team, "acme-secret")) == (opened, closed)
    world.get(team, "acme-core", "1.0")
    world.get(team, "acme-secret", "1.0")
    assert (world.page(team, "acme-core"), world.page(team, "acme-secret")) == (opened, closed)


def test_a_retained_internal_version_survives_its_deletion_upstream(
    world: SmallWorld, shared: Repository, team: Repository
) -> None:
    world.upload_wheel(shared, "acme-core", "1.0")
    world.get(team, "acme-core", "1.0")
    with world.database.write() as connection:
        connection.execute("DELETE FROM package WHERE repository_id = ?", [shared.id])
    assert world.page(team, "acme-core") == [wheel_name()]
    assert world.get(team, "acme-core", "1.0") == make_wheel()


def test_an_unlisted_upstream_version_is_retained_as_unlisted(
    world: SmallWorld, shared: Repository, team: Repository
) -> None:
    world.upload_wheel(shared, "acme-core", "1.0")
    world.set_status(shared, "acme-core", "1.0", VersionStatus.UNLISTED)
    world.get(team, "acme-core", "1.0")
    held = world.held(team, "acme-core", "1.0")
    assert held is not None
    assert held.status is VersionStatus.UNLISTED


def test_what_upstream_adds_later_is_listed_and_can_be_fetched(
    world: SmallWorld, store: Repository, team: Repository
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    before = world.held(team, "six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.remote.yank("six", SIX, "broken")
    page = world.pages.project_page(team, NormalizedName("six"))
    assert {file.filename: file.yanked for file in page.files} == {SIX: "broken", sdist_name("six"): False}
    assert world.get(team, "six", "1.0", sdist_name("six")) == make_sdist("six")
    for repository in (team, store):
        held = world.held(repository, "six", "1.0")
        assert held is not None
        assert before is not None
        assert len(held.files) == 2
        assert held.revision != before.revision


def test_a_file_that_only_the_store_has_recorded_is_brought_here(
    world: SmallWorld, store: Repository, team: Repository
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.get(store, "six", "1.0", sdist_name("six"))
    world.remote.down = True
    assert world.get(team, "six", "1.0", sdist_name("six")) == make_sdist("six")
    held = world.held(team, "six", "1.0")
    assert held is not None
    assert len(held.files) == 2


def test_what_a_repository_has_made_of_a_version_stays_out_of_the_one_that_is_connected(
    world: SmallWorld, store: Repository, team: Repository
) -> None:
    """Others read there: neither a file of ours nor our status of the version may show among what is public."""
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    world.set_controls(team, "six", publish="ALLOW", upstream="BLOCK")
    world.upload(team, sdist_name("six"), make_sdist("six"), name="six", version="1.0")
    world.set_controls(team, "six", publish="ALLOW", upstream="ALLOW")
    world.set_status(team, "six", "1.0", VersionStatus.UNLISTED)
    with world.database.write() as connection:
        connection.execute("DELETE FROM package WHERE repository_id = ?", [store.id])
    later = SIX.replace("-any", "-linux_x86_64")
    world.remote.add("six", later, make_wheel("six", code="later = True"))
    world.get(team, "six", "1.0", later)
    here, there = world.held(team, "six", "1.0"), world.held(store, "six", "1.0")
    assert here is not None
    assert there is not None
    assert {file.filename for file in here.files} == {SIX, sdist_name("six"), later}
    assert {file.filename for file in there.files} == {SIX, later}
    assert (here.status, there.status) == (VersionStatus.UNLISTED, VersionStatus.PUBLISHED)


def test_bytes_that_another_repository_has_are_not_fetched_again(
    world: SmallWorld, store: Repository, team: Repository
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(store, "six", "1.0")
    assert world.held(team, "six", "1.0") is None
    world.get(team, "six", "1.0")
    assert world.held(team, "six", "1.0") is not None
    assert world.remote.opened == [SIX]


def test_a_file_recorded_upstream_whose_bytes_nobody_fetched(
    world: SmallWorld, store: Repository, team: Repository
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.get(store, "six", "1.0")
    assert world.get(team, "six", "1.0", sdist_name("six")) == make_sdist("six")


def test_a_strangers_version_of_our_name_reaches_nobody_above_us(
    world: SmallWorld, store: Repository, team: Repository
) -> None:
    """Over chains, beside the store and behind it; and the public source never hears the name."""
    priv = world.repository("priv")
    above = [
        world.repository("app", team),
        world.repository("app2", team, store),
        world.repository("app3", store, team),
        world.repository("app4", priv, store),
    ]
    world.set_controls(team, "acme-core", publish="ALLOW", upstream="BLOCK")
    world.upload_wheel(team, "acme-core", "2.0")
    world.upload_wheel(priv, "acme-core", "2.0")
    world.remote.add_wheel("acme-core", "99.0")
    world.remote.asked.clear()
    for repository in [team, priv, *above]:
        assert world.page(repository, "acme-core") == [wheel_name("acme-core", "2.0")]
        with pytest.raises(NotFoundError):
            world.get(repository, "acme-core", "99.0")
        assert world.get(repository, "acme-core", "2.0") == make_wheel("acme-core", "2.0")
        # Now that the version is retained there, too.
        assert world.page(repository, "acme-core") == [wheel_name("acme-core", "2.0")]
    assert world.remote.asked == world.remote.opened == []


def test_a_name_that_becomes_ours_while_its_bytes_are_fetched_is_not_retained(
    world: SmallWorld, team: Repository
) -> None:
    app = world.repository("app", team)
    world.remote.add_wheel("acme-core", "99.0")
    fetch = world.ingest.fetch_file

    def fetch_slowly(*args: object) -> None:
        fetch(*args)  # type: ignore[arg-type]  # passed on
        world.set_controls(team, "acme-core", publish="ALLOW", upstream="BLOCK")

    world.ingest.fetch_file = fetch_slowly  # type: ignore[method-assign, assignment]  # the moment in between
    with pytest.raises(NotFoundError, match="may no longer enter"):
        world.get(app, "acme-core", "99.0")
    assert world.held(app, "acme-core", "99.0") is None


def test_upstream_block_keeps_the_public_out(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.set_controls(team, "six", publish="ALLOW", upstream="BLOCK")
    with pytest.raises(NotFoundError):
        world.page(team, "six")
    with pytest.raises(NotFoundError):
        world.get(team, "six", "1.0")
    assert world.remote.asked == []


def test_a_way_that_closes_while_a_file_is_fetched_is_closed(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    open_file = world.remote.open

    def publish_meanwhile(file: object) -> object:
        world.set_controls(team, "six", publish="ALLOW", upstream="BLOCK")
        return open_file(file)  # type: ignore[arg-type]  # passed on

    world.remote.open = publish_meanwhile  # type: ignore[method-assign, assignment]  # the moment in between
    with pytest.raises(NotFoundError, match="no longer enter"):
        world.get(team, "six", "1.0")
    assert world.rows()["package_version"] == 0


def test_a_version_archived_while_a_file_is_fetched_gets_no_files(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    open_file = world.remote.open

    def archive_meanwhile(file: object) -> object:
        world.set_status(team, "six", "1.0", VersionStatus.ARCHIVED)
        return open_file(file)  # type: ignore[arg-type]  # passed on

    world.remote.open = archive_meanwhile  # type: ignore[method-assign, assignment]  # the moment in between
    with pytest.raises(NotFoundError, match="may no longer enter"):
        world.get(team, "six", "1.0", sdist_name("six"))
    held = world.held(team, "six", "1.0")
    assert held is not None
    assert len(held.files) == 1


def test_a_file_stays_out_where_the_way_was_taken_away_while_it_was_fetched(
    world: SmallWorld, store: Repository, shared: Repository, team: Repository
) -> None:
    world.remote.add_wheel("six", "1.0")
    open_file = world.remote.open

    def disconnect_meanwhile(file: object) -> object:
        with world.database.write() as connection:
            repositories.set_upstreams(connection, shared, [])
        return open_file(file)  # type: ignore[arg-type]  # passed on

    world.remote.open = disconnect_meanwhile  # type: ignore[method-assign, assignment]  # the moment in between
    with pytest.raises(NotFoundError, match="may no longer enter"):
        world.get(team, "six", "1.0")
    assert world.rows()["package"] == 0
    assert world.held(store, "six", "1.0") is None


@pytest.mark.parametrize("which", ["store", "team"])
def test_what_is_fetched_for_a_repository_that_is_gone_goes_nowhere_else(
    world: SmallWorld, store: Repository, team: Repository, which: str
) -> None:
    """Not even where another one has been made since, of the same name or of another."""
    world.remote.add_wheel("six", "1.0")
    open_file = world.remote.open
    gone = {"store": store, "team": team}[which]

    def replace_meanwhile(file: object) -> object:
        with world.database.write() as connection:
            connection.execute("DELETE FROM repository WHERE id = ?", [gone.id])
        world.repository(gone.name)
        world.repository("another")
        return open_file(file)  # type: ignore[arg-type]  # passed on

    world.remote.open = replace_meanwhile  # type: ignore[method-assign, assignment]  # the moment in between
    with pytest.raises(NotFoundError):
        world.get(team, "six", "1.0")
    assert world.rows()["package"] == 0


def test_what_others_have_fetched_of_a_strangers_is_not_ours(world: SmallWorld) -> None:
    """Somebody who works with the store itself, or beside us, may have installed a stranger's version of our name."""
    store = world.repository("store", connected=True)
    team = world.repository("team", store)
    shared = world.repository("shared", team, store)
    other = world.repository("other", store)
    world.upload_wheel(team, "acme-core", "1.0")
    world.remote.add_wheel("acme-core", "99.0")
    world.get(other, "acme-core", "99.0")
    assert world.held(store, "acme-core", "99.0") is not None
    ours = [wheel_name("acme-core", "1.0")]
    top = world.repository("top", shared)
    first = world.repository("first", store, team)
    for repository in (shared, top, first, team):
        assert world.page(repository, "acme-core") == ours
        with pytest.raises(NotFoundError):
            world.get(repository, "acme-core", "99.0")
    assert world.page(other, "acme-core") == [wheel_name("acme-core", "99.0")]


def test_a_repository_too_far_to_be_searched_still_closes_its_names(world: SmallWorld) -> None:
    team = world.repository("team")
    world.upload_wheel(team, "acme-core", "1.0")
    chain = team
    for number in range(24):
        chain = world.repository(f"chain-{number}", chain)
    entry = world.repository("entry", world.repository("store", connected=True), chain)
    world.remote.add_wheel("acme-core", "99.0")
    world.remote.add_wheel("six", "1.0")
    with pytest.raises(NotFoundError):
        world.page(entry, "acme-core")
    assert world.remote.asked == []
    assert world.page(entry, "six") == [SIX]


def test_metadata_is_fetched_checked_kept_and_records_no_version(world: SmallWorld, team: Repository) -> None:
    metadata = metadata_text("six")
    world.remote.add("six", SIX, make_wheel("six"), metadata=metadata)
    for _ in range(2):
        found = world.files.metadata(wanted(team))
        with found.body:
            assert found.body.read() == metadata
        world.remote.down = False
    assert world.rows() == {"package": 0, "package_version": 0, "asset": 0, "blob": 1}
    assert world.remote.opened == []
    world.get(team, "six", "1.0")
    with world.files.metadata(wanted(team)).body as body:
        assert body.read() == metadata


def test_metadata_of_a_recorded_file_is_fetched_too(world: SmallWorld, team: Repository) -> None:
    world.remote.add("six", SIX, make_wheel("six"), metadata=metadata_text("six"))
    world.get(team, "six", "1.0")
    with world.files.metadata(wanted(team)).body as body:
        assert body.read() == metadata_text("six")


def test_metadata_that_is_not_that_of_the_listing_is_refused(world: SmallWorld, team: Repository) -> None:
    world.remote.add("six", SIX, make_wheel("six"), metadata=metadata_text("six"))
    world.remote.metadata[SIX] = b"other"
    with pytest.raises(RemoteUnavailableError, match="the metadata of"):
        world.files.metadata(wanted(team))
    assert world.stored() == set()


def test_metadata_that_is_not_offered_is_not_found(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    with pytest.raises(NotFoundError, match="no separate metadata"):
        world.files.metadata(wanted(team))


def test_an_old_file_without_metadata_is_served_and_a_later_one_fills_it_in(
    world: SmallWorld, team: Repository
) -> None:
    world.remote.add("six", sdist_name("six"), b"an archive from before PKG-INFO", upload_time=None)
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0", sdist_name("six"))
    held = world.held(team, "six", "1.0")
    assert held is not None
    assert held.metadata is None
    world.get(team, "six", "1.0")
    now = world.held(team, "six", "1.0")
    assert now is not None
    assert now.metadata is not None
    # Which files a version has, and with it what they say, has not changed: only what is known of it here.
    assert now.revision == held.revision


def test_files_without_metadata_leave_it_open(world: SmallWorld, team: Repository) -> None:
    for name in (sdist_name("six"), "six-1.0.zip"):
        world.remote.add("six", name, name.encode(), upload_time=None)
    for name in (sdist_name("six"), "six-1.0.zip"):
        assert world.get(team, "six", "1.0", name) == name.encode()
    held = world.held(team, "six", "1.0")
    assert held is not None
    assert held.metadata is None
    assert held.published_at == NOW, "a source that gives no times leaves the time of the import"


def test_a_connection_that_this_server_does_not_fetch_from_offers_nothing(world: SmallWorld) -> None:
    npm = world.repository("npm")
    with world.database.write() as connection:
        connection.execute("INSERT INTO external_connection VALUES (?, 'public:npmjs')", [npm.id])
    connected = Repository(
        **{n: getattr(npm, n) for n in npm.__slots__ if n != "external_connection"}, external_connection="public:npmjs"
    )
    with pytest.raises(NotFoundError):
        world.page(connected, "six")


def test_what_came_while_one_waited_is_not_fetched_again(world: SmallWorld, team: Repository) -> None:
    file = world.remote.add("six", SIX, make_wheel("six"), metadata=metadata_text("six"))
    world.get(team, "six", "1.0")
    world.files.metadata(wanted(team)).body.close()
    world.remote.down = True
    assert file.metadata_sha256 is not None
    world.ingest.fetch_file("public:pypi", NormalizedName("six"), file)
    world.ingest.fetch_metadata("public:pypi", NormalizedName("six"), file, file.metadata_sha256)


def test_metadata_for_a_version_that_is_gone_meanwhile_is_dropped(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.get(team, "six", "1.0")
    held = world.held(team, "six", "1.0")
    assert held is not None
    with world.database.write() as connection:
        connection.execute("DELETE FROM package")
    world.retention.complete_metadata(team, held, held.files[0])
    assert world.rows()["package_version"] == 0


def test_an_unknown_connection_of_a_recorded_file_is_unavailable(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.get(team, "six", "1.0")
    with world.database.write() as connection:
        connection.execute("UPDATE package_version SET origin_connection = 'public:other'")
    with pytest.raises(RemoteUnavailableError, match="public:other"):
        world.get(team, "six", "1.0", sdist_name("six"))


def test_a_file_is_fetched_from_where_the_source_has_it_today(world: SmallWorld, team: Repository) -> None:
    world.remote.add_wheel("six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.get(team, "six", "1.0")
    urls: list[str | None] = []
    open_file = world.remote.open

    def note(file: object) -> object:
        urls.append(getattr(file, "url", None))
        return open_file(file)  # type: ignore[arg-type]  # passed on

    world.remote.open = note  # type: ignore[method-assign, assignment]  # to see the address
    moved = world.remote.files["six"][sdist_name("six")]
    world.remote.files["six"][sdist_name("six")] = type(moved)(
        **{n: getattr(moved, n) for n in moved.__slots__ if n != "url"}, url="https://moved.example.com/x"
    )
    world.get(team, "six", "1.0", sdist_name("six"))
    assert urls == ["https://moved.example.com/x"]


def test_a_recorded_file_is_asked_for_where_it_was_when_the_listing_fails(
    world: SmallWorld, team: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.remote.add_wheel("six", "1.0")
    world.remote.add("six", sdist_name("six"), make_sdist("six"))
    world.get(team, "six", "1.0")

    def fail(_: object) -> None:
        raise RemoteUnavailableError("The page is gone.", hint="Try again.")

    monkeypatch.setattr(world.remote, "list_files", fail)
    assert world.get(team, "six", "1.0", sdist_name("six")) == make_sdist("six")


def test_public_bytes_that_a_disk_has_lost_are_fetched_again(world: SmallWorld, store: Repository) -> None:
    team = world.repository("other-team", store)
    world.remote.add("six", SIX, make_wheel("six"), metadata=metadata_text("six"))
    for repository in (team, team, store, world.repository("third-team", store)):
        world.get(repository, "six", "1.0")
        world.files.metadata(wanted(repository)).body.close()
        for sha256 in world.stored():
            (world.store.folder / sha256[:2] / sha256).unlink()
        assert world.get(repository, "six", "1.0") == make_wheel("six")
        with world.files.metadata(wanted(repository)).body as body:
            assert body.read() == metadata_text("six")


def test_bytes_of_our_own_that_a_disk_has_lost_are_asked_for_nowhere(world: SmallWorld, team: Repository) -> None:
    above = world.repository("above", team)
    world.upload_wheel(team, "acme-core", "1.0")
    for sha256 in world.stored():
        (world.store.folder / sha256[:2] / sha256).unlink()
    world.remote.asked.clear()
    for repository in (team, above):
        with pytest.raises(FileNotFoundError):
            world.get(repository, "acme-core", "1.0")
        with pytest.raises(FileNotFoundError):
            world.files.metadata(wanted(repository, wheel_name(), project="acme-core"))
    assert world.remote.asked == []
