"""A stranger has every name of ours at a higher version. With what `inhouse` sets up, their package is never chosen.

Where somebody has put a second index beside it, `inhouse doctor` names it; where a name is open in the repository,
`inhouse check-config` does. With configurations that are known to be bad the same tests find the stranger's package.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
import requests

from attack_runs import Desk, Table, run
from attacked_repository import DELETED, PUBLISHED, STATES, WEAK, Attacked, Outcome, State
from attacks import MODES, Attack, attacks, configurations
from installers import INSTALLERS, Installer
from known_bad import KNOWN_BAD, Bad
from latest_programs import Programs
from workplace import HEALTHY, INHOUSE, LOGIN, RUN, TEAM

pytestmark = pytest.mark.slow

ATTACKS: Final = attacks()
CONTROLS: Final = tuple((bad, answer, way) for bad in KNOWN_BAD for answer, way in bad.picks)


@pytest.fixture(scope="module")
def table(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, latest: Programs
) -> Iterator[Table]:
    calls = [getattr(item, "callspec", None) for item in request.session.items if item.path == request.path]
    selected = [call.params["cell"] for call in calls if call is not None and "cell" in call.params]
    made = Table(tmp_path_factory.mktemp("attacked"), latest, selected)
    yield made
    made.close()


NOT_FOUND: Final = {
    "pip": "No matching distribution found",
    "uv": "was not found in the package registry",
    "poetry": "doesn't match any versions|no versions of .* match",
    "pdm": "Unable to find candidates",
}
"""What tools say where there is no such package, and some of them in other cases too."""

CAUSES: Final = {
    "pip": {401: "401 Error, Credentials not correct"},
    "uv": {401: r"401 Unauthorized", 403: "403 Forbidden", 503: "503 Service Unavailable"},
    "poetry": {401: "Authorization error accessing", 403: "Authorization error accessing", 503: "503 Server Error"},
    "pdm": {},
}
"""What tools say beyond that; what they leave out is `inhouse doctor`'s to say."""


def speaker(installer: Installer) -> str:
    """Return whose words a person reads: Hatch has pip or uv install."""
    return {"Hatch": "pip", "Hatch with uv": "uv"}.get(installer.name, installer.tool)


@pytest.mark.parametrize("cell", ATTACKS, ids=str)
def test_the_strangers_package_is_not_chosen_or_the_hole_is_named(table: Table, cell: Attack) -> None:
    chosen = table.cell(cell)
    place = table.place(cell.mode)
    outcome = chosen.outcome(cell.state.target)
    if cell.is_hole:
        assert doctor_names(place, cell)
        if cell.configuration == RUN:
            assert cell.surroundings.place in chosen.said
        if cell.answer == HEALTHY:
            assert outcome is Outcome.STRANGERS, chosen
        return
    assert outcome is cell.expected, chosen
    if outcome is Outcome.STRANGERS:
        named = place.unreserved_before if cell.state == DELETED else place.unreserved(cell.state)
        assert cell.state.target in named
    if outcome is Outcome.NOTHING:
        who = speaker(cell.installer)
        assert chosen.exit_code != 0
        assert re.search(CAUSES[who].get(cell.answer, NOT_FOUND[who]), chosen.said), chosen.said


def doctor_names(place: Attacked, cell: Attack) -> bool:
    """Say whether `inhouse doctor` names the second index that a tool asks."""
    tool = TITLES.get(speaker(cell.installer), speaker(cell.installer))
    return any(
        cell.surroundings.place in finding["place"] and finding["problem"].startswith(f"{tool} asks")
        for finding in second_indexes(place, cell)
    )


TITLES: Final = {"pdm": "PDM", "poetry": "Poetry"}


def second_indexes(place: Attacked, cell: Attack) -> list[dict[str, Any]]:
    """Return the second indexes that `inhouse doctor` names in some surroundings; it runs once for each tool there."""
    installer, surroundings = cell.installer, cell.surroundings

    def look() -> list[dict[str, Any]]:
        home, variables = place.configured(installer, configurations(installer)[0], TEAM)
        variables |= surroundings.set_up(home, place.second_index)
        folder = home / "work"
        installer.prepare(folder, PUBLISHED.target, place.project(installer, TEAM))
        found = place.findings("doctor", home, folder, "--offline", **variables)
        return [finding for finding in found if finding["id"] == "second-index"]

    return place.once(("second indexes", installer.name, surroundings.name), look)


