"""Resolution, checked against the reference algorithm written out longhand, and case by case."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from inhouse_server.model import (
    Digests,
    File,
    Origin,
    OriginControls,
    OriginType,
    Package,
    PackageFormat,
    PackageVersion,
    Restriction,
    Sha256,
    VersionStatus,
)
from inhouse_server.rules.origin_controls import Arrival, chosen, defaults, makes_the_name_ours
from inhouse_server.rules.resolution import (
    Offer,
    Place,
    is_ours,
    may_ask_public_source,
    project_files,
    resolve_version,
    retaining_places,
    search_order,
    upstream_of_version,
)

OPEN = OriginControls(Restriction.BLOCK, Restriction.ALLOW)
OWN = OriginControls(Restriction.ALLOW, Restriction.BLOCK)
PUBLISHED, UNLISTED, ARCHIVED = VersionStatus.PUBLISHED, VersionStatus.UNLISTED, VersionStatus.ARCHIVED
INTERNAL, EXTERNAL = OriginType.INTERNAL, OriginType.EXTERNAL


def a_file(version: str, name: str = "wheel", *, yanked: bool | str = False, content: str = "") -> File:
    digest = hashlib.sha256(f"{version} {name} {content}".encode()).hexdigest()
    return File(f"acme-{version}-{name}", version, Digests(Sha256(digest)), yanked=yanked)


def a_record(
    version: str, *files: File, status: VersionStatus = PUBLISHED, origin: OriginType = INTERNAL
) -> dict[str, PackageVersion]:
    package = Package(1, 1, PackageFormat.PYPI, NormalizedName("acme"), OPEN)
    record = PackageVersion(
        id=1,
        package=package,
        version=version,
        status=status,
        origin=Origin(
            origin, "repository" if origin is INTERNAL else None, None if origin is INTERNAL else "public:pypi"
        ),
        revision="r",
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        metadata=None,
        files=files or (a_file(version),),
    )
    return {version: record}


def names(places: Sequence[Place]) -> list[str]:
    return [file.filename for file in project_files(places)]


# --- the order of the search -----------------------------------------------------------------------------------------


def test_the_order_of_the_user_guide() -> None:
    graph = {"my": ["A", "B"], "A": ["C", "D"], "D": ["E"]}
    assert search_order("my", lambda name: graph.get(name, [])) == ["my", "A", "C", "D", "E", "B"]


GRAPHS = st.integers(1, 9).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, size - 1).map(str), max_size=4, unique=True), min_size=size, max_size=size
    )
)


@given(GRAPHS, st.integers(1, 12))
def test_each_repository_once_depth_first_and_no_more_than_the_limit(graph: list[list[str]], limit: int) -> None:
    expected: list[str] = []

    def visit(name: str) -> None:
        if name not in expected:
            expected.append(name)
            for upstream in graph[int(name)]:
                visit(upstream)

    visit("0")
    assert search_order("0", lambda name: graph[int(name)], limit) == expected[:limit]


def test_a_lookup_visits_twenty_five_repositories() -> None:
    assert len(search_order("0", lambda name: [str(int(name) + 1)])) == 25


# --- against the reference -------------------------------------------------------------------------------------------

CONTROLS = st.none() | st.builds(
    OriginControls, st.sampled_from(Restriction), st.sampled_from(Restriction), st.booleans()
)
RECORDS = st.dictionaries(
    st.just("1"),
    st.builds(
        lambda status, origin, n: a_record("1", a_file("1", str(n)), status=status, origin=origin)["1"],
        st.sampled_from(VersionStatus),
        st.sampled_from([INTERNAL, EXTERNAL]),
        st.integers(0, 2),
    ),
)
OFFERED = st.dictionaries(
    st.just("1"),
    st.lists(st.integers(0, 3), min_size=1, unique=True).map(lambda ns: tuple(a_file("1", str(n)) for n in ns)),
)
AS_ON_AWS = st.lists(st.builds(Place, st.just("r"), CONTROLS, RECORDS, OFFERED), min_size=1, max_size=5)
"""Where no place makes a name ours for others."""

CLOSING = AS_ON_AWS.map(lambda places: [closing(place) for place in places])
PLACES = AS_ON_AWS | CLOSING


def closing(place: Place) -> Place:
    return replace(place, ours=makes_the_name_ours(place.controls, place.versions.values()))


def allowed(place: Place) -> bool:
    return place.controls is None or place.controls.upstream is Restriction.ALLOW


def own(places: Sequence[Place]) -> bool:
    return any(
        place.controls is not None
        and (
            place.controls.upstream is Restriction.BLOCK
            or (
                not place.controls.beside_public
                and INTERNAL in {record.origin.type for record in place.versions.values()}
            )
        )
        for place in places
    )


def visible(places: Sequence[Place]) -> PackageVersion | tuple[File, ...] | None:
    """The reference: the record or the public files that decide over version 1, or None where they are hidden."""
    public = not any(place.ours for place in places)
    for place in places:
        kept_by_others = place is not places[0] and not place.ours
        if "1" in place.versions and (public or not kept_by_others or place.versions["1"].origin.type is INTERNAL):
            record = place.versions["1"]
            if record.status not in {PUBLISHED, UNLISTED}:
                return None
            return record if place is places[0] or allowed(places[0]) else None
        if public and "1" in place.offered and allowed(place):
            return place.offered["1"] if place is places[0] or allowed(places[0]) else None
    return None


@given(PLACES)
def test_what_is_visible_is_what_the_reference_says(places: list[Place]) -> None:
    expected, found = visible(places), resolve_version(places, "1")
    if expected is None:
        assert found is None
        assert project_files(places) == []
        return
    assert found is not None
    files = [offer.file for offer in found.offers]
    if isinstance(expected, PackageVersion):
        assert found.record is expected
        assert [file.filename for file in files][: len(expected.files)] == [file.filename for file in expected.files]
        if expected.origin.type is INTERNAL:
            assert files == list(expected.files)
        listed = expected.status is PUBLISHED
    else:
        assert found.record is None
        assert files == list(expected)
        listed = True
    assert project_files(places) == (files if listed else [])


@given(PLACES)
def test_every_offer_is_where_it_says(places: list[Place]) -> None:
    found = resolve_version(places, "1")
    for offer in found.offers if found else ():
        place = places[offer.place]
        source = place.versions["1"].files if offer.recorded else place.offered["1"]
        assert offer.file.filename in {file.filename for file in source}
        assert offer.place == 0 or allowed(places[0])
        assert offer.recorded or allowed(place)


@given(PLACES)
def test_what_upstream_blocks_never_changes_what_is_held(places: list[Place]) -> None:
    closed = [Place("r", OWN, places[0].versions, places[0].offered), *places[1:]]
    held = [Place("r", OWN, places[0].versions)]
    assert project_files(closed) == project_files(held)


@given(PLACES, st.integers(0, 4))
def test_a_source_that_may_not_be_asked_changes_nothing(places: list[Place], index: int) -> None:
    index %= len(places)
    if not may_ask_public_source(places, index):
        without = list(places)
        without[index] = replace(places[index], offered={})
        assert project_files(places) == project_files(without)


@given(CLOSING, st.integers(0, 4))
def test_in_a_search_that_makes_the_name_ours_no_source_says_anything(places: list[Place], index: int) -> None:
    index %= len(places)
    assert is_ours(places) is own(places)
    if is_ours(places):
        assert not may_ask_public_source(places, index)
        found = resolve_version(places, "1")
        assert all(offer.recorded for offer in (found.offers if found else ()))
        assert project_files(places) == project_files([replace(place, offered={}) for place in places])
        assert upstream_of_version(places, "1") in {None, *(p.repository for p in places[1:] if p.versions)}


@given(PLACES, PLACES)
def test_what_is_ours_stays_so_from_further_down(above: list[Place], places: list[Place]) -> None:
    """No repository in front of, beside or behind it opens the name again."""
    if is_ours(places):
        assert is_ours([*above, *places])
        assert is_ours([*places, *above])


# --- a name of ours, and a stranger who publishes it with a higher version -------------------------------------------

STORE = Place("store", None, {}, {"99": (a_file("99"),)})
TEAM = Place("team", OWN, a_record("2"))
OPENED = Place("team", chosen(Restriction.ALLOW, Restriction.ALLOW), a_record("2"))
RETAINED = Place("team", OPEN, a_record("2"))
EMPTY = Place("team", OWN)
PUT_AWAY = Place("team", OPEN, a_record("2", status=ARCHIVED))
FETCHED = Place("store", defaults(Arrival.INGESTED), a_record("2", a_file("2", "strangers"), origin=EXTERNAL))
CURATED = Place("curated", chosen(Restriction.BLOCK, Restriction.BLOCK), a_record("98", origin=EXTERNAL))
KEPT = Place("app", OPEN, a_record("98", origin=EXTERNAL))
PATCHED = Place("app", defaults(Arrival.INGESTED), {**a_record("98", origin=EXTERNAL), **a_record("98.1")})


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([TEAM, STORE], ["2"]),
        ([Place("app"), TEAM, STORE], ["2"]),
        ([Place("app2"), STORE, TEAM], ["2"]),
        ([Place("app3"), Place("priv", OWN, a_record("2")), STORE], ["2"]),
        ([replace(STORE, repository="app4"), TEAM], ["2"]),
        ([Place("app"), Place("middle"), Place("middle2"), TEAM, STORE], ["2"]),
        ([Place("app"), RETAINED, STORE], ["2"]),
        ([TEAM, OPENED, STORE], ["2"]),
        ([Place("app"), EMPTY, STORE], []),
        ([Place("app"), PUT_AWAY, STORE], []),
        ([KEPT, TEAM, STORE], ["2", "98"]),
        ([Place("app"), TEAM, FETCHED], ["2"]),
        ([Place("app"), FETCHED, TEAM], ["2"]),
        ([Place("app"), EMPTY, FETCHED], []),
        ([Place("app"), CURATED, STORE], ["98"]),
        ([KEPT, STORE], ["98", "99"]),
        ([Place("app"), STORE], ["99"]),
        ([STORE], ["99"]),
        ([Place("app"), OPENED, STORE], ["2", "99"]),
        ([PATCHED, STORE], ["98", "98.1", "99"]),
    ],
    ids=[
        "published here",
        "published upstream",
        "published beside the store and behind it",
        "published beside the store and before it",
        "published behind what is connected",
        "published far upstream",
        "retained from where it was published",
        "opened, but not everywhere",
        "only set to BLOCK",
        "published and put away",
        "retained before it was published",
        "fetched by others, behind ours",
        "fetched by others, with our number and before ours",
        "fetched by others, and ours is only reserved",
        "closed by those who keep public versions",
        "retained from a name of others",
        "a name of others",
        "a name of others, in the store itself",
        "opened by somebody who may",
        "a name of others, with a patched version of ours",
    ],
)
def test_a_strangers_version_of_our_name_is_not_to_be_had(places: list[Place], expected: list[str]) -> None:
    places = [closing(place) for place in places]
    assert names(places) == [f"acme-{version}-wheel" for version in expected]
    others = "99" in expected
    assert is_ours(places) is not others
    assert (resolve_version(places, "99") is not None) is others
    assert (upstream_of_version(places, "99") is not None) is others
    assert any(may_ask_public_source(places, index) for index in range(len(places))) is others


def test_on_aws_a_name_is_ours_in_its_own_repository_alone() -> None:
    assert names([TEAM, STORE]) == ["acme-2-wheel"]
    assert names([Place("app"), TEAM, STORE]) == ["acme-2-wheel", "acme-99-wheel"]
    assert not is_ours([Place("app"), TEAM, STORE])


# --- case by case ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [ARCHIVED, VersionStatus.DISPOSED, VersionStatus.UNFINISHED])
def test_a_version_held_back_here_does_not_come_back_from_the_public_source(status: VersionStatus) -> None:
    here = Place("here", OPEN, a_record("1", status=status, origin=EXTERNAL))
    store = Place("store", None, {}, {"1": (a_file("1"),), "2": (a_file("2"),)})
    assert resolve_version([here, store], "1") is None
    assert names([here, store]) == ["acme-2-wheel"]


def test_an_unlisted_version_is_not_shown_but_offered() -> None:
    here = Place("here", OPEN, a_record("1", status=UNLISTED, origin=EXTERNAL))
    store = Place("store", OPEN, a_record("1", origin=EXTERNAL))
    assert names([here, store]) == []
    assert resolve_version([here, store], "1") is not None


def test_publishing_hides_what_the_public_source_adds_later() -> None:
    here = Place("here", OWN, a_record("1"), {"3": (a_file("3"),)})
    store = Place("store", None, {}, {"3": (a_file("3"),)})
    assert names([here, store]) == ["acme-1-wheel"]
    assert not may_ask_public_source([here, store], 0)
    assert not may_ask_public_source([here, store], 1)


def test_versions_are_united_and_sorted_as_versions() -> None:
    here = Place("here", OPEN, {**a_record("10", origin=EXTERNAL), **a_record("9", origin=EXTERNAL)})
    upstream = Place("upstream", None, a_record("9.5", origin=EXTERNAL))
    store = Place("store", None, {}, {"1": (a_file("1"),), "odd": (a_file("odd"),)})
    assert names([here, upstream, store]) == [f"acme-{v}-wheel" for v in ("odd", "1", "9", "9.5", "10")]


def test_a_retained_version_gets_what_is_added_and_yanked_upstream() -> None:
    wheel, sdist = a_file("1", "wheel"), a_file("1", "sdist")
    here = Place("here", OPEN, a_record("1", wheel, origin=EXTERNAL))
    store = Place(
        "store", OPEN, a_record("1", wheel, origin=EXTERNAL), {"1": (a_file("1", "wheel", yanked="broken"), sdist)}
    )
    assert [(f.filename, f.yanked) for f in project_files([here, store])] == [
        ("acme-1-wheel", "broken"),
        ("acme-1-sdist", False),
    ]
    found = resolve_version([here, store], "1")
    assert found is not None
    assert [(offer.place, offer.recorded) for offer in found.offers] == [(0, True), (1, False)]


def test_other_bytes_under_a_held_name_do_not_replace_it() -> None:
    here = Place("here", OPEN, a_record("1", origin=EXTERNAL), {"1": (a_file("1", yanked=True, content="changed"),)})
    assert project_files([here]) == [a_file("1")]


@pytest.mark.parametrize(
    "between",
    [a_record("1", a_file("1", "own"), origin=INTERNAL), a_record("1", status=ARCHIVED, origin=EXTERNAL)],
    ids=["published there", "archived there"],
)
def test_a_record_in_between_ends_the_refresh(between: dict[str, PackageVersion]) -> None:
    here = Place("here", OPEN, a_record("1", origin=EXTERNAL))
    store = Place("store", None, {}, {"1": (a_file("1"), a_file("1", "sdist"))})
    assert names([here, Place("between", OPEN, between), store]) == ["acme-1-wheel"]


def test_the_refresh_takes_what_a_repository_in_between_has_retained() -> None:
    here = Place("here", OPEN, a_record("1", origin=EXTERNAL))
    between = Place("between", OPEN, a_record("1", a_file("1"), a_file("1", "sdist"), origin=EXTERNAL))
    assert names([here, between]) == ["acme-1-wheel", "acme-1-sdist"]


def test_upstream_block_ends_the_refresh() -> None:
    here = Place("here", OWN, a_record("1", origin=EXTERNAL))
    store = Place("store", None, {}, {"1": (a_file("1", yanked=True), a_file("1", "sdist"))})
    assert project_files([here, store]) == [a_file("1")]


def test_where_a_version_comes_from_upstream() -> None:
    here = Place("here", OPEN, a_record("1", origin=EXTERNAL), {"2": (a_file("2"),)})
    upstream = Place(
        "upstream", None, {**a_record("1", origin=EXTERNAL), **a_record("3", status=ARCHIVED, origin=EXTERNAL)}
    )
    empty = Place("empty", None, {"4": a_record("4")["4"]})
    assert upstream_of_version([here, upstream], "1") == "upstream"
    assert upstream_of_version([here, upstream], "2") == "here"
    assert upstream_of_version([here, upstream], "3") == "upstream", "held back there, and so not free"
    assert upstream_of_version([here, upstream], "9") is None
    assert upstream_of_version([Place("here", OWN), empty], "4") is None


def test_a_version_upstream_does_not_matter_where_nothing_comes_from_there() -> None:
    upstream = Place("upstream", None, a_record("1"), {"2": (a_file("2"),)})
    for version in ("1", "2"):
        assert upstream_of_version([Place("here"), upstream], version) == "upstream"
        assert upstream_of_version([Place("here", OWN), upstream], version) is None


@pytest.mark.parametrize(
    ("place", "recorded", "expected"), [(0, True, (0,)), (0, False, (0,)), (2, True, (0,)), (2, False, (2, 0))]
)
def test_the_ends_of_the_way_retain_and_not_what_is_between(
    place: int, recorded: bool, expected: tuple[int, ...]
) -> None:
    assert retaining_places(Offer(a_file("1"), place, recorded=recorded)) == expected
