"""A decision that was kept holds for exactly the same question, variables and files."""

import os
import time
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from token_service import DOMAIN, OWNER, REGION

from inhouse_keyring.cache import Cache, CacheKey
from inhouse_keyring.memory import Token, cache_folder, fingerprint, memo_name, read_private, recall, token_folder
from inhouse_keyring.settings import configuration_file

KEY = CacheKey("http://127.0.0.1:7", REGION, DOMAIN, OWNER, who="alice", seconds=3600)
QUESTION = ("token", "/somewhere")
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
variables = st.dictionaries(
    st.sampled_from(["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "INHOUSE_PROFILE", "HOME", "CI", "XDG_CONFIG_HOME"]), texts
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"INHOUSE_CACHE_DIR": str(tmp_path / "cache"), "AWS_ACCESS_KEY_ID": "AKIAALICE"}


def kept(environment: dict[str, str], paths: list[str], *, life: float = 3600) -> Token:
    now = time.time()
    token = Token("made-up-token", now + life, now)
    cache = Cache(token_folder(environment))
    cache.write(KEY, token)
    cache.remember(QUESTION, environment, paths, KEY)
    return token


def value(question: tuple[str, ...], environment: dict[str, str]) -> str | None:
    token = recall(question, environment)
    return token.value if token else None


def test_the_same_question_is_answered_again(environment: dict[str, str], tmp_path: Path) -> None:
    kept(environment, [str(tmp_path / "config")])
    assert value(QUESTION, environment) == "made-up-token"


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "INHOUSE_PROFILE", "HOME", "CI"])
def test_another_variable_makes_another_question(environment: dict[str, str], name: str) -> None:
    kept(environment, [])
    assert value(QUESTION, {**environment, name: "other"}) is None
    assert value(QUESTION, {**environment, "LANG": "other"}) == "made-up-token"


def test_another_question_is_not_answered(environment: dict[str, str]) -> None:
    kept(environment, [])
    assert value(("token", "/elsewhere"), environment) is None
    assert value((*QUESTION, "--refresh"), environment) is None


