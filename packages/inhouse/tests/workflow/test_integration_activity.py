import json
import shutil
from pathlib import Path

import pytest
from client_fakes import PYPROJECT, Answer, Bench, Call

from inhouse.codeartifact.interface import PublishedFile, VersionOrigin
from inhouse.errors import (
    AccessDeniedError,
    EnvironmentMissingError,
    LockMissingError,
    PartMissingError,
    ProgramFailedError,
    VersionForeignError,
    VersionMissingError,
    WrongOriginError,
)
from inhouse.tools.python import Origin
from inhouse.workflow.integration import origin_problem, prepare_integration, requirements_text, run_integration

WHEEL = PublishedFile("acme_core-1.2.0-py3-none-any.whl", "1.2.0", "ab" * 32)
SDIST = PublishedFile("acme_core-1.2.0.tar.gz", "1.2.0", "cd" * 32)
OLD = PublishedFile("acme_core-1.1.0-py3-none-any.whl", "1.1.0", "ef" * 32)


@pytest.fixture
def published(bench: Bench) -> Bench:
    """A project whose version is published, and an environment that holds it."""
    bench.repository.files = [OLD, WHEEL, SDIST]
    bench.write({"build/integration/complete": ""})
    environment = bench.root / "build" / "integration" / "environment"
    origin = {
        "version": "1.2.0",
        "direct_url": "",
        "prefix": str(environment),
        "files": {"acme_core": str(environment / "lib" / "acme_core" / "__init__.py")},
    }
    bench.runner.on(
        Answer("uv export", stdout="pytest==9.0 --hash=sha256:00\n"),
        Answer("import importlib, importlib.metadata", stdout=json.dumps(origin)),
    )
    return bench


def test_the_published_wheel_and_the_locked_tools_are_installed_into_a_clean_environment(published: Bench) -> None:
    published.write({"build/integration/environment/old": ""})
    prepare_integration(published.context())
    folder = published.root / "build" / "integration"
    assert not (folder / "environment" / "old").exists()
    assert (folder / "requirements.txt").read_text(encoding="utf-8") == (
        f"acme-core==1.2.0 --hash=sha256:{'ab' * 32}\npytest==9.0 --hash=sha256:00\n"
    )
    check, export, venv, install = published.runner.commands("uv ")
    assert check.argv[-2:] == ("lock", "--check")
    assert export.argv[-2:] == ("--only-group", "test")
    assert venv.argv[-1] == str(folder / "environment")
    assert venv.argv[venv.argv.index("--python") + 1] == str(published.context().interpreter())
    assert install.argv[install.argv.index("--python") + 1] == str(folder / "environment" / "bin" / "python")
    assert install.argv[install.argv.index("--refresh-package") + 1] == "acme-core"


def test_without_an_environment_or_a_group_it_works_too(published: Bench) -> None:
    published.write({"pyproject.toml": PYPROJECT.replace('test = ["pytest"]\n', "")})
    published.runner.on(Answer("-I -c import json, sys; print", missing=True))
    published.flags["python"] = "3.12"
    prepare_integration(published.context())
    _, venv, _ = published.runner.commands("uv ")
    assert venv.argv[venv.argv.index("--python") + 1] == "3.12"


@pytest.mark.parametrize("files", [[], [OLD], [OLD, SDIST]])
def test_a_version_that_is_not_published_cannot_be_tested(published: Bench, files: list[PublishedFile]) -> None:
    published.repository.files = files
    with pytest.raises(VersionMissingError) as caught:
        prepare_integration(published.context())
    assert "make build publish" in caught.value.hint
    assert not published.runner.commands("uv")


@pytest.mark.parametrize(
    ("came", "source"),
    [
        (VersionOrigin(is_internal=False, source="public:pypi"), "public:pypi"),
        (VersionOrigin(is_internal=False), "an upstream of it"),
        (None, "an upstream of it"),
    ],
)
def test_a_strangers_package_of_the_same_name_is_not_even_fetched(
    published: Bench, came: VersionOrigin | None, source: str
) -> None:
    published.repository.came = came
    with pytest.raises(VersionForeignError) as caught:
        prepare_integration(published.context())
    said = f"acme-core 1.2.0 in the repository comes from {source}, it was not published by you"
    assert caught.value.message == said
    assert "choose another name" in caught.value.hint
    assert not published.runner.commands("uv")


