"""Each case that can be told, from made-up facts."""

from dataclasses import replace

import pytest
from explain_facts import AWS, EMBEDDED, facts, files, group, hidden, ours, place, public

from inhouse.codeartifact.explain.facts import (
    Controls,
    Facts,
    Gate,
    Group,
    Known,
    Mode,
    Page,
    Place,
    Record,
    Restriction,
    Status,
)
from inhouse.codeartifact.explain.findings import Code, Explanation, Finding
from inhouse.codeartifact.explain.reasoning import explain

STORE = place("store", source="public:pypi")
BEHIND = ("team", "store")


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def because(finding: Finding) -> list[str]:
    return codes(finding.because)


def why(explanation: Explanation) -> list[str]:
    return [explanation.answer.code, *codes(explanation.reasons)]


def commands(finding: Finding) -> str:
    return " ; ".join(" ".join(command[2:]) for command in finding.all_commands)


ENTRY = place("shared", upstreams=BEHIND)
OWN = place("shared", ours("1.0"), upstreams=BEHIND, upstream=False)
TEAM = place("team", ours("1.0", source="team"))


@pytest.mark.parametrize(
    ("told", "version", "expected"),
    [
        # Who answers.
        (facts(OWN, page=files("1.0")), "", ["takes", "held"]),
        (facts(OWN, page=files("1.0")), "1.0.0", ["installable", "held"]),
        (facts(ENTRY, TEAM, page=files("1.0")), "", ["takes", "held-upstream"]),
        (facts(ENTRY, STORE, page=files("1.0")), "", ["takes", "from-source"]),
        (facts(OWN, page=files("1.0rc1")), "", ["takes-prerelease", "holder-unknown"]),
        (facts(OWN, page=files("1.0", yanked=True)), "", ["only-yanked", "held"]),
        (facts(OWN, page=files("1.0", yanked=True)), "1.0", ["installable-yanked", "held"]),
        # What holds a version back.
        (facts(place("shared", ours("1.0", Status.ARCHIVED))), "1.0", ["not-installable", "held-back"]),
        (facts(place("shared", ours("1.0", Status.UNLISTED))), "1.0", ["not-installable", "unlisted"]),
        (
            facts(ENTRY, place("team", ours("1.0", Status.DISPOSED)), place("far", ours("1.0"))),
            "1.0",
            ["not-installable", "held-back-despite"],
        ),
        (facts(place("shared", upstream=False), TEAM), "1.0", ["not-installable", "shut-out"]),
        # Newer ones that are held back are told with what is taken.
        (
            facts(place("shared", ours("1.0"), ours("2.0", Status.ARCHIVED)), page=files("1.0")),
            "",
            ["takes", "held", "held-back"],
        ),
        # The page lacks what should be there; that is also told as a difference.
        (facts(OWN), "1.0", ["not-installable", "held"]),
        (facts(OWN), "", ["nothing", "held", "no-source"]),
        # Nothing anywhere.
        (facts(ENTRY, TEAM), "9", ["not-installable", "version-not-held", "no-source"]),
        (facts(ENTRY), "", ["nothing", "name-not-held", "no-source"]),
        (facts(ENTRY, STORE), "", ["nothing", "name-not-held", "source-lacks-or-silent"]),
        (facts(ENTRY, replace(STORE, controls=hidden("c"))), "", ["nothing", "name-not-held", "source-unknown"]),
        (
            facts(place("shared", source="public:pypi", upstream=False)),
            "",
            ["nothing", "name-not-held", "source-closed"],
        ),
        (facts(place("shared", upstream=False), STORE), "", ["nothing", "name-not-held", "upstream-closed"]),
        # A record that is held back while a public source is asked before it.
        (
            facts(ENTRY, STORE, place("team", ours("1.0", Status.ARCHIVED))),
            "1.0",
            ["not-installable", "held-back", "source-lacks-or-silent"],
        ),
        # The page is missing.
        (facts(ENTRY, STORE, page=Known(Page(failure="HTTP 503"))), "", ["source-down", "source-silent"]),
        (facts(ENTRY, STORE, page=Known(Page(failure="HTTP 503"))), "1", ["source-down", "source-silent"]),
        (facts(OWN, page=hidden("page")), "", ["page-unknown-recorded", "held"]),
        (facts(OWN, page=hidden("page")), "1.0", ["page-unknown-recorded", "held"]),
        (facts(OWN, page=hidden("page")), "2.0", ["page-unknown", "version-not-held", "no-source"]),
        (facts(ENTRY, STORE, page=hidden("page")), "", ["page-unknown", "name-not-held", "source-unknown"]),
    ],
)
def test_the_answer_and_what_decides(told: Facts, version: str, expected: list[str]) -> None:
    assert why(explain(told, version)) == expected


