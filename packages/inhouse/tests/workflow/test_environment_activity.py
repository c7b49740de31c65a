import shutil
from pathlib import Path

import pytest
from client_fakes import Answer, Bench, Call

from inhouse.errors import (
    EnvironmentIncompleteError,
    EnvironmentMissingError,
    InterpreterMissingError,
    NotAnEnvironmentError,
    ProgramFailedError,
)
from inhouse.workflow.environment import create_environment, ensure_modules, remove_environment


def about(version: str) -> str:
    return f'["{version}", "/project/.venv", "/usr"]'


def make(call: Call) -> None:
    folder = Path(call.argv[-1])
    folder.mkdir(exist_ok=True)
    (folder / "pyvenv.cfg").touch()


@pytest.fixture
def bare(bench: Bench) -> Bench:
    """A project without an environment, on a machine where one can be made."""
    shutil.rmtree(bench.root / ".venv")
    bench.runner.on(Answer("uv venv", effect=make))
    return bench


def test_an_environment_is_made_without_asking_a_repository(bare: Bench) -> None:
    folder = create_environment(bare.context())
    assert folder == bare.root / ".venv"
    (call,) = bare.runner.commands("uv venv")
    assert not call.secrets
    assert "--python" not in call.argv
    assert bare.said == [f"the environment {folder} is made: Python 3.12.1"]


def test_an_empty_folder_is_no_obstacle(bare: Bench) -> None:
    (bare.root / ".venv").mkdir()
    create_environment(bare.context())
    assert bare.runner.commands("uv venv")


def test_doing_it_twice_does_it_once(bench: Bench) -> None:
    create_environment(bench.context())
    create_environment(bench.context(), mention=False)
    assert not bench.runner.commands("uv")
    assert bench.said == [f"the environment {bench.root / '.venv'} is there already: Python 3.12.1"]


@pytest.mark.parametrize("asked", ["3", "3.12", "3.12.1", "/usr/bin/python3", ">=3.12"])
def test_one_that_is_what_was_asked_for_stays(bench: Bench, asked: str) -> None:
    bench.flags["python"] = asked
    create_environment(bench.context())
    assert not bench.runner.commands("uv")


def test_one_whose_python_is_gone_is_made_anew(bench: Bench) -> None:
    bench.write({".venv/old": ""})

    def mend(call: Call) -> None:
        make(call)
        bench.runner.on(Answer("python -I", stdout=about("3.12.1")))

    bench.runner.on(
        Answer("python -I", missing=True),
        Answer("python3.12 -I", stdout=about("3.12.1")),
        Answer("uv python find", stdout="/usr/bin/python3.12\n"),
        Answer("uv venv", effect=mend),
    )
    create_environment(bench.context())
    assert not (bench.root / ".venv" / "old").exists()
    assert "cannot run its Python any more; it is made anew" in bench.said[0]


@pytest.mark.parametrize("asked", ["", "3.13", "3.1"])
def test_one_that_does_not_fit_is_replaced_once_there_is_something_to_replace_it_with(bench: Bench, asked: str) -> None:
    bench.write({".venv/old": ""})
    if asked:
        bench.flags["python"] = asked
    better = about(f"{asked or '3.11'}.4")

    def mend(call: Call) -> None:
        make(call)
        bench.runner.on(Answer("python -I", stdout=better))

    bench.runner.on(
        Answer("python -I", stdout=about("3.10.2")),
        Answer("python3.x -I", stdout=better),
        Answer("uv python find", stdout="/usr/bin/python3.x\n"),
        Answer("uv venv", effect=mend),
    )
    if asked == "3.1":
        with pytest.raises(InterpreterMissingError):  # there is a 3.1.4, and the project needs 3.11
            create_environment(bench.context())
        assert (bench.root / ".venv" / "old").exists()
        return
    create_environment(bench.context())
    assert not (bench.root / ".venv" / "old").exists()
    assert "is of Python 3.10.2, which does not fit; it is made anew" in bench.said[0]


