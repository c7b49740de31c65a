"""Runs the tools of the attack table, several at a time, and says what they chose."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attacked_repository import PUBLISHED, Attacked, Outcome, attacked
from attacks import Attack
from installers import Installer
from known_bad import Bad
from latest_programs import Programs
from strangers_index import STRANGERS
from workplace import ENV, HEALTHY, INHOUSE, LOCK, LOGIN, RUN, TEAM

WORKERS: Final = 3
"""Programs at a time. They wait a little for each other's servers; more would wait for the processors."""


@dataclass(frozen=True)
class Chosen:
    """What a tool did.

    Attributes:
        versions: What it chose, by name.
        exit_code: Of the command.
        said: What a person sees.
    """

    versions: dict[str, str]
    exit_code: int
    said: str

    def outcome(self, target: str) -> Outcome:
        if STRANGERS in self.versions.values():
            return Outcome.STRANGERS
        return Outcome.OURS if self.exit_code == 0 and self.versions.get(target) == "1.0" else Outcome.NOTHING


Cell = Attack | tuple[Bad, int, str]


class Table:
    """Fills cells of the table, several at a time: those that are selected and are of the same group.

    Args:
        folder: For everything.
        programs: The tools.
        selected: The cells.
    """

    def __init__(self, folder: Path, programs: Programs, selected: Sequence[Cell]) -> None:
        self._folder = folder
        self._programs = programs
        self._selected = selected
        self._places: dict[str, Attacked] = {}
        self._stack = ExitStack()
        self._filled: dict[Cell, Chosen] = {}

    def place(self, mode: str) -> Attacked:
        """Return the repository in one mode."""
        if mode not in self._places:
            folder = self._folder / mode
            folder.mkdir()
            self._places[mode] = self._stack.enter_context(attacked(mode, folder, self._programs))
        return self._places[mode]

    def cell(self, cell: Cell) -> Chosen:
        """Return what a tool did, after filling all cells of the same group."""
        if cell not in self._filled:
            mode, answer = _group(cell)
            place = self.place(mode)
            group = [each for each in self._selected if _group(each) == (mode, answer)]
            with ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(lambda each: _prepare(place, each), group))
                place.answers(answer)
                self._filled |= dict(zip(group, pool.map(lambda each: _fill(place, each), group), strict=True))
            place.answers(HEALTHY)
        return self._filled[cell]

    def close(self) -> None:
        """Stop the repositories."""
        self._stack.close()


def _group(cell: Cell) -> tuple[str, int]:
    return cell.group if isinstance(cell, Attack) else ("aws", cell[1])


def _prepare(place: Attacked, cell: Cell) -> None:
    """Let commands of ours set up what a cell needs, while the repository is still healthy."""
    if isinstance(cell, Attack):
        installer, repository = cell.installer, cell.state.repository
        place.project(installer, repository)
        if cell.configuration == LOGIN:
            place.logged_in(repository)
        elif cell.configuration == ENV:
            place.variables(installer, repository)


def _fill(place: Attacked, cell: Cell) -> Chosen:
    return _attack(place, cell) if isinstance(cell, Attack) else _attack_bad(place, *cell)


def _attack(place: Attacked, attack: Attack) -> Chosen:
    installer, repository = attack.installer, attack.state.repository
    home, variables = place.configured(installer, attack.configuration, repository)
    variables |= attack.surroundings.set_up(home, place.second_index)
    argv = installer.argv
    if attack.configuration == RUN:
        argv = (*INHOUSE, "run", "--tool", installer.tool, *place.where(repository), "--", *argv)
    elif attack.configuration == LOCK:
        argv = (*INHOUSE, "lock")
    wanted = attack.state.target if attack.way == "direct" else attack.state.dependent
    desk = Desk(home, variables)
    return run(place, installer, desk, wanted=wanted, project=place.project(installer, repository), argv=argv)


def _attack_bad(place: Attacked, bad: Bad, answer: int, way: str) -> Chosen:
    _ = answer
    index, token = place.domain.index_url(TEAM), place.domain.token()
    variables = bad.told(place.domain.index_url(TEAM, token=token), token, place.second_index)
    wanted = PUBLISHED.target if way == "direct" else PUBLISHED.dependent
    desk = Desk(place.new_home(), variables)
    return run(place, bad.installer, desk, wanted=wanted, project=bad.text(index, place.second_index))


@dataclass(frozen=True)
class Desk:
    """A home, and the variables of a shell there."""

    home: Path
    variables: dict[str, str]


def run(
    place: Attacked, installer: Installer, desk: Desk, *, wanted: str, project: str, argv: Sequence[str] = ()
) -> Chosen:
    """Run a tool.

    Args:
        place: The repository.
        installer: The tool.
        desk: Where.
        wanted: The package.
        project: The text of the project, for tools that have projects.
        argv: What is run, where that is not the tool alone.
    """
    folder = desk.home / "work"
    installer.prepare(folder, wanted, project if installer.project else None)
    own = {"HATCH_DATA_DIR": str(folder / "environments"), **installer.variables}
    environment = [] if installer.environment == "uv" else [installer.environment]
    shell = place.shell(desk.home, folder, *environment, **desk.variables, **own)
    done = shell.run(*(argv or installer.argv), check=False)
    return Chosen(installer.read(folder), done.returncode, done.stdout)
