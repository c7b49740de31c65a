from inline_snapshot import snapshot

from inhouse.demo.report import Outcome, closing, opening, table


def test_a_steps_line_names_it_first_and_its_time_last() -> None:
    assert opening(3, 20, "make lock") + closing(Outcome("make lock", "", 1.24)) == snapshot(
        "[ 3/20] make lock ....................................   1.2 s"
    )


def test_a_failed_step_says_so() -> None:
    assert closing(Outcome("make lock", "", 0.5, "no lock")) == snapshot("  0.5 s  FAILED")


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
