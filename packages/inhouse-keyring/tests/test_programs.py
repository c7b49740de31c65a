"""Where this Python cannot get the credentials, another program is asked for the token."""

import sys
import time
from pathlib import Path

import pytest
from token_service import asking

from inhouse_keyring.credentials import find_source
from inhouse_keyring.errors import CredentialsMissingError
from inhouse_keyring.programs import ask_programs, command
from inhouse_keyring.questions import Manner
from inhouse_keyring.tokens import obtain

SIGN_ON = """\
[profile sso]
sso_start_url = https://company.example/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = developer
[profile machine]
role_arn = arn:aws:iam::111122223333:role/x
credential_source = Ec2InstanceMetadata
"""


@pytest.fixture
def signed_on(
    environment: dict[str, str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The variables of somebody whose credentials only botocore knows how to get, where there is none."""
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(SIGN_ON, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    del environment["AWS_ACCESS_KEY_ID"]
    return {**environment, "INHOUSE_PROFILE": "sso", "PATH": str(tmp_path)}


def program(folder: Path, name: str, output: str, code: int = 0) -> None:
    file = folder / name
    script = f"#!/bin/sh\necho \"$0 $*\" >> '{folder}/log'\necho '{output}'\necho broken >&2\nexit {code}\n"
    file.write_text(script, encoding="utf-8")
    file.chmod(0o755)


def test_the_first_program_that_is_there_is_asked_and_its_token_kept(signed_on: dict[str, str], tmp_path: Path) -> None:
    program(tmp_path, "aws", f'{{"authorizationToken": "of-aws", "expiration": {time.time() + 3600}}}')
    assert obtain(*asking(signed_on)).value == "of-aws"
    program(tmp_path, "inhouse", f'{{"authorizationToken": "of-inhouse", "expiration": {time.time() + 3600}}}')
    assert obtain(*asking(signed_on)).value == "of-aws"
    assert obtain(*asking(signed_on), Manner(refresh=True)).value == "of-inhouse"
    assert len((tmp_path / "log").read_text(encoding="utf-8").splitlines()) == 2


def test_who_cannot_be_told_is_left_to_the_program_each_time(signed_on: dict[str, str], tmp_path: Path) -> None:
    signed_on["INHOUSE_PROFILE"] = "machine"
    program(tmp_path, "inhouse", f'{{"authorizationToken": "of-inhouse", "expiration": {time.time() + 3600}}}')
    for _ in range(2):
        assert obtain(*asking(signed_on)).value == "of-inhouse"
    assert len((tmp_path / "log").read_text(encoding="utf-8").splitlines()) == 2


def test_a_date_is_taken_to_be_as_far_as_was_asked_for(signed_on: dict[str, str], tmp_path: Path) -> None:
    program(tmp_path, "aws", '{"authorizationToken": "of-aws", "expiration": "2999-01-01T00:00:00+00:00"}')
    token = obtain(*asking(signed_on))
    assert token.expires_at - token.created_at == 3600
    token = obtain(*asking({**signed_on, "INHOUSE_TOKEN_SECONDS": "0"}))
    assert token.expires_at - token.created_at == 900


@pytest.mark.parametrize(
    ("output", "code", "said"), [("{}", 0, "authorizationToken"), ("x", 0, "Expecting"), ("", 3, "broken")]
)
def test_a_program_that_gives_none_says_why(
    signed_on: dict[str, str], tmp_path: Path, output: str, code: int, said: str
) -> None:
    program(tmp_path, "aws", output, code)
    with pytest.raises(CredentialsMissingError, match=f"`aws` gives no token: .*{said}"):
        obtain(*asking(signed_on))


@pytest.mark.parametrize(
    ("profile", "whose"), [("sso", "of the profile `sso`"), ("machine", "of the profile `machine`")]
)
def test_without_any_program_it_is_said_what_to_install(signed_on: dict[str, str], profile: str, whose: str) -> None:
    with pytest.raises(CredentialsMissingError, match=whose) as caught:
        obtain(*asking({**signed_on, "INHOUSE_PROFILE": profile}))
    assert "uv tool install inhouse" in caught.value.hint


def test_what_is_run_names_everything(signed_on: dict[str, str]) -> None:
    wanted, surroundings = asking(signed_on)
    where = f"--endpoint-url {wanted.endpoint}"
    assert " ".join(command("/bin/inhouse", "inhouse", wanted)) == (
        "/bin/inhouse token --domain acme --region us-east-1 --duration-seconds 3600 --owner 111122223333 "
        f"{where} --format json --profile sso"
    )
    wanted.profile = None
    assert " ".join(command("/bin/aws", "aws", wanted)) == (
        "/bin/aws codeartifact get-authorization-token --domain acme --region us-east-1 --duration-seconds 3600 "
        f"--domain-owner 111122223333 {where} --output json"
    )
    source = find_source("sso", surroundings.files, signed_on)
    source.profile = ""
    with pytest.raises(CredentialsMissingError, match="of this machine"):
        ask_programs([], source, wanted, signed_on)
