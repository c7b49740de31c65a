"""The tables are whole: every value of every axis with every tool, every cell with a test or a reason."""

import re
from itertools import product
from pathlib import Path

import pytest

from attacked_repository import STATES
from attacks import ANSWERS, HOSTILE, MODES, WAYS, attacks, configurations
from client_matrix import COLUMNS, PROGRAMS, TESTS
from installers import INSTALLERS
from known_bad import KNOWN_BAD
from workplace import HEALTHY

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", INSTALLERS)
def test_every_value_of_every_axis_is_tried_with_every_tool(name: str) -> None:
    mine = [each for each in attacks() if each.installer.name == name]
    assert {(each.answer, each.way) for each in mine} >= set(product(ANSWERS, WAYS))
    assert {each.state for each in mine} == set(STATES)
    assert {each.mode for each in mine} == set(MODES)
    assert {each.surroundings for each in mine} >= set(HOSTILE)
    wanted = set(configurations(INSTALLERS[name]))
    assert {each.configuration for each in mine} >= wanted
    for surroundings in HOSTILE:
        if name in surroundings.heeded:
            there = [each for each in mine if each.surroundings is surroundings]
            assert {each.configuration for each in there if each.answer == HEALTHY} >= wanted
            assert any(each.answer != HEALTHY for each in there)


def test_every_state_is_tried_in_both_modes_and_both_ways() -> None:
    tried = {(each.state, each.mode, each.way) for each in attacks()}
    assert tried >= set(product(STATES, MODES, WAYS))


def test_every_tool_has_configurations_with_which_it_fails() -> None:
    assert {bad.installer.name for bad in KNOWN_BAD} == set(INSTALLERS)
    assert {answer for bad in KNOWN_BAD for answer, _ in bad.picks} == set(ANSWERS)


def test_no_two_cells_have_the_same_name() -> None:
    assert len({str(each) for each in attacks()}) == len(attacks())


def test_every_cell_of_the_matrix_has_a_test_that_there_is_or_a_reason() -> None:
    for program in PROGRAMS:
        assert program.not_possible.keys() | program.elsewhere.keys() <= set(COLUMNS)
        for column in COLUMNS:
            test = program.test(column)
            assert bool(test) != bool(program.not_possible.get(column))
            if test:
                path, _, rest = test.partition("::")
                assert re.search(rf"^def {rest.partition('[')[0]}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    assert any(program.test(COLUMNS[0]).startswith(TESTS) for program in PROGRAMS)