def test_whether_something_is_got() -> None:
    assert explain(facts(OWN, page=files("1.0"))).gets is True
    assert explain(facts(OWN, page=files("1.0", yanked=True))).gets is False
    assert explain(facts(ENTRY)).gets is False
    assert explain(facts(OWN, page=hidden("page"))).gets is None
    assert explain(facts(OWN, page=[*files("1.0", yanked=True), *files("2.0a1")])).gets is None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (facts(place("shared", upstream=False), TEAM), ["upstream-blocked"]),
        (facts(ENTRY, TEAM, of_group=group("/pypi//acme~", internal_upstream=Mode.BLOCK)), ["group-blocks"]),
        (facts(ENTRY, TEAM, of_group=group("/*", internal_upstream=("other",))), ["group-leaves-out"]),
        (facts(ENTRY, TEAM, of_group=group("/pypi//acme-c0re$", is_strong=False)), ["look-alike"]),
        (
            facts(place("shared", upstream=False), TEAM, of_group=group("/*", internal_upstream=Mode.BLOCK)),
            ["upstream-blocked", "group-blocks"],
        ),
    ],
)
def test_what_shuts_upstream_versions_out(told: Facts, expected: list[str]) -> None:
    (reason,) = explain(told, "1.0").reasons
    assert (reason.code, because(reason)) == (Code.SHUT_OUT, expected)
    assert commands(reason).startswith("copy-package-versions")
    assert "--source-repository team --destination-repository shared" in commands(reason)


LEFT_OUT = group("/pypi//acme~", external_upstream=Mode.BLOCK, internal_upstream=("other",))


def test_a_repository_that_a_list_leaves_out_is_put_on_it() -> None:
    (reason,) = explain(facts(ENTRY, TEAM, of_group=LEFT_OUT), "1.0").reasons
    assert (reason.code, because(reason)) == (Code.SHUT_OUT, ["group-leaves-out"])
    assert commands(reason) == (
        "update-package-group-origin-configuration --region us-east-1 --domain acme --domain-owner 111122223333 "
        "--package-group /pypi//acme~ "
        "--add-allowed-repositories originRestrictionType=INTERNAL_UPSTREAM,repositoryName=shared"
    )


@pytest.mark.parametrize(
    "told",
    [
        # A stranger's version would come in with ours, one that is kept or one from a public source.
        facts(ENTRY, TEAM, place("store", public("99.0")), of_group=LEFT_OUT),
        facts(ENTRY, TEAM, STORE, of_group=group("/pypi//acme~", internal_upstream=("other",))),
        facts(ENTRY, TEAM, replace(place("far"), records=hidden("r")), of_group=LEFT_OUT),
        facts(ENTRY, replace(TEAM, links=hidden("l")), of_group=LEFT_OUT),
        # The list alone would not do.
        facts(place("shared", upstreams=BEHIND, upstream=False), TEAM, of_group=LEFT_OUT),
    ],
)
def test_else_what_is_wanted_is_copied(told: Facts) -> None:
    reason, *others = explain(told, "1.0").reasons
    assert commands(reason).startswith("copy-package-versions")
    assert commands(reason).endswith("--versions 1.0")
    assert not any(map(commands, others))