def test_where_nobody_tells_whose_package_it_is_it_is_not_fetched(published: Bench) -> None:
    published.repository.origin_error = AccessDeniedError("not allowed", hint="ask")
    with pytest.raises(AccessDeniedError):
        prepare_integration(published.context())
    assert not published.runner.commands("uv")


def test_tests_and_lock_must_be_there(published: Bench) -> None:
    (published.root / "uv.lock").unlink()
    with pytest.raises(LockMissingError):
        prepare_integration(published.context())
    shutil.rmtree(published.root / "tests_int")
    for activity in (prepare_integration, run_integration):
        with pytest.raises(PartMissingError, match="no integration tests"):
            activity(published.context())


def test_the_tests_run_out_of_sight_of_the_source_tree(published: Bench) -> None:
    published.environment["PYTHONPATH"] = "src"
    published.write({"tests_int/__pycache__/x.pyc": "", "tests_int/conftest.py": ""})
    seen: list[list[str]] = []

    def look(call: Call) -> None:
        seen.append(sorted(path.relative_to(call.cwd).as_posix() for path in call.cwd.rglob("*")))

    published.runner.on(Answer("-m pytest", exit_code=3, effect=look))
    assert run_integration(published.context(), ["-k", "x"]) == 3
    (call,) = published.runner.commands("-m pytest")
    assert seen == [["pytest.ini", "tests_int", "tests_int/conftest.py", "tests_int/test_installed.py"]]
    assert call.argv[-3:] == ("-k", "x", "tests_int")
    assert not call.cwd.is_relative_to(published.root)
    assert not call.cwd.exists()
    assert "PYTHONPATH" not in call.env
    assert call.argv[0].startswith(str(published.root / "build" / "integration" / "environment"))


def test_the_clean_environment_must_be_there(published: Bench) -> None:
    published.runner.on(Answer("-I -c import json, sys; print", missing=True))
    with pytest.raises(EnvironmentMissingError) as caught:
        run_integration(published.context())
    assert "make int" in caught.value.hint


@pytest.mark.parametrize("failing", ["uv venv", "uv pip install"])
def test_an_environment_that_could_not_be_filled_is_none(published: Bench, failing: str) -> None:
    published.runner.on(Answer(failing, exit_code=2))
    with pytest.raises(ProgramFailedError):
        prepare_integration(published.context())
    assert not (published.root / "build" / "integration").exists()
    with pytest.raises(EnvironmentMissingError) as caught:
        run_integration(published.context())
    assert caught.value.hint == "make it with `make int`"


def test_an_environment_of_a_run_that_was_killed_is_none(published: Bench) -> None:
    (published.root / "build" / "integration" / "complete").unlink()
    with pytest.raises(EnvironmentMissingError):
        run_integration(published.context())
    prepare_integration(published.context())
    assert run_integration(published.context()) == 0


def test_something_else_than_the_published_package_is_not_tested(published: Bench) -> None:
    origin = {"version": "1.1.0", "direct_url": "", "prefix": "", "files": {}}
    published.runner.on(Answer("import importlib, importlib.metadata", stdout=json.dumps(origin)))
    with pytest.raises(WrongOriginError, match=r"version 1\.1\.0 is installed"):
        run_integration(published.context())
    assert not published.runner.commands("-m pytest")


ENVIRONMENT = Path("/project/build/integration/environment")
INSIDE = str(ENVIRONMENT / "lib" / "acme_core.py")


@pytest.mark.parametrize(
    ("origin", "problem"),
    [
        (Origin("1.2", "", "", {"acme_core": INSIDE}), ""),
        (Origin("1.2.0", '{"url": "file:///project"}', "", {"acme_core": INSIDE}), "but from"),
        (Origin("1.2.0", "", "", {"acme_core": "/project/src/acme_core/__init__.py"}), "outside of the clean"),
        (Origin("1.2.0", "", "", {"a": INSIDE, "b": f"{ENVIRONMENT}/../../src/b.py"}), "`import b`"),
        (Origin("1.3", "", "", {}), "the project is at 1.2.0"),
    ],
)
def test_an_origin_is_judged(origin: Origin, problem: str) -> None:
    found = origin_problem(origin, ENVIRONMENT, "1.2.0")
    assert problem in found
    assert bool(found) is bool(problem)


def test_a_wheel_without_a_digest_is_not_pinned() -> None:
    assert requirements_text("a", "1", [PublishedFile("a-1.whl", "1")], "") == "a==1\n"
