from pathlib import Path

import platformdirs
import pytest

from inhouse_server.errors import SettingError
from inhouse_server.quotas import Quotas
from inhouse_server.settings import ServerSettings, declarations, load
from inhouse_server.supersets import Compatibility


def test_defaults() -> None:
    settings = load({}, {})
    assert settings == ServerSettings()
    assert settings.data_dir == Path(platformdirs.user_data_dir("inhouse", appauthor=False))
    assert (settings.host, settings.port, settings.ready_file) == ("127.0.0.1", 8765, None)
    assert (settings.account, settings.public_pypi, settings.log_level) == (None, None, "warning")


VALUES = {
    "data_dir": "/srv/inhouse",
    "host": "0.0.0.0",
    "port": "0",
    "ready_file": "/run/ready.json",
    "account": "444455556666",
    "public_pypi": "/srv/wheels",
    "compatibility": "aws",
    "quotas": "domains=10,assets=none",
    "for_tests": "yes",
    "log_level": "info",
}
EXPECTED = ServerSettings(
    data_dir=Path("/srv/inhouse"),
    host="0.0.0.0",
    port=0,
    ready_file=Path("/run/ready.json"),
    account="444455556666",
    public_pypi="/srv/wheels",
    compatibility=Compatibility.AWS,
    quotas=Quotas(domains=10, repositories=None, assets=None),
    for_tests=True,
    log_level="info",
)


def test_every_setting_has_a_flag_and_a_variable() -> None:
    found = declarations()
    assert set(found) == set(VALUES)
    assert load(VALUES, {}) == EXPECTED
    assert load({}, {found[name].variable: value for name, value in VALUES.items()}) == EXPECTED
    assert found["public_pypi"].variable == "INHOUSE_PUBLIC_PYPI"
    assert found["data_dir"].flag == "--data-dir"
    for declaration in found.values():
        assert declaration.help.endswith(".")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aws", Quotas(10, 1000, 150)),
        ("aws, domains=none", Quotas(None, 1000, 150)),
        ("repositories=5", Quotas(None, 5, 150)),
    ],
)
def test_quotas_begin_with_aws_or_with_none(text: str, expected: Quotas) -> None:
    assert load({"quotas": text}, {}).quotas == expected


def test_flags_win_over_variables() -> None:
    assert load({"port": "1"}, {"INHOUSE_PORT": "2"}).port == 1
    assert load({"port": None}, {"INHOUSE_PORT": "2"}).port == 2


def test_paths_are_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert load({"data_dir": "data"}, {}).data_dir == tmp_path / "data"
    assert load({"data_dir": "~/data"}, {}).data_dir == Path("/home/somebody/data")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("port", "65536", "0 to 65535"),
        ("port", "-1", "0 to 65535"),
        ("port", "http", "0 to 65535"),
        ("port", "٨٠", "0 to 65535"),
        ("account", "12345", "twelve digits"),
        ("account", "1111 2222 3333", "twelve digits"),
        ("data_dir", "", "empty"),
        ("host", " ", "empty"),
        ("public_pypi", "", "empty"),
        ("quotas", "domains", "known are domains, repositories, assets"),
        ("quotas", "domains=-1", "known are domains, repositories, assets"),
        ("quotas", "domains=1,domains=2", "says domains twice"),
        ("quotas", "tags=3", "known are domains, repositories, assets"),
        ("for_tests", "perhaps", "yes, true"),
        ("compatibility", "moto", "aws, superset"),
        ("log_level", "loud", "critical, error, warning, info, debug"),
    ],
)
def test_a_value_that_cannot_be_used_says_where_it_came_from(name: str, text: str, reason: str) -> None:
    declaration = declarations()[name]
    with pytest.raises(SettingError) as by_flag:
        load({name: text}, {})
    with pytest.raises(SettingError) as by_variable:
        load({}, {declaration.variable: text})
    assert by_flag.value.message.startswith(f"{declaration.flag}: {text!r} cannot be used: ")
    assert by_variable.value.message.startswith(f"{declaration.variable}: {text!r} cannot be used: ")
    assert reason in by_flag.value.message
    assert declaration.flag in by_flag.value.hint
