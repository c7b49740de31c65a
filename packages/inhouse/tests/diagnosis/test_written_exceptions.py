"""Exceptions let pass what they name and no more, and only with a reason."""

from hypothesis import given
from hypothesis import strategies as st

from inhouse.diagnosis.exceptions import WrittenException, apply_exceptions, read_exceptions
from inhouse.diagnosis.findings import Code, Finding, Mend, MendKind, Severity

TORCH = Finding(
    Code.SECOND_INDEX, Severity.DANGER, "pyproject.toml: tool.uv.index.torch", "x", mend=Mend(MendKind.ENTRY, "x")
)
OTHER = Finding(Code.SECOND_INDEX, Severity.DANGER, "UV_INDEX", "y")


def written(finding: str = "second-index", place: str = TORCH.place, reason: str = "CUDA") -> WrittenException:
    return WrittenException(1, finding, place, reason)


def test_what_has_a_reason_passes_as_a_note_with_it() -> None:
    excepted = apply_exceptions([TORCH, OTHER], [written()])
    assert excepted.kept == (OTHER,)
    (passed,) = excepted.let_pass
    assert (passed.severity, passed.exception, passed.mend) == (Severity.NOTE, "CUDA", None)


def test_an_exception_without_a_reason_lets_nothing_pass_and_is_refused() -> None:
    excepted = apply_exceptions([TORCH], [written(reason="")])
    assert [each.code for each in excepted.kept] == [Code.SECOND_INDEX, Code.EXCEPTION_UNREASONED]
    assert excepted.let_pass == ()


def test_an_exception_that_excepts_nothing_is_refused() -> None:
    (unused,) = apply_exceptions([], [written()]).kept
    assert unused.code is Code.EXCEPTION_UNUSED
    assert unused.place == "pyproject.toml: tool.inhouse.exceptions[1]"
    assert unused.problem == "there is no second-index at `pyproject.toml: tool.uv.index.torch`"


def test_an_exception_may_be_of_use_where_more_is_looked_at() -> None:
    exception = written("name-unreserved", "acme-old")
    assert apply_exceptions([], [exception], checked=[Code.SECOND_INDEX]).kept == ()
    assert apply_exceptions([], [exception], not_seen=["acme-old"]).kept == ()


def test_what_names_no_finding_or_no_place_is_refused() -> None:
    found = apply_exceptions([], [written(finding=""), written(finding="torch"), written(place="")]).kept
    assert [each.problem for each in found] == [
        "it names no finding and no place",
        "`torch` is not the id of a finding",
        "it names no place",
    ]


def test_exceptions_are_read_from_the_project() -> None:
    entry = {"finding": "second-index", "place": " UV_INDEX ", "reason": 3}
    expected = (WrittenException(1, "second-index", "UV_INDEX", ""),)
    assert read_exceptions({"tool": {"inhouse": {"exceptions": [entry]}}}) == expected
    assert read_exceptions({"tool": {"inhouse": {"exceptions": entry}}}) == expected
    assert read_exceptions({"tool": {"inhouse": {"exceptions": ["x"]}}}) == (WrittenException(1, "", "", ""),)
    for nothing in ({}, {"tool": 3}, {"tool": {"inhouse": 3}}, {"tool": {"inhouse": {"exceptions": 3}}}):
        assert read_exceptions(nothing) == ()


CODES = st.sampled_from(list(Code))
PLACES = st.sampled_from(["a", "b", "c"])


@given(
    st.lists(st.builds(Finding, CODES, st.sampled_from(list(Severity)), PLACES, st.just("x"))),
    st.lists(st.builds(WrittenException, st.just(1), CODES.map(str), PLACES, st.sampled_from(["", "why"]))),
)
def test_nothing_gets_lost_and_nothing_passes_that_is_not_named(
    findings: list[Finding], exceptions: list[WrittenException]
) -> None:
    excepted = apply_exceptions(findings, exceptions)
    named = {(each.finding, each.place) for each in exceptions if each.reason}
    for finding in findings:
        passes = (finding.code.value, finding.place) in named
        assert (finding in excepted.kept) is not passes
    assert len(excepted.let_pass) == sum((each.code.value, each.place) in named for each in findings)
