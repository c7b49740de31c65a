"""Whose token is served, when a new one is asked for, and how often."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from token_service import DOMAIN, OWNER, REGION, TokenService, asking, keys, refused

from inhouse_keyring.credentials import Keys
from inhouse_keyring.errors import AccessDeniedError, CredentialsMissingError, TokenError, UnreachableError
from inhouse_keyring.memory import Token
from inhouse_keyring.questions import Manner
from inhouse_keyring.tokens import Memo, forget, obtain

CONFIG = """\
[profile work]
aws_access_key_id = {key}
aws_secret_access_key = made-up
region = eu-west-1
"""


def ask(environment: dict[str, str], *, refresh: bool = False, said: list[str] | None = None) -> Token:
    warn = (said if said is not None else []).append
    return obtain(*asking(environment), Manner(refresh=refresh, programs=(), warn=warn))


def configure(home: Path, text: str) -> None:
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "config").write_text(text, encoding="utf-8")


def test_a_token_is_asked_for_once(service: TokenService, environment: dict[str, str]) -> None:
    assert ask(environment).value == "token-1-of-AKIAALICE"
    assert ask(environment).value == "token-1-of-AKIAALICE"
    assert service.queries == [{"domain": DOMAIN, "domain-owner": OWNER, "duration": "3600"}]


def test_another_one_is_asked_for_when_it_is_wanted_in_any_case(
    service: TokenService, environment: dict[str, str]
) -> None:
    ask(environment)
    assert ask(environment, refresh=True).value == "token-2-of-AKIAALICE"
    assert ask(environment).value == "token-2-of-AKIAALICE"
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    "other",
    [
        keys("AKIABOB"),
        {"AWS_SECRET_ACCESS_KEY": "another-secret"},
        {"AWS_SESSION_TOKEN": "a-session"},
        {"INHOUSE_TOKEN_SECONDS": "900"},
        {"AWS_ENDPOINT_URL_CODEARTIFACT": "http://127.0.0.1:{port}/other"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_whoever_asks_for_anything_else_gets_another_token(
    service: TokenService, environment: dict[str, str], other: dict[str, str]
) -> None:
    service.server.expect_request("/other/v1/authorization-token").respond_with_json(
        {"authorizationToken": "another", "expiration": time.time() + 3600}
    )
    first = ask(environment).value
    changed = {name: value.format(port=service.server.port) for name, value in other.items()}
    assert ask({**environment, **changed}).value != first
    assert ask(environment).value == first


def test_a_profile_whose_keys_change_is_not_served_the_former_ones_token(
    service: TokenService, environment: dict[str, str], home: Path
) -> None:
    del environment["AWS_ACCESS_KEY_ID"]
    environment["AWS_PROFILE"] = "work"
    configure(home, CONFIG.format(key="AKIAALICE"))
    assert ask(environment).value == "token-1-of-AKIAALICE"
    configure(home, CONFIG.format(key="AKIABOB"))
    assert ask(environment).value == "token-2-of-AKIABOB"
    configure(home, CONFIG.format(key="AKIAALICE"))
    assert ask(environment).value == "token-1-of-AKIAALICE"
    assert service.asked == ["AKIAALICE", "AKIABOB"]


def test_the_same_name_for_two_peoples_profiles_is_two_identities_in_one_cache(
    service: TokenService, environment: dict[str, str], tmp_path: Path
) -> None:
    del environment["AWS_ACCESS_KEY_ID"]
    environment |= {"AWS_PROFILE": "work", "INHOUSE_CACHE_DIR": str(tmp_path / "shared")}
    for name in ("AKIAALICE", "AKIABOB"):
        file = tmp_path / name
        file.write_text(CONFIG.format(key=name), encoding="utf-8")
        assert name in ask({**environment, "AWS_CONFIG_FILE": str(file)}).value
    assert service.asked == ["AKIAALICE", "AKIABOB"]


def test_what_tox_takes_away_is_found_in_our_own_configuration(
    service: TokenService, environment: dict[str, str], home: Path
) -> None:
    configure(home, CONFIG.format(key="AKIAALICE") + f"endpoint_url = {service.url}\n")
    folder = home / ".config" / "inhouse"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'[profiles]\n"{DOMAIN}-{OWNER}" = "work"\n', encoding="utf-8")
    kept = ask(environment).value
    stripped = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
    assert ask(stripped).value == kept
    assert service.asked == ["AKIAALICE"]


def test_in_a_pipeline_its_own_credentials_win(service: TokenService, environment: dict[str, str], home: Path) -> None:
    folder = home / ".config" / "inhouse"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'[profiles]\n"{DOMAIN}-{OWNER}" = "work"\n', encoding="utf-8")
    configure(home, CONFIG.format(key="AKIABOB"))
    ask({**environment, "CI": "true"})
    ask(environment)
    assert service.asked == ["AKIAALICE", "AKIABOB"]


@pytest.mark.usefixtures("service")
def test_a_token_is_renewed_before_it_ends_and_not_before_that(environment: dict[str, str]) -> None:
    first = ask(environment)
    for left, number in ((901, 1), (899, 2)):
        with patch("time.time", return_value=first.expires_at - left):
            assert ask(environment).value.startswith(f"token-{number}-"), left


def test_if_it_cannot_be_renewed_the_old_one_is_used_as_long_as_it_works_and_that_is_said_once(
    service: TokenService, environment: dict[str, str]
) -> None:
    first = ask(environment)
    said: list[str] = []
    for left in (600, 590, 400, 30):
        service.answers = [refused("InternalServerException", 500)] * 2
        with patch("time.time", return_value=first.expires_at - left), patch("time.sleep"):
            assert ask(environment, said=said).value == first.value
    assert len(said) == 1
    assert said[0].startswith("the token cannot be renewed, and works for 10 minutes more: ")
    assert len(service.asked) == 1 + 2 * 3  # the second time was within the minute that nobody asks again
    service.answers = [refused("AccessDeniedException")]
    with patch("time.time", return_value=first.expires_at + 1), pytest.raises(AccessDeniedError):
        ask(environment, said=said)


def test_an_explicit_wish_for_a_new_one_is_not_answered_with_the_old_one(
    service: TokenService, environment: dict[str, str]
) -> None:
    ask(environment)
    service.answers = [refused("AccessDeniedException")]
    with pytest.raises(AccessDeniedError):
        ask(environment, refresh=True)


def test_a_success_ends_what_was_remembered_of_a_failure(service: TokenService, environment: dict[str, str]) -> None:
    service.answers = [refused("AccessDeniedException")]
    with pytest.raises(AccessDeniedError):
        ask(environment)
    assert ask(environment).value == "token-2-of-AKIAALICE"


def test_who_cannot_be_told_without_asking_is_asked_each_time(
    service: TokenService, environment: dict[str, str], home: Path
) -> None:
    program = home / "who"
    del environment["AWS_ACCESS_KEY_ID"]
    configure(home, f"[default]\ncredential_process = /bin/sh {program}\n")
    for name in ("AKIAALICE", "AKIABOB", "AKIAALICE"):
        answer = f'{{"Version": 1, "AccessKeyId": "{name}", "SecretAccessKey": "made-up"}}'
        program.write_text(f"echo '{answer}'\n", encoding="utf-8")
        assert name in ask(environment).value
    assert service.asked == ["AKIAALICE", "AKIABOB"]


def test_where_nothing_can_be_kept_a_token_is_given_all_the_same(
    service: TokenService, environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    said: list[str] = []
    assert ask({**environment, "INHOUSE_CACHE_DIR": str(file)}, said=said).value == "token-1-of-AKIAALICE"
    assert said[0].startswith("tokens cannot be kept: ")
    assert len(service.asked) == 1


def test_tokens_can_be_forgotten_by_domain(service: TokenService, environment: dict[str, str]) -> None:
    ask(environment)
    assert forget(environment, "other") == 0
    assert forget(environment, DOMAIN, "999999999999") == 0
    assert forget(environment, DOMAIN, OWNER) == 1
    assert forget(environment) == 0
    ask(environment)
    assert len(service.asked) == 2


def test_without_credentials_it_is_said_how_to_get_some(environment: dict[str, str]) -> None:
    del environment["AWS_ACCESS_KEY_ID"]
    with pytest.raises(CredentialsMissingError, match="Unable to locate credentials") as caught:
        ask(environment)
    assert "inhouse server profile" in caught.value.hint


def test_a_service_that_is_not_there_is_named(environment: dict[str, str]) -> None:
    environment["AWS_ENDPOINT_URL_CODEARTIFACT"] = "http://127.0.0.1:9"
    with pytest.raises(UnreachableError, match=r"http://127\.0\.0\.1:9 cannot be reached: Connection refused"):
        ask(environment)


_MANY = f"""
import os, sys
from inhouse_keyring.questions import Manner, question_for, surroundings_of
from inhouse_keyring.tokens import obtain
surroundings = surroundings_of(os.environ)
sys.stdin.readline()
try:
    wanted = question_for("{DOMAIN}", "{OWNER}", "{REGION}", surroundings)
    print(obtain(wanted, surroundings, Manner(programs=())).value)
