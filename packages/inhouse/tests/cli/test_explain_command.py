"""The command `explain`, with the repository replaced."""

import json
from pathlib import Path

import pytest
from client_fakes import PYPROJECT, Bench
from command_line import Run, run_command
from explain_facts import facts, files, hidden, ours, place
from inline_snapshot import snapshot


@pytest.fixture
def run(bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    bench.repository.told = facts(place("shared", ours("1.2.0"), upstream=False), page=files("1.2.0"))
    monkeypatch.setattr("inhouse.codeartifact.repository.CodeArtifactRepository", lambda *_: bench.repository)
    monkeypatch.chdir(bench.root)

    def run(*arguments: str) -> tuple[int, str, str]:
        return run_command(capsys, "explain", *arguments)

    return run


def test_the_answer_comes_first(run: Run) -> None:
    assert run("Acme_Core") == snapshot(
        (
            0,
            """\
pip and uv take acme-core 1.2.0 from `shared` (1 wheel)

  1. `shared` itself holds 1.2.0, published there (Published)

searched    shared
publishing  acme-core can be published in `shared`, as far as origin controls decide
group       /*, which reserves no name: PUBLISH=ALLOW; EXTERNAL_UPSTREAM=ALLOW;
            INTERNAL_UPSTREAM=ALLOW
""",
            "Acme_Core is acme-core to indexes\n",
        )
    )


def test_programs_get_json(run: Run) -> None:
    code, out, err = run("acme-core", "--version", "1.2", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["answer"]["code"] == "installable"


def test_the_exit_code_says_whether_something_is_got(run: Run, bench: Bench) -> None:
    assert run("acme-core", "--version", "9")[0] == 3
    bench.repository.told = facts(place("shared"), page=hidden("page"))
    assert run("acme-core")[0] == 4
    assert run("acme-core", "--format", "json")[0] == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-x-",), "No such option"),
        (("acme core",), "`acme core` is not a name of a project"),
        (("acme-core", "--version", "one"), "`one` is not a version"),
        (("acme-core", "--owner", "12"), "it must be the 12 digits of an AWS account"),
        (("acme-core", "--domain", "Acme"), "it must be 2 to 50 lower-case letters"),
    ],
)
def test_what_cannot_be_meant_is_a_wrong_call(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert words in " ".join(err.split())


def test_outside_a_project_the_repository_must_be_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run("acme-core")
    assert code == 1
    assert err.startswith("error: it is not said which repository is meant\n\nhint: go into a project")
    assert err.endswith("or give --domain, --repository, --region\n")
    assert run("acme-core", "--domain", "acme", "--repository", "shared", "--region", "us-east-1")[0] == 0


def test_a_broken_project_is_in_the_way_only_when_it_is_needed(run: Run, bench: Bench) -> None:
    bench.write({"pyproject.toml": PYPROJECT.replace('name = "acme-core"', "name = 3")})
    assert run("acme-core")[0] == 1
    assert run("acme-core", "--domain", "acme", "--repository", "shared", "--region", "us-east-1")[0] == 0