def test_what_others_keep_of_a_strangers_version_counts_on_aws_alone() -> None:
    team = place("team", ours("1.0"), upstream=False)
    store = place("store", public("99.0"), source="public:pypi", upstream=True, publish=False)
    on_aws = facts(ENTRY, team, store, page=files("1.0", "99.0"))
    assert why(explain(on_aws, "99.0"))[0] == "installable"
    embedded = facts(ENTRY, team, store, page=files("1.0"), closes_own_names=EMBEDDED)
    assert explain(embedded, "99.0").gets is False
    assert "held-upstream" not in why(explain(embedded, "99.0"))
    curated = place("curated", public("2.0"), upstream=False, publish=False)
    told = facts(ENTRY, curated, store, page=files("2.0"), closes_own_names=EMBEDDED)
    assert why(explain(told, "2.0")) == ["installable", "held-upstream"]


def test_an_allowed_repository_is_let_through() -> None:
    listed = group("/pypi//acme~", internal_upstream=("shared",), external_upstream=("store",))
    told = facts(ENTRY, TEAM, STORE, page=files("1.0", "2.0"), of_group=listed)
    assert why(explain(told, "1.0")) == ["installable", "held-upstream"]
    assert why(explain(told, "2.0")) == ["installable", "from-source"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (facts(ENTRY, place("store", source="public:pypi", upstream=False)), ["upstream-blocked"]),
        (facts(ENTRY, STORE, of_group=group("/pypi//acme~", external_upstream=Mode.BLOCK)), ["group-blocks"]),
        (facts(ENTRY, STORE, of_group=group("/*", external_upstream=("shared",))), ["group-leaves-out"]),
        (facts(ENTRY, STORE, of_group=group("/pypi//acme-c0re$", is_strong=False)), ["look-alike"]),
        (facts(ENTRY, place("team", upstream=False), STORE, closes_own_names=EMBEDDED), ["own-name"]),
    ],
)
def test_what_closes_a_public_source(told: Facts, expected: list[str]) -> None:
    reason = explain(told).reasons[-1]
    assert because(reason) == expected


@pytest.mark.parametrize(
    ("told", "version", "code"),
    [
        # The embedded repository says 404 once its sources have answered; with something to show, it says nothing.
        (facts(ENTRY, STORE, closes_own_names=EMBEDDED), "", "source-lacks"),
        (facts(ENTRY, STORE, closes_own_names=EMBEDDED), "1.0", "source-lacks"),
        (facts(ENTRY, STORE, page=files("1.0"), closes_own_names=EMBEDDED), "2.0", "source-lacks-or-silent"),
        (facts(ENTRY, STORE, closes_own_names=AWS), "", "source-lacks-or-silent"),
        (facts(ENTRY, STORE, closes_own_names=hidden("kind")), "", "source-lacks-or-silent"),
    ],
)
def test_a_source_that_has_answered_is_not_said_to_be_silent(told: Facts, version: str, code: str) -> None:
    assert explain(told, version).reasons[-1].code == code


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (facts(ENTRY, TEAM, STORE, page=files("1.0")), ["held-upstream", "source-adds-nothing"]),
        (facts(ENTRY, TEAM, STORE, page=files("1.0", "0.9")), ["held-upstream"]),
        (facts(ENTRY, TEAM, page=files("1.0")), ["held-upstream"]),
        (facts(OWN, STORE, page=files("1.0")), ["held", "upstream-closed"]),
        (facts(ENTRY, TEAM, STORE, page=hidden("page")), ["held-upstream"]),
    ],
)
def test_a_source_that_adds_nothing_to_the_page_may_be_silent(told: Facts, expected: list[str]) -> None:
    assert codes(explain(told).reasons) == expected
    assert "source-adds-nothing" not in codes(explain(told, "1.0").reasons)


def test_on_aws_another_repositorys_control_closes_nothing() -> None:
    told = facts(ENTRY, place("team", ours("1.0"), upstream=False), STORE, page=files("1.0", "99"))
    explanation = explain(told)
    assert (explanation.answer.about["version"], codes(explanation.reasons)) == ("99", ["from-source"])
    assert codes(explanation.warnings) == ["strangers"]
    assert "create-package-group" in commands(explanation.warnings[0])


