"""Who asks, whether anybody answers, whether clocks agree, and the programs that are needed."""

import pytest
from inline_snapshot import snapshot

from inhouse.codeartifact.interface import Identity
from inhouse.diagnosis.document import as_documents, counts
from inhouse.diagnosis.findings import Code, Finding, Severity, by_danger
from inhouse.diagnosis.programs import Keyring, Need, Program, check_keyrings, check_programs
from inhouse.diagnosis.reach import Chosen, Reach, Trouble, TroubleKind, check_reach
from inhouse.diagnosis.words import as_text, counted
from inhouse.project.manifest import Coordinates
from inhouse.tools.locations import Tool

COORDINATES = Coordinates("acme", "111122223333", "us-east-1", "shared")
ADA = Identity("111122223333", "arn:aws:iam::111122223333:user/ada")
GUEST = Identity("444455556666", "arn:aws:sts::444455556666:assumed-role/dev/guest")
CHOSEN = Chosen("work", "[profiles] of the user configuration", "work")


def reach(
    *,
    chosen: Chosen = CHOSEN,
    identity: Identity | Trouble = ADA,
    token: Trouble | None = None,
    endpoint: str | Trouble = "http://127.0.0.1:9/",
    page: Trouble | None = None,
    skew: float | None = 0.0,
) -> Reach:
    return Reach(COORDINATES, chosen, identity, token, endpoint, page, skew)


def codes(findings: list[Finding]) -> list[tuple[Code, Severity]]:
    return [(finding.code, finding.severity) for finding in findings]


def test_all_is_well_when_everything_is_told() -> None:
    assert list(check_reach(reach())) == []
    assert list(check_reach(reach(skew=None))) == []


@pytest.mark.parametrize(
    ("skew", "expected"),
    [
        (59.0, []),
        (-90.0, [(Code.CLOCK_SKEW, Severity.NOTE)]),
        (301.0, [(Code.CLOCK_SKEW, Severity.PROBLEM)]),
        (-3600.0, [(Code.CLOCK_SKEW, Severity.PROBLEM)]),
    ],
)
def test_clocks_may_differ_by_five_minutes(skew: float, expected: list[tuple[Code, Severity]]) -> None:
    assert codes(list(check_reach(reach(skew=skew)))) == expected


def test_the_clock_s_finding_says_which_way() -> None:
    (behind,) = check_reach(reach(skew=-60.5))
    assert behind.problem == "the clock of this machine is 1 minute behind of the service's"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (TroubleKind.MISSING, Code.CREDENTIALS_MISSING),
        (TroubleKind.REFUSED, Code.CREDENTIALS_REFUSED),
        (TroubleKind.SSO, Code.SSO_EXPIRED),
        (TroubleKind.NOT_FOUND, Code.REPOSITORY_MISSING),
        (TroubleKind.UNREACHABLE, Code.UNREACHABLE),
        (TroubleKind.TLS, Code.TLS_UNTRUSTED),
        (TroubleKind.PROXY, Code.PROXY_FAILED),
        (TroubleKind.OTHER, Code.SERVICE_FAILED),
    ],
)
def test_what_keeps_off_every_question_is_said_once(kind: TroubleKind, code: Code) -> None:
    trouble = Trouble(kind, "it said no", "do this")
    found = list(check_reach(reach(identity=trouble, token=trouble, endpoint=trouble, page=trouble)))
    assert codes(found) == [(code, Severity.PROBLEM)]
    assert found[0].fix


def test_an_expired_session_is_renewed_for_the_profile_that_is_used() -> None:
    trouble = Trouble(TroubleKind.SSO, "the session has expired")
    (finding,) = check_reach(reach(token=trouble))
    assert finding.fix == "aws sso login --profile work"
    (finding,) = check_reach(reach(token=trouble, chosen=Chosen("", "AWS's own rules")))
    assert finding.fix == "aws sso login"


@pytest.mark.parametrize(
    ("answer", "said", "code", "permission"),
    [
        ("token", "GetAuthorizationToken is not allowed", Code.TOKEN_DENIED, "codeartifact:GetAuthorizationToken"),
        (
            "token",
            "User: x is not authorized to perform: sts:GetServiceBearerToken on resource: *",
            Code.BEARER_DENIED,
            "sts:GetServiceBearerToken",
        ),
        ("page", "reading the page is not allowed", Code.READ_DENIED, "codeartifact:ReadFromRepository"),
        ("endpoint", "no", Code.ACCESS_DENIED, "codeartifact:GetRepositoryEndpoint"),
        ("identity", "no", Code.ACCESS_DENIED, "sts:GetCallerIdentity"),
    ],
)
def test_the_permission_that_is_missing_is_named(answer: str, said: str, code: Code, permission: str) -> None:
    trouble = Trouble(TroubleKind.DENIED, said)
    given = {
        "token": reach(token=trouble),
        "page": reach(page=trouble),
        "endpoint": reach(endpoint=trouble),
        "identity": reach(identity=trouble),
    }
    (finding,) = check_reach(given[answer])
    assert (finding.code, finding.permission) == (code, permission)
    assert permission in finding.fix


def test_another_account_is_a_problem_only_when_it_is_refused() -> None:
    assert codes(list(check_reach(reach(identity=GUEST)))) == [(Code.OTHER_ACCOUNT, Severity.NOTE)]
    denied = Trouble(TroubleKind.DENIED, "GetAuthorizationToken is not allowed")
    assert (Code.OTHER_ACCOUNT, Severity.PROBLEM) in codes(list(check_reach(reach(identity=GUEST, token=denied))))


