"""What is kept is served for the same key only, and lies where nobody else can read it."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inhouse_keyring.cache import Cache, CacheKey
from inhouse_keyring.errors import KINDS, ConfigurationError, TokenError
from inhouse_keyring.memory import Token

words = st.sampled_from(["", "a", "b", "a b", "ab", "a-b", "0"])
identities = st.sampled_from(["alice", "bob", "alice:work", "alice:"])
Values = tuple[str, str, str, str, str, int]
key_values = st.tuples(words, words, words, words, identities, st.sampled_from([0, 900, 3600]))
TOKEN = Token("made-up-token", 5000.0, 1000.0)


def key_of(values: Values) -> CacheKey:
    endpoint, region, domain, owner, who, seconds = values
    return CacheKey(endpoint, region, domain, owner, who=who, seconds=seconds)


KEY = key_of(("http://127.0.0.1:7", "us-east-1", "acme", "111122223333", "alice", 3600))


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(str(tmp_path / "cache" / "tokens"))


@settings(deadline=None)
@given(st.lists(key_values, unique=True, min_size=1, max_size=12))
def test_nobody_is_ever_served_what_was_kept_for_another_question(
    all_values: list[Values],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(folder + "/tokens")
        for number, values in enumerate(all_values):
            assert cache.read(key_of(values)) is None
            cache.write(key_of(values), Token(f"token-{number}", 5000.0, 1000.0))
        for number, values in enumerate(all_values):
            token = cache.read(key_of(values))
            assert token is not None
            assert token.value == f"token-{number}"


def test_what_was_written_is_read(cache: Cache) -> None:
    cache.write(KEY, TOKEN)
    token = cache.read(KEY)
    assert token is not None
    assert (token.value, token.expires_at, token.created_at) == ("made-up-token", 5000.0, 1000.0)


def test_a_file_that_was_moved_to_another_keys_name_is_not_believed(cache: Cache) -> None:
    other = key_of(("http://127.0.0.1:7", "us-east-1", "acme", "111122223333", "bob", 3600))
    cache.write(KEY, TOKEN)
    Path(cache.folder, KEY.digest).rename(Path(cache.folder, other.digest))
    assert cache.read(other) is None


def test_nobody_has_no_key() -> None:
    with pytest.raises(ValueError, match="nobody"):
        key_of(("", "", "", "", "", 0))


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_files_and_folder_are_closed_whatever_the_umask_is(cache: Cache, mask: int) -> None:
    before = os.umask(mask)
    try:
        if mask != 0o777:
            cache.write(KEY, TOKEN)
        else:  # nothing can be made then, and nothing may be left lying about
            Path(cache.folder).mkdir(parents=True, mode=0o700)
    finally:
        os.umask(before)
    for file in Path(cache.folder).glob("*"):
        assert file.stat().st_mode & 0o077 == 0
    assert Path(cache.folder).stat().st_mode & 0o077 == 0


def test_a_folder_that_is_too_open_is_closed(cache: Cache) -> None:
    Path(cache.folder).mkdir(parents=True)
    Path(cache.folder).chmod(0o777)
    cache.write(KEY, TOKEN)
    assert Path(cache.folder).stat().st_mode & 0o777 == 0o700


def test_a_link_is_no_folder_of_ours(cache: Cache, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    Path(cache.folder).parent.mkdir()
    Path(cache.folder).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="not your own"):
        cache.write(KEY, TOKEN)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_what_somebody_else_has_written_is_not_believed(cache: Cache) -> None:
    cache.write(KEY, TOKEN)
    os.chown(Path(cache.folder, KEY.digest), 12345, -1)
    assert cache.read(KEY) is None
    os.chown(cache.folder, 12345, -1)
    with pytest.raises(PermissionError):
        cache.write(KEY, TOKEN)


def test_what_a_killed_process_has_left_is_no_obstacle(cache: Cache) -> None:
    cache.write(KEY, TOKEN)
    Path(cache.folder, f"{KEY.digest}.{os.getpid()}.partial").touch()
    cache.write(KEY, TOKEN)
    assert [file.name for file in Path(cache.folder).iterdir()] == [KEY.digest]


def test_nothing_half_written_is_left(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="full"):
        cache.write(KEY, TOKEN)
    assert list(Path(cache.folder).iterdir()) == []


def test_a_token_of_several_lines_is_not_kept(cache: Cache) -> None:
    with pytest.raises(OSError, match="newline"):
        cache.write(KEY, Token("a\nb", 1.0, 0.0))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_failure_is_remembered_with_its_kind_and_hint(cache: Cache, kind: type[TokenError]) -> None:
    assert cache.failure(KEY) is None
    cache.note_failure(KEY, 12.5, kind("it\nfails", hint="do\nthis"))
    found = cache.failure(KEY)
    assert found is not None
    at, error = found
    assert (at, type(error), error.message, error.hint) == (12.5, kind, "it\nfails", "do\nthis")
    cache.forget_failure(KEY)
    assert cache.failure(KEY) is None


def test_a_failure_of_the_configuration_is_everybodys_own(cache: Cache) -> None:
    cache.note_failure(KEY, 12.5, ConfigurationError("name", "origin", "problem", hint=""))
    assert cache.failure(KEY) is None


def test_what_has_expired_is_removed_with_all_that_belongs_to_it(cache: Cache) -> None:
    other = key_of(("http://127.0.0.1:7", "us-east-1", "acme", "111122223333", "bob", 3600))
    for key, ends in ((KEY, 5000.0), (other, 9000.0)):
        cache.write(key, Token("x", ends, 0.0))
        cache.note_failure(key, 1.0, TokenError("x", hint=""))
        cache.remember((key.who,), {}, [], key)
    cache.prune(7000.0)
    left = [file.name for file in Path(cache.folder).iterdir()]
    assert sorted(name[:32] for name in left if not name.startswith("memo")) == [other.digest, other.digest]
    assert len(left) == 3


def test_a_path_with_a_newline_is_not_remembered(cache: Cache) -> None:
    cache.remember(("x",), {}, ["/a\nb"], KEY)
    assert not Path(cache.folder).exists()


def test_forgetting_where_nothing_is_kept_is_no_error(cache: Cache) -> None:
    assert cache.clear() == 0
    cache.prune(1.0)


def test_locks_are_few_and_shared(cache: Cache) -> None:
    path = Path(cache.lock_path(KEY))
    assert path.parent.is_dir()
    assert path.name == f"lock-{KEY.digest[:2]}"
