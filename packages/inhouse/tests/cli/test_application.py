"""The command line as a whole: help, errors, exit codes, plug-ins, and how little it takes to start."""

import io
import os
import subprocess
import sys
from importlib.metadata import EntryPoint, version
from pathlib import Path
from types import ModuleType

import click
import pytest
from command_line import Run, run_command
from inline_snapshot import snapshot

from inhouse.cli import application, main
from inhouse.cli.options import common_options, current_settings
from inhouse.cli.registry import ELSEWHERE, SECTIONS, entries
from inhouse.errors import InhouseError


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help as wide as it may become."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        return run_command(capsys, *arguments)

    return run


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Commands of another distribution: a name to a click command, or to an exception that loading raises."""
    plugins: dict[str, object] = {}

    class Point(EntryPoint):
        """An entry point that loads from the dictionary."""

        def load(self) -> object:
            loaded = plugins[self.name]
            if isinstance(loaded, Exception):
                raise loaded
            return loaded

    monkeypatch.setattr(
        application, "entry_points", lambda group: [Point(name, "other.module:attribute", group) for name in plugins]
    )
    return plugins


def failing(error: BaseException) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


def test_help_groups_commands_by_what_they_are_for(run: Run, commands: dict[str, object]) -> None:
    assert not commands
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert out == snapshot("""\
Usage: inhouse [OPTIONS] COMMAND [ARGS]...

  Make, publish and use in-house Python libraries, done right.

  The package repository is AWS CodeArtifact, or the embedded one on your own machine; commands marked [AWS ·
  embedded] work with either, those marked [local] need neither.

Options:
  --version             Show the version and exit.
  -C, --project FOLDER  Work on the project in FOLDER instead of the one you are in.
  --profile NAME        The AWS profile to use.  [variable: INHOUSE_PROFILE]
  --verbose             Show the programs that are run, and tracebacks.  [variable: INHOUSE_VERBOSE]
  -h, --help            Show this message and exit.

Begin:
  demo  Show the whole road, driven for real in a temporary folder. [embedded]
  new   Make a new library from the template. [AWS · embedded]
  info  Show name, version, branch, repository, paths and links. [local]

Access:
  login   Set up pip, uv, Poetry, PDM, twine and hatch for the repository. [AWS · embedded]
  logout  Take back what login wrote, and forget kept tokens. [local]
  env     Print the variables that give tools access, for pipelines and images. [AWS · embedded]
  run     Run a command with access to the repository. [AWS · embedded]
  token   Print an authorization token that works for some time yet. [AWS · embedded]

The project's environment:
  venv-create         Make the project's own environment, .venv. [local]
  venv-remove         Remove .venv. [local]
  use-index           Make the repository the project's one index. [AWS · embedded]
  retarget            Move pyproject.toml and the locks to another address. [AWS · embedded]
  lock                Resolve the dependencies and write uv.lock. [AWS · embedded]
  install             Install the project alone. [AWS · embedded]
  install-dev         Install the project and the group dev. [AWS · embedded]
  install-test        Install the project and the group test. [AWS · embedded]
  install-doc         Install the project and the group doc. [AWS · embedded]
  install-automation  Install the project and the group automation. [AWS · embedded]
  install-all         Install the project and all groups. [AWS · embedded]

Understand:
  explain       Say what an installer gets for a name, and why. [AWS · embedded]
  doctor        Find what makes installs wrong or fail, and how to mend it. [AWS · embedded]
  check-config  Refuse a second index, and names that nothing reserves. [AWS · embedded]
  reserve       Close names to public sources, by a package group. [AWS · embedded]

Check:
  test       Install what tests need, then run the unit tests. [AWS · embedded]
  test-only  Run the unit tests without installing first. [local]
  cov        Like test, and hold the coverage to its gate. [AWS · embedded]
  cov-only   Like cov, without installing first. [local]
  int        Test what is published, in a clean environment. [AWS · embedded]
  int-only   Like int, without installing first. [local]

Document:
  build-doc  Build the documentation. [local]
  view-doc   Open the built documentation. [local]

Release:
  build    Build the source distribution and the wheel. [AWS · embedded]
  publish  Check what was built and upload it. [AWS · embedded]

