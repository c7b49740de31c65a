"""Each command on a project, through the command line, with the outside world replaced at its two doors."""

import hashlib
import json
from pathlib import Path

import pytest
from client_fakes import ENDPOINT, PYPROJECT, TOKEN, Answer, Bench, sdist_bytes, wheel_bytes, write_tree
from command_line import Run, run_command
from inline_snapshot import snapshot

from inhouse.cli import main
from inhouse.codeartifact.interface import PublishedFile


@pytest.fixture
def run(bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a subfolder of the project."""
    monkeypatch.setattr("inhouse.process.SubprocessRunner", lambda **_: bench.runner)
    monkeypatch.setattr("inhouse.codeartifact.repository.CodeArtifactRepository", lambda *_: bench.repository)
    monkeypatch.chdir(bench.root / "src")

    def run(*arguments: str) -> tuple[int, str, str]:
        code, out, err = run_command(capsys, *arguments)
        return code, out.replace(str(bench.root), "ROOT"), err.replace(str(bench.root), "ROOT")

    return run


def test_the_environment(run: Run, bench: Bench) -> None:
    assert run("venv-create") == (0, "ROOT/.venv\n", "the environment ROOT/.venv is there already: Python 3.12.1\n")
    assert run("venv-remove") == (0, "", "the environment ROOT/.venv is removed\n")
    assert not (bench.root / ".venv").exists()


@pytest.mark.parametrize("name", ["use-index", "add-source"])
def test_the_index(run: Run, name: str) -> None:
    assert run(name) == (0, "", f"{ENDPOINT} is the one index already\n")


def test_the_lock(run: Run, bench: Bench) -> None:
    code, out, err = run("lock", "--upgrade")
    assert (code, out) == (0, "")
    assert err.startswith("locking the dependencies of acme-core")
    assert bench.runner.commands("uv lock --upgrade")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("install", "--no-default-groups"),
        ("install-test", "--group test --inexact"),
        ("install-doc", "--group doc --inexact"),
        ("install-all", "--group doc --group test"),
    ],
)
def test_installing(run: Run, bench: Bench, name: str, arguments: str) -> None:
    assert run(name)[0] == 0
    (call,) = bench.runner.commands("uv sync")
    assert call.words.endswith(arguments)


@pytest.mark.parametrize("name", ["install-dev", "install-automation"])
def test_installing_a_group_that_is_not_there(run: Run, name: str) -> None:
    code, _, err = run(name)
    assert code == 1
    assert f"there is no group `{name.removeprefix('install-')}`" in err


@pytest.mark.parametrize(
    ("name", "program", "installs"),
    [
        ("test", "-m pytest", True),
        ("test-only", "-m pytest", False),
        ("cov", "coverage run -m pytest", True),
        ("cov-only", "coverage run -m pytest", False),
    ],
)
def test_tests_pass_on_arguments_and_the_exit_code(
    run: Run, bench: Bench, name: str, program: str, *, installs: bool
) -> None:
    bench.runner.on(Answer(program, exit_code=5))
    assert run(name, "-k", "nothing", "--maxfail=1", "tests")[0] == 5
    assert bench.runner.commands(f"{program} --ignore=tests_int -k nothing --maxfail=1 tests")
    assert bool(bench.runner.commands("uv sync")) is installs


def test_integration_tests(run: Run, bench: Bench) -> None:
    bench.repository.files = [PublishedFile("acme_core-1.2.0-py3-none-any.whl", "1.2.0", "ab" * 32)]
    origin = {"version": "1.2.0", "direct_url": "", "prefix": "", "files": {}}
    bench.runner.on(Answer("importlib.metadata", stdout=json.dumps(origin)), Answer("-m pytest", exit_code=1))
    assert run("int", "-x")[0] == 1
    assert run("int-only", "-x")[0] == 1
    assert len(bench.runner.commands("uv pip install")) == 1
    assert len(bench.runner.commands("-m pytest", "-x tests_int")) == 2


def test_documentation(run: Run, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    code, out, _ = run("build-doc")
    assert (code, out) == (0, "ROOT/build/docs/html/index.html\n")
    assert run("view-doc")[0] == 1
    bench.write({"build/docs/html/index.html": ""})
    assert run("view-doc") == (0, "ROOT/build/docs/html/index.html\n", "")
    bench.runner.on(Answer("-m sphinx", exit_code=2))
    code, out, err = run("build-doc")
    assert (code, out) == (1, "")
    assert "error: the documentation does not build: Sphinx ended with exit code 2\n\nhint: mend" in err


def test_building_and_publishing(run: Run, bench: Bench) -> None:
    wheel, sdist = "acme_core-1.2.0-py3-none-any.whl", "acme_core-1.2.0.tar.gz"
    built = {wheel: wheel_bytes(), sdist: sdist_bytes()}
    bench.runner.on(Answer("uv build", effect=lambda call: write_tree(Path(call.argv[-1]), built)))
    code, out, _ = run("build")
    assert (code, out) == (0, f"ROOT/dist/{wheel}\nROOT/dist/{sdist}\n")
    code, out, err = run("publish", "--dry-run")
    assert (code, out) == (0, f"{wheel}\n{sdist}\n")
    assert f"dry run: nothing was uploaded to {ENDPOINT}" in err
    assert run("publish")[:2] == (0, f"{wheel}\n{sdist}\n")
    bench.repository.files = [
        PublishedFile(name, "1.2.0", hashlib.sha256(content).hexdigest()) for name, content in built.items()
    ]
    code, out, err = run("publish")
    assert (code, out) == (0, "")
    assert f"nothing to upload: {ENDPOINT} has it all" in err


def test_information_for_people(run: Run, bench: Bench) -> None:
    bench.runner.on(Answer("git symbolic-ref", stdout="feature/parser\n"))
    code, out, err = run("info")
    assert (code, err) == (0, "")
    assert out == snapshot("""\
project
  name           acme-core
  version        1.2.0
  imports        acme_core
  python         >=3.11
  manager        uv
  groups         doc, test

branch
  name           feature/parser
  kind           feature

repository
  domain         acme
  owner          111122223333
  region         us-east-1
  repository     shared
  local-publish  open: there is no pipeline yet
  index          shared
  endpoint       http://127.0.0.1:9/pypi/d/acme-111122223333/shared/
  project-page   http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/acme-core/

paths
  project        ROOT
  environment    ROOT/.venv
  lock           ROOT/uv.lock
  dist           ROOT/dist (not there yet)
  documentation  ROOT/build/docs/html/index.html (not there yet)

links
  Changelog      https://acme.example/changelog
""")


def test_information_for_programs(run: Run, bench: Bench) -> None:
    bench.runner.on(Answer("git", exit_code=1))
    code, out, _ = run("info", "--json", "--online")
    facts = json.loads(out)
    assert code == 0
    assert facts["branch"] == {"name": None, "kind": None}
    assert facts["project"]["groups"] == ["doc", "test"]
    assert facts["project"]["imports"] == ["acme_core"]
    assert facts["paths"]["dist"] == "ROOT/dist"
    assert not any(" " in key for section in facts.values() for key in section)
    assert facts["asked"]["you"] == "arn:aws:iam::111122223333:user/ada"


def test_a_second_index_is_warned_of_and_does_not_mix_with_the_facts(run: Run, bench: Bench) -> None:
    bench.write({"pyproject.toml": PYPROJECT + '\n[[tool.uv.index]]\nurl = "https://other.example/simple/"\n'})
    code, out, err = run("info", "--json")
    assert code == 0
    assert json.loads(out)["repository"]["endpoint"] is None
    assert err.startswith("warning: pyproject.toml, [[tool.uv.index]]: there are 2 indexes")
    assert "\nhint: make the repository" in err


def test_another_folder_can_be_named(run: Run, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("info")[0] == 1
    assert run("info", "-C", str(bench.root))[0] == 0
    assert run("--project", str(bench.root), "info")[0] == 0


def test_another_version_than_the_pinned_one_is_pointed_out(run: Run, bench: Bench) -> None:
    from importlib.metadata import version

    bench.write({".inhouse-version": f"{version('inhouse')}\n"})
    assert run("info")[2] == ""
    bench.write({".inhouse-version": "99.0\n"})
    code, _, err = run("info")
    assert code == 0
    running = version("inhouse")
    assert err == f"warning: the project pins inhouse 99.0, and this is inhouse {running}\nhint: run `make bootstrap`\n"


def test_commands_are_shown_on_request(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(bench.root)
    assert main(["--verbose", "info"]) == 0
    assert "+ git symbolic-ref --quiet --short HEAD" in capsys.readouterr().err


def test_the_token_is_never_shown(run: Run, bench: Bench) -> None:
    bench.write({"pyproject.toml": PYPROJECT})
    bench.runner.on(Answer("uv", exit_code=1, stderr=f"401 Unauthorized {TOKEN}"))
    code, out, err = run("--verbose", "lock")
    assert code == 1
    assert TOKEN not in out + err


def test_moving_the_project(run: Run, bench: Bench) -> None:
    aws = "https://acme-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/"
    before = (bench.root / "pyproject.toml").read_bytes()
    assert run("retarget", "--check") == (0, f"{ENDPOINT}\n", "")
    code, out, err = run("retarget", "--to", "aws", "--dry-run")
    assert (code, err) == (0, "")
    assert f'+url = "{aws}simple/"\n' in out
    assert (bench.root / "pyproject.toml").read_bytes() == before
    assert run("retarget", "--check", "--to", "aws") == (
        1,
        "",
        f"pyproject.toml: its index is {ENDPOINT}, not {aws}\n",
    )
    assert run("retarget", "--to", "aws") == (0, f"{aws}\n", f"{ENDPOINT} -> {aws}: pyproject.toml\n")
    assert run("retarget") == (0, f"{ENDPOINT}\n", f"{aws} -> {ENDPOINT}: pyproject.toml\n")
    assert (bench.root / "pyproject.toml").read_bytes() == before


def test_moving_to_the_laptop_or_to_a_service_asks_there(run: Run, bench: Bench) -> None:
    bench.runner.on(Answer("server env", exit_code=1, stderr="error: nobody is there\n\nhint: start it\n"))
    code, _, err = run("retarget", "--to", "laptop")
    assert code == 1
    assert err.endswith("cannot be asked: nobody is there\n\nhint: start it\n")
    code, _, err = run("retarget", "--endpoint", "moon")
    assert code == 1
    assert "`moon` is not an address" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "aws", "--endpoint", "http://h"], "choose one"),
        (["--endpoint-type", "dualstack"], "goes with `--to aws`"),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, arguments: list[str], words: str) -> None:
    code, _, err = run("retarget", *arguments)
    assert code == 2
    assert words in " ".join(err.split())
