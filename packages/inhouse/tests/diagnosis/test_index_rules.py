"""Properties of the rules for indexes, and what exactly they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse.diagnosis.findings import Code, Finding, Severity, by_danger
from inhouse.diagnosis.indexes import Asked, Kind, Strategy, Wanted, check_indexes, check_strategies
from inhouse.project.manifest import Coordinates
from inhouse.tools.locations import Scope, Tool

ENDPOINT = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
WANTED = Wanted(
    Coordinates("acme", "111122223333", "us-east-1", "shared"), ENDPOINT, Tool.UV, "pyproject.toml: tool.uv.index"
)
OURS = (f"{ENDPOINT}simple/", f"{ENDPOINT}simple", ENDPOINT, f"http://aws:token@{ENDPOINT[7:]}simple/")
OTHERS = ("https://public.example/simple/", "http://127.0.0.1:9/pypi/d/acme-111122223333/other/simple/", "PyPI")

TOOLS = st.sampled_from([Tool.UV, Tool.PIP, Tool.POETRY, Tool.PDM])
INDEXES = st.sampled_from([Kind.MAIN, Kind.BESIDE, Kind.EXPLICIT])


def asked(urls: st.SearchStrategy[str], kinds: st.SearchStrategy[Kind]) -> st.SearchStrategy[Asked]:
    places = st.sampled_from(
        ["pyproject.toml: tool.uv.index.a", "uv.toml: index.b", "UV_INDEX", "~/pip.conf: [global] x"]
    )
    return st.builds(Asked, TOOLS, places, st.sampled_from(list(Scope)), kinds, urls)


OUR_MAIN = Asked(Tool.UV, "pyproject.toml: tool.uv.index.shared", Scope.VARIABLE, Kind.MAIN, OURS[0])


@given(st.lists(asked(st.sampled_from(OURS), st.just(Kind.MAIN))))
def test_the_one_index_alone_is_never_refused(listed: list[Asked]) -> None:
    assert list(check_indexes([OUR_MAIN, *listed], WANTED)) == []


@given(
    st.lists(asked(st.sampled_from([*OURS, *OTHERS]), INDEXES)),
    asked(st.sampled_from(OTHERS), st.sampled_from([Kind.BESIDE, Kind.EXPLICIT])),
)
def test_whatever_is_asked_beside_it_is_refused(listed: list[Asked], stranger: Asked) -> None:
    found = list(check_indexes([*listed, stranger], WANTED))
    assert stranger.place in {finding.place for finding in found if finding.severity is Severity.DANGER}


@given(st.lists(asked(st.sampled_from([*OURS, *OTHERS]), st.sampled_from(list(Kind)))))
def test_with_or_without_a_known_repository_no_password_is_shown(listed: list[Asked]) -> None:
    for wanted in (WANTED, Wanted()):
        shown = repr(list(check_indexes(listed, wanted)))
        assert "token@" not in shown


@given(st.lists(asked(st.sampled_from(OTHERS), INDEXES), min_size=1), st.randoms())
def test_the_order_of_what_is_found_does_not_depend_on_that_of_what_is_asked(
    listed: list[Asked], shuffle: object
) -> None:
    _ = shuffle
    unique = list({each.place: each for each in listed}.values())
    there = by_danger(check_strategies([Strategy(each.place, "index-strategy", "x") for each in unique]))
    back = by_danger(check_strategies([Strategy(each.place, "index-strategy", "x") for each in reversed(unique)]))
    assert there == back


def codes(found: list[Finding]) -> list[tuple[Code, Severity, str]]:
    return [(finding.code, finding.severity, finding.fix) for finding in found]


@pytest.mark.parametrize(
    ("place", "scope", "severity", "fix"),
    [
        ("~/.config/pip/pip.conf: [global] index-url", Scope.USER, Severity.NOTE, "take `[global] index-url` out of"),
        ("PIP_INDEX_URL", Scope.VARIABLE, Severity.DANGER, "unset PIP_INDEX_URL"),
        ("pip.conf: [global] index-url", Scope.PROJECT, Severity.DANGER, "take `[global] index-url` out of pip.conf"),
    ],
)
def test_another_tool_s_index_is_as_bad_as_it_is_meant(place: str, scope: Scope, severity: Severity, fix: str) -> None:
    pip = Asked(Tool.PIP, place, scope, Kind.MAIN, OTHERS[0])
    (found,) = codes(list(check_indexes([OUR_MAIN, pip], WANTED)))
    assert found[:2] == (Code.WRONG_INDEX, severity)
    assert found[2].startswith(fix)


def test_of_several_main_indexes_the_one_that_wins_counts() -> None:
    user = Asked(Tool.PIP, "~/pip.conf: [global] index-url", Scope.USER, Kind.MAIN, OTHERS[0])
    variable = Asked(Tool.PIP, "PIP_INDEX_URL", Scope.VARIABLE, Kind.MAIN, OURS[0])
    assert list(check_indexes([OUR_MAIN, user, variable], WANTED)) == []


def test_what_hides_the_index_or_softens_it_is_a_problem() -> None:
    soft = Asked(Tool.UV, "pyproject.toml: tool.uv.index.shared", Scope.PROJECT, Kind.MAIN, OURS[0], "it is soft")
    assert codes(list(check_indexes([soft], WANTED))) == [
        (Code.INDEX_INCOMPLETE, Severity.PROBLEM, "inhouse use-index")
    ]


def test_a_folder_of_the_user_s_own_is_less_bad_than_a_page() -> None:
    links = [
        Asked(Tool.PIP, "~/pip.conf: [global] find-links", Scope.USER, Kind.LINKS, url)
        for url in ("/opt/wheels", "https://public.example/files")
    ]
    found = [finding.severity for finding in check_indexes([OUR_MAIN, *links], WANTED)]
    assert found == [Severity.PROBLEM, Severity.DANGER]


def test_a_manager_with_nothing_but_links_asks_pypi() -> None:
    links = Asked(Tool.UV, "UV_FIND_LINKS", Scope.VARIABLE, Kind.LINKS, "/opt/wheels")
    assert Code.INDEX_MISSING in {finding.code for finding in check_indexes([links], WANTED)}


def test_a_repository_that_the_project_does_not_have_right_is_known_by_its_path() -> None:
    wanted = Wanted(WANTED.coordinates)
    assert wanted.is_it("https://elsewhere.example/pypi/d/acme-111122223333/shared/simple/")
    assert not wanted.is_it("https://elsewhere.example/pypi/d/acme-111122223333/other/simple/")
    assert not Wanted().is_it(ENDPOINT)


def test_first_index_is_as_it_should_be() -> None:
    assert list(check_strategies([Strategy("uv.toml: index-strategy", "index-strategy", "first-index")])) == []
