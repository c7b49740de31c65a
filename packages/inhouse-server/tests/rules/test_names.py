import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from inhouse_server.errors import InvalidRequestError
from inhouse_server.rules.names import (
    FileKind,
    check_agreement,
    check_project_name,
    parse_filename,
    version_key,
)

ALPHANUMERIC = "abcXYZ019"
NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True)
VERSIONS = st.builds(
    lambda release, tail: ".".join(map(str, release)) + tail,
    st.lists(st.integers(0, 30), min_size=1, max_size=4),
    st.sampled_from(["", "a1", "rc2", ".post1", ".dev3", "+local.1"]),
)


@given(NAMES)
def test_every_spelling_of_a_name_is_one_project(name: str) -> None:
    normalized = check_project_name(name)
    assert check_project_name(name.upper()) == normalized
    assert check_project_name(normalized) == normalized
    assert check_project_name(name.replace("_", "-.")) == normalized


@pytest.mark.parametrize("name", ["", " ", "-a", "a-", "a b", "a/b", "../a", "a#b", "ä", "a" * 256, "a\n"])
def test_what_is_no_name_is_refused_with_a_hint(name: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        check_project_name(name)
    assert caught.value.hint


@given(NAMES, VERSIONS)
def test_a_wheel_and_a_source_distribution_say_their_project_and_version(name: str, version: str) -> None:
    escaped = canonicalize_name(name).replace("-", "_")
    wheel = parse_filename(f"{escaped}-{version}-py3-none-any.whl")
    sdist = parse_filename(f"{escaped}-{version}.tar.gz")
    assert (wheel.kind, sdist.kind) == (FileKind.WHEEL, FileKind.SDIST)
    for parsed in (wheel, sdist):
        assert parsed.project == canonicalize_name(name)
        check_agreement(parsed, name=name, version=version, where="The form")
        check_agreement(parsed, name=name.upper(), version=f"v{version}.0" if version.isdigit() else version, where="x")


@pytest.mark.parametrize(
    "filename",
    [
        "acme-1.0.exe",
        "acme-1.0.whl",
        "acme.tar.gz",
        "-1.0.tar.gz",
        "acme-one.tar.gz",
        "acme-1.0-py3-none-any.whl.exe",
        "../acme-1.0.tar.gz",
        "a/b-1.0.tar.gz",
        "a b-1.0.tar.gz",
        "acme-1.0-py3-none-any/../../x.whl",
        'acme"<b>-1.0.tar.gz',
        "acme-1.0-py3-none-a ny.whl",
        "a" * 250 + "-1.0.tar.gz",
        "",
    ],
)
def test_other_file_names_are_refused_with_a_hint(filename: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        parse_filename(filename)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "version", "complaint"),
    [
        ("other", "1.0", "project is 'other'"),
        ("acme", "1.1", "version is '1.1'"),
        ("acme", "one", "PEP 440"),
        ("", "1.0", "not a valid project name"),
    ],
)
def test_disagreement_says_who_says_what(name: str, version: str, complaint: str) -> None:
    with pytest.raises(InvalidRequestError, match=complaint) as caught:
        check_agreement(parse_filename("acme-1.0.tar.gz"), name=name, version=version, where="The form")
    assert caught.value.hint


def test_equal_versions_have_one_key() -> None:
    assert version_key("1.0") == version_key("1.0.0") == version_key("v1")
    assert version_key("1.0") != version_key("1.0.1")
    assert version_key("not a version") == "not a version"