def test_a_name_that_may_have_been_opened_is_only_maybe_closed() -> None:
    told = facts(ENTRY, place("team", ours("1.0"), upstream=True), STORE, page=files("1.0"), closes_own_names=EMBEDDED)
    explanation = explain(told)
    assert codes(explanation.warnings) == ["may-be-strangers"]
    assert any("`team`" in unknown.question for unknown in explanation.unknown)


def test_without_knowing_the_kind_of_repository_awss_rules_count_and_that_is_said() -> None:
    told = facts(ENTRY, TEAM, STORE, page=files("1.0"), closes_own_names=hidden("kind"))
    (warning,) = explain(told).warnings
    assert (warning.code, warning.depends_on) == (Code.OPEN_TO_STRANGERS, (hidden("kind"),))
    assert hidden("kind") not in explain(facts(ENTRY, STORE, closes_own_names=hidden("kind"))).unknown


@pytest.mark.parametrize(
    "team", [replace(place("team"), controls=hidden("c")), replace(place("team"), records=hidden("r"))]
)
def test_a_hidden_repository_may_make_the_name_ours(team: Place) -> None:
    told = facts(ENTRY, team, STORE, closes_own_names=EMBEDDED)
    assert "source-unknown" in codes(explain(told).reasons)
    told = facts(ENTRY, place("team"), STORE, closes_own_names=EMBEDDED)
    assert codes(explain(told).reasons) == ["name-not-held", "source-lacks"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (facts(OWN, STORE, page=files("1.0")), []),
        (facts(ENTRY, TEAM, STORE, page=files("1.0")), ["open-to-strangers"]),
        (facts(ENTRY, TEAM, replace(STORE, controls=hidden("c")), page=files("1.0")), ["may-be-strangers"]),
        (facts(ENTRY, TEAM, page=files("1.0")), []),
        (facts(ENTRY, STORE, page=files("1.0")), []),
        (facts(ENTRY, STORE, page=files("1.0"), is_project=True), ["strangers"]),
        (facts(ENTRY, STORE, is_project=True), ["open-to-strangers"]),
        (facts(place("shared", public("2.0"), ours("1.0")), page=files("1.0", "2.0")), ["strangers"]),
        (facts(ENTRY, is_cut=True), ["search-cut"]),
        (facts(ENTRY, TEAM, STORE, of_group=group("/pypi//acme~", external_upstream=Mode.BLOCK)), []),
    ],
)
def test_what_is_dangerous(told: Facts, expected: list[str]) -> None:
    assert codes(explain(told).warnings) == expected


def test_the_group_of_the_very_name_is_changed_and_not_made_again() -> None:
    told = facts(ENTRY, TEAM, STORE, page=files("1.0"), of_group=group("/pypi//acme-core$"))
    assert commands(explain(told).warnings[0]) == (
        "update-package-group-origin-configuration --region us-east-1 --domain acme --domain-owner 111122223333 "
        "--package-group /pypi//acme-core$ --restrictions EXTERNAL_UPSTREAM=BLOCK"
    )


