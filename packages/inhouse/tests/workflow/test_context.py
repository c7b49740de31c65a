import sys
from pathlib import Path

import pytest
from client_fakes import Bench

from inhouse.errors import ManifestError, NotAProjectError
from inhouse.workflow.context import find_project


def test_a_project_is_found_from_any_folder_inside(bench: Bench) -> None:
    for inside in (bench.root, bench.root / "src" / "acme_core", bench.root / "tests" / ".."):
        assert find_project(inside).root == bench.root.resolve()


def test_the_parent_of_a_project_is_no_project(bench: Bench) -> None:
    with pytest.raises(NotAProjectError) as caught:
        find_project(bench.root / "..")
    assert caught.value.folder == bench.root.parent.resolve()


def test_a_manifest_that_is_no_text_is_our_error(bench: Bench) -> None:
    (bench.root / "pyproject.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ManifestError, match="cannot be read"):
        bench.context()


def test_a_second_configuration_of_uv_is_refused(bench: Bench) -> None:
    assert bench.context().one_index().name == "shared"
    bench.write({"uv.toml": ""})
    with pytest.raises(ManifestError, match=r"^uv.toml: ") as caught:
        bench.context().one_index()
    assert "[tool.uv]" in caught.value.hint


def test_twine_is_our_own_and_the_interpreter_the_projects(bench: Bench) -> None:
    context = bench.context()
    context.twine().check([Path("a.whl")], bench.root)
    context.python().run("pytest", [], bench.root)
    twine, pytest_call = bench.runner.calls
    assert twine.argv[0] == sys.executable
    assert pytest_call.argv[0] == str(context.interpreter())
    assert pytest_call.env["VIRTUAL_ENV"] == str(bench.root / ".venv")


def test_on_windows_the_interpreter_lies_elsewhere(bench: Bench) -> None:
    assert bench.context(windows=True).interpreter() == bench.root / ".venv" / "Scripts" / "python.exe"
