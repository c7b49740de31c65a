"""The story's own checks: each is shown to fail when what it looks at is not so.

The world of programs is a whole fake here; `make demo` runs the story for real.
"""

import json
import subprocess
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from inhouse.codeartifact.interface import PublishedFile, Token
from inhouse.demo import distributions, repository, story
from inhouse.demo.repository import RunningRepository
from inhouse.demo.road import Step, StepFailedError, walk
from inhouse.demo.story import LIBRARY, SECOND, Story
from inhouse.process import Completed

ENDPOINT = "http://127.0.0.1:8765/pypi/d/acme-111122223333/libraries/"
PYPROJECT = """\
[project]
name = "{name}"
dependencies = []

[[tool.uv.index]]
url = "{index}"
"""


class World:
    """All programs that the story runs, as one fake `Runner`, with a switch for each thing that may go wrong."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.listed: dict[str, dict[str, str]] = {}
        self.index = f"{ENDPOINT}simple/"
        self.builds = ["acme_greetings-0.1.0-py3-none-any.whl", "acme_greetings-0.1.0.tar.gz"]
        self.locked_from = self.index
        self.imported_from: Path | None = None
        self.aws_says = "aws-cli/1.45.11"
        self.colleague_has_inhouse = False
        self.stranger: tuple[int, str] = (1, "401 Error, Credentials not correct")
        self.republish: tuple[int, str] = (1, "error: it exists\n\nhint: raise the version")
        self.takes_other_bytes = False
        self.takes_wheels = True
        self._publishes = 0

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        secrets: Collection[str] = (),
        stream: bool = False,
        check: bool = True,
        missing_hint: str = "",
    ) -> Completed:
        del env, secrets, stream, check, missing_hint
        command = " ".join(argv)
        self.ran.append(command)
        exit_code, stdout, stderr = self._answer(command, list(argv), cwd)
        return Completed(tuple(argv), exit_code, stdout, stderr)

    def _answer(self, command: str, argv: list[str], cwd: Path) -> tuple[int, str, str]:
        if "server env" in command:
            return 0, json.dumps({"AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL_CODEARTIFACT": ENDPOINT}), ""
        if argv[:2] == ["inhouse", "new"]:
            self._new(cwd / argv[2], argv[2])
        elif "twine upload" in command and self.takes_wheels:
            self.listed["inhouse"] = {Path(argv[-1]).name: "0" * 64}
        elif " build --wheel" in command:
            (cwd / f"{Path(argv[-1]).name.replace('-', '_')}-0.1.0-py3-none-any.whl").touch()
        elif argv[0] == "make":
            return self._make(argv[1], cwd)
        else:
            return self._answer_others(command, argv)
        return 0, "", ""

    def _answer_others(self, command: str, argv: list[str]) -> tuple[int, str, str]:
        if argv == ["aws", "--version"]:
            return 0, self.aws_says, ""
        if "command -v inhouse" in command:
            return (0, "/somewhere/inhouse", "") if self.colleague_has_inhouse else (1, "", "")
        if "import acme_greetings" in command:
            module = self.imported_from or Path(argv[0]).parents[1] / "lib" / "acme_greetings" / "__init__.py"
            return 0, str(module), ""
        if " install --no-input" in command:
            return self.stranger[0], "", self.stranger[1]
        return 0, "", ""

    def _new(self, project: Path, name: str) -> None:
        module = project / "src" / name.replace("-", "_")
        module.mkdir(parents=True)
        (module / "__init__.py").touch()
        (project / "pyproject.toml").write_text(PYPROJECT.format(name=name, index=self.index))

    def _make(self, target: str, project: Path) -> tuple[int, str, str]:
        if target == "build":
            (project / "dist").mkdir(exist_ok=True)
            for name in self.builds:
                (project / "dist" / name).write_bytes(str(self._publishes).encode())
        elif target == "lock":
            lock = f'[[package]]\nname = "{LIBRARY}"\nsource = {{ registry = "{self.locked_from}" }}\n'
            (project / "uv.lock").write_text(lock + '[[package]]\nname = "idna"\nsource = { registry = "-" }\n')
        elif target == "publish":
            self._publishes += 1
            if self._publishes == 1 or self.takes_other_bytes:
                self.listed[LIBRARY] = {file.name: story._sha256(file) for file in (project / "dist").iterdir()}
            if self._publishes > 1:
                return self.republish[0], "", self.republish[1]
        return 0, "", ""


class Client:
    """The few operations of CodeArtifact's API that the story calls."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def answer(**parameters: object) -> dict[str, Any]:
            self.asked.append(" ".join([operation, *(str(value) for value in parameters.values())]))
            return {
                "domain": {"owner": "111122223333"},
                "repositoryEndpoint": ENDPOINT,
                "authorizationToken": "made-up-token",
            }

        return answer


