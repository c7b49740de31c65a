"""Which names are refused: ours that no package group closes to strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from inhouse.codeartifact.explain.facts import Fact, Gate, Group, Known, Mode, Restriction, Unknown
from inhouse.codeartifact.name_facts import NameFacts, Owner
from inhouse.diagnosis.findings import Code, Finding, Severity
from inhouse.diagnosis.reservations import check_name, check_names, unsure_names

HIDDEN = Unknown("the package group of acme-core", "it is not allowed to you", "codeartifact:GetAssociatedPackageGroup")


def group(mode: Mode, *, is_strong: bool = True, pattern: str = "/pypi//acme~") -> Known[Group]:
    return Known(Group(pattern, is_strong, {Gate.EXTERNAL_UPSTREAM: Restriction(mode, pattern)}))


def facts(
    owner: Fact[Owner],
    in_group: Fact[Group] | None,
    opened: Fact[tuple[str, ...]] = Known(()),  # noqa: B008
    *,
    name: str = "acme-core",
    on_pypi: bool | None = None,
) -> NameFacts:
    return NameFacts(canonicalize_name(name), owner, in_group, opened, on_pypi)


def found(*names: NameFacts) -> list[tuple[Code, Severity]]:
    return [(finding.code, finding.severity) for finding in check_names(names)]


UNRESERVED = [(Code.NAME_UNRESERVED, Severity.DANGER)]
UNKNOWN = [(Code.NAME_UNKNOWN, Severity.PROBLEM)]
OURS = (Owner.PROJECT, Owner.INTERNAL, Owner.NOBODY)


@pytest.mark.parametrize("owner", OURS)
@pytest.mark.parametrize(
    ("in_group", "opened", "expected"),
    [
        (group(Mode.BLOCK), Known(()), []),
        (group(Mode.BLOCK, pattern="/*"), Known(()), []),
        (group(Mode.ALLOW), Known(()), UNRESERVED),
        (group(Mode.ALLOW, pattern="/*"), Known(()), UNRESERVED),
        (group(Mode.ALLOW_SPECIFIC_REPOSITORIES), Known(()), []),
        (group(Mode.ALLOW_SPECIFIC_REPOSITORIES), Known(("store",)), UNRESERVED),
        (group(Mode.ALLOW_SPECIFIC_REPOSITORIES), HIDDEN, UNKNOWN),
        (group(Mode.BLOCK, is_strong=False), Known(()), [(Code.NAME_LOOK_ALIKE, Severity.PROBLEM)]),
        (Known(Group("/*", is_strong=True, restrictions={})), Known(()), UNKNOWN),
        (HIDDEN, Known(()), UNKNOWN),
        (None, Known(()), UNKNOWN),
    ],
)
def test_a_name_of_ours_must_be_reserved(
    owner: Owner, in_group: Fact[Group] | None, opened: Fact[tuple[str, ...]], expected: list[tuple[Code, Severity]]
) -> None:
    assert found(facts(Known(owner), in_group, opened)) == expected


def test_a_public_name_needs_no_group() -> None:
    assert found(facts(Known(Owner.PUBLIC), None)) == []
    assert found(facts(Known(Owner.PUBLIC), group(Mode.ALLOW), on_pypi=True)) == []


def test_whose_a_name_is_matters_only_when_it_is_not_reserved() -> None:
    hidden = Unknown("whether acme-core is published in `shared`", "it is not allowed to you", "p")
    assert found(facts(hidden, group(Mode.BLOCK))) == []
    assert found(facts(hidden, group(Mode.ALLOW))) == UNKNOWN
    assert unsure_names([facts(hidden, group(Mode.BLOCK)), facts(hidden, group(Mode.ALLOW), name="b")]) == {"b"}


def test_one_missing_permission_is_said_once() -> None:
    names = [facts(Known(Owner.INTERNAL), HIDDEN, name=f"acme-{letter}") for letter in "abcde"]
    (finding,) = check_names(names)
    assert finding.place == finding.permission == "codeartifact:GetAssociatedPackageGroup"
    assert finding.problem == (
        "whose 5 names are, and whether they are reserved, is unknown: acme-a, acme-b, acme-c and 2 more"
    )
    (single,) = check_names(names[:1])
    assert single.place == "acme-a"


def test_what_to_do_is_said() -> None:
    def fix(name: str) -> str:
        (finding,) = check_name(facts(Known(Owner.PROJECT), group(Mode.ALLOW, pattern="/*"), name=name))
        return finding.fix

    assert fix("acme-core") == "inhouse reserve acme, or for this name alone: inhouse reserve acme-core --exact"
    assert fix("acme") == "inhouse reserve acme --exact"


@pytest.mark.parametrize(("mode", "severity"), [(Mode.BLOCK, Severity.NOTE), (Mode.ALLOW, Severity.DANGER)])
def test_a_stranger_s_project_on_pypi_is_as_bad_as_it_can_come_in(mode: Mode, severity: Severity) -> None:
    assert (Code.NAME_ON_PYPI, severity) in found(facts(Known(Owner.PROJECT), group(mode), on_pypi=True))
    assert Code.NAME_ON_PYPI not in {code for code, _ in found(facts(Known(Owner.PROJECT), group(mode), on_pypi=False))}


GROUPS = st.one_of(
    st.just(HIDDEN),
    st.builds(group, st.sampled_from(list(Mode)), is_strong=st.booleans()),
)
FACTS = st.builds(
    facts,
    st.one_of(st.sampled_from(list(Owner)).map(Known), st.just(HIDDEN)),
    GROUPS,
    st.sampled_from([Known(()), Known(("store",)), HIDDEN]),
)


@given(FACTS)
def test_only_a_strong_group_that_lets_nothing_public_in_makes_a_name_pass(each: NameFacts) -> None:
    is_safe = isinstance(each.group, Known) and each.group.value.is_strong
    if is_safe:
        assert isinstance(each.group, Known)
        mode = each.group.value.restrictions[Gate.EXTERNAL_UPSTREAM].mode
        is_safe = mode is Mode.BLOCK or (mode is not Mode.ALLOW and each.open_repositories == Known(()))
    findings: list[Finding] = list(check_name(each))
    assert (not findings) == (is_safe or each.owner == Known(Owner.PUBLIC))
