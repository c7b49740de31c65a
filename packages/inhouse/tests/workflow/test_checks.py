"""Unit tests, coverage and documentation, as activities."""

import shutil

import pytest
from client_fakes import PYPROJECT, Answer, Bench

from inhouse.errors import CoverageTooLowError, DocumentationError, NothingBuiltError, PartMissingError
from inhouse.workflow.docs import build_docs, view_docs
from inhouse.workflow.tests import run_coverage, run_tests


def test_pytests_exit_code_is_passed_on_and_its_arguments_too(bench: Bench) -> None:
    bench.runner.on(Answer("-m pytest", exit_code=5))
    assert run_tests(bench.context(), ["-k", "nothing"]) == 5
    (call,) = bench.runner.commands("-m pytest")
    assert call.argv[1:] == ("-m", "pytest", "--ignore=tests_int", "-k", "nothing")
    assert (call.cwd, call.stream) == (bench.root, True)


@pytest.mark.parametrize("activity", [run_tests, run_coverage])
def test_a_project_without_tests_is_told_so(bench: Bench, activity: object) -> None:
    shutil.rmtree(bench.root / "tests")
    for run in (run_tests, run_coverage):
        if run is activity:
            with pytest.raises(PartMissingError, match="no tests"):
                run(bench.context())


RUN = "coverage run -m pytest --ignore=tests_int"


def steps(bench: Bench) -> list[str]:
    return [" ".join(call.argv[2:]) for call in bench.runner.commands("-m coverage")]


def test_coverage_measures_and_then_reports_with_the_projects_own_gate(bench: Bench) -> None:
    assert run_coverage(bench.context(), ["-x"]) == 0
    assert steps(bench) == ["coverage erase", "coverage run -m pytest --ignore=tests_int -x", "coverage report"]


def test_measured_in_parallel_the_parts_are_combined(bench: Bench) -> None:
    bench.runner.on(Answer("coverage run", effect=lambda _: bench.write({".coverage.host.1": ""})))
    assert run_coverage(bench.context()) == 0
    assert steps(bench) == ["coverage erase", RUN, "coverage combine --quiet", "coverage report"]
    bench.runner.on(Answer("coverage combine", exit_code=1))
    assert run_coverage(bench.context()) == 1


def test_failing_tests_are_not_measured(bench: Bench) -> None:
    bench.runner.on(Answer("coverage run", exit_code=1))
    assert run_coverage(bench.context()) == 1
    assert steps(bench)[-1] == RUN


def test_coverage_below_the_gate_is_an_error_and_a_failing_report_its_own_exit_code(bench: Bench) -> None:
    bench.runner.on(Answer("coverage report", exit_code=2))
    with pytest.raises(CoverageTooLowError):
        run_coverage(bench.context())
    bench.runner.on(Answer("coverage report", exit_code=1))
    assert run_coverage(bench.context()) == 1


def test_a_project_without_a_gate_is_held_to_ours(bench: Bench) -> None:
    bench.write({"pyproject.toml": PYPROJECT.replace("fail_under = 97", "")})
    run_coverage(bench.context())
    assert steps(bench)[-1] == "coverage report --fail-under=95"
    assert "the project sets no `fail_under`, so it is held to 95 %" in bench.said
    bench.write({".coveragerc": "[report]\nfail_under = 90\n"})
    run_coverage(bench.context())
    assert steps(bench)[-1] == "coverage report"


def test_documentation_is_built_anew_with_the_projects_python(bench: Bench) -> None:
    bench.write({"build/docs/html/gone.html": ""})
    assert build_docs(bench.context()) == bench.root / "build" / "docs" / "html" / "index.html"
    assert not (bench.root / "build/docs/html/gone.html").exists()
    (call,) = bench.runner.commands("-m sphinx")
    assert call.argv[0] == str(bench.context().interpreter())
    bench.runner.on(Answer("-m sphinx", exit_code=1))
    with pytest.raises(DocumentationError, match="exit code 1") as caught:
        build_docs(bench.context())
    assert "warning" in caught.value.hint


def test_a_project_without_documentation_is_told_where_to_put_it(bench: Bench) -> None:
    shutil.rmtree(bench.root / "docs")
    with pytest.raises(PartMissingError, match="no documentation") as caught:
        build_docs(bench.context())
    assert "conf.py" in caught.value.hint


def test_documentation_is_shown_if_it_is_built(bench: Bench) -> None:
    with pytest.raises(NothingBuiltError) as caught:
        view_docs(bench.context(), lambda _: True)
    assert "make build-doc" in caught.value.hint
    bench.write({"build/docs/html/index.html": ""})
    page = bench.root / "build" / "docs" / "html" / "index.html"
    shown: list[str] = []

    def show(address: str) -> bool:
        shown.append(address)
        return True

    assert view_docs(bench.context(), show) == page
    assert shown == [page.as_uri()]
    assert bench.said == []
    assert view_docs(bench.context(), lambda _: False) == page
    assert bench.said == ["no browser could be opened; open the page yourself"]
