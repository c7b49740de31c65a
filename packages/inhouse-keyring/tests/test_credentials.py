"""Whose credentials are used is decided as botocore decides it, and every identity is told apart."""

import hashlib
import os
from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import BotoCoreError
from hypothesis import given
from hypothesis import strategies as st

from inhouse_keyring.aws_files import read_files
from inhouse_keyring.credentials import (
    BOTOCORE,
    CONTAINER,
    ENVIRONMENT,
    KEYS,
    PROCESS,
    ROLE,
    WEB_IDENTITY,
    Keys,
    Source,
    find_source,
)
from inhouse_keyring.errors import CredentialsMissingError

CONFIG = """\
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = made-up
[profile work]
aws_access_key_id = AKIAWORK
aws_secret_access_key = made-up
aws_session_token = a-session
[profile both]
aws_access_key_id = AKIACONFIG
aws_secret_access_key = made-up
credential_process = /bin/echo
[profile process]
credential_process = /bin/echo
[profile half]
aws_access_key_id = AKIAHALF
[profile empty]
region = us-east-1
[profile role]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = work
mfa_serial = arn:aws:iam::111122223333:mfa/alice
[profile chain]
role_arn = arn:aws:iam::111122223333:role/second
source_profile = role
[profile self]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = self
aws_access_key_id = AKIASELF
aws_secret_access_key = made-up
[profile loop]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = back
[profile back]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = loop
[profile static-role]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = nobody
aws_access_key_id = AKIASTATIC
aws_secret_access_key = made-up
[profile of-static-role]
role_arn = arn:aws:iam::111122223333:role/second
source_profile = static-role
[profile of-empty]
role_arn = arn:aws:iam::111122223333:role/second
source_profile = empty
[profile lost]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = nobody
[profile of-environment]
role_arn = arn:aws:iam::111122223333:role/publisher
credential_source = Environment
[profile of-container]
role_arn = arn:aws:iam::111122223333:role/publisher
credential_source = EcsContainer
[profile of-machine]
role_arn = arn:aws:iam::111122223333:role/publisher
credential_source = Ec2InstanceMetadata
[profile of-process]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = process
[profile web]
role_arn = arn:aws:iam::111122223333:role/pipeline
web_identity_token_file = {home}/identity
[profile sso]
sso_session = company
sso_account_id = 111122223333
sso_role_name = developer
[profile old-sso]
sso_start_url = https://company.example/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = developer
[profile signed-in]
login_session = arn:aws:iam::111122223333:user/alice
[sso-session company]
sso_start_url = https://company.example/start
sso_region = us-east-1
"""
SECRETS = (
    "[shared]\naws_access_key_id = AKIASHARED\naws_secret_access_key = made-up\n[both]\naws_access_key_id = AKIAFILE\n"
)
SECRETS += "aws_secret_access_key = made-up\n"
ALICE = {"AWS_ACCESS_KEY_ID": "AKIAALICE", "AWS_SECRET_ACCESS_KEY": "made-up"}


@pytest.fixture(autouse=True)
def files(home: Path) -> None:
    folder = home / ".aws"
    folder.mkdir()
    (folder / "config").write_text(CONFIG.format(home=home), encoding="utf-8")
    (folder / "credentials").write_text(SECRETS, encoding="utf-8")
    (home / "identity").write_text("an-identity-token\n", encoding="utf-8")


def source(profile: str | None = None, **environment: str) -> Source:
    return find_source(profile, read_files(environment), environment)


