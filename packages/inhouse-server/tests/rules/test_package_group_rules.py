"""Which group a package belongs to, what it inherits, and what comes of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.model import (
    Association,
    Domain,
    GroupMode,
    GroupRestriction,
    OriginControls,
    PackageFormat,
    PackageGroup,
    Restriction,
)
from inhouse_server.rules.group_patterns import PackagePath, match, parse
from inhouse_server.rules.origin_controls import Permissions, effective
from inhouse_server.rules.package_groups import GroupControls, ancestors, associate, source_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DOMAIN = Domain(1, "us-east-1", "111122223333", "dd", NOW, "key")
PUBLISH, EXTERNAL, INTERNAL = (
    GroupRestriction.PUBLISH,
    GroupRestriction.EXTERNAL_UPSTREAM,
    GroupRestriction.INTERNAL_UPSTREAM,
)
ALLOW, BLOCK, INHERIT, SPECIFIC = (
    GroupMode.ALLOW,
    GroupMode.BLOCK,
    GroupMode.INHERIT,
    GroupMode.ALLOW_SPECIFIC_REPOSITORIES,
)
PATTERNS = st.lists(
    st.sampled_from(
        [
            "/npm/*",
            "/npm//*",
            "/npm/a~",
            "/npm/a/*",
            "/npm//a~",
            "/npm//A~",
            "/npm//a-b~",
            "/npm//a_b$",
            "/npm//a-b$",
            "/npm//A.B$",
        ]
    ),
    unique=True,
)
PACKAGES = st.builds(
    PackagePath,
    st.sampled_from([PackageFormat.NPM, PackageFormat.GENERIC]),
    st.sampled_from(["", "a", "A", "a.x"]),
    st.sampled_from(["a", "A", "a-b", "a_b", "a.b", "A-B", "a-b-c", "ab", "\u0430-b"]),
)


def group(pattern: str, mode: GroupMode = INHERIT) -> PackageGroup:
    return PackageGroup(1, DOMAIN, pattern, NOW, None, None, dict.fromkeys(GroupRestriction, mode))


ROOT = group("/*", ALLOW)


def package(text: str) -> PackagePath:
    package_format, namespace, name = text.removeprefix("/").split("/")
    return PackagePath(PackageFormat(package_format), namespace, name)


@pytest.mark.parametrize(
    ("patterns", "path", "expected", "association"),
    [
        ([], "/pypi//acme", "/*", "STRONG"),
        (["/pypi/*", "/npm/*"], "/pypi//acme", "/pypi/*", "STRONG"),
        (["/pypi/*", "/pypi//*"], "/pypi//acme", "/pypi//*", "STRONG"),
        (["/pypi//acme~", "/pypi//acme-core~"], "/pypi//acme-core-x", "/pypi//acme-core~", "STRONG"),
        (["/pypi//acme~", "/pypi//acme$"], "/pypi//acme", "/pypi//acme$", "STRONG"),
        (["/pypi//acme~", "/pypi//acme$"], "/pypi//acme-core", "/pypi//acme~", "STRONG"),
        (["/npm/*", "/npm/space/*"], "/npm//react", "/npm/*", "STRONG"),
        (["/npm/*", "/npm/space/*"], "/npm/space/aui.components", "/npm/space/*", "STRONG"),
        # A variation does not roll up to what is more general.
        (["/npm/*", "/npm//any-client$"], "/npm//Any-client", "/npm//any-client$", "WEAK"),
        (["/npm//AsyncStorage$", "/npm//asyncstorage$"], "/npm//asyncstorage", "/npm//asyncstorage$", "STRONG"),
        (["/npm//AsyncStorage$", "/npm//asyncstorage$"], "/npm//AsyncStorage", "/npm//AsyncStorage$", "STRONG"),
        # A variation of the more specific goes before the more general itself.
        (["/npm//foo~", "/npm//foo-bar$"], "/npm//foo.bar", "/npm//foo-bar$", "WEAK"),
    ],
)
def test_a_package_belongs_to_one_group(patterns: list[str], path: str, expected: str, association: str) -> None:
    found = associate([ROOT, *map(group, patterns)], package(path))
    assert (found.group.pattern, found.association) == (expected, association)


@given(PATTERNS, PACKAGES, st.randoms())
def test_nothing_more_specific_matches(patterns: list[str], path: PackagePath, random: object) -> None:
    groups = [ROOT, *map(group, patterns)]
    found = associate(groups, path)
    assert match(parse(found.group.pattern), path) is found.association
    for other in groups:
        association = match(parse(other.pattern), path)
        if association is not None:
            assert parse(other.pattern).specificity <= parse(found.group.pattern).specificity
            if parse(other.pattern).specificity == parse(found.group.pattern).specificity:
                assert found.association is Association.STRONG or association is Association.WEAK
    random.shuffle(groups)  # type: ignore[attr-defined]  # st.randoms gives a random.Random
    assert associate(groups, path) == found


@given(PATTERNS)
def test_groups_are_a_tree_with_one_root(patterns: list[str]) -> None:
    groups = [ROOT, *map(group, patterns)]
    for each in groups:
        above = ancestors(each, groups)
        assert above == [] if each == ROOT else above[-1] == ROOT
        for place, parent in enumerate(above):
            assert ancestors(parent, groups) == above[place + 1 :]


@given(PATTERNS, st.data())
def test_deleting_a_group_gives_its_children_to_its_parent(patterns: list[str], data: st.DataObject) -> None:
    groups = [ROOT, *map(group, patterns)]
    if len(groups) == 1:
        return
    gone = data.draw(st.sampled_from(groups[1:]))
    left = [each for each in groups if each != gone]
    for each in left:
        assert ancestors(each, left) == [above for above in ancestors(each, groups) if above != gone]


@given(st.lists(st.sampled_from(GroupMode), min_size=1, max_size=5))
def test_a_mode_is_inherited_from_the_first_that_does_not_inherit(modes: list[GroupMode]) -> None:
    lineage = [*(group("/npm/*", mode) for mode in modes), ROOT]
    expected = next((mode for mode in modes if mode is not INHERIT), ALLOW)
    assert source_of(PUBLISH, lineage).modes[PUBLISH] is expected


def controls(
    publish: GroupMode = ALLOW,
    external: GroupMode = ALLOW,
    internal: GroupMode = ALLOW,
    *,
    association: Association = Association.STRONG,
    allowed: dict[GroupRestriction, frozenset[str]] | None = None,
) -> GroupControls:
    modes = {PUBLISH: publish, EXTERNAL: external, INTERNAL: internal}
    return GroupControls(
        package("/pypi//acme"), "/pypi//acme~", association, modes, dict.fromkeys(modes, "/pypi//acme~"), allowed or {}
    )


def test_each_mode_decides_over_its_own_way() -> None:
    assert controls(publish=BLOCK).permissions("lib") == Permissions(
        publish=False, external_upstream=True, internal_upstream=True
    )
    assert controls(external=BLOCK).permissions("lib") == Permissions(
        publish=True, external_upstream=False, internal_upstream=True
    )
    assert controls(internal=BLOCK).permissions("lib") == Permissions(
        publish=True, external_upstream=True, internal_upstream=False
    )


def test_only_listed_repositories_are_let_through() -> None:
    some = controls(publish=SPECIFIC, internal=SPECIFIC, allowed={PUBLISH: frozenset({"lib"})})
    assert some.admits(PUBLISH, "lib")
    assert not some.admits(PUBLISH, "other")
    assert not some.admits(INTERNAL, "lib"), "a list that is empty lets nothing through"


@given(st.sampled_from([ALLOW, BLOCK, SPECIFIC]), st.sampled_from(GroupRestriction))
def test_a_variation_enters_nowhere(mode: GroupMode, restriction: GroupRestriction) -> None:
    weak = controls(
        mode, mode, mode, association=Association.WEAK, allowed=dict.fromkeys(GroupRestriction, frozenset({"lib"}))
    )
    assert not weak.admits(restriction, "lib")


@given(
    st.none() | st.builds(OriginControls, st.sampled_from(Restriction), st.sampled_from(Restriction)),
    st.builds(Permissions, publish=st.booleans(), external_upstream=st.booleans(), internal_upstream=st.booleans()),
)
def test_what_enters_is_what_both_let_through(own: OriginControls | None, said: Permissions) -> None:
    alone, both = effective(own), effective(own, said)
    assert both.publish is (alone.publish and said.publish)
    assert both.external_upstream is (alone.external_upstream and said.external_upstream)
    assert both.internal_upstream is (alone.internal_upstream and said.internal_upstream)
