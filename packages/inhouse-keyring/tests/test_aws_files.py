"""The files of profiles are read as botocore reads them."""

import string
from pathlib import Path

import pytest
from botocore.configloader import load_config, raw_config_parse
from botocore.exceptions import ConfigParseError
from hypothesis import given, settings
from hypothesis import strategies as st

from inhouse_keyring.aws_files import parse, read_files, text
from inhouse_keyring.errors import ConfigurationError

CONFIG = """\
# people
[default]
region = eu-west-1
[profile work]
Region=us-east-1
services = embedded
sso_session = company
output : json
s3 =
    max_concurrent_requests = 20
[profile "with space"]
region = x
[sso-session company]
sso_start_url = https://company.example/start#/
[services embedded]
codeartifact =
  endpoint_url = http://127.0.0.1:8765
sts =
  endpoint_url = http://127.0.0.1:8766
; end
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "config").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "credentials").write_text("[work]\naws_access_key_id = AKIAWORK\nregion = y\n", encoding="utf-8")
    return {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }


def test_profiles_are_those_that_botocore_finds(environment: dict[str, str]) -> None:
    files = read_files(environment)
    loaded = load_config(environment["AWS_CONFIG_FILE"])
    assert list(files.names()) == ["default", "work", "with space"] == list(loaded["profiles"])
    assert files.config["profile work"] == loaded["profiles"]["work"]
    assert files.profile("with space") == loaded["profiles"]["with space"]
    assert files.session("company") == loaded["sso_sessions"]["company"]
    assert files.session("nobody") == {}


def test_both_files_speak_of_a_profile_and_the_credentials_win(environment: dict[str, str]) -> None:
    profile = read_files(environment).profile("work")
    assert profile is not None
    assert (profile["aws_access_key_id"], profile["region"], profile["output"]) == ("AKIAWORK", "y", "json")
    assert text(profile, "s3") == ""
    assert read_files(environment).profile("nobody") is None


def test_a_profile_names_endpoints_for_services(environment: dict[str, str]) -> None:
    files = read_files(environment)
    work, default = (files.profile(name) or {} for name in ("work", "default"))
    assert files.endpoint(work, "codeartifact") == "http://127.0.0.1:8765"
    assert files.endpoint(work, "sts") == "http://127.0.0.1:8766"
    assert files.endpoint(work, "s3") == ""
    assert files.endpoint(default, "codeartifact") == ""
    assert files.endpoint({"endpoint_url": "http://all.example", "services": "none"}, "sts") == "http://all.example"


def test_files_that_are_not_there_say_nothing(tmp_path: Path) -> None:
    environment = {"AWS_CONFIG_FILE": str(tmp_path), "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    files = read_files(environment)
    assert list(files.names()) == []
    assert files.paths == [str(tmp_path), "/dev/null"]
    assert [Path(path).name for path in read_files({}).paths] == ["config", "credentials"]


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    for content in (b"no profile\n", b"[default]\nrubbish\n", b"[default\n", b"\xff\xfe"):
        (tmp_path / "config").write_bytes(content)
        with pytest.raises(ConfigurationError, match="not one of profiles") as caught:
            read_files({"AWS_CONFIG_FILE": str(tmp_path / "config")})
        assert caught.value.origin == str(tmp_path / "config")
        assert "AWS_CONFIG_FILE" in caught.value.hint


def test_files_that_are_named_by_a_profile_are_read_and_noted(environment: dict[str, str], tmp_path: Path) -> None:
    files = read_files(environment)
    (tmp_path / "token").write_text(" a-token\n", encoding="utf-8")
    assert files.content(str(tmp_path / "token")) == "a-token"
    assert files.content(str(tmp_path / "missing")) == ""
    assert files.paths[-2:] == [str(tmp_path / "token"), str(tmp_path / "missing")]


_names = st.text(alphabet=string.ascii_lowercase + "_", min_size=1, max_size=6)
_values = st.text(alphabet=string.ascii_letters + string.digits + "/+=:#;%.- ", max_size=10)
_lines = st.one_of(
    st.builds("{} = {}".format, _names, _values),
    st.builds("{}={}".format, _names, _values),
    st.builds("  {} = {}".format, _names, _values),
    st.builds("[profile {}]".format, _names),
    st.builds("[services {}]".format, _names),
    st.sampled_from(["", "# comment", "; comment", "[default]", "key ="]),
)


@settings(deadline=None)
@given(st.lists(_lines, max_size=10).map("\n".join))
def test_any_file_is_read_as_botocore_reads_it_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any-config"
    file.write_text(content, encoding="utf-8")
    try:
        wanted = raw_config_parse(str(file))
    except ConfigParseError:
        return  # for example a key that stands there twice: the last one counts with us
    except ValueError:
        return
    try:
        found = parse(content)
    except ValueError:
        return  # refusing is told to the user; reading something else would not be
    assert found == wanted
