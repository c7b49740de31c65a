"""The dialects of those who run `keyring` as a program, exactly as they speak."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from token_service import TokenService, refused

import inhouse_keyring
from inhouse_keyring.program import Lookup, main, parse, render
from inhouse_keyring.shim import install, next_keyring

TOKEN = "token-1-of-AKIAALICE"
PAIR = f"aws\n{TOKEN}\n"


@pytest.fixture(autouse=True)
def variables(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("who", "arguments", "said"),
    [
        ("uv with a user", ["get", "URL", "aws"], f"{TOKEN}\n"),
        ("uv without a user", ["get", "URL", "--mode", "creds"], PAIR),
        ("pip", ["--mode=creds", "--output=json", "get", "URL"], f'{{"username": "aws", "password": "{TOKEN}"}}\n'),
        ("pip with a user", ["--mode=creds", "--output=json", "get", "URL", "aws"], None),
        ("older pip", ["get", "URL", "aws"], f"{TOKEN}\n"),
        ("pdm", ["--mode=creds", "get", "URL", ""], PAIR),
    ],
)
def test_each_caller_is_answered_in_its_dialect(
    who: str, arguments: list[str], said: str | None, service: TokenService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.replace("URL", service.index) for argument in arguments]) == 0, who
    out, err = capsys.readouterr()
    assert err == ""
    if said is None:
        assert json.loads(out) == {"username": "aws", "password": TOKEN}
    else:
        assert out == said


@pytest.mark.parametrize("arguments", [["get", "127.0.0.1:8765", "aws"], ["get", "URL", "alice"], ["get", "x", "y"]])
def test_what_is_not_ours_is_an_exit_code_and_nothing_else(
    arguments: list[str], service: TokenService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.replace("URL", service.index) for argument in arguments]) == 1
    assert capsys.readouterr() == ("", "")


def test_what_is_ours_and_fails_says_why(service: TokenService, capsys: pytest.CaptureFixture[str]) -> None:
    service.answers = [refused("AccessDeniedException")]
    assert main(["get", service.index, "aws"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: GetAuthorizationToken is not allowed: the service says no\n\nhint: ")


def test_an_error_of_our_own_is_not_hidden(service: TokenService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inhouse_keyring.program.password_for", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["get", service.index, "aws"])


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["set", "a", "b"], ["get"], ["get", "a", "b", "c"], ["--list-backends"], ["--mode=x", "get", "a"]),
        *(["--output", "yaml", "get", "a"], ["--mode"], ["-b", "x", "get", "a"]),
    ],
)
def test_what_is_no_look_up_is_none(arguments: list[str]) -> None:
    assert parse(arguments) is None


def test_a_token_with_strange_characters_is_still_json() -> None:
    lookup = Lookup("x", None, with_username=True, as_json=True)
    for token in ('a"b', "a\\b", "ü", "a\nb", "plain"):
        assert json.loads(render(lookup, "aws", token)) == {"username": "aws", "password": token}
    assert json.loads(render(Lookup("x", None, with_username=False, as_json=True), "aws", "p")) == {"password": "p"}


def test_help_and_wrong_calls(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out, _ = capsys.readouterr()
    assert out.startswith("usage: inhouse-keyring")
    for wrong in ([], ["something"], ["install-shim"]):
        assert main(wrong) == 2
        assert capsys.readouterr().err == out


def test_a_shim_is_written_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install-shim", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/keyring\n"
    assert main(["remove-shim", str(tmp_path)]) == 0
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "keyring").write_text("#!/bin/sh\n", encoding="utf-8")
    assert main(["install-shim", str(tmp_path)]) == 1
    assert "another program" in capsys.readouterr().err


def run(*argv: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(argument) for argument in argv],
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_program_and_the_module_are_the_same(service: TokenService) -> None:
    for program in ([Path(sys.executable).parent / "inhouse-keyring"], [sys.executable, "-m", "inhouse_keyring"]):
        done = run(*program, "get", service.index, "aws")
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{TOKEN}\n", "")


def test_the_shim_answers_for_us_and_hands_on_the_rest(service: TokenService, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("first with space", "second", "third"))
    shim = install(str(first))
    install(str(second))
    third.mkdir()
    (third / "keyring").write_text('#!/bin/sh\necho "the other one: $*"\nexit 7\n', encoding="utf-8")
    (third / "keyring").chmod(0o755)
    path = f"{first}:{second}:{third}:/usr/bin:/bin"
    assert run(shim, "get", service.index, "aws", PATH=path).stdout == f"{TOKEN}\n"
    for arguments in (
        ["get", "elsewhere", "alice"],
        ["set", "a", "b"],
        ["--list-backends"],
        ["get", service.index, "bob"],
    ):
        done = run(shim, *arguments, PATH=path)
        assert (done.returncode, done.stdout) == (7, f"the other one: {' '.join(arguments)}\n")


def test_the_shim_without_another_keyring_knows_nothing_else(tmp_path: Path) -> None:
    shim = install(str(tmp_path))
    done = run(shim, "get", "elsewhere", "alice", PATH=f"{tmp_path}:/nowhere")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_a_look_up_imports_nothing_that_it_does_not_need(service: TokenService) -> None:
    program = f"import sys; from inhouse_keyring.program import main; main(['get', {service.index!r}, 'aws']); "
    program += "print(*sorted(name for name in sys.modules if '.' not in name or name.startswith('inhouse')))"
    run(sys.executable, "-S", "-c", program, PYTHONPATH=os.pathsep.join(sys.path))
    done = run(sys.executable, "-S", "-c", program, PYTHONPATH=os.pathsep.join(sys.path))
    bare = run(sys.executable, "-S", "-c", "import os, sys; print(*sys.modules)")
    imported = set(done.stdout.splitlines()[-1].split()) - set(bare.stdout.split())
    assert imported == {
        "_blake2",
        "inhouse_keyring",
        "inhouse_keyring.answers",
        "inhouse_keyring.memory",
        "inhouse_keyring.program",
    }


def test_where_a_program_cannot_become_another_one_it_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "keyring.exe"
    other.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.name", "nt")
    try:
        found = next_keyring("/shim", {"PATH": str(tmp_path)})
        with patch("subprocess.run", return_value=subprocess.CompletedProcess([], 7)) as ran:
            assert main(["get", "elsewhere", "alice"], "/shim") == 7
    finally:
        monkeypatch.undo()
    assert found == str(other)
    assert ran.call_args.args == ([str(other), "get", "elsewhere", "alice"],)


def python_of(version: str) -> str | None:
    """Return a Python of a version: one on PATH, or one that is installed beside the one that runs."""
    beside = sorted(Path(sys.base_prefix).parent.glob(f"{version}.*/bin/python3"))
    for candidate in (shutil.which(f"python{version}"), *map(str, beside)):
        if candidate and run(candidate, "-c", "").returncode == 0:
            return candidate
    return None


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.9", "3.10", "3.12", "3.13", "3.14"])
def test_other_pythons_run_it_too(service: TokenService, tmp_path: Path, version: str) -> None:
    python = python_of(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    source = Path(inhouse_keyring.__file__).parents[1]
    said = {"PYTHONPATH": str(source), "INHOUSE_CACHE_DIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    for _ in range(2):
        done = run(python, "-W", "error", "-m", "inhouse_keyring", "get", service.index, "aws", **said)
        assert (done.stdout, done.stderr) == ("token-1-of-AKIAALICE\n", "")
    assert len(service.asked) == 1
    modules = [file.stem for file in (source / "inhouse_keyring").glob("[a-z]*.py") if file.stem != "backend"]
    names = ", ".join(f"inhouse_keyring.{name}" for name in modules)
    assert run(python, "-W", "error", "-c", f"import {names}", **said).stderr == ""
