"""The activities with the real programs, against the real embedded repository, with public packages from PyPI."""

import json
import os
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from client_fakes import write_tree
from command_line import Run, run_command

pytestmark = pytest.mark.slow


PROJECT = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-core"
version = "1.0.0"
description = "An example."
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["iniconfig"]

[dependency-groups]
test = ["pytest", "coverage"]
doc = ["sphinx"]

[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"
local-publish = "it is a test"

[tool.hatch.build.targets.wheel]
packages = ["src/acme_core"]

[tool.coverage.run]
branch = true
source_pkgs = ["acme_core"]

[tool.coverage.report]
fail_under = 100
""",
    "README.md": "# acme-core\n",
    ".gitignore": ".venv/\nbuild/\ndist/\n.coverage\n__pycache__/\n",
    "src/acme_core/__init__.py": (
        '"""An example."""\n\n\ndef double(number: int) -> int:\n    """Double."""\n    return 2 * number\n'
    ),
    "tests/test_double.py": "from acme_core import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
    "tests_int/test_installed.py": (
        "import sys\nfrom pathlib import Path\n\nimport acme_core\n\n\n"
        "def test_installed():\n    assert Path(acme_core.__file__).is_relative_to(sys.prefix)\n"
        "    assert 'integration' in sys.prefix\n"
        "    assert not any(Path(p, 'pyproject.toml').exists() for p in sys.path)\n"
    ),
    "docs/conf.py": 'project = "acme-core"\nextensions = ["sphinx.ext.autodoc"]\n',
    "docs/index.rst": "acme-core\n=========\n\n.. automodule:: acme_core\n   :members:\n",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables that reach an embedded repository with the domain `acme` and its repository `shared`."""
    folder = tmp_path_factory.mktemp("repository")
    home = {**os.environ, "HOME": str(folder), "INHOUSE_CONFIG": str(folder / "none.toml")}
    program = [sys.executable, "-m", "inhouse", "server"]
    place = ["--data-dir", str(folder / "data")]
    ready = folder / "ready.json"
    start = [*program, "start", "--port", "0", *place, "--ready-file", str(ready)]
    with (folder / "log").open("w") as log, subprocess.Popen(start, env=home, stdout=log, stderr=log) as server:
        try:
            for _ in range(300):
                if ready.exists() or server.poll() is not None:
                    break
                time.sleep(0.1)
            assert ready.exists(), (folder / "log").read_text()
            printed = subprocess.run(
                [*program, "env", *place, "--format", "json"], env=home, capture_output=True, text=True, check=True
            )
            variables: dict[str, str] = json.loads(printed.stdout)
            make_repositories(variables)
            yield variables
        finally:
            server.terminate()


def make_repositories(variables: dict[str, str]) -> None:
    from inhouse.codeartifact.session import client_of

    client = client_of(variables)
    client.create_domain(domain="acme")
    client.create_repository(domain="acme", repository="pypi-store")
    client.associate_external_connection(domain="acme", repository="pypi-store", externalConnection="public:pypi")
    client.create_repository(domain="acme", repository="shared", upstreams=[{"repositoryName": "pypi-store"}])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that lives through all tests of this module, in their order."""
    root = write_tree(tmp_path_factory.mktemp("desk") / "acme-core", PROJECT)
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@acme.example"]
    for arguments in (["init", "--quiet", "--initial-branch=main"], ["add", "."], ["commit", "--quiet", "-m", "One"]):
        subprocess.run([*git, *arguments], cwd=root, check=True)
    return root


@pytest.fixture
def run(
    service: dict[str, str], project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    for name, value in service.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.chdir(project)

    def run(*arguments: str) -> tuple[int, str, str]:
        return run_command(capfd, *arguments)

    return run


def succeed(run: Run, *arguments: str) -> str:
    code, out, err = run(*arguments)
    assert code == 0, f"{arguments}: {out}\n{err}"
    return out + err


def test_the_index_and_the_lock_come_from_the_repository(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: dict[str, str]
) -> None:
    # A stranger's index in the user's own configuration: uv would ask it first, and it offers a newer iniconfig.
    squat(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UV_EXTRA_INDEX_URL", (tmp_path / "stranger").as_uri())
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "stranger" / "iniconfig"))
    succeed(run, "use-index")
    assert service["AWS_ENDPOINT_URL_CODEARTIFACT"] in (project / "pyproject.toml").read_text(encoding="utf-8")
    succeed(run, "lock")
    lock = (project / "uv.lock").read_text(encoding="utf-8")
    assert "99.0" not in lock
    assert 'name = "iniconfig"' in lock
    assert service["AWS_ENDPOINT_URL_CODEARTIFACT"] in lock


def squat(folder: Path) -> None:
    page = folder / "stranger" / "iniconfig"
    page.mkdir(parents=True)
    name = "iniconfig-99.0-py3-none-any.whl"
    with zipfile.ZipFile(page / name, "w") as wheel:
        wheel.writestr("iniconfig-99.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: iniconfig\nVersion: 99.0\n")
        wheel.writestr("iniconfig-99.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("iniconfig-99.0.dist-info/RECORD", "")
    (page / "index.html").write_text(f'<a href="{name}">{name}</a>', encoding="utf-8")
    configuration = folder / "config" / "uv" / "uv.toml"
    configuration.parent.mkdir(parents=True)
    configuration.write_text(f'[[index]]\nurl = "{(folder / "stranger").as_uri()}"\n', encoding="utf-8")


def test_the_squat_would_have_worked(project: Path, tmp_path: Path, service: dict[str, str]) -> None:
    """Otherwise the test before proves nothing."""
    from inhouse.codeartifact.session import client_of
    from inhouse.tools.uv import bundled

    squat(tmp_path)
    token = client_of(service).get_authorization_token(domain="acme", durationSeconds=900)["authorizationToken"]
    copy = write_tree(tmp_path / "copy", {"pyproject.toml": (project / "pyproject.toml").read_text(encoding="utf-8")})
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "UV_INDEX_SHARED_USERNAME": "aws",
        "UV_INDEX_SHARED_PASSWORD": token,
        "UV_PYTHON_DOWNLOADS": "never",
    }
    subprocess.run([bundled(), "lock"], cwd=copy, env=environment, check=True, capture_output=True)
    assert 'name = "iniconfig"\nversion = "99.0"' in (copy / "uv.lock").read_text(encoding="utf-8")


def test_the_project_and_its_groups_are_installed_and_tested(run: Run, project: Path) -> None:
    succeed(run, "venv-create")
    assert "is there already" in succeed(run, "venv-create")
    succeed(run, "install-all")
    assert "1 passed" in succeed(run, "test-only", "-q")
    assert "100%" in succeed(run, "cov")
    succeed(run, "install")
    code, _, err = run("test-only")
    assert code == 1
    assert "the project's environment lacks `pytest`" in err
    assert "make install-test" in err
    assert (project / ".venv" / "pyvenv.cfg").is_file()


def test_failing_tests_and_low_coverage_are_told_apart(run: Run, project: Path) -> None:
    succeed(run, "install-test")
    more = project / "tests" / "test_more.py"
    more.write_text("def test_more():\n    assert False\n", encoding="utf-8")
    assert run("cov-only")[0] == 1
    more.unlink()
    code, _, err = run("cov-only", "--deselect", "tests/test_double.py::test_double")
    assert code == 5  # no test is left to run
    source = project / "src" / "acme_core" / "__init__.py"
    text = source.read_text(encoding="utf-8")
    source.write_text(text + "\n\ndef triple(number: int) -> int:\n    return 3 * number\n", encoding="utf-8")
    code, _, err = run("cov-only")
    source.write_text(text, encoding="utf-8")
    assert code == 1
    assert "coverage is below the gate" in err


def test_the_documentation_is_built_and_a_broken_reference_fails(run: Run, project: Path) -> None:
    succeed(run, "install-doc")
    code, out, _ = run("build-doc")
    page = Path(out.strip())
    assert (code, page) == (0, project / "build" / "docs" / "html" / "index.html")
    assert "acme_core.double" in page.read_text(encoding="utf-8")
    index = project / "docs" / "index.rst"
    index.write_text(PROJECT["docs/index.rst"] + "\n:ref:`nowhere`\n", encoding="utf-8")
    code, out, err = run("build-doc")
    index.write_text(PROJECT["docs/index.rst"], encoding="utf-8")
    assert (code, out) == (1, "")
    assert "nowhere" in err


def test_integration_tests_need_something_published(run: Run) -> None:
    code, _, err = run("int")
    assert code == 1
    assert "the repository has no wheel of acme-core 1.0.0" in err
    assert "make build publish" in err


def test_a_build_is_reproducible_and_published_once(run: Run, project: Path) -> None:
    def build() -> dict[str, bytes]:
        succeed(run, "build")
        return {path.name: path.read_bytes() for path in (project / "dist").iterdir()}

    assert build() == build()
    assert set(build()) == {"acme_core-1.0.0-py3-none-any.whl", "acme_core-1.0.0.tar.gz"}
    code, out, _ = run("publish", "--dry-run")
    assert code == 0
    assert run("publish")[:2] == (0, out)
    assert "nothing to upload" in succeed(run, "publish")


def test_the_published_wheel_passes_the_integration_tests(run: Run) -> None:
    assert "1 passed" in succeed(run, "int")
    assert "1 passed" in succeed(run, "int-only")


def test_other_bytes_under_the_same_version_are_refused(run: Run, project: Path) -> None:
    source = project / "src" / "acme_core" / "__init__.py"
    text = source.read_text(encoding="utf-8")
    source.write_text(text + "# changed\n", encoding="utf-8")
    succeed(run, "build")
    source.write_text(text, encoding="utf-8")
    code, _, err = run("publish")
    assert code == 1
    assert "is published already, with other bytes" in err


def test_a_conflict_that_shows_only_at_the_upload_is_explained_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody published between our look and our upload."""
    from inhouse.codeartifact.repository import CodeArtifactRepository

    looks = []
    look = CodeArtifactRepository.published

    def blind_first(self: CodeArtifactRepository, url: str, project: str) -> object:
        looks.append(url)
        return () if len(looks) == 1 else look(self, url, project)

    monkeypatch.setattr(CodeArtifactRepository, "published", blind_first)
    code, _, err = run("publish")
    assert code == 1
    assert len(looks) == 2
    assert "is published already, with other bytes" in err


@pytest.mark.parametrize("command", ["publish", "int"])
def test_an_old_token_is_said_to_be_old(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("CODEARTIFACT_AUTH_TOKEN", "made-up-token")
    code, out, err = run(command)
    assert code == 1
    assert "unset CODEARTIFACT_AUTH_TOKEN" in err
    assert "made-up-token" not in out + err


def test_a_token_that_uv_cannot_use_is_said_to_be_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEARTIFACT_AUTH_TOKEN", "made-up-token")
    code, out, err = run("lock", "--upgrade")
    assert code == 1
    assert "refuses the authorization token" in err
    assert "made-up-token" not in out + err


def test_a_stale_lock_is_said_to_be_stale(run: Run, project: Path) -> None:
    manifest = project / "pyproject.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"iniconfig"', '"iniconfig", "six"'), encoding="utf-8")
    code, _, err = run("install")
    manifest.write_text(text, encoding="utf-8")
    assert code == 1
    assert "does not go with `pyproject.toml`" in err
    assert "make lock" in err
    assert "uv lock" not in err


def test_a_raised_version_changes_one_line_of_the_lock(run: Run, project: Path) -> None:
    manifest, lock = project / "pyproject.toml", project / "uv.lock"
    text, locked = manifest.read_text(encoding="utf-8"), lock.read_bytes()
    manifest.write_text(text.replace('version = "1.0.0"', 'version = "1.1.0-rc1"'), encoding="utf-8")
    assert "at version 1.1.0rc1 now" in succeed(run, "install")
    assert lock.read_bytes() == locked.replace(b'version = "1.0.0"', b'version = "1.1.0rc1"', 1)
    manifest.write_text(text, encoding="utf-8")
    succeed(run, "install")
    assert lock.read_bytes() == locked


def test_a_strangers_package_of_the_same_name_is_not_taken_for_ours(run: Run, project: Path) -> None:
    manifest = project / "pyproject.toml"
    text = manifest.read_text(encoding="utf-8")
    locked = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))["package"]
    version = next(package["version"] for package in locked if package["name"] == "iniconfig")
    for name, number, source in (("iniconfig", version, "public:pypi"), ("six", "1.16.0", "an upstream of it")):
        squatted = text.replace('name = "acme-core"', f'name = "{name}"').replace('"1.0.0"', f'"{number}"')
        manifest.write_text(squatted, encoding="utf-8")
        code, _, err = run("int")
        assert code == 1
        assert f"{name} {number} in the repository comes from {source}, it was not published by you" in err
    manifest.write_text(text, encoding="utf-8")


def test_in_the_end_the_environment_is_removed(run: Run, project: Path) -> None:
    succeed(run, "venv-remove")
    assert not (project / ".venv").exists()
