"""Against the Python that runs the tests, and against ones that are broken."""

import os
import platform
import sys
from pathlib import Path

import pytest
from client_fakes import Answer, FakeRunner

from inhouse.errors import ProgramFailedError
from inhouse.process import SubprocessRunner
from inhouse.tools.python import Interpreter, Origin, Python, module_command, read_about, read_origin

ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}


@pytest.fixture
def python() -> Python:
    return Python(SubprocessRunner(), Path(sys.executable), ENVIRONMENT)


def test_an_interpreter_tells_about_itself(python: Python, tmp_path: Path) -> None:
    about = python.about(tmp_path)
    assert about is not None
    assert about.version == platform.python_version().partition("+")[0]
    assert (about.prefix, about.base_prefix) == (sys.prefix, sys.base_prefix)
    assert about.is_environment is (sys.prefix != sys.base_prefix)


def test_an_interpreter_that_cannot_run_tells_nothing(tmp_path: Path) -> None:
    assert Python(SubprocessRunner(), tmp_path / "python", ENVIRONMENT).about(tmp_path) is None
    runner = FakeRunner()
    runner.on(Answer("python", exit_code=1))
    assert Python(runner, tmp_path / "python", {}).about(tmp_path) is None


def test_something_else_than_an_interpreter_tells_nothing() -> None:
    assert read_about("hello") is None
    assert read_about('["3.12.1", "/a", "/a"]') == Interpreter("3.12.1", "/a", "/a")


def test_missing_modules_are_found_without_importing_the_folder(python: Python, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise RuntimeError", encoding="utf-8")
    (tmp_path / "local_module.py").touch()
    assert python.missing(["json", "local_module", "no_such_module"], tmp_path) == ("local_module", "no_such_module")


def test_an_installed_package_tells_where_it_came_from(python: Python, tmp_path: Path) -> None:
    origin = python.origin("pluggy", ["pluggy"], tmp_path)
    assert origin.version
    assert origin.direct_url == ""
    assert origin.prefix == sys.prefix
    assert Path(origin.files["pluggy"]).name == "__init__.py"


def test_a_namespace_package_is_its_folder(python: Python, tmp_path: Path) -> None:
    code_free = python.origin("pluggy", ["encodings", "concurrent"], tmp_path)
    assert Path(code_free.files["encodings"]).name == "__init__.py"
    origin = read_origin('chatter\n{"version": "1", "direct_url": "", "prefix": "/p", "files": {"a": "/p/a"}}\n')
    assert origin == Origin("1", "", "/p", {"a": "/p/a"})


def test_a_package_that_is_not_there_is_an_error(python: Python, tmp_path: Path) -> None:
    with pytest.raises(ProgramFailedError, match="no-such-distribution"):
        python.origin("no-such-distribution", [], tmp_path)


def test_a_module_is_run_for_a_person_and_its_exit_code_returned(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("-m pytest", exit_code=5))
    assert Python(runner, Path("python"), {"A": "b"}).run("pytest", ["-k", "x"], tmp_path) == 5
    (call,) = runner.calls
    assert (call.argv, call.cwd, call.env, call.stream) == (
        tuple(module_command(Path("python"), "pytest", ["-k", "x"])),
        tmp_path,
        {"A": "b"},
        True,
    )
