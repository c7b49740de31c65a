"""Policies weighed without a server: what documents may say, and what they decide."""

import contextlib
import fnmatch
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.errors import MalformedPolicyError
from inhouse_server.rules.policies import Effect, Kind, Policies, Policy, Refusal, Request, decide, decide_trust, judge
from inhouse_server.rules.policies import parse as parse_text
from inhouse_server.rules.policies.conditions import OPERATORS, read
from inhouse_server.rules.policies.patterns import Wildcard, expand, expand_literally, matches, matches_arn, with_tags

ACCOUNT, OTHER = "111122223333", "444455556666"
USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/build"
REPOSITORY = f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:repository/dd/lib"
READ = "codeartifact:ReadFromRepository"


def statement(**changes: object) -> dict[str, Any]:
    made = {"Effect": "Allow", "Action": READ, "Resource": "*", **changes}
    return {name: value for name, value in made.items() if value is not None}


def document(*statements: object, **changes: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **changes})


def parse(*statements: object, kind: Kind = Kind.IDENTITY) -> Policy:
    return parse_text(document(*statements), kind)


def identity(**changes: object) -> Policy:
    return parse(statement(**changes))


def resource(**changes: object) -> Policy:
    return parse(statement(**{"Principal": "*", **changes}), kind=Kind.RESOURCE)


def request(
    action: str = READ,
    *,
    names: tuple[str, ...] = (USER,),
    context: Mapping[str, tuple[str, ...]] | None = None,
) -> Request:
    return Request(action, (REPOSITORY,), ACCOUNT, frozenset(names), context=context or {})


# ---------------------------------------------------------------------------------------------- patterns

TEXTS = st.text("ab:/-", max_size=8)
PATTERNS = st.text("ab:/-*?", max_size=8)


@given(PATTERNS, TEXTS)
def test_wildcards_mean_what_the_shell_means_by_them(pattern: str, text: str) -> None:
    expanded = expand(pattern, {})
    assert expanded is not None
    assert matches(expanded, text) == (re.fullmatch(fnmatch.translate(pattern), text) is not None)


@given(st.text(max_size=20), st.text(max_size=5))
def test_a_variable_is_literal_whatever_it_holds(value: str, text: str) -> None:
    expanded = expand("${aws:username}", {"aws:username": (value,)})
    assert expanded == tuple(value)
    assert matches(expanded, text) == (value == text)


def test_wildcards_take_no_exponential_time() -> None:
    pattern = expand("*a" * 500 + "b", {})
    assert pattern is not None
    assert not matches(pattern, "a" * 2000)


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("a${*}b${?}c${$}", {}, "a*b?c$"),
        ("${aws:UserName}!", {"aws:username": ("ann",)}, "ann!"),
        ("${aws:username, 'nobody'}", {}, "nobody"),
        ("${aws:username}", {}, None),
        ("${aws:tagkeys}", {"aws:tagkeys": ("a", "b")}, None),
        ("$x}{", {}, "$x}{"),
        ("*?", {}, "*?"),
    ],
)
def test_variables(text: str, context: dict[str, tuple[str, ...]], expected: str | None) -> None:
    assert expand_literally(text, context) == expected
    expanded = expand(text, context)
    assert (expanded is None) == (expected is None)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (REPOSITORY, True),
        ("arn:aws:codeartifact:*:*:repository/dd/*", True),
        (f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:*", True),
        ("arn:aws:codeartifact:*", True),
        ("arn:*:lib", False),
        ("arn:aws:*:repository/dd/lib", False),
        ("arn:aws:codeartifact:us-east-?:*:repository/dd/lib", True),
        ("arn:aws:codeartifact:us-east-1:*:repository:dd:lib", False),
        ("arn:aws:codeartifact:us-east-1:*:repository/dd", False),
    ],
)
def test_arns_are_compared_part_by_part(pattern: str, expected: bool) -> None:
    expanded = expand(pattern, {})
    assert expanded is not None
    assert matches_arn(expanded, REPOSITORY) is expected


# ---------------------------------------------------------------------------------------------- documents

