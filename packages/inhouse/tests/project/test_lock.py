import pytest

from inhouse.errors import ManifestError
from inhouse.project.lock import foreign_packages, with_version

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


VERSIONED = """\
version = 1

[[package]]
name = "acme"
version = "1.0.0"
source = { registry = "https://other.example/simple" }

[[package]]
name = "acme-core"
version = "1.0.0"
source = { %s = "." }
dependencies = [{ name = "acme-core2", version = "1.0.0" }]

[[package]]
name = "acme-core2"
version = "1.0.0"
source = { editable = "." }
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("kind", ["editable", "virtual"])
def test_the_projects_own_version_is_replaced_and_nothing_else(kind: str, end: str) -> None:
    before = (VERSIONED % kind).replace("\n", end)
    after = with_version(before, "acme-core", "1.1.0rc1")
    own = f'name = "acme-core"{end}version = '
    assert after == before.replace(f'{own}"1.0.0"', f'{own}"1.1.0rc1"')
    assert after != before


@pytest.mark.parametrize("name", ["acme", "acme.core", "other"])
def test_a_lock_without_the_project_stays_as_it_is(name: str) -> None:
    assert with_version(VERSIONED % "editable", name, "2") == VERSIONED % "editable"
    assert with_version(LOCK, "acme-core", "2") == LOCK
