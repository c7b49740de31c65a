import pytest

from inhouse.errors import ManifestError
from inhouse.project.lock import foreign_packages

OURS = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/"

LOCK = """\
version = 1

[[package]]
name = "acme-core"
source = { editable = "." }

[[package]]
name = "ours"
source = { registry = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple" }

[[package]]
name = "theirs"
source = { registry = "https://other.example/simple" }

[[package]]
name = "fork"
source = { git = "https://forge.example/fork" }
"""


def test_packages_of_another_index_are_found() -> None:
    assert foreign_packages(LOCK, OURS) == {"theirs": "https://other.example/simple"}


def test_a_lock_of_nothing_holds_nothing_foreign() -> None:
    assert foreign_packages("version = 1\n", OURS) == {}


def test_a_lock_with_a_merge_conflict_is_our_error() -> None:
    with pytest.raises(ManifestError) as caught:
        foreign_packages("<<<<<<< HEAD\n", OURS)
    assert "make lock" in caught.value.hint