@pytest.mark.parametrize(
    ("told", "version", "expected"),
    [
        (facts(OWN, page=files("1.0")), "", "publish-open"),
        (facts(OWN, page=files("1.0")), "1.0.0", "publish-same-bytes"),
        (facts(place("shared", ours("1.0", Status.ARCHIVED))), "1.0", "publish-taken"),
        (facts(ENTRY, TEAM, page=files("1.0")), "1.0", "publish-upstream-has"),
        (facts(ENTRY, TEAM, page=files("1.0")), "2.0", "publish-open"),
        # A number that upstream holds in any status is taken, unless the way is closed.
        (facts(ENTRY, place("team", ours("1.0", Status.ARCHIVED))), "", "publish-upstream-has-some"),
        (facts(ENTRY, place("team", ours("1.0", Status.DISPOSED))), "1.0", "publish-upstream-has"),
        (facts(ENTRY, place("team", ours("1.0", Status.UNLISTED))), "1.0", "publish-upstream-has"),
        (facts(OWN, place("team", ours("2.0", Status.ARCHIVED))), "", "publish-open"),
        (facts(OWN, place("team", ours("2.0", Status.ARCHIVED))), "2.0", "publish-open"),
        (facts(replace(OWN, controls=Known(None)), TEAM, page=files("1.0")), "1.0", "publish-nothing-more"),
        (facts(replace(OWN, controls=Known(None)), TEAM, page=files("1.0")), "", "publish-open"),
        (facts(ENTRY, TEAM, page=files("1.0")), "", "publish-upstream-has-some"),
        (facts(place("shared", public("1.0"), upstream=True, publish=False)), "", "publish-closed"),
        (facts(ENTRY, of_group=group("/*", publish=("team",))), "", "publish-closed"),
        (facts(ENTRY, of_group=hidden("group")), "", "publish-unknown"),
        (facts(replace(ENTRY, records=hidden("records"))), "", "publish-open"),
    ],
)
def test_whether_it_can_be_published(told: Facts, version: str, expected: str) -> None:
    assert explain(told, version).publishing.code == expected


def test_numbers_that_cannot_be_seen_may_be_taken() -> None:
    hides = replace(place("team"), records=hidden("records"))
    assert explain(facts(ENTRY, hides), "1.0").publishing.depends_on == (hidden("records"),)
    assert explain(facts(OWN, hides), "2.0").publishing.depends_on == ()
    secret = Restriction(Mode.ALLOW_SPECIFIC_REPOSITORIES, "/*", hidden("list"))
    partly = Group("/*", is_strong=True, restrictions={**group().restrictions, Gate.INTERNAL_UPSTREAM: secret})
    told = facts(ENTRY, place("team", ours("1.0", Status.ARCHIVED)), of_group=partly)
    assert explain(told, "1.0").publishing.depends_on == (hidden("list"),)


def test_what_opens_the_way_is_not_told_where_it_would_do_harm() -> None:
    foreign = facts(place("shared", public("1.0"), upstream=True, publish=False), page=files("1.0"))
    assert commands(explain(foreign).publishing) == ""
    assert commands(explain(replace(foreign, is_project=True)).publishing).endswith("publish=ALLOW,upstream=BLOCK")
    assert commands(explain(facts(ENTRY, STORE, page=files("1.0"))).publishing) == ""
    mine = facts(place("shared", ours("1.0"), source="public:pypi", upstream=False), page=files("1.0"))
    assert commands(explain(mine, "2.0").reasons[-1]) == ""
    reserved = facts(ENTRY, STORE, of_group=group("/pypi//acme~", external_upstream=Mode.BLOCK))
    assert commands(explain(reserved).reasons[-1]) == ""
    for told in (facts(ENTRY, TEAM, STORE), facts(replace(ENTRY, records=hidden("r")), STORE)):
        closed = replace(told, group=Known(group("/*", external_upstream=Mode.BLOCK)))
        assert "ALLOW" not in commands(explain(closed, "3").reasons[-1])


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (facts(place("shared", upstream=False), STORE), "--restrictions publish=ALLOW,upstream=ALLOW"),
        (
            facts(ENTRY, STORE, of_group=group("/*", external_upstream=Mode.BLOCK)),
            "--package-group /pypi//acme-core$ --restrictions EXTERNAL_UPSTREAM=ALLOW",
        ),
        (
            facts(ENTRY, STORE, of_group=group("/pypi//acme~", internal_upstream=("a",))),
            "--add-allowed-repositories originRestrictionType=INTERNAL_UPSTREAM,repositoryName=shared",
        ),
        (
            facts(
                ENTRY, STORE, of_group=group("/pypi//acme-core$", source="/pypi//acme~", internal_upstream=Mode.BLOCK)
            ),
            "--package-group /pypi//acme~ --restrictions INTERNAL_UPSTREAM=ALLOW",
        ),
        (
            facts(ENTRY, STORE, of_group=group("/pypi//acme-c0re$", is_strong=False)),
            "--package-group /pypi//acme-core$",
        ),
        (facts(place("shared", ours("1.0", Status.ARCHIVED))), "--versions 1.0 --target-status Published"),
        (facts(place("shared", ours("1.0", Status.DISPOSED))), "--versions 1.0"),
    ],
)
def test_what_can_be_done_about_it(told: Facts, end: str) -> None:
    said = next(filter(None, map(commands, explain(told).reasons)))
    assert said.endswith(end)