def test_one_that_cannot_be_replaced_stays(bench: Bench) -> None:
    bench.flags["python"] = "3.99"
    bench.runner.on(Answer("uv python find", exit_code=2, stderr="error: No interpreter found for Python 3.99"))
    with pytest.raises(InterpreterMissingError, match=r"3\.99"):
        create_environment(bench.context())
    assert (bench.root / ".venv" / "pyvenv.cfg").is_file()


def test_a_python_that_cannot_run_replaces_nothing(bench: Bench) -> None:
    bench.flags["python"] = "3.13"
    bench.runner.on(Answer("uv python find", stdout="/opt/broken-python"), Answer("broken-python -I", missing=True))
    with pytest.raises(InterpreterMissingError):
        create_environment(bench.context())
    assert (bench.root / ".venv" / "pyvenv.cfg").is_file()


def test_one_that_turns_out_not_to_fit_is_removed_again(bare: Bench) -> None:
    bare.runner.on(Answer("python -I", stdout=about("3.10.2")))
    with pytest.raises(InterpreterMissingError, match=r"only Python 3\.10\.2"):
        create_environment(bare.context())
    assert not (bare.root / ".venv").exists()


def test_one_that_cannot_run_after_all_is_our_error(bare: Bench) -> None:
    bare.runner.on(Answer("python -I", missing=True))
    with pytest.raises(EnvironmentMissingError):
        create_environment(bare.context())


def test_no_python_at_all_is_our_error(bare: Bench) -> None:
    bare.runner.on(Answer("uv venv", exit_code=2, stderr="error: No interpreter found for Python >=3.11"))
    with pytest.raises(InterpreterMissingError) as caught:
        create_environment(bare.context())
    assert ">=3.11" in caught.value.message
    assert "--python" in caught.value.hint


def test_another_failure_stays_uvs_own(bare: Bench) -> None:
    bare.runner.on(Answer("uv venv", exit_code=2, stderr="disk full"))
    with pytest.raises(ProgramFailedError, match="disk full"):
        create_environment(bare.context())


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_something_else_in_its_place_is_left_alone(bare: Bench, kind: str) -> None:
    place = bare.root / ".venv"
    match kind:
        case "file":
            place.write_text("elsewhere", encoding="utf-8")
        case "folder":
            bare.write({".venv/thesis.tex": "years of work"})
        case _:
            place.symlink_to(bare.root / "nowhere")
    for activity in (create_environment, remove_environment):
        with pytest.raises(NotAnEnvironmentError):
            activity(bare.context())
    assert place.is_symlink() or place.exists()


def test_an_environment_is_removed_once(bench: Bench) -> None:
    assert remove_environment(bench.context()) is True
    assert not (bench.root / ".venv").exists()
    assert remove_environment(bench.context()) is False
    assert bench.said == [
        f"the environment {bench.root / '.venv'} is removed",
        f"there is no environment {bench.root / '.venv'}",
    ]


def test_a_link_to_an_environment_is_removed_and_not_what_it_points_to(bare: Bench) -> None:
    bare.write({"elsewhere/pyvenv.cfg": ""})
    (bare.root / ".venv").symlink_to(bare.root / "elsewhere")
    assert remove_environment(bare.context()) is True
    assert not (bare.root / ".venv").is_symlink()
    assert (bare.root / "elsewhere" / "pyvenv.cfg").is_file()


def test_what_a_command_runs_must_be_installed(bench: Bench) -> None:
    ensure_modules(bench.context(), ("pytest",), "test")
    bench.runner.on(Answer("-I -c import importlib.util", stdout='["pytest"]'))
    with pytest.raises(EnvironmentIncompleteError) as caught:
        ensure_modules(bench.context(), ("pytest",), "test")
    assert "make install-test" in caught.value.hint
    bench.runner.on(Answer("-I -c import json, sys; print", exit_code=1))
    with pytest.raises(EnvironmentMissingError) as missing:
        ensure_modules(bench.context(), ("pytest",), "test")
    assert "make venv-create" in missing.value.hint
