"""A generated project is a real one: it installs, passes its own checks and builds, whatever was answered."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import uv
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from inhouse.project.answers import Answers
from inhouse.template import find_template
from inhouse.workflow.new import make_project

PLAIN = Answers(
    package_name="acme-greetings",
    package_description="Made by a test",
    author_name="Ada Example",
    author_email="ada@acme.example",
    licence="Proprietary",
    version="0.1.0",
    minimum_python="3.11",
    domain="acme",
    owner="111122223333",
    region="eu-central-1",
    repository="shared",
    index_name="acme",
    endpoint="http://127.0.0.1:9/pypi/d/acme-111122223333/shared/",
    local_publish_reason="",
    inhouse_version="0.1.0",
)
HARD = Answers(
    **{
        **PLAIN.for_template(),
        "package_name": "Zz." + "y" * 57,
        "package_description": 'Says "hi" to Zoë\'s <friends> \\o/ ' + "and to all others " * 10,
        "author_name": 'Zoë "Z" \\ O\'Example ' + "& Sons " * 9,
        "author_email": "",
        "licence": "Apache-2.0",
        "local_publish_reason": 'there is "no" pipeline \\ yet',
    }
)

TARGETS = [
    "bootstrap",
    *("venv-create", "venv-remove", "use-index", "add-source", "lock"),
    *("install", "install-dev", "install-test", "install-doc", "install-automation", "install-all"),
    *("test", "test-only", "cov", "cov-only", "int", "int-only"),
    *("build-doc", "view-doc", "build", "publish", "info", "help"),
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of ordinary answers; for looking at only."""
    return make_project(PLAIN, tmp_path_factory.mktemp("plain") / "acme-greetings", find_template()).folder


def make(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=project, capture_output=True, text=True, check=False)


