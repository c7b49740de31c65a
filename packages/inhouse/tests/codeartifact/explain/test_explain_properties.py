"""What holds of every explanation, whatever the facts; and that the rules find the reason of what AWS would list.

`page_of` is the rule of the user guide once more, in the other direction: from repositories and what PyPI has, to what
is on the page and who put it there.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from explain_facts import AWS, facts, files, group, hidden
from hypothesis import given
from hypothesis import strategies as st

from inhouse.codeartifact.explain.document import as_document
from inhouse.codeartifact.explain.facts import (
    Controls,
    Facts,
    Known,
    Links,
    Mode,
    OriginType,
    Place,
    Record,
    Status,
    Unknown,
)
from inhouse.codeartifact.explain.findings import Finding
from inhouse.codeartifact.explain.reasoning import explain
from inhouse.codeartifact.explain.ways import State, Way, from_source, from_upstream, is_ours, publishing
from inhouse.codeartifact.explain.words import as_text

VERSIONS = ("1.0", "2.0", "3.0")
NAMES = ("shared", "team", "store", "far")

statuses = st.sampled_from([Status.PUBLISHED, Status.PUBLISHED, *Status])
controls = st.none() | st.builds(Controls, st.booleans(), st.booleans())
modes = st.sampled_from([Mode.ALLOW, Mode.ALLOW, Mode.BLOCK]) | st.sets(st.sampled_from(NAMES)).map(tuple)
groups = st.builds(
    lambda publish, external, internal, is_strong: group(
        "/pypi//acme~", is_strong=is_strong, publish=publish, external_upstream=external, internal_upstream=internal
    ),
    modes,
    modes,
    modes,
    st.sampled_from([True, True, True, False]),
)


@st.composite
def places(draw: st.DrawFn) -> tuple[Place, ...]:
    """Repositories one behind the other; some are connected to PyPI."""
    found = []
    for name in NAMES[: draw(st.integers(1, 4))]:
        held = draw(st.sets(st.sampled_from(VERSIONS)))
        origins = st.sampled_from(list(OriginType))
        records = tuple(Record(version, draw(statuses), draw(origins), "team") for version in sorted(held))
        links = Links((), draw(st.sampled_from(["", "public:pypi"])))
        found.append(Place(name, Known(links), Known(draw(controls)), Known(records)))
    return tuple(found)


worlds = st.tuples(places(), groups, st.sets(st.sampled_from(VERSIONS)))


def allowed(world: tuple[Place, ...], index: int, gate: str, told: Facts) -> bool:
    """Say whether a repository lets in, by the guide: its own control and the group's mode."""
    own, of_group = world[index].controls, told.group
    assert isinstance(own, Known)
    assert isinstance(of_group, Known)
    restriction = next(value for key, value in of_group.value.restrictions.items() if key == gate)
    assert isinstance(restriction.allowed, Known)
    lets_in = restriction.mode is Mode.ALLOW or world[index].repository in restriction.allowed.value
    return of_group.value.is_strong and lets_in and (own.value is None or own.value.upstream)


def page_of(world: tuple[Place, ...], told: Facts, on_pypi: set[str]) -> Mapping[str, tuple[str, bool]]:
    """Return what is on the page: version to the repository that answers and whether it holds the version itself."""
    internal = allowed(world, 0, "INTERNAL_UPSTREAM", told)
    page = {}
    for version in VERSIONS:
        for index, place in enumerate(world):
            assert isinstance(place.records, Known)
            record = next((each for each in place.records.value if each.version == version), None)
            if record is not None:
                if record.status is Status.PUBLISHED and (index == 0 or internal):
                    page[version] = (place.repository, True)
                break
            is_heard = allowed(world, index, "EXTERNAL_UPSTREAM", told) and (index == 0 or internal)
            if place.source and version in on_pypi and is_heard:
                page[version] = (place.repository, False)
                break
    return page


def world_facts(world: tuple[tuple[Place, ...], object, set[str]]) -> tuple[Facts, Mapping[str, tuple[str, bool]]]:
    told = facts(*world[0], of_group=world[1])  # type: ignore[arg-type] # a group
    page = page_of(world[0], told, world[2])
    return facts(*world[0], page=files(*page), of_group=told.group, closes_own_names=AWS), page