@pytest.mark.parametrize("name", [name for name, each in INSTALLERS.items() if each.manager])
@pytest.mark.parametrize("command", ["doctor", "check-config"])
def test_where_nothing_is_wrong_nothing_is_found(table: Table, command: str, name: str) -> None:
    place, installer = table.place("aws"), INSTALLERS[name]
    home, _ = place.configured(installer, LOGIN, TEAM)
    installer.prepare(home / "work", PUBLISHED.target, place.project(installer, TEAM))
    found = place.findings(command, home, home / "work")
    assert [finding for finding in found if finding["severity"] != "note"] == []


@pytest.mark.parametrize("cell", CONTROLS, ids=lambda cell: f"{cell[0].name}-{cell[1]}-{cell[2]}".replace(" ", "_"))
def test_the_table_can_fail(table: Table, cell: tuple[Bad, int, str]) -> None:
    chosen = table.cell(cell)
    assert chosen.outcome(PUBLISHED.target) is Outcome.STRANGERS, chosen


@pytest.mark.parametrize("bad", KNOWN_BAD, ids=lambda bad: bad.name.replace(" ", "_"))
def test_doctor_names_what_is_known_to_be_bad(table: Table, bad: Bad) -> None:
    place, home = table.place("aws"), table.place("aws").new_home()
    index, token = place.domain.index_url(TEAM), place.domain.token()
    bad.installer.prepare(home / "work", PUBLISHED.target, bad.text(index, place.second_index) + place.own_table(TEAM))
    variables = bad.told(place.domain.index_url(TEAM, token=token), token, place.second_index)
    found = place.findings("doctor", home, home / "work", "--offline", **variables)
    assert {finding["id"] for finding in found if finding["severity"] == "danger"} & NAMES_A_HOLE


NAMES_A_HOLE: Final = {"second-index", "explicit-index", "public-index", "wrong-index", "index-strategy"}


@pytest.mark.parametrize(
    ("status", "finding"), [(401, "credentials-refused"), (403, "read-denied"), (503, "service-failed")]
)
def test_doctor_names_the_cause_where_tools_are_silent(table: Table, status: int, finding: str) -> None:
    place, uv = table.place("aws"), INSTALLERS["uv"]
    home = place.new_home()
    uv.prepare(home / "work", PUBLISHED.target, place.project(uv, TEAM))
    place.answers(status)
    found = place.findings("doctor", home, home / "work")
    place.answers(HEALTHY)
    assert finding in {each["id"] for each in found}


WHY_NOT: Final = {
    "reserved, not published": "EXTERNAL_UPSTREAM=BLOCK",
    "all versions deleted": "upstream=BLOCK",
    "deleted, reserved": "EXTERNAL_UPSTREAM=BLOCK",
    "archived": "Archived",
}


@pytest.mark.parametrize("state", [each for each in STATES if each.name in WHY_NOT], ids=lambda each: each.target)
def test_explain_says_why_there_is_nothing(table: Table, state: State) -> None:
    place, uv = table.place("aws"), INSTALLERS["uv"]
    home = place.new_home()
    uv.prepare(home / "work", state.target, place.project(uv, TEAM))
    said = place.shell(home, home / "work").run(*INHOUSE, "explain", state.target, check=False).stdout
    assert f"pip and uv find no {state.target} in `{TEAM}`" in said
    assert WHY_NOT[state.name] in said


def test_explain_says_that_a_page_is_missing_which_should_be_there(table: Table) -> None:
    place, uv = table.place("aws"), INSTALLERS["uv"]
    home = place.new_home()
    uv.prepare(home / "work", PUBLISHED.target, place.project(uv, TEAM))
    place.answers(404)
    said = place.shell(home, home / "work").run(*INHOUSE, "explain", PUBLISHED.target, check=False).stdout
    place.answers(HEALTHY)
    assert "the page lacks 1.0, which by the rules and records above should be there" in said


@pytest.mark.parametrize("mode", MODES)
def test_what_looks_like_a_reserved_name_is_served_to_nobody(table: Table, mode: str) -> None:
    place = table.place(mode)
    url = place.domain.index_url(TEAM, token=True) + quote(WEAK) + "/"
    assert requests.get(url, timeout=10).status_code == 404


@pytest.mark.parametrize("name", INSTALLERS)
def test_no_tool_asks_for_what_looks_like_a_reserved_name(table: Table, name: str) -> None:
    place, installer = table.place("aws"), INSTALLERS[name]
    home, variables = place.configured(installer, configurations(installer)[0], TEAM)
    chosen = run(place, installer, Desk(home, variables), wanted=WEAK, project=place.project(installer, TEAM))
    assert chosen.outcome(PUBLISHED.target) is Outcome.NOTHING
    assert chosen.exit_code != 0