The embedded repository:
  serve   Start the embedded repository (short for `server start`). (not installed)
  server  Start, stop and look after the embedded repository. (not installed)

  `inhouse COMMAND --help` explains a command. In a project, `make COMMAND` is short for `inhouse COMMAND`.
""")


def test_every_command_is_there_explains_itself_and_knows_the_common_options(run: Run) -> None:
    for name in entries():
        code, out, _ = run(name, "--help")
        assert code == 0, name
        assert f"Usage: inhouse {name}" in out
        if name not in {"demo", "new"}:
            assert {"--project", "--profile", "--verbose"} < set(out.replace(",", " ").split()), name


def test_every_target_of_the_makefile_is_a_command() -> None:
    targets = (
        "venv-create venv-remove use-index add-source lock install install-dev install-test install-doc "
        "install-automation install-all test test-only cov cov-only int int-only build-doc view-doc build publish info"
    )
    assert set(targets.split()) < set(entries())


def test_an_alias_is_the_same_command_and_not_listed_twice() -> None:
    known = entries()
    aliases = {name: entry for name, entry in known.items() if entry.alias_of}
    assert list(aliases) == ["add-source"]
    assert all(entry.target == known[entry.alias_of].target for entry in aliases.values())


def test_the_version_is_that_of_the_distribution(run: Run) -> None:
    assert run("--version") == (0, f"inhouse {version('inhouse')}\n", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frobnicate"], "there is no command `frobnicate`. `inhouse --help` lists the commands."),
        (["publsh"], "Did you mean `publish`?"),
        (["lock", "--frobnicate"], "No such option"),
        (["-C", "no/such/folder", "info"], "no/such/folder"),
    ],
)
def test_a_wrong_call_exits_with_2(run: Run, arguments: list[str], words: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_any_stream_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert main(["--version"]) == 0
    assert isinstance(sys.stdout, io.StringIO)
    assert "inhouse" in sys.stdout.getvalue()


def test_a_console_that_lacks_a_character_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    console = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(console, encoding="iso8859_5"))
    assert main(["--help"]) == 0
    sys.stdout.flush()
    assert b"[AWS ? embedded]" in console.getvalue()


def test_no_command_shows_the_help(run: Run) -> None:
    code, out, err = run()
    assert code == 2
    assert "Usage: inhouse" in out + err


def test_an_error_is_a_message_an_empty_line_and_a_hint(run: Run, tmp_path: Path) -> None:
    code, out, err = run("-C", str(tmp_path), "info")
    assert (code, out) == (1, "")
    assert err.replace(str(tmp_path.resolve()), "FOLDER") == snapshot("""\
error: no project here: neither `FOLDER` nor a folder above it holds a `pyproject.toml`