GOOD = [
    (Kind.IDENTITY, statement()),
    (
        Kind.IDENTITY,
        statement(Sid="A", Action=None, NotAction=["sts:*"], Resource=None, NotResource=["arn:aws:s3:::x"]),
    ),
    (Kind.SESSION, statement()),
    (Kind.RESOURCE, statement(Principal="*")),
    (Kind.RESOURCE, statement(Principal={"AWS": [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", USER, ROLE, SESSION, "*"]})),
    (Kind.RESOURCE, statement(Principal={"Service": "x.amazonaws.com", "CanonicalUser": "abc"})),
    (Kind.RESOURCE, statement(NotPrincipal={"AWS": USER}, Effect="Deny")),
    (Kind.TRUST, statement(Principal={"Federated": "arn:aws:iam::1:oidc-provider/x"}, Resource=None)),
    (Kind.IDENTITY, statement(Condition={"Bool": {"a:b": True}, "NumericLessThan": {"sts:DurationSeconds": 900}})),
    (Kind.IDENTITY, statement(Condition={})),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_what_a_policy_may_say(kind: Kind, value: object) -> None:
    assert parse_text(json.dumps({"Version": "2012-10-17", "Id": "x", "Statement": value}), kind) == parse(
        value, kind=kind
    )


BAD_STATEMENTS = [
    (Kind.IDENTITY, "text", "not an object"),
    (Kind.IDENTITY, statement(Efect="Allow"), "unknown element Efect"),
    (Kind.IDENTITY, statement(Sid=1), "Sid"),
    (Kind.IDENTITY, statement(Effect="allow"), "Effect"),
    (Kind.IDENTITY, statement(Effect=None), "Effect"),
    (Kind.IDENTITY, statement(Action=None), "it has no Action"),
    (Kind.IDENTITY, statement(NotAction="*"), "both Action and NotAction"),
    (Kind.IDENTITY, statement(Action=[]), "Action is neither"),
    (Kind.IDENTITY, statement(Action=[1]), "Action is neither"),
    (Kind.IDENTITY, statement(Action="Read"), "not an action"),
    (Kind.IDENTITY, statement(Action="code artifact:Read"), "not an action"),
    (Kind.IDENTITY, statement(Resource=None), "no Resource"),
    (Kind.IDENTITY, statement(Resource="my-repo"), "nor an ARN"),
    (Kind.IDENTITY, statement(Resource="arn:aws"), "nor an ARN"),
    (Kind.IDENTITY, statement(Principal="*"), "Principal has no place"),
    (Kind.SESSION, statement(NotPrincipal="*"), "NotPrincipal has no place"),
    (Kind.RESOURCE, statement(), "no Principal"),
    (Kind.RESOURCE, statement(Principal="*", NotPrincipal="*"), "both Principal"),
    (Kind.RESOURCE, statement(Principal=ACCOUNT), 'neither "'),
    (Kind.RESOURCE, statement(Principal={}), 'neither "'),
    (Kind.RESOURCE, statement(Principal={"Human": "x"}), "unknown kind Human"),
    (Kind.RESOURCE, statement(Principal={"Service": 1}), "Principal.Service"),
    (Kind.RESOURCE, statement(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"}), "is not"),
    (Kind.RESOURCE, statement(Principal={"AWS": "123"}), "is not"),
    (Kind.TRUST, statement(Principal="*"), "a trust policy has no Resource"),
    (Kind.TRUST, statement(NotPrincipal="*", Resource=None), "no NotPrincipal"),
    (Kind.IDENTITY, statement(Condition=[]), "Condition is not"),
    (Kind.IDENTITY, statement(Condition={"StringEquals": "x"}), "not an object of keys"),
    (Kind.IDENTITY, statement(Condition={"StringEquals": {}}), "not an object of keys"),
    (Kind.IDENTITY, statement(Condition={"StringEquals": {"k": []}}), "without values"),
    (Kind.IDENTITY, statement(Condition={"StringEquals": {"k": {}}}), "not a text, number"),
    (Kind.IDENTITY, statement(Condition={"StringEqual": {"k": "v"}}), "no condition operator"),
    (Kind.IDENTITY, statement(Condition={"ForSome:StringEquals": {"k": "v"}}), "no set operator"),
    (Kind.IDENTITY, statement(Condition={"ForAllValues:Null": {"k": "true"}}), "no condition operator"),
    (Kind.IDENTITY, statement(Condition={"NullIfExists": {"k": "true"}}), "no condition operator"),
    (Kind.IDENTITY, statement(Condition={"Null": {"k": "perhaps"}}), "neither true nor false"),
    (Kind.IDENTITY, statement(Condition={"Bool": {"k": "1"}}), "neither true nor false"),
    (Kind.IDENTITY, statement(Condition={"NumericEquals": {"k": "one"}}), "not a number"),
    (Kind.IDENTITY, statement(Condition={"DateEquals": {"k": "soon"}}), "not a date"),
    (Kind.IDENTITY, statement(Condition={"IpAddress": {"k": "10.0.0.0/99"}}), "not an address range"),
]


@pytest.mark.parametrize(("kind", "value", "reason"), BAD_STATEMENTS)
def test_what_a_statement_may_not_say(kind: Kind, value: object, reason: str) -> None:
    with pytest.raises(MalformedPolicyError, match=re.escape(reason)) as caught:
        parse(value, kind=kind)
    assert "statement 1: " in caught.value.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[]", "not an object"),
        ('{"Version":"2012-10-17","Version":"2012-10-17"}', "twice"),
        ('{"Version":NaN}', "NaN"),
        ("[" * 100_000, "nested too deeply"),
        (document(statement(), Version="2008-10-17"), "Version"),
        (document(statement(), Extra=1), "unknown element Extra"),
        (document(statement(), Id=1), "Id"),
        (document(), "Statement"),
        (document(Statement="x"), "Statement"),
        (document(statement(Sid="a"), statement(Sid="a")), "one Sid"),
    ],
)
def test_what_is_no_policy(text: str, reason: str) -> None:
    with pytest.raises(MalformedPolicyError, match=reason):
        parse_text(text, Kind.IDENTITY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Version", "Statement", "Effect", "Action", "Resource", "Principal", "Condition", "AWS", "x"]
            ),
            children,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(list(Kind)))
def test_whatever_comes_is_a_policy_or_refused(value: object, kind: Kind) -> None:
    for each in (value, {"Version": "2012-10-17", "Statement": value}):
        with contextlib.suppress(MalformedPolicyError):
            assert parse_text(json.dumps(each), kind).statements


# ---------------------------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("operator", "wanted", "present", "expected"),
    [
        ("StringEquals", ["a", "b"], ["b"], True),
        ("StringEquals", ["a"], ["A"], False),
        ("StringEquals", ["a*"], ["ab"], False),
        ("StringEquals", ["${aws:username}"], ["ann"], True),
        ("StringEquals", ["${missing}"], ["ann"], False),
        ("StringNotEquals", ["a", "b"], ["c"], True),
        ("StringNotEquals", ["a", "b"], ["b"], False),
        ("StringNotEquals", ["a"], [], True),
        ("StringEquals", ["a"], [], False),
        ("StringEqualsIfExists", ["a"], [], True),
        ("StringEqualsIfExists", ["a"], ["b"], False),
        ("StringEqualsIgnoreCase", ["a"], ["A"], True),
        ("StringEqualsIgnoreCase", ["${missing}"], ["A"], False),
        ("StringNotEqualsIgnoreCase", ["a"], ["A"], False),
        ("StringLike", ["a?c*"], ["abcd"], True),
        ("StringLike", ["${missing}"], ["abcd"], False),
        ("StringNotLike", ["a*"], ["abcd"], False),
        ("ArnLike", ["arn:aws:iam::*:user/*"], [USER], True),
        ("ArnEquals", ["arn:aws:iam::*:user/${aws:username}"], [USER], True),
        ("ArnEquals", ["arn:aws:iam::*:user/${missing}"], [USER], False),
        ("ArnNotEquals", [ROLE], [USER], True),
        ("ArnNotLike", ["arn:aws:iam::*:user/*"], [USER], False),
        ("Bool", ["TRUE"], ["true"], True),
        ("Bool", ["false"], ["true"], False),
        ("NumericEquals", ["900"], ["900.0"], True),
        ("NumericNotEquals", ["900"], ["901"], True),
        ("NumericLessThan", ["900"], ["900"], False),
        ("NumericLessThanEquals", ["900"], ["900"], True),
        ("NumericGreaterThan", ["900"], ["10000"], True),
        ("NumericGreaterThanEquals", ["900"], ["many"], False),
        ("DateLessThan", ["2026-03-02T00:00:00Z"], ["2026-03-01T23:59:59Z"], True),
        ("DateGreaterThan", ["2026-03-02T00:00:00Z"], ["2026-03-01T23:59:59Z"], False),
        ("DateEquals", ["2026"], ["2026-01-01T00:00:00+00:00"], True),
        ("DateEquals", ["1767225600"], ["2026-01-01"], True),
        ("DateNotEquals", ["2026-01-01"], ["2026-01-02"], True),
        ("DateLessThanEquals", ["2026-01-01"], ["never"], False),
        ("IpAddress", ["10.0.0.0/8", "::1"], ["10.1.2.3"], True),
        ("IpAddress", ["10.0.0.0/8"], ["::1"], False),
        ("IpAddress", ["10.0.0.0/8"], ["testclient"], False),
        ("NotIpAddress", ["10.0.0.0/8"], ["10.1.2.3"], False),
        ("Null", ["true"], [], True),
        ("Null", ["true"], ["x"], False),
        ("Null", ["false"], ["x"], True),
        ("Null", ["false"], [], False),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAllValues:StringEquals", ["a"], [], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "a"], True),
        ("ForAnyValue:StringEquals", ["a"], ["c"], False),
        ("ForAnyValue:StringEquals", ["a"], [], False),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "c"], True),
        ("ForAllValues:StringNotEquals", ["a"], ["a", "c"], False),
        ("ForAnyValue:StringLikeIfExists", ["a"], [], True),
        ("StringNotEquals", ["a"], ["c", "a"], False),
    ],
)
def test_conditions(operator: str, wanted: list[str], present: list[str], expected: bool) -> None:
    policy = identity(Condition={operator: {"Test:Key": wanted}})
    context: dict[str, tuple[str, ...]] = {"aws:username": ("ann",)}
    if present:
        context["test:key"] = tuple(present)
    assert (judge(policy, request(context=context)) is Effect.ALLOW) is expected


VALUES = st.lists(st.sampled_from(["a", "b", "1", "2026-01-01", "true", "10.0.0.1", USER]), max_size=3)


@given(st.sampled_from(["String", "Arn", "StringLike"]), VALUES.filter(len), VALUES.filter(len))
def test_a_negated_operator_says_the_opposite(name: str, wanted: list[str], present: list[str]) -> None:
    positive, negative = {
        "String": ("StringEquals", "StringNotEquals"),
        "Arn": ("ArnLike", "ArnNotLike"),
        "StringLike": ("StringLike", "StringNotLike"),
    }[name]
    context = {"k": tuple(present)}
    holds = read(positive, "k", tuple(wanted)).holds(context)
    assert read(negative, "k", tuple(wanted)).holds(context) is not holds
    some = read(f"ForAnyValue:{positive}", "k", tuple(wanted)).holds(context)
    assert read(f"ForAllValues:{negative}", "k", tuple(wanted)).holds(context) is not some


@given(st.sampled_from(sorted(OPERATORS)), st.text(max_size=12), st.text(max_size=12))
def test_no_value_makes_an_operator_fail(name: str, wanted: str, present: str) -> None:
    try:
        condition = read(name, "k", (wanted,))
    except ValueError:
        return
    assert condition.holds({"k": (present,)}) in (True, False)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_numbers_are_compared_as_numbers(wanted: int, present: int) -> None:
    context = {"k": (str(present),)}
    assert read("NumericLessThan", "k", (str(wanted),)).holds(context) is (present < wanted)
    assert read("NumericGreaterThanEquals", "k", (str(wanted),)).holds(context) is (present >= wanted)


# ---------------------------------------------------------------------------------------------- decisions


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"Action": "codeartifact:readfrom*"}, True),
        ({"Action": "codeartifact:Describe*"}, False),
        ({"Action": "*"}, True),
        ({"Action": None, "NotAction": "codeartifact:Describe*"}, True),
        ({"Action": None, "NotAction": "codeartifact:*"}, False),
        ({"Resource": REPOSITORY}, True),
        ({"Resource": [REPOSITORY + "x", "arn:aws:codeartifact:*:*:repository/dd/l?b"]}, True),
        ({"Resource": REPOSITORY.upper().replace("ARN", "arn")}, False),
        ({"Resource": None, "NotResource": REPOSITORY}, False),
        ({"Resource": None, "NotResource": REPOSITORY + "x"}, True),
        ({"Resource": "arn:aws:codeartifact:*:${aws:PrincipalAccount}:repository/dd/lib"}, True),
        ({"Resource": "arn:aws:codeartifact:*:${missing}:repository/dd/lib"}, False),
        ({"Resource": None, "NotResource": "arn:aws:codeartifact:*:${missing}:x"}, False),
    ],
)
def test_what_a_statement_covers(changes: dict[str, Any], expected: bool) -> None:
    found = judge(identity(**changes), request(context={"aws:principalaccount": (ACCOUNT,)}))
    assert (found is Effect.ALLOW) is expected


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ACCOUNT}, True),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, True),
        ({"AWS": USER}, True),
        ({"AWS": [OTHER, USER]}, True),
        ({"AWS": OTHER}, False),
        ({"AWS": f"arn:aws:iam::{OTHER}:root"}, False),
        ({"AWS": USER + "x"}, False),
        ({"AWS": ROLE}, False),
        ({"Service": "codeartifact.amazonaws.com"}, False),
        ({"Federated": USER}, False),
    ],
)
def test_whom_a_statement_means(principal: object, expected: bool) -> None:
    assert (judge(resource(Principal=principal), request()) is Effect.ALLOW) is expected
    negated = resource(Principal=None, NotPrincipal=principal, Effect="Deny")
    assert (judge(negated, request()) is Effect.DENY) is not expected