except Exception as error:
    print(type(error).__name__)
"""


def at_once(environment: dict[str, str], number: int = 24) -> set[str]:
    """Run processes that ask at the same moment, and return what they were answered."""
    started = [
        subprocess.Popen([sys.executable, "-c", _MANY], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(number)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    return {process.communicate()[0].decode().strip() for process in started}


@pytest.mark.slow
def test_of_24_processes_at_once_one_asks(service: TokenService, environment: dict[str, str]) -> None:
    service.delay = 0.3
    assert at_once(environment) == {"token-1-of-AKIAALICE"}
    assert service.asked == ["AKIAALICE"]


@pytest.mark.slow
def test_of_24_processes_that_are_refused_at_once_few_ask(service: TokenService, environment: dict[str, str]) -> None:
    service.delay = 0.5
    service.answers = [refused("AccessDeniedException") for _ in range(24)]
    assert at_once(environment) == {"AccessDeniedError"}
    assert len(service.asked) < 6  # those that began while another one asked take over its answer


@pytest.mark.slow
def test_many_identities_at_once_are_not_mixed_up(service: TokenService, environment: dict[str, str]) -> None:
    people = [f"AKIA{number}" for number in range(8)] * 3
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _MANY],
            env={**environment, **keys(name)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in people
    ]
    answers = [process.communicate(b"\n")[0].decode().strip() for process in started]
    assert [answer.partition("-of-")[2] for answer in answers] == people
    assert sorted(service.asked) == sorted(set(people))


def test_every_error_says_what_to_do_next(service: TokenService, environment: dict[str, str]) -> None:
    for code in ("AccessDeniedException", "ExpiredTokenException", "ResourceNotFoundException", "ValidationException"):
        service.answers = [refused(code)]
        with pytest.raises(TokenError) as caught:
            ask(environment)
        assert caught.value.hint, code


def test_what_is_kept_is_closed_to_others(environment: dict[str, str]) -> None:
    token = ask(environment)
    folder = Path(environment["HOME"]) / ".cache" / "inhouse" / "tokens"
    assert folder.stat().st_mode & 0o777 == 0o700
    files = [file for file in folder.iterdir() if token.value in file.read_text(encoding="utf-8")]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
    assert os.environ["HOME"] == environment["HOME"]


def test_a_person_is_asked_for_a_second_factor_before_others_wait(
    service: TokenService, environment: dict[str, str], home: Path
) -> None:
    configure(home, "[default]\nrole_arn = x\nsource_profile = work\nmfa_serial = y\n" + CONFIG.format(key="AKIAALICE"))
    del environment["AWS_ACCESS_KEY_ID"]
    with patch("inhouse_keyring.renewal.fetch_keys", return_value=Keys("AKIAROLE", "made-up")) as fetched:
        token = obtain(*asking(environment), Manner(may_prompt=True, programs=()))
        assert token.value == "token-1-of-AKIAROLE"
        assert fetched.call_args_list[0].kwargs == {"may_prompt": True}
    assert ask(environment).value == "token-1-of-AKIAROLE"
    assert len(service.asked) == 1


class Slow:
    """A lock that is waited for, while another process does something."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._meanwhile = meanwhile

    def __call__(self, *_: object) -> "Slow":
        return self

    def __enter__(self) -> bool:
        self._meanwhile()
        return True

    def __exit__(self, *_: object) -> None:
        return