STRANGER = public("99.0")
SHUT = place("shared", upstreams=BEHIND, upstream=False)


@pytest.mark.parametrize(
    "told",
    [
        # Ours: published by us, the project at hand, or perhaps, where records are hidden.
        facts(SHUT, TEAM, place("store", STRANGER, source="public:pypi")),
        facts(place("shared", ours("1.0"), upstreams=BEHIND, upstream=False), place("store", STRANGER)),
        facts(SHUT, place("store", STRANGER), is_project=True),
        facts(SHUT, replace(TEAM, records=hidden("r")), place("store", STRANGER)),
        # Kept for us before anything was published.
        facts(SHUT, place("store", STRANGER)),
        facts(
            ENTRY,
            place("store", STRANGER),
            of_group=group("/pypi//acme~", external_upstream=Mode.BLOCK, internal_upstream=Mode.BLOCK),
        ),
        # Not let in on purpose, in other ways.
        facts(OWN, place("store", STRANGER), of_group=group("/pypi//acme~", internal_upstream=("other",))),
        facts(place("shared", ours("1.0"), public("99.0", Status.ARCHIVED))),
        facts(place("shared", ours("1.0"), public("99.0", Status.UNLISTED))),
        facts(place("shared", ours("1.0"), public("99.0", Status.DISPOSED))),
        facts(place("shared", ours("1.0"), Record("99.0", Status.ARCHIVED))),
    ],
)
def test_nobody_is_told_to_let_in_a_strangers_version_of_a_name_of_ours(told: Facts) -> None:
    for version in ("", "99.0"):
        for reason in explain(told, version).reasons:
            assert "99.0" not in commands(reason)
            assert "INTERNAL_UPSTREAM" not in commands(reason)


def test_a_public_version_of_a_public_name_can_be_copied() -> None:
    frozen = place("shared", public("1.0"), upstreams=BEHIND, publish=False, upstream=False)
    (reason, *_) = explain(facts(frozen, place("store", STRANGER)), "99.0").reasons
    assert commands(reason).endswith("--versions 99.0")


def test_of_versions_behind_ours_are_copied_and_strangers_left() -> None:
    told = facts(SHUT, place("team", STRANGER, ours("1.0", source="team")))
    (reason, *_) = explain(told).reasons
    assert reason.about["versions"] == ("99.0", "1.0")
    assert commands(reason).endswith("--versions 1.0")


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        (place("team", ours("2.0", source="team")), ["create-package-group", "EXTERNAL_UPSTREAM=BLOCK"]),
        (place("team", STRANGER), []),
        (replace(TEAM, records=hidden("r")), []),
    ],
)
def test_a_name_of_ours_gets_a_group_of_its_own_that_no_stranger_comes_in_by(
    behind: Place, expected: list[str]
) -> None:
    look_alike = group("/pypi//acme-c0re$", is_strong=False)
    told = facts(place("shared", ours("1.0")), behind, of_group=look_alike)
    said = commands(explain(told, "2.0").publishing)
    assert all(each in said for each in expected)
    assert bool(said) is bool(expected)


def test_what_a_group_does_not_say_is_unknown() -> None:
    silent = Group("/pypi//acme~", is_strong=True, restrictions={})
    explanation = explain(facts(ENTRY, STORE, of_group=silent))
    assert codes(explanation.reasons) == ["name-not-held", "source-unknown"]
    secret = Restriction(Mode.ALLOW_SPECIFIC_REPOSITORIES, "/*", hidden("list"))
    partly = Group("/*", is_strong=True, restrictions=dict.fromkeys(Gate, secret))
    explanation = explain(facts(ENTRY, STORE, of_group=partly))
    assert codes(explanation.reasons) == ["name-not-held", "source-unknown"]
    assert explanation.unknown == (hidden("list"),)