def test_a_role_is_named_by_its_sessions_or_by_itself() -> None:
    playing = request(names=(SESSION, ROLE))
    for principal in (ROLE, SESSION):
        assert judge(resource(Principal={"AWS": principal}), playing) is Effect.ALLOW
    assert judge(resource(Principal={"AWS": SESSION + "x"}), playing) is Effect.NOTHING


def test_a_provider_is_named_by_its_arn() -> None:
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example"
    vouched = Request("sts:AssumeRoleWithWebIdentity", (ROLE,), "", federated=provider)
    for principal, expected in (({"Federated": provider}, True), ({"Federated": "x"}, False), ({"AWS": "*"}, False)):
        policy = parse(
            statement(Principal=principal, Action=vouched.action, Resource=None),
            kind=Kind.TRUST,
        )
        assert (judge(policy, vouched) is Effect.ALLOW) is expected


YES, NO, NOTHING = identity(), identity(Effect="Deny"), identity(Action="sts:*")
R_YES, R_NO, R_NOTHING = resource(), resource(Effect="Deny"), resource(Action="sts:*")


@pytest.mark.parametrize(
    ("mine", "its", "same", "other"),
    [
        (YES, None, None, Refusal.NO_RESOURCE),
        (YES, R_NOTHING, None, Refusal.NO_RESOURCE),
        (YES, R_YES, None, None),
        (YES, R_NO, Refusal.DENIED_BY_RESOURCE, Refusal.DENIED_BY_RESOURCE),
        (NOTHING, None, Refusal.NO_IDENTITY, Refusal.NO_RESOURCE),
        (NOTHING, R_YES, None, Refusal.NO_IDENTITY),
        (NO, R_YES, Refusal.DENIED_BY_IDENTITY, Refusal.DENIED_BY_IDENTITY),
        (NO, R_NO, Refusal.DENIED_BY_IDENTITY, Refusal.DENIED_BY_IDENTITY),
    ],
)
def test_who_must_allow(mine: Policy, its: Policy | None, same: Refusal | None, other: Refusal | None) -> None:
    policies = Policies((mine,), its)
    assert decide(policies, request(), ACCOUNT) is same
    assert decide(policies, request(), OTHER) is other