def test_what_another_process_has_got_meanwhile_is_taken_over(
    service: TokenService, environment: dict[str, str]
) -> None:
    for refresh in (False, True):
        before = len(service.asked)
        with patch("inhouse_keyring.renewal.Lock", Slow(lambda: ask_unlocked(environment))):
            assert ask(environment, refresh=refresh).value == f"token-{before + 1}-of-AKIAALICE"
        assert len(service.asked) == before + 1


def ask_unlocked(environment: dict[str, str]) -> None:
    with patch("inhouse_keyring.renewal.Lock", Slow(lambda: None)):
        ask(environment, refresh=True)


def test_the_refusal_that_another_process_has_got_meanwhile_is_taken_over(
    service: TokenService, environment: dict[str, str]
) -> None:
    def fail() -> None:
        service.answers = [refused("AccessDeniedException")]
        with pytest.raises(AccessDeniedError):
            ask_unlocked(environment)

    with patch("inhouse_keyring.renewal.Lock", Slow(fail)), pytest.raises(AccessDeniedError):
        ask(environment)
    assert len(service.asked) == 1


def test_a_disk_that_is_full_is_no_reason_to_fail(service: TokenService, environment: dict[str, str]) -> None:
    said: list[str] = []
    with patch("inhouse_keyring.cache.Cache._write", side_effect=OSError("the disk is full")):
        token = obtain(*asking(environment), Manner(warn=said.append), memo=Memo(("x",)))
        assert token.value == "token-1-of-AKIAALICE"
        service.answers = [refused("AccessDeniedException")]
        with pytest.raises(AccessDeniedError):
            ask(environment, refresh=True)
    assert said == ["the token cannot be kept: the disk is full"]


def test_without_anybody_to_tell_warnings_go_to_standard_error(
    service: TokenService, environment: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    obtain(*asking({**environment, "INHOUSE_CACHE_DIR": str(tmp_path / "file")}))
    assert capsys.readouterr().err.startswith("warning: tokens cannot be kept: ")
    with patch("sys.stderr", None):
        obtain(*asking({**environment, "INHOUSE_CACHE_DIR": str(tmp_path / "file")}))
    assert len(service.asked) == 2