@pytest.mark.parametrize(
    ("profile", "environment"),
    [
        (None, {}),
        (None, ALICE),
        (None, {**ALICE, "AWS_PROFILE": "work"}),
        (None, {**ALICE, "AWS_SESSION_TOKEN": "s"}),
        (None, {**ALICE, "AWS_SECURITY_TOKEN": "s"}),
        (None, {"AWS_PROFILE": "work"}),
        (None, {"AWS_PROFILE": "both"}),
        (None, {"AWS_DEFAULT_PROFILE": "work", "AWS_PROFILE": "shared"}),
        (None, {"AWS_PROFILE": "shared"}),
        ("work", ALICE),
        ("shared", {"AWS_PROFILE": "work"}),
        ("half", {}),
        ("nobody", {}),
        (None, {"AWS_PROFILE": "nobody"}),
        ("empty", {"AWS_EC2_METADATA_DISABLED": "true"}),
        (None, {"AWS_ACCESS_KEY_ID": "AKIAALICE"}),
    ],
    ids=str,
)
def test_the_keys_are_those_that_botocore_finds(
    profile: str | None, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    try:
        theirs = botocore.session.Session(profile=profile).get_credentials()
        wanted = theirs and (theirs.access_key, theirs.secret_key, theirs.token or "")
    except BotoCoreError:
        wanted = None
    try:
        keys = source(profile, **environment, HOME=os.environ["HOME"]).keys
        found = keys and (keys.access_key, keys.secret, keys.session_token)
    except CredentialsMissingError:
        found = None
    assert found == wanted


@pytest.mark.parametrize(
    ("profile", "environment", "kind"),
    [
        (None, ALICE, ENVIRONMENT),
        ("work", {}, KEYS),
        ("both", {}, KEYS),
        ("process", {}, PROCESS),
        ("web", {}, WEB_IDENTITY),
        ("role", {}, BOTOCORE),
        ("chain", {}, ROLE),
        ("self", {}, ROLE),
        ("of-environment", ALICE, ROLE),
        ("of-container", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"}, ROLE),
        ("of-machine", {}, BOTOCORE),
        ("of-static-role", {}, ROLE),
        ("sso", {}, BOTOCORE),
        ("old-sso", {}, BOTOCORE),
        ("signed-in", {}, BOTOCORE),
        ("empty", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"}, CONTAINER),
        ("empty", {}, BOTOCORE),
        (None, {"AWS_WEB_IDENTITY_TOKEN_FILE": "~/identity", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x"}, WEB_IDENTITY),
    ],
)
def test_where_credentials_come_from(profile: str | None, environment: dict[str, str], kind: str) -> None:
    assert source(profile, **environment).kind == kind


def test_a_profile_that_is_chosen_for_the_domain_wins_over_a_token_of_the_pipeline() -> None:
    pipeline = {"AWS_WEB_IDENTITY_TOKEN_FILE": "~/identity", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x"}
    assert source("work", **pipeline).kind == KEYS
    assert source(None, **pipeline).kind == WEB_IDENTITY


@pytest.mark.parametrize(
    ("profile", "environment"),
    [
        *(("process", {}), ("signed-in", {}), ("of-machine", {}), ("of-process", {}), ("empty", {})),
        *(("of-container", {}), ("empty", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/x"})),
    ],
)
def test_who_cannot_be_told_from_files_is_not_guessed(profile: str, environment: dict[str, str]) -> None:
    assert source(profile, **environment).who == ""


def distinct(*sources: Source) -> bool:
    identities = [each.who for each in sources]
    return all(identities) and len(set(identities)) == len(identities)


def test_roles_are_told_apart_by_themselves_and_by_whoever_assumes_them(home: Path) -> None:
    before = [source(name) for name in ("role", "chain", "self")]
    assert distinct(*before)
    config = home / ".aws" / "config"
    config.write_text(config.read_text(encoding="utf-8").replace("AKIAWORK", "AKIAOTHER"), encoding="utf-8")
    after = [source(name) for name in ("role", "chain", "self")]
    assert distinct(*before[:2], *after)
    assert before[2].who == after[2].who
    assert source("role").may_prompt
    assert source("chain").may_prompt
    assert not source("self").may_prompt


def test_a_role_of_the_environment_is_told_apart_by_its_keys() -> None:
    bob = {**ALICE, "AWS_ACCESS_KEY_ID": "AKIABOB"}
    container = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/task"}
    people = [source("of-environment", **variables) for variables in (ALICE, bob)]
    assert distinct(*people, source("of-container", **container))


@pytest.mark.parametrize(
    ("profile", "problem"),
    [
        ("lost", "nobody"),
        ("loop", "the profiles loop, back name each other"),
        ("of-empty", "the profile `empty`, which `of-empty` names as source_profile, has none"),
        ("of-environment", "one is not set"),
    ],
)
def test_a_role_that_nobody_can_assume_is_an_error(profile: str, problem: str) -> None:
    with pytest.raises(CredentialsMissingError, match=problem) as caught:
        source(profile)
    assert caught.value.hint


def test_a_sign_on_is_told_apart_by_what_was_signed_on_to(home: Path) -> None:
    folder = home / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True)
    signed_out = source("sso")
    for name in ("company", "https://company.example/start"):
        file = folder / f"{hashlib.sha1(name.encode()).hexdigest()}.json"
        file.write_text("alice", encoding="utf-8")
    alice, old = source("sso"), source("old-sso")
    file = folder / f"{hashlib.sha1(b'company').hexdigest()}.json"
    file.write_text("bob", encoding="utf-8")
    assert distinct(signed_out, alice, old, source("sso"))


def test_a_pipeline_is_told_apart_by_role_session_and_token(home: Path) -> None:
    pipeline = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(home / "identity"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/x"}
    first, second = source(**pipeline), source(**{**pipeline, "AWS_ROLE_ARN": "arn:aws:iam::1:role/y"})
    named = source(**pipeline, AWS_ROLE_SESSION_NAME="job")
    (home / "identity").write_text("another", encoding="utf-8")
    assert distinct(first, second, named, source(**pipeline))


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere", "AWS_ROLE_ARN": "arn"}, "/nowhere cannot be read"),
        ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"}, "AWS_ROLE_ARN is not"),
        ({"AWS_ACCESS_KEY_ID": "x"}, "one is not set"),
        ({"AWS_PROFILE": "half"}, "lacks aws_secret_access_key"),
        ({"AWS_PROFILE": "empty", "AWS_EC2_METADATA_DISABLED": "TRUE"}, "Unable to locate credentials"),
    ],
)
def test_half_of_what_is_needed_is_told(environment: dict[str, str], problem: str) -> None:
    with pytest.raises(CredentialsMissingError, match=problem) as caught:
        source(**environment)
    assert caught.value.hint


def test_containers_are_told_apart(tmp_path: Path) -> None:
    shown = tmp_path / "token"
    shown.write_text("a", encoding="utf-8")
    full = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"}
    first = source("empty", **full, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(shown))
    shown.write_text("b", encoding="utf-8")
    second = source("empty", **full, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(shown))
    relative = [
        source("empty", AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=uri, AWS_CONTAINER_AUTHORIZATION_TOKEN="a")
        for uri in ("/v2/one", "/v2/two")
    ]
    assert distinct(first, second, *relative, source("empty", **full, AWS_CONTAINER_AUTHORIZATION_TOKEN="a-b"))


secrets = st.text(max_size=6)


@given(st.tuples(secrets, secrets, secrets), st.tuples(secrets, secrets, secrets))
def test_only_the_same_keys_are_the_same_identity(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert (Keys(*one).fingerprint == Keys(*other).fingerprint) == (one == other)
    if len(one[1]) > 3:
        assert one[1] not in Keys(*one).fingerprint