def test_a_file_that_changes_ends_it_even_within_a_moment(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("profile = alice", encoding="utf-8")
    state = file.stat()
    kept(environment, [str(file)])
    file.write_text("profile = bobby", encoding="utf-8")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert value(QUESTION, environment) is None
    file.write_text("profile = alice", encoding="utf-8")
    assert value(QUESTION, environment) == "made-up-token"
    file.unlink()
    assert value(QUESTION, environment) is None


def test_a_file_that_comes_into_being_ends_it(environment: dict[str, str], tmp_path: Path) -> None:
    kept(environment, [str(tmp_path / "config")])
    (tmp_path / "config").write_text("", encoding="utf-8")
    assert value(QUESTION, environment) is None


def test_a_token_that_is_due_is_not_served(environment: dict[str, str]) -> None:
    kept(environment, [], life=-1)
    assert value(QUESTION, environment) is None


def test_a_token_that_was_forgotten_is_not_served(environment: dict[str, str]) -> None:
    kept(environment, [])
    Cache(token_folder(environment)).clear()
    assert value(QUESTION, environment) is None


@pytest.mark.parametrize("content", ["", "something\n", "inhouse-token 1\n", "inhouse-token 1\nx\ny\nz\n\n"])
def test_a_file_that_is_no_token_is_none(environment: dict[str, str], content: str) -> None:
    kept(environment, [])
    file = Path(token_folder(environment)) / KEY.digest
    file.write_text(content, encoding="utf-8")
    assert value(QUESTION, environment) is None


def test_what_others_can_read_is_not_believed(environment: dict[str, str]) -> None:
    kept(environment, [])
    for file in Path(token_folder(environment)).iterdir():
        file.chmod(0o640)
        assert value(QUESTION, environment) is None
        file.chmod(0o600)
        assert value(QUESTION, environment) == "made-up-token"


def test_no_link_is_followed_and_no_folder_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text", encoding="utf-8")
    file.chmod(0o600)
    (tmp_path / "link").symlink_to(file)
    assert read_private(str(file)) == "text"
    assert read_private(str(tmp_path / "link")) is None
    assert read_private(str(tmp_path)) is None
    file.write_bytes(b"\xff")
    assert read_private(str(file)) is None
    file.write_bytes(b"x" * 70_000)
    assert read_private(str(file)) is None


@given(st.lists(texts), st.lists(texts))
def test_only_the_same_texts_have_the_same_fingerprint(one: list[str], other: list[str]) -> None:
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


@given(variables, variables, texts, texts)
def test_only_the_same_question_with_the_same_variables_has_the_same_name(
    one: dict[str, str], other: dict[str, str], first: str, second: str
) -> None:
    assert (memo_name((first,), one) == memo_name((second,), other)) == ((first, one) == (second, other))


@given(st.floats(0, 10**5), st.floats(1, 43_200), st.floats(-(10**5), 10**5))
def test_a_token_is_due_before_it_ends_and_never_from_the_start(created: float, life: float, after: float) -> None:
    token = Token("x", created + life, created)
    assert not token.is_due(created + life * 0.49)
    assert token.is_due(token.expires_at)
    if token.is_due(created + after) and after >= 0:
        assert token.is_due(created + after + 1)


@pytest.mark.parametrize(
    ("life", "left"), [(43_200, 4320), (3600, 900), (1800, 900), (900, 450)], ids=["12 h", "1 h", "30 min", "15 min"]
)
def test_when_a_token_is_due(life: int, left: int) -> None:
    token = Token("x", 10_000 + life, 10_000)
    assert not token.is_due(token.expires_at - left - 1)
    assert token.is_due(token.expires_at - left)


def test_a_clock_that_was_set_back_ends_it() -> None:
    assert Token("x", 20_000, 10_000).is_due(9_000)


def test_folders_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variables in ({}, {"XDG_CACHE_HOME": str(tmp_path / "c"), "XDG_CONFIG_HOME": str(tmp_path / "d")}):
        for name, said in variables.items():
            monkeypatch.setenv(name, said)
        assert cache_folder(dict(os.environ)) == platformdirs.user_cache_dir("inhouse", appauthor=False)
        folder = platformdirs.user_config_dir("inhouse", appauthor=False)
        assert configuration_file(dict(os.environ)) == str(Path(folder) / "config.toml")


def test_folders_on_other_systems() -> None:
    home = os.environ["HOME"]
    assert cache_folder({}, "darwin") == f"{home}/Library/Caches/inhouse"
    assert configuration_file({}, "darwin") == f"{home}/Library/Application Support/inhouse/config.toml"
    assert cache_folder({"LOCALAPPDATA": "C:"}, "win32") == "C:/inhouse/Cache"
    assert configuration_file({"LOCALAPPDATA": "C:"}, "win32") == "C:/inhouse/config.toml"


def test_our_own_variable_wins() -> None:
    assert cache_folder({"INHOUSE_CACHE_DIR": "~/x", "XDG_CACHE_HOME": "/y"}) == f"{os.environ['HOME']}/x"
    assert configuration_file({"INHOUSE_CONFIG": "/z.toml"}) == "/z.toml"


@pytest.mark.parametrize("content", ["inhouse-memo 1", "inhouse-memo 1\n", "inhouse-memo 1\nx", "inhouse-memo 1\nx\ny"])
def test_a_decision_that_was_written_in_part_is_none(environment: dict[str, str], content: str) -> None:
    kept(environment, [])
    Path(token_folder(environment), memo_name(QUESTION, environment)).write_text(content, encoding="utf-8")
    assert value(QUESTION, environment) is None


@pytest.mark.skipif(os.name != "posix", reason="there are no such pipes")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(environment: dict[str, str]) -> None:
    kept(environment, [])
    file = Path(token_folder(environment), memo_name(QUESTION, environment))
    file.unlink()
    os.mkfifo(file, 0o600)
    assert value(QUESTION, environment) is None


def test_a_relative_folder_is_not_one_of_the_user(tmp_path: Path) -> None:
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        environment = {variable: "somewhere", "HOME": str(tmp_path)}
        assert Path(cache_folder(environment, "linux")).is_absolute()
        assert Path(configuration_file(environment)).is_absolute()