class Editable(Distribution):
    """An installation from a checkout."""

    def read_text(self, filename: str) -> str | None:
        return '{"url": "file:///checkout/inhouse", "dir_info": {"editable": true}}' if filename else None

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def told(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    def published_files(url: str, project: str, token: Token, timeout: object) -> tuple[PublishedFile, ...]:
        assert (url, token.value, bool(timeout)) == (f"{ENDPOINT}simple/", "made-up-token", True)
        return tuple(PublishedFile(name, "", digest) for name, digest in world.listed.get(project, {}).items())

    def start(folder: Path, environment: Mapping[str, str], options: Sequence[str]) -> RunningRepository:
        del environment
        world.ran.append(" ".join(["start", *options]))
        return RunningRepository(ENDPOINT, folder / "data", process=None, log=folder)  # type: ignore[arg-type] # not stopped

    monkeypatch.setattr(story, "published_files", published_files)
    monkeypatch.setattr(story, "client_of", lambda _environment: Client())
    monkeypatch.setattr(repository, "start", start)
    monkeypatch.setattr(distributions, "installed", lambda: [Editable(), Distribution.from_name("click")])
    return Story(tmp_path, {"PATH": "/usr/bin:/bin"}, world, "uv", tmp_path / "wheels-of-others")


def steps_until(told: Story, name: str) -> list[Step]:
    steps = told.steps()
    (end,) = (number for number, step in enumerate(steps) if step.name == name)
    return steps[: end + 1]


def failure_of(steps: Sequence[Step]) -> str | None:
    _, error = walk(steps, begins=lambda _number, _step: None, ends=lambda _outcome: None)
    return None if error is None else error.message


def test_the_whole_road_is_walked_in_a_world_where_all_goes_well(told: Story, world: World) -> None:
    outcomes, error = walk(told.steps(), begins=lambda _number, _step: None, ends=lambda _outcome: None)
    assert error is None
    assert told.is_running
    assert len(outcomes) == len(told.steps())
    made = [command for command in world.ran if command.startswith("make ")]
    assert made == [
        *(
            f"make {target}"
            for target in ("venv-create", "lock", "install-all", "cov", "build-doc", "build", "publish", "int")
        ),
        "make bootstrap",
        "make cov",
        *(f"make {target}" for target in ("venv-create", "lock", "install")),
        *("make build", "make publish"),
    ]
    assert world.ran[0].startswith("start --public-pypi ")


def test_nothing_can_be_asked_of_a_story_that_has_not_begun(told: Story) -> None:
    assert not told.is_running
    with pytest.raises(StepFailedError, match="not been started"):
        _ = told.running
    with pytest.raises(StepFailedError, match="not been made"):
        _ = told.account


def test_every_step_says_what_it_proves(told: Story) -> None:
    for step in told.steps():
        assert step.name
        assert len(step.proves) > 20


BROKEN: dict[str, tuple[str, Callable[[World], None], str]] = {
    "own wheels are not taken": (
        "publish inhouse's own wheels",
        lambda world: setattr(world, "takes_wheels", False),
        "does not list inhouse's own wheel",
    ),
    "another index": (
        f"inhouse new {LIBRARY}",
        lambda world: setattr(world, "index", "https://elsewhere.example/simple/"),
        "other indexes",
    ),
    "no source distribution": (
        "developer: make publish",
        lambda world: setattr(world, "builds", world.builds[:1]),
        "not a wheel and a source distribution",
    ),
    "no AWS CLI": (
        "colleague: install the AWS CLI",
        lambda world: setattr(world, "aws_says", "who?"),
        "does not tell its version",
    ),
    "the colleague has inhouse": (
        "colleague: make bootstrap",
        lambda world: setattr(world, "colleague_has_inhouse", True),
        "PATH has an inhouse",
    ),
    "locked from elsewhere": (
        f"second project: {SECOND}",
        lambda world: setattr(world, "locked_from", "https://elsewhere.example/simple/"),
        "is locked from",
    ),
    "imported from elsewhere": (
        f"second project: {SECOND}",
        lambda world: setattr(world, "imported_from", Path("/elsewhere/acme_greetings.py")),
        "was imported from",
    ),
    "the stranger gets it": (
        "stranger: pip install",
        lambda world: setattr(world, "stranger", (0, "")),
        "a stranger was given",
    ),
    "the stranger is refused otherwise": (
        "stranger: pip install",
        lambda world: setattr(world, "stranger", (1, "404 Not Found")),
        "not with 401",
    ),
    "other bytes are taken": (
        "other bytes, same version",
        lambda world: setattr(world, "republish", (0, "")),
        "other bytes were published",
    ),
    "a refusal without a hint": (
        "other bytes, same version",
        lambda world: setattr(world, "republish", (1, "Traceback")),
        "without a hint",
    ),
    "a refusal that took them all the same": (
        "other bytes, same version",
        lambda world: setattr(world, "takes_other_bytes", True),
        "the repository lists",
    ),
}


@pytest.mark.parametrize(("name", "spoil", "message"), BROKEN.values(), ids=BROKEN)
def test_a_step_fails_when_what_it_proves_is_not_so(
    name: str, spoil: Callable[[World], None], message: str, told: Story, world: World
) -> None:
    spoil(world)
    steps = steps_until(told, name)
    outcomes, error = walk(steps, begins=lambda _number, _step: None, ends=lambda _outcome: None)
    assert error is not None
    assert message in error.message
    assert outcomes[-1].name == name


def test_what_is_listed_must_be_what_was_built(told: Story, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "_sha256", lambda _file: "0" * 64)
    assert failure_of(steps_until(told, "developer: make publish")) is None
    world.listed[LIBRARY]["acme_greetings-0.1.0.tar.gz"] = "1" * 64
    monkeypatch.setattr(World, "_make", lambda *_: (0, "", ""))
    (publish,) = (step for step in told.steps() if step.name == "developer: make publish")
    with pytest.raises(StepFailedError, match="the repository lists"):
        publish.run()


def test_the_stopped_process_is_waited_for(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "60"])
    RunningRepository("http://127.0.0.1:1", tmp_path, process, tmp_path).stop()
    assert process.returncode is not None
