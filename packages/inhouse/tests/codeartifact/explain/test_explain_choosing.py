"""What is taken from a page; the cases are those that pip and uv were seen to decide so."""

import pytest
from explain_facts import files

from inhouse.codeartifact.explain.choosing import Kind, choose, listed_versions
from inhouse.codeartifact.interface import PublishedFile


@pytest.mark.parametrize(
    ("published", "yanked", "kind", "version"),
    [
        (("1.0", "1.10", "1.9", "2.0rc1"), (), Kind.NEWEST, "1.10"),
        (("1.0",), ("2.0",), Kind.NEWEST, "1.0"),
        (("1.0a1", "1.0a2"), (), Kind.PRERELEASE, "1.0a2"),
        (("1.0a1",), ("1.0a2",), Kind.PRERELEASE, "1.0a1"),
        (("2.0a1",), ("1.0",), Kind.PRERELEASE_WITH_UV, "2.0a1"),
        ((), ("1.0", "0.9", "2.0a1"), Kind.ONLY_YANKED, "1.0"),
        ((), ("2.0a1",), Kind.ONLY_YANKED, "2.0a1"),
    ],
)
def test_the_newest_that_is_neither_a_prerelease_nor_yanked_is_taken(
    published: tuple[str, ...], yanked: tuple[str, ...], kind: Kind, version: str
) -> None:
    choice = choose(listed_versions([*files(*published), *files(*yanked, yanked=True)]))
    assert choice.listed is not None
    assert (choice.kind, choice.listed.version) == (kind, version)


def test_nothing_is_taken_from_nothing() -> None:
    assert choose(listed_versions([PublishedFile("acme-core-rubbish.tar.gz", "rubbish")])).kind is Kind.NONE


def test_files_of_equal_versions_are_one_version() -> None:
    listed = listed_versions(
        [
            *files("1.0", requires_python=">=3.11"),
            PublishedFile("acme_core-1.0.0.tar.gz", "1.0.0", is_yanked=True, requires_python=">=3.11"),
            *files("2.0", requires_python=">=3.12"),
            *files("2.0"),
        ]
    )
    one, two = listed["1"], listed["2"]
    assert (one.wheels, one.sdists, one.is_yanked, one.requires_python) == (1, 1, False, ">=3.11")
    assert two.requires_python == ""
