import contextlib
import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from inhouse.errors import SettingError
from inhouse.settings import DECLARATIONS, Settings, configuration_file, load_settings, read_settings

FILE = Path("config.toml")


def read(flags: dict[str, str] | None = None, environment: dict[str, str] | None = None, text: str = "") -> Settings:
    return read_settings(flags or {}, environment or {}, FILE, text)


def test_every_setting_is_declared_once_with_its_default() -> None:
    settings = read()
    names = [declaration.name for declaration in DECLARATIONS]
    assert len(set(names)) == len(names)
    assert {field.name for field in dataclasses.fields(Settings)} == {
        *names,
        "profiles",
        "endpoints",
        "environment",
        "configuration",
    }
    assert {name: getattr(settings, name) for name in names} == {each.name: each.default for each in DECLARATIONS}
    assert all(declaration.help.endswith(".") for declaration in DECLARATIONS)


def test_a_flag_wins_over_the_environment_over_the_file_over_the_default() -> None:
    text = 'profile = "filed"\n'
    environment = {"INHOUSE_PROFILE": "exported"}
    assert read({"profile": "given"}, environment, text).profile == "given"
    assert read({}, environment, text).profile == "exported"
    assert read({}, {"INHOUSE_PROFILE": ""}, text).profile == "filed"
    assert read().profile is None


@pytest.mark.parametrize(
    ("flags", "environment", "text", "origin"),
    [
        ({"python": " "}, {}, "", "the flag --python"),
        ({}, {"INHOUSE_TOKEN_SECONDS": "899"}, "", "the variable INHOUSE_TOKEN_SECONDS"),
        ({}, {"INHOUSE_TOKEN_SECONDS": "43201"}, "", "the variable INHOUSE_TOKEN_SECONDS"),
        ({}, {"INHOUSE_TOKEN_SECONDS": "-1"}, "", "the variable INHOUSE_TOKEN_SECONDS"),
        ({}, {"INHOUSE_CONNECT_TIMEOUT": "soon"}, "", "the variable INHOUSE_CONNECT_TIMEOUT"),
        ({}, {"INHOUSE_CONNECT_TIMEOUT": "0"}, "", "the variable INHOUSE_CONNECT_TIMEOUT"),
        ({}, {"INHOUSE_CONNECT_TIMEOUT": "nan"}, "", "the variable INHOUSE_CONNECT_TIMEOUT"),
        ({}, {"INHOUSE_UV": "no/such/uv"}, "", "the variable INHOUSE_UV"),
        ({}, {"INHOUSE_UV": "~no-such-user/uv"}, "", "the variable INHOUSE_UV"),
        ({}, {"INHOUSE_VERBOSE": "perhaps"}, "", "the variable INHOUSE_VERBOSE"),
        ({}, {}, "read-timeout = 601", "config.toml, read-timeout"),
        ({}, {}, "read-timeout = [1]", "config.toml, read-timeout"),
        ({}, {}, "frobnicate = 1", "config.toml, frobnicate"),
        ({}, {}, 'token = "made-up"', "config.toml, token"),
        ({}, {}, "profiles = 1", "config.toml, [profiles]"),
        ({}, {}, "[profiles]\na = 1", "config.toml, [profiles]"),
        ({}, {}, "[endpoints]\na = 1", "config.toml, [endpoints]"),
        ({}, {}, "[endpoints]\na = 'rubbish'", "config.toml, a"),
        ({}, {}, "not toml", "config.toml"),
    ],
)
def test_a_bad_value_says_where_it_came_from_and_what_to_do(
    flags: dict[str, str], environment: dict[str, str], text: str, origin: str
) -> None:
    with pytest.raises(SettingError) as caught:
        read(flags, environment, text)
    assert caught.value.origin == origin
    assert caught.value.hint
    assert origin in caught.value.message


def test_values_of_all_kinds_are_read(tmp_path: Path) -> None:
    program = tmp_path / "uv"
    program.touch()
    text = f"uv = '{program}'\nconnect-timeout = 1.5\ntoken-seconds = 0\nverbose = true\n"
    settings = read(text=text)
    assert (settings.uv, settings.connect_timeout, settings.token_seconds, settings.verbose) == (program, 1.5, 0, True)
    assert read({}, {"INHOUSE_VERBOSE": "no"}, text).verbose is False


def test_a_token_is_not_shown() -> None:
    settings = read({}, {"CODEARTIFACT_AUTH_TOKEN": "made-up-token", "OTHER": "made-up-too"})
    assert settings.token == "made-up-token"
    assert "made-up" not in repr(settings)


def test_the_profile_of_a_domain_comes_from_the_file() -> None:
    text = '[profiles]\n"acme-111122223333" = "work"\n'
    assert read(text=text).profile_for("acme", "111122223333") == "work"
    assert read(text=text).profile_for("other", "111122223333") is None
    assert read({"profile": "mine"}, {}, text).profile_for("acme", "111122223333") == "mine"


@pytest.mark.parametrize("pipeline", [{"CI": "true"}, {"CODEBUILD_BUILD_ID": "acme:1"}])
def test_a_pipeline_uses_the_credentials_it_was_given(pipeline: dict[str, str]) -> None:
    text = '[profiles]\n"acme-111122223333" = "work"\n'
    assert read({}, pipeline, text).profile_for("acme", "111122223333") is None
    assert read({}, {**pipeline, "CI": "false", "CODEBUILD_BUILD_ID": ""}, text).in_pipeline is False


def test_the_file_is_where_the_environment_says_or_where_the_platform_keeps_such(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    assert load_settings({}, {"INHOUSE_CONFIG": str(file)}).profile is None
    file.write_text('profile = "filed"', encoding="utf-8")
    loaded = load_settings({}, {"INHOUSE_CONFIG": str(file)})
    assert (loaded.profile, loaded.configuration) == ("filed", file)
    assert configuration_file({}).name == "config.toml"
    assert "inhouse" in configuration_file({}).parts


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xff")
    with pytest.raises(SettingError) as caught:
        load_settings({}, {"INHOUSE_CONFIG": str(file)})
    assert str(file) in caught.value.message
    assert caught.value.hint == snapshot("mend or remove the file")


def test_a_program_whose_name_no_file_can_have_is_our_error(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be looked at"):
        load_settings({"uv": str(tmp_path / ("x" * 300))}, {})


@given(st.text())
def test_whatever_a_variable_holds_it_is_a_value_or_our_error(value: str) -> None:
    for declaration in DECLARATIONS:
        with contextlib.suppress(SettingError):
            read({}, {declaration.variable: value})