def test_another_profile_than_the_configured_one_is_worth_a_note() -> None:
    chosen = Chosen("other", "the variable INHOUSE_PROFILE", "work")
    (finding,) = check_reach(reach(chosen=chosen))
    assert finding.problem == (
        "[profiles] has `work` for this domain, and the variable INHOUSE_PROFILE chooses the profile `other`"
    )
    (finding,) = check_reach(reach(chosen=Chosen("", "AWS's own rules", "work")))
    assert finding.problem.endswith("AWS's own rules chooses what AWS finds by itself")


PIP, UV = (
    Need(Tool.PIP, "~/pip.conf: global.keyring-provider"),
    Need(Tool.UV, "pyproject.toml: tool.uv.keyring-provider"),
)


@pytest.mark.parametrize(
    ("keyrings", "needs", "expected"),
    [
        ([], [], []),
        ([], [UV], [Code.KEYRING_MISSING]),
        ([Keyring("/a", answers=True)], [UV, PIP], []),
        ([Keyring("/a", answers=None)], [UV], []),
        ([Keyring("/a", answers=False)], [UV], [Code.KEYRING_BACKEND_MISSING]),
        ([Keyring("/a", answers=True, in_environment=True)], [UV, PIP], [Code.KEYRING_MISSING]),
        ([Keyring("/a", answers=True), Keyring("/b", answers=None)], [UV], [Code.KEYRING_SEVERAL]),
        ([Keyring("/a", answers=False), Keyring("/b", answers=None)], [], []),
    ],
)
def test_the_keyring_that_is_run_must_answer(keyrings: list[Keyring], needs: list[Need], expected: list[Code]) -> None:
    assert [finding.code for finding in check_keyrings(keyrings, needs)] == expected


@pytest.mark.parametrize(
    ("tool", "version", "is_old"),
    [
        (Tool.UV, "0.6.17", True),
        (Tool.UV, "0.13.9", False),
        (Tool.PIP, "22.3", True),
        (Tool.PIP, "26.3", False),
        (Tool.POETRY, "1.4.2", True),
        (Tool.POETRY, "1.8.5", False),
        (Tool.PDM, "0.1", False),
        (Tool.UV, "of-mine", False),
    ],
)
def test_tools_must_know_how_to_keep_to_one_index(tool: Tool, version: str, is_old: bool) -> None:
    assert bool(list(check_programs([Program(tool, "x", version)]))) is is_old


FINDINGS = by_danger(
    [
        Finding(Code.LOCK_DIRECT, Severity.NOTE, "uv.lock: x", "one", exception="because"),
        Finding(Code.TOKEN_STALE, Severity.PROBLEM, "b", "two " * 30, "three", "four", permission="p"),
        Finding(Code.SECOND_INDEX, Severity.DANGER, "a", "five"),
        Finding(Code.SECOND_INDEX, Severity.DANGER, "a", "five"),
    ]
)


def test_what_is_worst_comes_first() -> None:
    assert as_text(FINDINGS) == snapshot("""\
danger: a [second-index]
  five

problem: b [token-stale]
  two two two two two two two two two two two two two two two two two two two two two two two two
  two two two two two two
  so: three
  fix: four

note: uv.lock: x [lock-direct]
  one
  let pass: because\
""")
    assert counted(FINDINGS) == "1 danger, 1 problem, 1 note"
    assert counted(FINDINGS * 2) == "2 dangers, 2 problems, 2 notes"
    assert counted([]) == "nothing is wrong"


def test_programs_get_the_same_keys_always() -> None:
    assert as_documents(FINDINGS[:1]) == snapshot(
        [
            {
                "id": "second-index",
                "severity": "danger",
                "place": "a",
                "problem": "five",
                "effect": None,
                "fix": None,
                "is_fixable": False,
                "permission": None,
                "exception": None,
            }
        ]
    )
    assert counts(FINDINGS) == {"danger": 1, "problem": 1, "note": 1}


def test_ids_are_stable() -> None:
    # Programs and written exceptions name them: one that goes, or gets another name, breaks theirs.
    assert sorted(each.value for each in Code) == snapshot(
        [
            "access-denied",
            "bearer-denied",
            "clock-skew",
            "configuration-hidden",
            "configuration-unreadable",
            "credentials-missing",
            "credentials-refused",
            "exception-unknown",
            "exception-unreasoned",
            "exception-unused",
            "explicit-index",
            "find-links",
            "index-incomplete",
            "index-missing",
            "index-strategy",
            "keyring-backend-missing",
            "keyring-missing",
            "keyring-several",
            "lock-direct",
            "lock-foreign",
            "lock-unreadable",
            "name-look-alike",
            "name-on-pypi",
            "name-unknown",
            "name-unreserved",
            "other-account",
            "profile-not-used",
            "proxy-failed",
            "public-index",
            "read-denied",
            "repository-missing",
            "second-index",
            "secret-in-project",
            "secret-readable",
            "service-failed",
            "sso-expired",
            "tls-untrusted",
            "token-denied",
            "token-is-json",
            "token-stale",
            "token-stored",
            "tool-too-old",
            "unreachable",
            "wrong-index",
        ]
    )