def test_nobody_is_named_when_a_nearer_repository_is_hidden() -> None:
    told = facts(ENTRY, replace(place("team"), records=hidden("records")), STORE, page=files("1.0"))
    explanation = explain(told)
    assert why(explanation) == ["takes", "holder-unknown"]
    assert (explanation.holder, explanation.reasons[0].depends_on) == (None, (hidden("records"),))
    told = facts(replace(ENTRY, records=hidden("records")), TEAM, page=files("1.0"))
    (reason,) = explain(told).reasons
    assert (reason.code, reason.depends_on) == (Code.HELD_UPSTREAM, (hidden("records"),))


def test_what_is_behind_a_closed_way_is_of_no_account() -> None:
    told = facts(place("shared", upstream=False), replace(TEAM, records=hidden("r"), links=hidden("l")))
    assert why(explain(told, "1.0")) == ["not-installable", "version-not-held", "upstream-closed"]
    told = facts(place("shared", upstream=False), replace(TEAM, records=hidden("r")), page=files("1.0"))
    assert codes(explain(told).differences) == ["page-has-more"]


def test_a_closed_source_does_not_answer() -> None:
    explanation = explain(facts(place("shared", source="public:pypi", upstream=False), page=files("1.0")))
    assert codes(explanation.reasons)[0] == "holder-unknown"
    assert codes(explanation.differences) == ["page-has-more"]


def test_a_public_source_that_is_asked_first_is_not_ruled_out() -> None:
    explanation = explain(facts(ENTRY, STORE, TEAM, page=files("1.0")), "1.0")
    assert why(explanation) == ["installable", "held-upstream"]
    assert "public:pypi" in explanation.reasons[0].depends_on[0].question


@pytest.mark.parametrize(
    ("told", "version", "expected"),
    [
        (facts(OWN), "", [("page-has-less", ("1.0",))]),
        (facts(OWN), "2.0", []),
        (facts(OWN, page=files("1.0", "2.0")), "", [("page-has-more", ("2.0",))]),
        (facts(place("shared", ours("1", Status.ARCHIVED)), page=files("1.0")), "1.0", [("page-has-more", ("1.0",))]),
        (facts(ENTRY, STORE, page=files("1.0")), "", []),
        (facts(OWN, page=Known(Page(failure="HTTP 503"))), "", []),
        (facts(OWN, page=hidden("page")), "", []),
    ],
)
def test_where_page_and_rules_differ(told: Facts, version: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(each.code, each.about["versions"]) for each in explain(told, version).differences] == expected


@pytest.mark.parametrize(
    ("of_group", "code", "modes"),
    [
        (
            group("/pypi//acme-core$", source="/*", publish=("a", "b")),
            "group",
            (
                "PUBLISH=ALLOW_SPECIFIC_REPOSITORIES (a, b) from /*",
                "EXTERNAL_UPSTREAM=ALLOW from /*",
                "INTERNAL_UPSTREAM=ALLOW from /*",
            ),
        ),
        (group("/*"), "group-general", ("PUBLISH=ALLOW", "EXTERNAL_UPSTREAM=ALLOW", "INTERNAL_UPSTREAM=ALLOW")),
    ],
)
def test_the_group(of_group: Group, code: str, modes: tuple[str, ...]) -> None:
    found = explain(facts(ENTRY, of_group=of_group)).group
    assert (found.code, found.about["modes"]) == (code, modes)


def test_a_group_that_the_name_only_looks_like_or_that_is_hidden() -> None:
    assert explain(facts(ENTRY, of_group=group("/pypi//x$", is_strong=False))).group.code == "group-look-alike"
    assert explain(facts(ENTRY, of_group=hidden("group"))).group.code == "group-unknown"


def test_controls_are_kept_apart() -> None:
    told = facts(replace(ENTRY, controls=Known(Controls(publish=False, upstream=False))), STORE, closes_own_names=AWS)
    assert commands(explain(told).reasons[-1]).endswith("publish=BLOCK,upstream=ALLOW")
