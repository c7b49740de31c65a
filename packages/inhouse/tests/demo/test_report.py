import subprocess
from pathlib import Path

from inline_snapshot import snapshot

from inhouse.demo.report import Outcome, closing, failure, farewell, opening, table


def test_a_steps_line_names_it_first_and_its_time_last() -> None:
    assert opening(3, 20, "make lock") + closing(Outcome("make lock", "", 1.24)) == snapshot(
        "[ 3/20] make lock ....................................   1.2 s"
    )


def test_a_failed_step_says_so() -> None:
    assert closing(Outcome("make lock", "", 0.5, "no lock")) == snapshot("  0.5 s  FAILED")


def test_a_failure_comes_with_its_hint() -> None:
    assert failure("no lock", "run `make lock`") == "error: no lock\n\nhint: run `make lock`"
    assert failure("no lock", "") == "error: no lock"


def test_the_last_lines_can_be_typed_as_they_are(tmp_path: Path) -> None:
    printed, root = tmp_path / "some data", tmp_path / "the root"
    root.mkdir()
    program = tmp_path / "some programs" / "python"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho export SEEN=\"'$*'\"\n", encoding="utf-8")
    program.chmod(0o755)
    with subprocess.Popen(["sleep", "60"]) as process:
        said = farewell([str(program), "-m", "inhouse"], str(root), "http://127.0.0.1:1", str(printed), process.pid)
        commands = [line for line in said.splitlines() if line.startswith("  ")]
        script = "\n".join([*commands, 'echo "$SEEN"'])
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"-m inhouse server env --data-dir {printed}\n"
    assert process.returncode != 0
    assert not root.exists()


def test_the_table_says_what_was_proved_and_adds_up() -> None:
    outcomes = [
        Outcome("start the repository", "it runs without an AWS account", 0.8),
        Outcome("make cov", "the generated library passes its tests and its coverage gate " * 3, 12.3),
        Outcome("make publish", "the files are there", 2.0, "refused"),
    ]
    assert "\n" + table(outcomes) == snapshot("""\

step                  what it proved                                                                          seconds
--------------------  --------------------------------------------------------------------------------------  -------
start the repository  it runs without an AWS account                                                              0.8
make cov              the generated library passes its tests and its coverage gate the generated library         12.3
                      passes its tests and its coverage gate the generated library passes its tests and its
                      coverage gate
make publish          FAILED: see above                                                                           2.0
--------------------  --------------------------------------------------------------------------------------  -------
all                   2 of 3 steps went well                                                                     15.1\
""")


def test_a_table_of_nothing_is_a_table() -> None:
    assert "0 of 0 steps" in table([])