@pytest.mark.parametrize(
    ("mine", "its", "session", "expected"),
    [
        (YES, None, YES, None),
        (YES, None, NOTHING, Refusal.NO_SESSION),
        (YES, None, NO, Refusal.DENIED_BY_SESSION),
        (NOTHING, None, YES, Refusal.NO_IDENTITY),
        (NOTHING, R_YES, NOTHING, Refusal.NO_SESSION),
        (NOTHING, resource(Principal={"AWS": ROLE}), NOTHING, Refusal.NO_SESSION),
        (NOTHING, resource(Principal={"AWS": SESSION}), NOTHING, None),
        (NOTHING, resource(Principal={"AWS": SESSION}), NO, Refusal.DENIED_BY_SESSION),
    ],
)
def test_a_session_policy_narrows(mine: Policy, its: Policy | None, session: Policy, expected: Refusal | None) -> None:
    policies = Policies((mine,), its, session, SESSION)
    assert decide(policies, request(names=(SESSION, ROLE)), ACCOUNT) is expected


ASSUME = request("sts:AssumeRole")
MAY = identity(Action="sts:AssumeRole")


@pytest.mark.parametrize(
    ("mine", "principal", "owner", "expected"),
    [
        ((), USER, ACCOUNT, None),
        ((), ACCOUNT, ACCOUNT, Refusal.NO_IDENTITY),
        ((MAY,), ACCOUNT, ACCOUNT, None),
        ((MAY,), OTHER, ACCOUNT, Refusal.NO_RESOURCE),
        ((), USER, OTHER, Refusal.NO_IDENTITY),
        ((MAY,), USER, OTHER, None),
        ((identity(Action="sts:*", Effect="Deny"),), USER, ACCOUNT, Refusal.DENIED_BY_IDENTITY),
    ],
)
def test_who_may_assume_a_role(mine: tuple[Policy, ...], principal: str, owner: str, expected: Refusal | None) -> None:
    trusted = parse(statement(Principal={"AWS": principal}, Action="sts:AssumeRole", Resource=None), kind=Kind.TRUST)
    assert decide_trust(Policies(mine, trusted), ASSUME, owner) is expected


