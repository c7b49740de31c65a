from pathlib import Path

import pytest

from inhouse_keyring.errors import ConfigurationError
from inhouse_keyring.settings import read_settings

FILE = """\
profile = "company"
token-seconds = 900
connect-timeout = 1
read-timeout = "2.5"
uv = "/somewhere/uv"

[profiles]
"acme-111122223333" = "work"

[endpoints]
"acme-111122223333" = "http://127.0.0.1:8765"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


def test_without_anything_there_are_defaults() -> None:
    settings = read_settings({})
    assert (settings.profile, settings.token_seconds) == (None, 3600)
    assert (settings.connect_timeout, settings.read_timeout) == (3.0, 30.0)
    assert settings.profile_for("acme", "111122223333") is None
    assert settings.endpoint_for("acme", "111122223333") == ""
    assert [Path(path).name for path in settings.paths] == ["config.toml"]


def test_the_file_wins_over_defaults_and_variables_over_the_file(file: Path) -> None:
    settings = read_settings({"INHOUSE_CONFIG": str(file)})
    assert (settings.profile, settings.token_seconds) == ("company", 900)
    assert (settings.connect_timeout, settings.read_timeout) == (1.0, 2.5)
    said = {"INHOUSE_PROFILE": " other ", "INHOUSE_TOKEN_SECONDS": "0", "INHOUSE_READ_TIMEOUT": "7"}
    settings = read_settings({"INHOUSE_CONFIG": str(file), **said})
    assert (settings.profile, settings.token_seconds, settings.read_timeout) == ("other", 0, 7.0)


def test_a_domain_has_its_own_profile_and_endpoint(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace('profile = "company"\n', "")
    file.write_text(text, encoding="utf-8")
    settings = read_settings({"INHOUSE_CONFIG": str(file)})
    assert settings.profile_for("acme", "111122223333") == "work"
    assert settings.profile_for("acme", "999999999999") is None
    assert settings.endpoint_for("acme", "111122223333") == "http://127.0.0.1:8765"
    for pipeline in ({"CI": "1"}, {"CODEBUILD_BUILD_ID": "x"}):
        assert read_settings({"INHOUSE_CONFIG": str(file), **pipeline}).profile_for("acme", "111122223333") is None
    assert read_settings({"INHOUSE_CONFIG": str(file), "CI": "false"}).profile_for("acme", "111122223333") == "work"


@pytest.mark.parametrize(
    ("content", "variables", "problem"),
    [
        ("", {"INHOUSE_TOKEN_SECONDS": "60"}, "the variable INHOUSE_TOKEN_SECONDS"),
        ("", {"INHOUSE_CONNECT_TIMEOUT": "x"}, "`x` is not a number of seconds"),
        ("", {"INHOUSE_READ_TIMEOUT": "601"}, "not between 0 and 600"),
        ("token-seconds = 50000", {}, "config.toml, token-seconds"),
        ("[endpoints]\na = 'rubbish'", {}, "`rubbish` is not an address"),
        ("profile =", {}, "not valid TOML"),
    ],
)
def test_a_value_that_cannot_be_says_where_it_came_from(
    tmp_path: Path, content: str, variables: dict[str, str], problem: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_settings({"INHOUSE_CONFIG": str(file), **variables})
    assert problem in caught.value.message
    assert caught.value.hint


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_settings({"INHOUSE_CONFIG": str(tmp_path)})
    (tmp_path / "file").write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_settings({"INHOUSE_CONFIG": str(tmp_path / "file")})
    assert read_settings({"INHOUSE_CONFIG": str(tmp_path / "file" / "below")}).profile is None