hint: go into a project, name it with `-C FOLDER`, or make one with `inhouse new`
""")


def test_the_same_error_has_a_traceback_on_request(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (["--verbose", "-C", str(tmp_path), "info"], ["info", "-C", str(tmp_path), "--verbose"]):
        _, _, err = run(*arguments)
        assert "Traceback" in err
        assert err.index("Traceback") < err.index("\nerror: ")
    monkeypatch.setenv("INHOUSE_VERBOSE", "1")
    assert "Traceback" in run("-C", str(tmp_path), "info")[2]


def test_a_bad_setting_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INHOUSE_TOKEN_SECONDS", "many")
    code, _, err = run("info")
    assert code == 1
    assert "the variable INHOUSE_TOKEN_SECONDS" in err


def test_a_mistake_of_ours_is_said_to_be_one(run: Run, commands: dict[str, object]) -> None:
    commands["other"] = failing(ZeroDivisionError("oh"))
    assert run("other") == (
        1,
        "",
        "error: ZeroDivisionError: oh\n\nhint: this should not happen: run it again with --verbose and report it\n",
    )


def test_what_the_system_refuses_is_no_mistake_of_ours(run: Run, commands: dict[str, object]) -> None:
    commands["other"] = failing(PermissionError(13, "Permission denied", "dist"))
    code, _, err = run("other")
    assert code == 1
    assert "Permission denied: 'dist'" in err
    assert "is it yours" in err


def test_an_error_of_another_distribution_is_shown_like_ours(run: Run, commands: dict[str, object]) -> None:
    class ServerError(Exception):
        """An error of the same shape, and not of our tree."""

        message = "the port is taken"
        hint = "choose another"

    commands["other"] = failing(ServerError())
    assert run("other") == (1, "", "error: the port is taken\n\nhint: choose another\n")
    commands["other"] = failing(InhouseError("it says it all", hint=""))
    assert run("other") == (1, "", "error: it says it all\n")


def test_an_interrupt_is_no_error(run: Run, commands: dict[str, object]) -> None:
    commands["other"] = failing(KeyboardInterrupt())
    code, out, err = run("other")
    assert (code, out, err.strip()) == (130, "", "interrupted")


def test_an_interrupt_counts_before_anything_is_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt(name)

    monkeypatch.setitem(sys.modules, "inhouse.cli.application", Interrupted("inhouse.cli.application"))
    assert main(["--version"]) == 130
    assert capsys.readouterr().err == "interrupted\n"
    code = "import sys; known = set(sys.modules); import inhouse.cli; print(*sorted(set(sys.modules) - known))"
    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert completed.stdout.split() == ["inhouse", "inhouse.cli"]


def test_a_question_that_nobody_answers_is_an_error(run: Run, commands: dict[str, object]) -> None:
    commands["other"] = failing(EOFError())
    code, _, err = run("other")
    assert code == 1
    assert "hint: give it as an option" in err


def test_an_exit_code_is_passed_on(run: Run, commands: dict[str, object]) -> None:
    commands["other"] = failing(SystemExit(5))
    assert run("other")[0] == 5
    commands["other"] = failing(click.exceptions.Exit(4))
    assert run("other")[0] == 4


def test_a_command_of_another_distribution_is_listed_and_run(run: Run, commands: dict[str, object]) -> None:
    @click.command("server", short_help="Start it.")
    def server() -> None:
        click.echo("started")

    commands["server"] = server
    assert run("server") == (0, "started\n", "")
    assert "  server  Start it.\n" in run("--help")[1]


@pytest.mark.parametrize("loaded", [ImportError("no module named x"), "no command"])
def test_one_that_cannot_be_loaded_is_said_so(run: Run, commands: dict[str, object], loaded: object) -> None:
    commands["server"] = loaded
    code, _, err = run("server", "start")
    assert code == 1
    assert "error: the command `server` of other.module cannot be loaded" in err
    assert "hint: install other.module anew" in err
    assert "cannot be loaded" in run("--help")[1]


def test_one_of_ours_cannot_be_taken_over(run: Run, commands: dict[str, object]) -> None:
    commands["info"] = failing(ZeroDivisionError())
    assert run("info", "--help")[0] == 0


@pytest.mark.parametrize("name", ELSEWHERE)
@pytest.mark.parametrize("arguments", [[], ["start", "--port", "0"], ["--help"]])
def test_without_the_server_it_is_said_what_to_install(
    run: Run, commands: dict[str, object], name: str, arguments: list[str]
) -> None:
    assert not commands
    code, _, err = run(name, *arguments)
    assert code == 1
    assert f"error: the command `{name}` is not installed" in err
    assert "inhouse[server]" in err


def test_options_count_before_and_after_the_command(
    run: Run, commands: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INHOUSE_PROFILE", "exported")
    seen: list[str | None] = []

    @click.command()
    @common_options
    def probe() -> None:
        seen.append(current_settings().profile)

    commands["probe"] = probe
    for arguments in (["probe"], ["--profile", "mine", "probe"], ["probe", "--profile", "mine"]):
        assert run(*arguments)[0] == 0
    assert seen == ["exported", "mine", "mine"]


HEAVY = ("boto3", "botocore", "copier", "tomlkit", "requests", "pypi_simple", "twine", "pydantic", "jinja2")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["info", "--help"]])
def test_starting_is_cheap(arguments: list[str]) -> None:
    code = (
        "import sys; from inhouse.cli import main; main(sys.argv[1:]); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    completed = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, env=environment
    )
    assert completed.stderr.strip() == "[]"


def test_the_module_can_be_run() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "inhouse", "--version"], capture_output=True, text=True, check=True
    )
    assert completed.stdout == f"inhouse {version('inhouse')}\n"


def test_a_section_is_never_empty_and_a_command_in_one_only() -> None:
    assert all(SECTIONS.values())
    assert sum(map(len, SECTIONS.values())) == len(entries())
