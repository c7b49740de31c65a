"""The contract of `Runner`, on the real one and on the fake one, and what only the real one does."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from client_fakes import Answer, FakeRunner
from hypothesis import given
from hypothesis import strategies as st

from inhouse.errors import ProgramFailedError, ProgramMissingError
from inhouse.process import Runner, SubprocessRunner, _end, become, masked

SECRET = "made-up-secret"
PRINT = "import sys; print(sys.argv[1]); print(sys.argv[1], file=sys.stderr); sys.exit(int(sys.argv[2]))"
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-c", *arguments]


@pytest.fixture(params=["real", "fake"])
def runner(request: pytest.FixtureRequest) -> Runner:
    if request.param == "real":
        return SubprocessRunner()
    fake = FakeRunner()
    fake.on(
        Answer("no-such-program", missing=True),
        Answer(f"{SECRET} 0", stdout=f"{SECRET}\n", stderr=f"{SECRET}\n"),
        Answer(f"{SECRET} 3", stdout=f"{SECRET}\n", stderr=f"{SECRET}\n", exit_code=3),
    )
    return fake


def test_a_program_that_succeeds_is_captured_and_masked(runner: Runner, tmp_path: Path) -> None:
    completed = runner.run(python(PRINT, SECRET, "0"), cwd=tmp_path, env=ENVIRONMENT, secrets=[SECRET])
    assert (completed.exit_code, completed.stdout, completed.stderr) == (0, "****\n", "****\n")
    assert SECRET not in " ".join(completed.argv)


def test_a_program_that_fails_says_all_without_its_secrets(runner: Runner, tmp_path: Path) -> None:
    with pytest.raises(ProgramFailedError) as caught:
        runner.run(python(PRINT, SECRET, "3"), cwd=tmp_path, env=ENVIRONMENT, secrets=[SECRET])
    assert caught.value.exit_code == 3
    assert caught.value.output.count("****") == 2
    assert SECRET not in f"{caught.value.message} {caught.value.output} {caught.value.argv}"


def test_a_caller_may_look_at_the_exit_code_itself(runner: Runner, tmp_path: Path) -> None:
    assert runner.run(python(PRINT, SECRET, "3"), cwd=tmp_path, env=ENVIRONMENT, check=False).exit_code == 3


def test_a_missing_program_is_our_error_with_a_hint(runner: Runner, tmp_path: Path) -> None:
    with pytest.raises(ProgramMissingError) as caught:
        runner.run(["no-such-program"], cwd=tmp_path, env=ENVIRONMENT, missing_hint="get it there")
    assert caught.value.hint == "get it there"


def test_a_missing_path_is_a_missing_program(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissingError):
        SubprocessRunner().run([str(tmp_path / "nothing")], cwd=tmp_path, env=ENVIRONMENT)


def test_a_missing_folder_is_not_blamed_on_the_program(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SubprocessRunner().run(python("pass"), cwd=tmp_path / "nothing", env=ENVIRONMENT)


def test_the_path_of_the_child_counts(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissingError):
        SubprocessRunner().run(["git", "--version"], cwd=tmp_path, env={"PATH": str(tmp_path)})


def test_nothing_is_inherited_and_there_is_no_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INHERITED", "yes")
    code = (
        "import os, sys; print(os.environ.get('INHERITED'), os.environ['GIVEN'], repr(sys.stdin.read()), os.getcwd())"
    )
    completed = SubprocessRunner().run(python(code), cwd=tmp_path, env={**ENVIRONMENT, "GIVEN": "ja"})
    assert completed.stdout.strip() == f"None ja '' {tmp_path}"


def test_much_output_on_both_sides_does_not_block(tmp_path: Path) -> None:
    code = "import sys; sys.stdout.write('a' * 300_000); sys.stderr.write('b' * 300_000)"
    for stream in (False, True):
        runner = SubprocessRunner(io.StringIO(), io.StringIO())
        completed = runner.run(python(code), cwd=tmp_path, env=ENVIRONMENT, stream=stream)
        assert (len(completed.stdout), len(completed.stderr)) == (300_000, 300_000)


def test_output_that_is_not_text_is_replaced(tmp_path: Path) -> None:
    code = "import sys; sys.stdout.buffer.write(b'\\xff\\xfe ok')"
    assert SubprocessRunner().run(python(code), cwd=tmp_path, env=ENVIRONMENT).stdout.endswith(" ok")


def test_a_streamed_program_is_seen_while_it_runs_and_not_repeated(tmp_path: Path) -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    runner = SubprocessRunner(stdout, stderr)
    with pytest.raises(ProgramFailedError) as caught:
        runner.run(python(PRINT, SECRET, "4"), cwd=tmp_path, env=ENVIRONMENT, secrets=[SECRET], stream=True)
    assert (stdout.getvalue(), stderr.getvalue()) == ("****\n", "****\n")
    assert caught.value.output.count("****") == 2
    assert caught.value.message.endswith("failed with exit code 4")


def test_a_streamed_program_with_secrets_goes_to_our_own_streams(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runner = SubprocessRunner()
    runner.run(python(PRINT, SECRET, "0"), cwd=tmp_path, env=ENVIRONMENT, secrets=[SECRET], stream=True)
    assert capsys.readouterr() == ("****\n", "****\n")


def test_a_streamed_program_without_secrets_has_the_terminal_itself(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    completed = SubprocessRunner().run(python(PRINT, "open", "0"), cwd=tmp_path, env=ENVIRONMENT, stream=True)
    assert capfd.readouterr() == ("open\n", "open\n")
    assert (completed.stdout, completed.stderr) == ("", "")


def test_commands_can_be_traced_without_their_secrets(tmp_path: Path) -> None:
    traced: list[str] = []
    runner = SubprocessRunner(trace=traced.append)
    runner.run(python("pass", SECRET, "two words"), cwd=tmp_path, env=ENVIRONMENT, secrets=[SECRET, ""])
    assert traced == [f"{sys.executable} -c pass **** 'two words'".replace("****", "'****'")]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent to process groups otherwise there")
def test_an_interrupt_gives_the_program_time_and_then_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = tmp_path / "ready"
    code = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path('tidied').touch(), sys.exit(0)))\n"
        "pathlib.Path('ready').touch()\n"
        "time.sleep(60)\n"
    )

    main = threading.main_thread().ident or 0

    def interrupt() -> None:
        while not ready.exists():
            time.sleep(0.01)
        # To the main thread, as the terminal does; it would otherwise go on waiting.
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    monkeypatch.setattr("inhouse.process._PATIENCE", 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            SubprocessRunner().run(python(code), cwd=tmp_path, env=ENVIRONMENT)
    finally:
        thread.join()
    assert (tmp_path / "tidied").exists()


@pytest.mark.parametrize(
    ("listens_to", "steps"), [("", []), ("terminate", ["terminate"]), ("kill", ["terminate", "kill"])]
)
def test_a_program_is_asked_to_end_ever_more_firmly(listens_to: str, steps: list[str]) -> None:
    class Stubborn(subprocess.Popen[str]):
        """A process that ends only once it is told to in a certain way."""

        def __init__(self) -> None:
            self.steps = [""]

        def __del__(self, _maxsize: int = 0, _warn: object = None) -> None:
            pass

        def terminate(self) -> None:
            self.steps.append("terminate")

        def kill(self) -> None:
            self.steps.append("kill")

        def wait(self, timeout: float | None = None) -> int:
            if listens_to not in self.steps:
                raise subprocess.TimeoutExpired("stubborn", timeout or 0)
            return -9

    process = Stubborn()
    _end(process)
    assert process.steps[1:] == steps


@given(st.text(), st.lists(st.text(min_size=1, alphabet="abcdef"), min_size=1))
def test_no_secret_survives_masking(text: str, secrets: list[str]) -> None:
    longest_first = sorted(secrets, key=len, reverse=True)
    shown = masked(f"{text}{''.join(secrets)}{text}", longest_first)
    assert all(secret not in shown for secret in secrets)


def test_nothing_is_no_secret() -> None:
    assert masked("text", [""]) == "text"


BECOME = """
import sys
from inhouse.process import become
sys.exit(become(sys.argv[2:], {"MINE": "1"}, windows=sys.argv[1] == "w"))
"""


@pytest.mark.parametrize("platform", ["p", "w"])
def test_a_program_in_our_place_has_our_input_and_our_exit_code(platform: str) -> None:
    script = "import os, sys; print(sys.stdin.read(), sorted(os.environ)); sys.exit(7)"
    done = subprocess.run(
        python(BECOME, platform, *python(script)), input="hello", capture_output=True, text=True, check=False
    )
    said = done.stdout.replace("'LC_CTYPE', ", "")  # set by Python itself
    assert (done.returncode, said) == (7, "hello ['MINE']\n"), done.stderr


@pytest.mark.parametrize("windows", [False, True])
def test_a_program_that_is_not_there_cannot_take_our_place(tmp_path: Path, *, windows: bool) -> None:
    for argv in (["no-such-program"], [str(tmp_path / "none")], [str(tmp_path)]):
        with pytest.raises(ProgramMissingError):
            become(argv, ENVIRONMENT, windows=windows)


def test_while_we_wait_an_interrupt_is_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = []

    def interrupted(process: "subprocess.Popen[bytes]", timeout: float | None = None) -> int:
        waits.append(process)
        if len(waits) == 1:
            raise KeyboardInterrupt
        return wait(process, timeout)

    wait = subprocess.Popen.wait
    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    assert become(python("raise SystemExit(3)"), ENVIRONMENT, windows=True) == 3
    assert len(waits) >= 2
