from pathlib import Path

import pytest
from client_fakes import Answer, Call, FakeRunner
from inline_snapshot import snapshot

from inhouse.errors import ProgramFailedError, ProgramMissingError
from inhouse.tools.uv import (
    Failure,
    Uv,
    build_arguments,
    bundled,
    export_arguments,
    failure,
    find_arguments,
    install_arguments,
    lock_arguments,
    sync_arguments,
    venv_arguments,
)

CONFIGURATION = 'index-strategy = "first-index"\n'


def uv(runner: FakeRunner, folder: Path) -> Uv:
    return Uv(runner, Path("uv"), folder, {"A": "b"}, configuration=CONFIGURATION, secrets=["made-up-token"])


def test_commands_are_built() -> None:
    folder = Path(".venv")
    assert venv_arguments(folder, "acme", python=None) == ["venv", "--prompt", "acme", ".venv"]
    assert venv_arguments(folder, "acme", python="3.12") == ["venv", "--python", "3.12", "--prompt", "acme", ".venv"]
    assert find_arguments(None) == ["python", "find", "--system"]
    assert find_arguments("3.12") == ["python", "find", "--system", "3.12"]
    assert lock_arguments() == ["lock"]
    assert lock_arguments(upgrade=True) == ["lock", "--upgrade"]
    assert sync_arguments([], exact=True) == ["sync", "--locked", "--no-default-groups"]
    assert sync_arguments(["a", "b"], exact=False) == snapshot(
        ["sync", "--locked", "--no-default-groups", "--group", "a", "--group", "b", "--inexact"]
    )
    assert export_arguments("test")[-2:] == ["--only-group", "test"]
    assert install_arguments(Path("python"), Path("r.txt"), "acme") == snapshot(
        ["pip", "install", "--python", "python", "--refresh-package", "acme", "--requirements", "r.txt"]
    )
    assert build_arguments(Path("dist"))[-2:] == ["--out-dir", "dist"]


def test_the_bundled_uv_is_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bundled().is_file()

    def nowhere() -> str:
        raise FileNotFoundError

    monkeypatch.setattr("uv.find_uv_bin", nowhere)
    with pytest.raises(ProgramMissingError) as caught:
        bundled()
    assert "INHOUSE_UV" in caught.value.hint


def test_every_run_gets_a_configuration_of_its_own(tmp_path: Path) -> None:
    seen: list[str] = []
    runner = FakeRunner()

    def look(call: Call) -> None:
        seen.append(Path(call.env["UV_CONFIG_FILE"]).read_text(encoding="utf-8"))

    runner.on(Answer("uv lock", effect=look))
    uv(runner, tmp_path).run(["lock"], environment={"SOURCE_DATE_EPOCH": "1"}, stream=True)
    (call,) = runner.calls
    assert seen == [CONFIGURATION]
    assert not Path(call.env["UV_CONFIG_FILE"]).exists()
    assert (call.cwd, call.secrets, call.stream) == (tmp_path, ("made-up-token",), True)
    assert (call.env["A"], call.env["SOURCE_DATE_EPOCH"]) == ("b", "1")


def test_a_failure_carries_what_was_said(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(
        Answer("uv lock", exit_code=2, stderr="error: No solution found"), Answer("uv sync", exit_code=1, stdout="x")
    )
    with pytest.raises(ProgramFailedError) as caught:
        uv(runner, tmp_path).run(["lock"])
    assert caught.value.message == "`uv lock` failed with exit code 2:\nerror: No solution found"
    with pytest.raises(ProgramFailedError) as caught:
        uv(runner, tmp_path).run(["sync"], stream=True)
    assert (caught.value.message, caught.value.output) == ("`uv sync` failed with exit code 1", "x")


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (
            "Resolved 2 packages\nerror: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.",
            Failure.LOCK_STALE,
        ),
        ("error: Unable to find lockfile at `uv.lock`, but `--locked` was provided.", Failure.LOCK_STALE),
        ("error: No interpreter found for Python >=3.99 in managed installations", Failure.INTERPRETER_MISSING),
        ("error: No interpreter found at path `/nonexist`", Failure.INTERPRETER_MISSING),
        (
            "error: No solution found\nhint: An index URL (http://x/) could not be queried (401 Unauthorized)",
            Failure.CREDENTIALS_REFUSED,
        ),
        ("  cause: Missing credentials for: http://127.0.0.1:9911/simple/iniconfig/", Failure.CREDENTIALS_REFUSED),
        ("HTTP status client error (403 Forbidden) for url (http://x)", Failure.ACCESS_DENIED),
        (
            "error: Request failed after 3 retries\n  cause: error sending request for url (http://x)",
            Failure.UNREACHABLE,
        ),
        ("error: No solution found when resolving dependencies", Failure.OTHER),
        ("Because acme==4.0.1 requires numpy==1.403", Failure.OTHER),
        ("", Failure.OTHER),
    ],
)
def test_a_failure_is_known_by_uvs_words(output: str, kind: Failure) -> None:
    assert failure(output) is kind