@pytest.fixture
def _inhouse_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH that begins with a folder whose name has a space in it, where an inhouse is."""
    program = tmp_path / "some programs" / "inhouse"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(program.parent), os.environ["PATH"]]))


@pytest.fixture
def _no_inhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH with what a fresh machine has: make and a shell."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("make", "sh"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.usefixtures("_no_inhouse")
def test_without_inhouse_every_target_that_needs_it_says_how_to_get_it(plain: Path) -> None:
    for target in TARGETS:
        done = make(plain, "--dry-run", target)
        if target in {"bootstrap", "help"}:
            assert done.returncode == 0
        else:
            assert done.returncode == 2
            assert "inhouse is not here yet; run `make bootstrap` first" in done.stderr
            assert done.stdout == ""
    assert make(plain, "--dry-run", "test", "OS=Windows_NT").stdout == "inhouse test\n"


@pytest.mark.usefixtures("_inhouse_on_path")
@pytest.mark.parametrize("target", [target for target in TARGETS if target not in {"bootstrap", "help"}])
def test_every_target_is_the_command_of_the_same_name(plain: Path, target: str) -> None:
    assert make(plain, "--dry-run", target).stdout == f"inhouse {target}\n"


def test_bootstrap_needs_no_inhouse(plain: Path) -> None:
    assert make(plain, "--dry-run", "bootstrap").stdout == "python3 .inhouse/bootstrap.py\n"
    assert make(plain, "--dry-run", "bootstrap", "PYTHON=python3.12").stdout.startswith("python3.12 ")


def test_the_pinned_inhouse_is_preferred_to_the_one_on_the_path(plain: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(plain, project)
    tool = project / ".inhouse" / "tool" / "bin" / "inhouse"
    tool.parent.mkdir(parents=True)
    tool.touch()

    assert make(project, "--dry-run", "test").stdout == ".inhouse/tool/bin/inhouse test\n"
    assert make(project, "--dry-run", "test", "INHOUSE=mine").stdout == "mine test\n"


def test_help_lists_every_target_and_is_what_make_alone_says(plain: Path) -> None:
    said = make(plain).stdout

    assert said == make(plain, "help").stdout
    assert all(target in said for target in TARGETS if target != "add-source")
    assert said.startswith("First, once per clone\n  make bootstrap ")
    assert "inhouse" not in make(plain, "--dry-run", "help").stdout.splitlines()[-1]


@pytest.mark.usefixtures("_inhouse_on_path")
def test_files_called_like_targets_are_not_in_the_way(plain: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(plain, project)
    for target in TARGETS:
        (project / target).touch()

    assert make(project, "--dry-run", *TARGETS).stdout.count("inhouse ") == len(TARGETS) - 2


def test_what_is_made_in_the_project_is_ignored_by_git(plain: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(plain, project)
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    made = [
        ".venv/pyvenv.cfg",
        ".inhouse/tool/pyvenv.cfg",
        "dist/x.whl",
        "build/docs/html/index.html",
        ".coverage",
        "src/acme_greetings/__pycache__/x.pyc",
        ".mypy_cache/x",
    ]
    kept = ["uv.lock", ".inhouse/bootstrap.py", ".inhouse-version", ".copier-answers.yml"]

    done = subprocess.run(
        ["git", "check-ignore", "--no-index", *made, *kept], cwd=project, capture_output=True, text=True, check=False
    )

    assert done.stdout.split() == made


@pytest.mark.slow
@pytest.mark.parametrize("answers", [PLAIN, HARD], ids=["plain", "hard"])
def test_a_new_project_installs_and_passes_its_own_checks(answers: Answers, tmp_path: Path) -> None:
    project = make_project(answers, tmp_path / "project", find_template()).folder
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE_"))}
    environment["UV_PYTHON_DOWNLOADS"] = "never"

    def run(*argv: str) -> str:
        done = subprocess.run(argv, cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{argv}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def run_uv(command: str, *arguments: str) -> str:
        index = ("--python", sys.executable, "--default-index", PYPI_SIMPLE_ENDPOINT)
        return run(uv.find_uv_bin(), command, "--quiet", *index, *arguments)

    run_uv("lock")
    run_uv("sync", "--all-groups", "--locked")
    python = str(project / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python")

    assert "Required test coverage of 95.0% reached" in run(python, "-m", "pytest", "--cov")
    run(python, "-m", "ruff", "check")
    run(python, "-m", "ruff", "format", "--check")
    run(python, "-m", "mypy")
    run(python, "-m", "sphinx", "-W", "--keep-going", "-b", "html", "docs", "build/docs/html")
    reference = (project / "build" / "docs" / "html" / "reference.html").read_text("utf-8")
    assert "Return a greeting for somebody" in reference
    assert "The first version" in run(python, "-m", "towncrier", "build", "--draft")

    (project / "tests" / "test_greeting.py").unlink()
    done = subprocess.run(
        [python, "-m", "pytest", "--cov"], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert "Required test coverage of 95.0% not reached" in done.stdout + done.stderr
    assert done.returncode != 0

    run_uv("build", "--out-dir", "dist")
    (wheel,) = (project / "dist").glob("*.whl")
    (sdist,) = (project / "dist").glob("*.tar.gz")
    run(sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(sdist))
    with zipfile.ZipFile(wheel) as built:
        packages = {name.split("/")[0] for name in built.namelist()}
    assert len(packages) == 2, "the package and its metadata"
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "tests/test_public_interface.py", "docs/conf.py"} <= names
    assert not {name for name in names if name.startswith((".venv", "build", "dist", ".inhouse/tool"))}

    clean = tmp_path / "clean"
    run(uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(clean))
    inside = str(clean / Path(python).relative_to(project / ".venv"))
    run(
        uv.find_uv_bin(),
        "pip",
        "install",
        "--quiet",
        "--python",
        inside,
        "--no-config",
        "--default-index",
        PYPI_SIMPLE_ENDPOINT,
        "pytest",
        "pytest-cov",
        str(wheel),
    )
    assert "4 passed" in run(inside, "-m", "pytest", "tests_int")