@given(worlds)
def test_what_aws_would_list_is_never_a_surprise(world: tuple[tuple[Place, ...], object, set[str]]) -> None:
    told, page = world_facts(world)
    assert explain(told).differences == ()
    for version in VERSIONS:
        explanation = explain(told, version)
        assert explanation.gets is (version in page)
        assert explanation.differences == ()


@given(worlds)
def test_who_answers_is_who_would_on_aws(world: tuple[tuple[Place, ...], object, set[str]]) -> None:
    told, page = world_facts(world)
    for version, (repository, is_record) in page.items():
        explanation = explain(told, version)
        assert explanation.holder is not None
        if not explanation.reasons[0].depends_on and len(explanation.reasons[0].about.get("repositories", "1")) == 1:
            assert (explanation.holder.repository, explanation.holder.is_record) == (repository, is_record)


@given(worlds)
def test_there_is_always_a_reason(world: tuple[tuple[Place, ...], object, set[str]]) -> None:
    told, _ = world_facts(world)
    for version in ("", *VERSIONS):
        assert explain(told, version).reasons


@st.composite
def partly_hidden(draw: st.DrawFn) -> tuple[Facts, Facts]:
    """Draw facts, and the same with some of them hidden."""
    told, _ = world_facts(draw(worlds))
    told = replace(told, closes_own_names=Known(draw(st.booleans())))
    seen = []
    for index, place in enumerate(told.places):
        names = draw(st.sets(st.sampled_from(["links", "controls", "records"])))
        seen.append(
            Place(
                place.repository,
                hidden(f"links {index}") if "links" in names else place.links,
                hidden(f"controls {index}") if "controls" in names else place.controls,
                hidden(f"records {index}") if "records" in names else place.records,
            )
        )
    less = replace(told, places=tuple(seen))
    if draw(st.booleans()):
        less = replace(less, group=hidden("group"))
    if draw(st.booleans()):
        less = replace(less, page=hidden("page"))
    return told, less


def agree(whole: Way, part: Way) -> bool:
    return part.state in {whole.state, State.UNKNOWN}


@given(partly_hidden())
def test_what_is_hidden_makes_ways_unknown_and_never_another(both: tuple[Facts, Facts]) -> None:
    told, less = both
    assert agree(publishing(told), publishing(less))
    assert agree(from_upstream(told), from_upstream(less))
    for index in range(len(told.places)):
        whole, part = from_source(told, index), from_source(less, index)
        # What cannot be known at all (a control that was opened on purpose) may be found out by what is known.
        assert agree(whole, part) or whole.state is State.UNKNOWN


@given(partly_hidden(), st.sampled_from(["", *VERSIONS]))
def test_what_is_hidden_takes_away_differences_and_adds_none(both: tuple[Facts, Facts], version: str) -> None:
    told, less = both
    if not explain(told, version).differences:
        assert not explain(less, version).differences


@given(partly_hidden(), st.sampled_from(["", *VERSIONS]))
def test_every_explanation_can_be_told(both: tuple[Facts, Facts], version: str) -> None:
    for told in both:
        explanation = explain(told, version)
        text = as_text(explanation)
        assert "{" not in text
        json.dumps(as_document(explanation))
        needed = {each for finding in findings(explanation) for each in finding.depends_on}
        assert needed <= set(explanation.unknown)
        assert set(told.unknowns()) <= set(explanation.unknown)


@given(partly_hidden(), st.sampled_from(["", *VERSIONS]))
def test_no_command_lets_a_strangers_version_in(both: tuple[Facts, Facts], version: str) -> None:
    """Not by copying or publishing it, where the name is or may be ours; not even with half of the facts hidden."""
    for told in both:
        if not is_ours(told) and not any(isinstance(place.records, Unknown) for place in told.places):
            continue
        strangers = {
            (place.repository, record.version)
            for place in told.places
            if isinstance(place.records, Known)
            for record in place.records.value
            if record.origin is not OriginType.INTERNAL
        }
        for finding in findings(explain(told, version)):
            for command in finding.all_commands:
                if "--versions" in command:
                    after = dict(pairwise(command))
                    repository = after.get("--source-repository") or after["--repository"]
                    assert (repository, after["--versions"]) not in strangers


def findings(explanation: object) -> list[Finding]:
    found: list[Finding] = []
    for value in vars(explanation).values():
        for each in value if isinstance(value, tuple) else (value,):
            found += [each, *each.because] if isinstance(each, Finding) else []
    return found
