from dataclasses import replace
from datetime import timedelta

import pytest
from fake_clock import FakeClock

from inhouse_server.catalog import Database, domains, principals
from inhouse_server.errors import AccessDeniedError, ExpiredCredentialsError, UnknownAccessKeyError
from inhouse_server.identity.tokens import TokenClaims, TokenSigner
from inhouse_server.model import AccessKey, Principal
from inhouse_server.services.access import Access, Bearer, Caller, domain_arn, package_group_arn, repository_arn

ACCOUNT = "111122223333"
USER = Principal(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/admin", "AIDAMADEUPMADEUPMADEU")
STRANGER = Principal(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/gone", "AIDAMADEUPMADEUPMADEX")
SIGNER = TokenSigner(b"s" * 32)


@pytest.fixture
def access(database: Database, clock: FakeClock) -> Access:
    with database.write() as connection:
        principals.insert_user(connection, USER, created_at=clock())
        principals.insert_key(connection, AccessKey("AKIAMADEUP", "secret", USER), created_at=clock())
        domains.insert(
            connection, region="us-east-1", owner=ACCOUNT, name="my-domain", created_at=clock(), encryption_key="k"
        )
    return Access(database, SIGNER, clock)


def test_a_token_speaks_for_who_asked_for_it(access: Access) -> None:
    token, claims = access.issue_token(Caller(USER, "us-east-1"), ACCOUNT, "my-domain", None)
    assert access.bearer(token) == Bearer(USER, "us-east-1", ACCOUNT, "my-domain")
    assert claims.expires_at - claims.issued_at == timedelta(hours=12)


def test_a_token_ends(access: Access, clock: FakeClock) -> None:
    token, _ = access.issue_token(Caller(USER, "us-east-1"), ACCOUNT, "my-domain", 900)
    clock.advance(seconds=899)
    access.bearer(token)
    clock.advance(seconds=1)
    with pytest.raises(ExpiredCredentialsError):
        access.bearer(token)


def test_a_token_of_somebody_who_is_gone(access: Access, clock: FakeClock) -> None:
    claims = TokenClaims("us-east-1", ACCOUNT, "my-domain", STRANGER.arn, clock(), clock() + timedelta(hours=1))
    with pytest.raises(UnknownAccessKeyError, match="no longer exists"):
        access.bearer(SIGNER.issue(claims))


@pytest.mark.parametrize("token", ["", "nonsense", "a.b", "é"])
def test_what_is_no_token(access: Access, token: str) -> None:
    with pytest.raises(UnknownAccessKeyError):
        access.bearer(token)


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        domain_arn("us-east-1", ACCOUNT, "dd"),
        repository_arn("eu-west-1", ACCOUNT, "dd", "lib"),
        package_group_arn("us-east-1", ACCOUNT, "dd", "/pypi/*"),
    ],
)
def test_everything_is_allowed_in_ones_own_account(access: Access, arn: str) -> None:
    access.require(USER, "codeartifact:Anything", arn)


@pytest.mark.parametrize(
    ("principal", "arn", "kind"),
    [
        (USER, domain_arn("us-east-1", "999999999999", "dd"), "resource"),
        (STRANGER, domain_arn("us-east-1", ACCOUNT, "dd"), "identity"),
        (STRANGER, "*", "identity"),
        (replace(USER, account="999999999999"), domain_arn("us-east-1", ACCOUNT, "dd"), "identity"),
    ],
)
def test_nothing_is_elsewhere_or_to_strangers(access: Access, principal: Principal, arn: str, kind: str) -> None:
    with pytest.raises(AccessDeniedError) as caught:
        access.require(principal, "codeartifact:ReadFromRepository", arn)
    assert caught.value.message == (
        f"User: {principal.arn} is not authorized to perform: codeartifact:ReadFromRepository on resource: {arn} "
        f"because no {kind}-based policy allows the codeartifact:ReadFromRepository action"
    )
