"""The attack table: every way in which a stranger's package could be chosen, and what must come of it.

The axes are a tool, the configuration that `inhouse` gives it, what the repository answers, whether the name is asked
for directly, what else is on the machine, what has become of the name, and the repository's mode. Their full product
would take hours. Here are all pairs that can have to do with each other: answer and way, answer and surroundings,
configuration and surroundings; and every value of every axis with every tool. A state that comes to the same in both
modes is taken in one of them, with the next tool in the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from attacked_repository import PUBLISHED, STATES, Outcome, State
from installers import INSTALLERS, Installer
from workplace import ENV, HEALTHY, LOCK, LOGIN, RUN, USE_INDEX

T = TypeVar("T")

ANSWERS: Final = (HEALTHY, 401, 403, 404, 503)
"""What the repository answers to whoever reads from it."""

DIRECT, TRANSITIVE = "direct", "transitive"
WAYS: Final = (DIRECT, TRANSITIVE)
MODES: Final = ("aws", "superset")


def configurations(installer: Installer) -> tuple[str, ...]:
    """Return what gives a tool its one index: files, variables, or both for one command."""
    return (USE_INDEX if installer.manager else LOGIN, ENV, RUN)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """A second index that is on the machine, whatever the project says.

    Attributes:
        name: As tables call it.
        heeded: The tools that look there.
        place: What `inhouse doctor` names, in part.
        variables: Those that are set; the address of the index is put in.
        files: Those that are there, with the folder they are below: the user's, or the machine's.
    """

    name: str
    heeded: frozenset[str]
    place: str
    variables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def set_up(self, home: Path, url: str) -> dict[str, str]:
        """Write the files, behind what is in them already, and return the variables."""
        for name, text in self.files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            path.write_text(_behind(before, text.replace("URL", url)), encoding="utf-8")
        return {
            "XDG_CONFIG_DIRS": str(home / "machine"),
            **{name: value.replace("URL", url) for name, value in self.variables.items()},
        }

    def is_dropped_by(self, configuration: str) -> bool:
        """Say whether a command of ours leaves it out."""
        return configuration == LOCK or (configuration == RUN and not self.files)


def _behind(before: str, text: str) -> str:
    section = "[global]\n"  # of pip, which must not be there twice
    is_there = section in before and text.startswith(section)
    return before.replace(section, text, 1) if is_there else f"{before}\n{text}"


_PIP: Final = frozenset({"pip", "Hatch"})
_UV: Final = frozenset({"uv", "uv pip", "Hatch with uv"})
_PDM: Final = frozenset({"PDM"})
_PIP_CONF: Final = "[global]\nextra-index-url = URL\n"
_UV_TOML: Final = '[[index]]\nname = "stranger"\nurl = "URL"\n\n'
_PDM_TOML: Final = '[pypi.stranger]\nurl = "URL"\n'

NOTHING: Final = Surroundings("nothing else", frozenset(), "")
HOSTILE: Final = (
    Surroundings("`PIP_EXTRA_INDEX_URL`", _PIP, "PIP_EXTRA_INDEX_URL", {"PIP_EXTRA_INDEX_URL": "URL"}),
    Surroundings("`UV_INDEX`", _UV, "UV_INDEX", {"UV_INDEX": "stranger=URL"}),
    Surroundings("`UV_EXTRA_INDEX_URL`", _UV, "UV_EXTRA_INDEX_URL", {"UV_EXTRA_INDEX_URL": "URL"}),
    Surroundings("the user's `pip.conf`", _PIP, ".config/pip/pip.conf", files={".config/pip/pip.conf": _PIP_CONF}),
    Surroundings("the user's `uv.toml`", _UV, ".config/uv/uv.toml", files={".config/uv/uv.toml": _UV_TOML}),
    Surroundings(
        "the user's `config.toml` of PDM", _PDM, ".config/pdm/config.toml", files={".config/pdm/config.toml": _PDM_TOML}
    ),
    Surroundings(
        "files of the machine",
        _PIP | _UV | _PDM,
        "machine/",
        files={"machine/pip/pip.conf": _PIP_CONF, "machine/uv/uv.toml": _UV_TOML, "machine/pdm/config.toml": _PDM_TOML},
    ),
)


@dataclass(frozen=True)
class Attack:
    """A cell of the table."""

    installer: Installer
    configuration: str
    answer: int = HEALTHY
    way: str = DIRECT
    surroundings: Surroundings = NOTHING
    state: State = PUBLISHED
    mode: str = "aws"

    @property
    def group(self) -> tuple[str, int]:
        """What is set for the whole repository while it runs."""
        return self.mode, self.answer

    @property
    def is_hole(self) -> bool:
        """Whether a second index is asked, so that `inhouse doctor` has to say so."""
        heeded = self.installer.name in self.surroundings.heeded
        return heeded and not self.surroundings.is_dropped_by(self.configuration)

    @property
    def expected(self) -> Outcome:
        """What comes of it where there is no hole."""
        return self.state.expected(self.mode) if self.answer == HEALTHY else Outcome.NOTHING

    def __str__(self) -> str:
        """Return the id of its test."""
        words = [self.installer.name, self.configuration.removeprefix("inhouse "), str(self.answer), self.way]
        words += [each.name for each in (self.surroundings, self.state) if each not in {NOTHING, PUBLISHED}]
        words += [self.mode] if self.mode != "aws" or self.state != PUBLISHED else []
        return "-".join(words).replace("`", "").replace(" ", "_").replace("'", "").replace(",", "")


def attacks() -> tuple[Attack, ...]:
    """Return the table, in an order in which what is set for the whole repository seldom changes."""
    found = dict.fromkeys(cell for installer in INSTALLERS.values() for cell in _of(installer))
    found |= dict.fromkeys(_of_our_own_lock(INSTALLERS["uv"]))
    return tuple(sorted(found, key=lambda each: each.group))


def _of(installer: Installer) -> Iterator[Attack]:
    chosen = configurations(installer)
    turn = _Turns()
    for answer in ANSWERS:
        for way in WAYS:
            # uv is so fast that it need not take turns.
            for configuration in chosen[:2] if installer.environment == "uv" else ():
                yield Attack(installer, configuration, answer, way)
            yield Attack(installer, turn.of(chosen), answer, way)
    for surroundings in HOSTILE:
        if installer.name not in surroundings.heeded:
            yield Attack(installer, turn.of(chosen), turn.of(ANSWERS), turn.of(WAYS), surroundings)
            continue
        for configuration in chosen:
            yield Attack(installer, configuration, HEALTHY, turn.of(WAYS, "healthy"), surroundings)
        yield Attack(installer, turn.of(chosen), turn.of(ANSWERS[1:]), turn.of(WAYS), surroundings)
    number = list(INSTALLERS).index(installer.name)
    for place, state in enumerate(STATES):
        is_the_same = state.at_aws is state.in_superset
        way = WAYS[(number // 2 + place) % 2]
        for mode in (MODES[(number + place) % 2],) if is_the_same else MODES:
            yield Attack(installer, turn.of(chosen), HEALTHY, way, state=state, mode=mode)


def _of_our_own_lock(uv: Installer) -> Iterator[Attack]:
    """Yield what `inhouse lock` has to withstand, where uv alone could not."""
    turn = _Turns()
    for answer in ANSWERS:
        yield Attack(uv, LOCK, answer, turn.of(WAYS))
    for surroundings in HOSTILE:
        yield Attack(uv, LOCK, HEALTHY, turn.of(WAYS, "healthy"), surroundings)
        yield Attack(uv, LOCK, turn.of(ANSWERS[1:]), turn.of(WAYS), surroundings)


class _Turns:
    """Takes the values of an axis in turns, at a pace of its own for each reason to take one."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, Sequence[object]], Iterator[int]] = {}

    def of(self, values: Sequence[T], why: str = "") -> T:
        return values[next(self._counts.setdefault((why, values), count())) % len(values)]
