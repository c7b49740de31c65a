"""Patterns of package groups: which are some, what they match, which includes which."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.errors import InvalidRequestError, ValidationReason
from inhouse_server.model import Association, PackageFormat
from inhouse_server.rules.group_patterns import (
    PackagePath,
    Pattern,
    Reach,
    check_path,
    includes,
    match,
    parse,
)

STRONG, WEAK = Association.STRONG, Association.WEAK
NPM, PYPI, MAVEN = PackageFormat.NPM, PackageFormat.PYPI, PackageFormat.MAVEN

# Few letters and separators, so that names and patterns meet often.
WORDS = st.sampled_from(["a", "b", "ab", "A", "\u0430", "a1"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from(["-", ".", "_", "..", "@"]).map(lambda separator: separator.join(words))
)
PATHS = st.builds(PackagePath, st.just(NPM), st.just("") | NAMES, NAMES)
PATTERNS = st.one_of(
    st.just("/*"),
    st.just("/npm/*"),
    NAMES.map(lambda namespace: f"/npm/{namespace}~"),
    st.builds(lambda path: f"/npm/{path.namespace}/*", PATHS),
    st.builds(lambda path: f"{path}~", PATHS),
    st.builds(lambda path: f"{path}$", PATHS),
).map(parse)


def path(text: str) -> PackagePath:
    package_format, namespace, name = text.removeprefix("/").split("/")
    return PackagePath(PackageFormat(package_format), namespace, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/*", (Reach.EVERYTHING, None, "", "")),
        ("/npm/*", (Reach.FORMAT, NPM, "", "")),
        ("/maven/com.anycompany~", (Reach.NAMESPACE_PREFIX, MAVEN, "com.anycompany", "")),
        ("/npm/space/*", (Reach.NAMESPACE, NPM, "space", "")),
        ("/npm/space/anycompany-ui~", (Reach.NAME_PREFIX, NPM, "space", "anycompany-ui")),
        (
            "/maven/org.apache.logging.log4j/log4j-core$",
            (Reach.NAME, MAVEN, "org.apache.logging.log4j", "log4j-core"),
        ),
        ("/npm//AsyncStorage$", (Reach.NAME, NPM, "", "AsyncStorage")),
        ("/pypi/*", (Reach.FORMAT, PYPI, "", "")),
        ("/pypi//*", (Reach.NAMESPACE, PYPI, "", "")),
        ("/pypi//acme~", (Reach.NAME_PREFIX, PYPI, "", "acme")),
        ("/pypi//acme-core$", (Reach.NAME, PYPI, "", "acme-core")),
        ("/npm//caf\u00e9~", (Reach.NAME_PREFIX, NPM, "", "caf\u00e9")),
        ("/npm//cafe\u0301~", (Reach.NAME_PREFIX, NPM, "", "cafe\u0301")),
        ("/npm//-odd-$", (Reach.NAME, NPM, "", "-odd-")),
    ],
)
def test_patterns(text: str, expected: tuple[Reach, PackageFormat | None, str, str]) -> None:
    assert parse(text) == Pattern(text, *expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begins with"),
        ("*", "begins with"),
        ("/", "begins with"),
        ("pypi/*", "begins with"),
        ("/pypi", "begins with"),
        ("/pypi//acme", "begins with"),
        ("/pypi//acme?", "begins with"),
        ("//*", "not a package format"),
        ("/python//requests$", "not a package format"),
        ("/PyPI/*", "not a package format"),
        ("/pypi~", "/<format>/<namespace>/<name>"),
        ("/pypi$", "/<format>/<namespace>/<name>"),
        ("/npm/space$", "/<format>/<namespace>/<name>"),
        ("/npm/a/b/c$", "/<format>/<namespace>/<name>"),
        ("/npm/a/b/c/*", "stands behind '/'"),
        ("/npm/a/b/*", "stands behind '/'"),
        ("/pyp*", "not a package format"),
        ("/pypi*", "stands behind '/'"),
        ("/pypi//acme*", "stands behind '/'"),
        ("/pypi//acme-*", "stands behind '/'"),
        ("/pypi/acme~", "no namespace"),
        ("/pypi/space/*", "no namespace"),
        ("/pypi/space/acme~", "no namespace"),
        ("/nuget/space/acme$", "no namespace"),
        ("/ruby/space/*", "no namespace"),
        ("/cargo/space~", "no namespace"),
        ("/maven//core$", "must say it"),
        ("/generic//tool~", "must say it"),
        ("/swift//*", "must say it"),
        ("/pypi//~", "not a name"),
        ("/pypi//$", "not a name"),
        ("/npm/~", "not a namespace"),
        ("/npm//a#b$", "not a name"),
        ("/npm/a b/*", "not a namespace"),
        (f"/npm//{'a' * 256}$", "not a name"),
        ("/pypi//acme-~", "normalised"),
        ("/pypi//Acme~", "normalised"),
        ("/pypi//acme_core$", "normalised"),
        ("/pypi//acme--core$", "normalised"),
        ("/pypi//-acme$", "normalised"),
        ("/pypi//\u0430cme$", "normalised"),
        ("/nuget//Newtonsoft.Json$", "normalised"),
        ("/swift/Scope/pkg$", "normalised"),
        ("/npm//foo-~", "a letter or a digit"),
        ("/npm/space.~", "a letter or a digit"),
        ("/npm//\u0301~", "a letter or a digit"),
    ],
)
def test_what_is_no_pattern(text: str, said: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        parse(text)
    assert said in caught.value.message
    assert caught.value.reason is ValidationReason.FIELD_VALIDATION_FAILED


def test_the_hint_shows_the_pattern_that_was_meant() -> None:
    for text, hint in (
        ("/pypi/acme~", "/pypi//acme~"),
        ("/pypi//Acme_Core~", "'acme-core'"),
        ("/pypi//acme*", "'~'"),
    ):
        with pytest.raises(InvalidRequestError) as caught:
            parse(text)
        assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("pattern", "package", "expected"),
    [
        ("/npm/space/foo~", "/npm/space/foo", STRONG),
        ("/npm/space/foo~", "/npm/space/foo-bar", STRONG),
        ("/npm/space/foo~", "/npm/space/foo@bar", STRONG),
        ("/npm/space/foo~", "/npm/space/food", None),
        ("/npm/space/foo~", "/npm/space/foo2", None),
        ("/npm/space/foo~", "/npm/space/foo\u0301", None),
        ("/npm/space/foo~", "/npm/space/fo", None),
        ("/npm/space/foo~", "/npm/other/foo", None),
        ("/npm/space/foo~", "/npm/space/Foo-bar", WEAK),
        ("/npm/space/foo~", "/npm/SPACE/foo", WEAK),
        ("/npm/space/foo~", "/npm/space/Food", None),
        ("/npm/space/foo-bar~", "/npm/space/foo.bar_baz", WEAK),
        ("/npm/*", "/npm//react", STRONG),
        ("/npm/*", "/pypi//react", None),
        ("/*", "/generic/ns/anything", STRONG),
        ("/npm/space/*", "/npm/space/x", STRONG),
        ("/npm/space/*", "/npm/Space/x", WEAK),
        ("/npm/space/*", "/npm//x", None),
        ("/maven/com.any~", "/maven/com.any.x/core", STRONG),
        ("/maven/com.any~", "/maven/com.anything/core", None),
        ("/maven/com.act-on~", "/maven/com.act.on/core", WEAK),
        ("/npm//AsyncStorage$", "/npm//AsyncStorage", STRONG),
        ("/npm//AsyncStorage$", "/npm//asyncstorage", WEAK),
        ("/npm//foo-bar$", "/npm//foo..bar", WEAK),
        ("/npm//foo-bar$", "/npm//foobar", None),
        ("/npm//foo$", "/npm//foo-bar", None),
        ("/pypi//acme~", "/pypi//acme", STRONG),
        ("/pypi//acme~", "/pypi//acme-core", STRONG),
        ("/pypi//acme~", "/pypi//acmecorp", None),
        ("/pypi//acme~", "/pypi//\u0430cme-core", WEAK),
        ("/pypi//*", "/pypi//requests", STRONG),
    ],
)
def test_what_patterns_match(pattern: str, package: str, expected: Association | None) -> None:
    assert match(parse(pattern), path(package)) is expected


@pytest.mark.parametrize(
    "chain",
    [
        ["/*", "/pypi/*", "/pypi//*", "/pypi//acme~", "/pypi//acme-core~", "/pypi//acme-core$"],
        ["/*", "/maven/*", "/maven/com~", "/maven/com.acme~", "/maven/com.acme/*", "/maven/com.acme/x~"],
        ["/*", "/npm//Foo$"],
    ],
)
def test_the_more_general_includes_the_more_specific_and_never_the_other_way(chain: list[str]) -> None:
    patterns = [parse(text) for text in chain]
    for place, general in enumerate(patterns):
        for other, specific in enumerate(patterns):
            assert includes(general, specific) is (place < other)
    assert patterns == sorted(patterns, key=lambda pattern: pattern.specificity)


def test_variations_do_not_include_each_other() -> None:
    for one, other in (("/npm//foo~", "/npm//Foo-bar$"), ("/npm//foo$", "/npm//Foo$"), ("/npm/*", "/pypi/*")):
        assert not includes(parse(one), parse(other))
        assert not includes(parse(other), parse(one))


@given(PATTERNS, PATTERNS, PATHS)
def test_what_the_specific_matches_the_general_matches(
    general: Pattern, specific: Pattern, package: PackagePath
) -> None:
    if includes(general, specific):
        assert not includes(specific, general)
        assert general.specificity < specific.specificity
        if match(specific, package) is STRONG:
            assert match(general, package) is STRONG
        elif match(specific, package) is WEAK:
            assert match(general, package) is not None


@given(st.lists(PATTERNS, min_size=2, max_size=6), PATHS)
def test_patterns_that_match_one_package_exactly_form_a_chain(patterns: list[Pattern], package: PackagePath) -> None:
    matching = {pattern for pattern in patterns if match(pattern, package) is STRONG}
    chain = sorted(matching, key=lambda pattern: pattern.specificity)
    assert all(includes(one, other) for one, other in itertools.pairwise(chain))


@given(PATTERNS)
def test_a_pattern_that_ends_in_a_name_matches_that_name(pattern: Pattern) -> None:
    if pattern.reach in {Reach.NAME, Reach.NAME_PREFIX}:
        assert match(pattern, PackagePath(NPM, pattern.namespace, pattern.name)) is STRONG


@given(st.text(max_size=20) | st.text(alphabet="/*~$apypi-.", max_size=20).map(lambda text: f"/pypi/{text}"))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidRequestError):
        assert parse(text).text == text


def test_the_path_of_a_package_is_normalised() -> None:
    assert check_path(PYPI, None, "Acme__Core") == PackagePath(PYPI, "", "acme-core")
    assert check_path(PackageFormat.NUGET, None, "Newtonsoft.Json") == path("/nuget//newtonsoft.json")
    assert check_path(PackageFormat.SWIFT, "Scope", "Pkg") == path("/swift/scope/pkg")
    assert check_path(NPM, None, "Foo") == path("/npm//Foo")
    assert check_path(PackageFormat.GENERIC, "My", "Tool") == path("/generic/My/Tool")


@pytest.mark.parametrize("package_format", ["pypi", "nuget", "ruby", "cargo"])
def test_formats_without_namespaces(package_format: str) -> None:
    with pytest.raises(InvalidRequestError, match="no namespace"):
        check_path(PackageFormat(package_format), "space", "foo")


@pytest.mark.parametrize("package_format", ["maven", "swift", "generic"])
def test_formats_with_namespaces(package_format: str) -> None:
    with pytest.raises(InvalidRequestError, match="have a namespace"):
        check_path(PackageFormat(package_format), None, "foo")
