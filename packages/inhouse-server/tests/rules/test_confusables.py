"""What is the same for names that are easily taken for each other."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server import compat
from inhouse_server.rules.confusables import fold

NAMES = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Zs", "Zl", "Zp", "Cc")), max_size=12)


@pytest.mark.parametrize(
    "variation",
    [
        "foo-bar",
        "Foo.Bar",
        "FOO_BAR",
        "foo..bar",
        "foo-._bar",
        "f\u043e\u043e-bar",  # Cyrillic o
        "f\u03bf\u03bf\u2010b\u0430r",  # Greek o, a hyphen that is none of ASCII's, Cyrillic a
        "\uff46\uff4f\uff4f-bar",  # full width
        "\U0001d41foo-bar",  # mathematical bold f
        "foo\u200b-bar",  # a space without width
    ],
)
def test_variations_of_one_name(variation: str) -> None:
    assert fold(variation) == "foo.bar"


@pytest.mark.parametrize("other", ["foobar", "foo-baz", "foo-bar-", "f00-bar", "fo-bar", "foo/bar"])
def test_other_names(other: str) -> None:
    assert fold(other) != "foo.bar"


def test_case_is_folded_beyond_ascii() -> None:
    assert fold("STRASSE") == fold("straße")
    assert fold("\u041c\u041e\u0421\u041a\u0412\u0410") == fold("\u043c\u043e\u0441\u043a\u0432\u0430")


def test_digits_and_letters_of_one_alphabet_stay_apart() -> None:
    assert fold("lib1") != fold("libl")
    assert fold("b0t") != fold("bot")


def test_an_accent_is_no_variation_but_how_it_is_written_is() -> None:
    assert fold("cafe") != fold("caf\u00e9") == fold("cafe\u0301")


@given(NAMES)
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(NAMES)
def test_case_and_normal_forms_do_not_matter(name: str) -> None:
    assert fold(unicodedata.normalize("NFC", name)) == fold(unicodedata.normalize("NFD", name)) == fold(name)
    assert fold(name.casefold()) == fold(name)


@given(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True), st.sampled_from(["-", ".", "_", "--", "._-"]))
def test_which_separators_do_not_matter(name: str, separator: str) -> None:
    assert fold(name.replace("-", separator)) == fold(name)


def test_the_table_folds_letters_once() -> None:
    targets = set(compat.CONFUSABLES.values())
    assert all(target.isascii() for target in targets)
    assert not targets & {chr(alike) for alike in compat.CONFUSABLES}
    assert len(compat.CONFUSABLES) > 80