def test_a_role_may_refuse_somebody() -> None:
    refusing = parse(
        statement(Principal={"AWS": ACCOUNT}, Action="*", Resource=None),
        statement(Principal={"AWS": USER}, Action="*", Resource=None, Effect="Deny"),
        kind=Kind.TRUST,
    )
    assert decide_trust(Policies((MAY,), refusing), ASSUME, ACCOUNT) is Refusal.DENIED_BY_RESOURCE


STATEMENTS = st.builds(
    lambda effect, action, where: statement(Effect=effect, Action=action, Resource=where),
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from([READ, "codeartifact:*", "*", "sts:*", "codeartifact:Describe*"]),
    st.sampled_from(["*", REPOSITORY, "arn:aws:s3:::x"]),
)


@given(st.lists(STATEMENTS, min_size=1, max_size=5), st.lists(STATEMENTS, max_size=4), st.booleans())
def test_an_explicit_deny_wins_and_order_does_not_matter(
    mine: list[dict[str, Any]], its: list[dict[str, Any]], same: bool
) -> None:
    owner = ACCOUNT if same else OTHER

    def decided(mine: list[dict[str, Any]], its: list[dict[str, Any]]) -> Refusal | None:
        theirs = [{**each, "Principal": "*"} for each in its]
        policies = Policies((parse(*mine),), parse(*theirs, kind=Kind.RESOURCE) if theirs else None)
        return decide(policies, request(), owner)

    found = decided(mine, its)
    assert decided(mine[::-1], its[::-1]) is found
    denying = statement(Effect="Deny", Action="*")
    assert decided([*mine, denying], its) is Refusal.DENIED_BY_IDENTITY
    assert decided(mine, [*its, denying]) in (Refusal.DENIED_BY_IDENTITY, Refusal.DENIED_BY_RESOURCE)
    relevant = [
        (each["Effect"], side)
        for side, listed in (("mine", mine), ("its", its))
        for each in listed
        if each["Action"] in (READ, "codeartifact:*", "*") and each["Resource"] in ("*", REPOSITORY)
    ]
    allowed = {side for effect, side in relevant if effect == "Allow"}
    denied = any(effect == "Deny" for effect, _ in relevant)
    assert (found is None) == (not denied and (bool(allowed) if same else allowed == {"mine", "its"}))


def test_wildcards_have_their_own_characters() -> None:
    assert [part.value for part in Wildcard] == ["*", "?"]


def test_tags_whose_keys_differ_in_case_are_told_apart() -> None:
    """Who may set `team` has not set `Team`."""
    context = with_tags("aws:ResourceTag/", {"Team": "core", "team": "mine"})
    for key, value in (("Team", "core"), ("team", "mine")):
        assert read("StringEquals", f"aws:ResourceTag/{key}", (value,)).holds(context)
        assert read("StringEquals", f"AWS:resourcetag/{key}", (value,)).holds(context)
    assert not read("StringEquals", "aws:ResourceTag/Team", ("mine",)).holds(context)
    assert expand_literally("${aws:ResourceTag/Team}", context) == "core"


def test_a_tag_is_found_in_any_case_where_only_one_can_be_meant() -> None:
    context = with_tags("aws:RequestTag/", {"Team": "core"})
    for key in ("Team", "team"):
        assert read("StringEquals", f"aws:RequestTag/{key}", ("core",)).holds(context)
