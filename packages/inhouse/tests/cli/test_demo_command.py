"""`inhouse demo` as a person sees it; the story itself is told elsewhere."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution
from pathlib import Path
from types import SimpleNamespace

import pytest

from inhouse.cli import main
from inhouse.demo.repository import RunningRepository
from inhouse.demo.road import Step
from inhouse.demo.wheelhouse import needed_names
from inhouse.errors import InhouseError

Tell = Callable[..., "ShortStory"]


class ShortStory:
    """A story of two steps: the repository is started, and something else is done."""

    def __init__(self, root: Path, error: InhouseError | None) -> None:
        self.root = root
        self._error = error
        self.account = SimpleNamespace(environment={})
        self.is_running = False

    def steps(self) -> list[Step]:
        return [Step("start", "it runs", self._start), Step("work", "it works", self._work)]

    def _start(self) -> None:
        process = subprocess.Popen(["sleep", "60"])
        self.running = RunningRepository("http://127.0.0.1:1", self.root / "data", process, self.root / "log")
        self.is_running = True

    def _work(self) -> None:
        if self._error is not None:
            raise self._error


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tell]:
    """Replaces the story by the short one, and ends what it may leave running."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told: list[ShortStory] = []

    def tell(*arguments: str, error: InhouseError | None = None) -> ShortStory:
        def story(root: Path, *_: object) -> ShortStory:
            told.append(ShortStory(root, error))
            return told[-1]

        monkeypatch.setattr("inhouse.demo.story.Story", story)
        with pytest.raises(SystemExit) as ended:
            main(["demo", *arguments])
        assert ended.value.code == (0 if error is None else 1)
        return told[-1]

    yield tell
    for story in told:
        if story.is_running and story.running.process.poll() is None:
            story.running.stop()


def test_when_all_goes_well_nothing_stays(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    story = tell()

    assert not story.root.exists()
    assert story.running.process.returncode is not None
    said = capsys.readouterr()
    assert "2 of 2 steps went well" in said.out
    assert said.err == ""


def test_a_failure_comes_with_its_hint(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    story = tell(error=InhouseError("no lock", hint="run `make lock`"))

    assert not story.root.exists()
    said = capsys.readouterr()
    assert said.err == "\nerror: no lock\n\nhint: run `make lock`\n"
    assert "1 of 2 steps went well" in said.out


def test_what_is_kept_can_be_reached_and_ended(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    story = tell("--keep")

    assert story.root.is_dir()
    assert story.running.process.poll() is None
    last = capsys.readouterr().out.splitlines()[-4:]
    assert f"{sys.executable} -m inhouse server env --data-dir {story.running.data_dir}" in last[1]
    assert last[3] == f"  kill {story.running.process.pid}; rm -r {story.root}"


def test_a_wheelhouse_is_saved_when_all_went_well(
    tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("inhouse.codeartifact.session.client_of", lambda _: "client")
    monkeypatch.setattr("inhouse.demo.wheelhouse.save", lambda *asked: len(asked))
    tell("--save-wheelhouse", str(tmp_path / "wheels"))

    assert f"4 files saved in {tmp_path / 'wheels'}" in capsys.readouterr().out


def test_a_wheelhouse_is_looked_at_first(tell: Tell, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheelhouse = tmp_path / "wheels"
    wheelhouse.mkdir()

    assert main(["demo", "--offline", str(wheelhouse)]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert "it holds no wheels" in said.err
    assert f"--save-wheelhouse {wheelhouse}" in said.err
    for name in needed_names(Distribution.from_name("inhouse")):
        (wheelhouse / f"{name.replace('-', '_')}-1-py3-none-any.whl").touch()
    tell("--offline", str(wheelhouse))
