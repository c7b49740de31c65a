import os
import sys
from pathlib import Path

import pytest
from client_fakes import Answer, FakeRunner
from inline_snapshot import snapshot

from inhouse.errors import ProgramFailedError
from inhouse.tools.twine import Twine, check_command, refusal_status, upload_command

FILES = [Path("dist/a-1.whl"), Path("dist/a-1.tar.gz")]


def test_the_check_is_strict() -> None:
    assert check_command(Path("python"), FILES) == snapshot(
        ["python", "-m", "twine", "--no-color", "check", "--strict", "dist/a-1.whl", "dist/a-1.tar.gz"]
    )


def test_the_upload_reads_no_configuration_and_holds_no_secret() -> None:
    command = upload_command(Path("python"), FILES, "https://shared.example/")
    assert command[command.index("--config-file") + 1] == os.devnull
    assert command[command.index("--repository-url") + 1] == "https://shared.example/"
    assert "--non-interactive" in command
    assert not {"--password", "--username"} & set(command)


def test_the_token_travels_in_the_environment_and_is_masked(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("twine", exit_code=1, stderr="no: made-up-token"))
    completed = Twine(runner, Path(sys.executable), {"A": "b"}).upload(FILES, "https://x/", "made-up-token", tmp_path)
    (call,) = runner.calls
    assert call.env == {"A": "b", "TWINE_USERNAME": "aws", "TWINE_PASSWORD": "made-up-token"}
    assert "made-up-token" not in call.words
    assert (completed.exit_code, completed.stderr) == (1, "no: ****")


def test_a_failed_check_is_an_error(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("check --strict", exit_code=1, stdout="WARNING `long_description` missing"))
    with pytest.raises(ProgramFailedError, match="long_description"):
        Twine(runner, Path("python"), {}).check(FILES, tmp_path)


@pytest.mark.parametrize(
    ("output", "status"),
    [
        ("ERROR    HTTPError: 409 Conflict from http://127.0.0.1/pypi/d/a/shared/\n", 409),
        ("ERROR    HTTPError:\n         403 Forbidden", 403),
        ("requests.exceptions.ConnectionError: HTTPConnectionPool", None),
        ("", None),
    ],
)
def test_a_refusal_is_known_by_its_status(output: str, status: int | None) -> None:
    assert refusal_status(output) == status
