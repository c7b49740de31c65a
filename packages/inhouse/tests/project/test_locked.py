import pytest

from inhouse.errors import ManifestError
from inhouse.project.locked import PYPI, Locked, is_lock, locked_addresses

A = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("uv.lock", True),
        ("poetry.lock", True),
        ("pylock.toml", True),
        ("pylock.docs.toml", True),
        ("requirements.txt", True),
        ("requirements-dev.txt", True),
        ("requirements/dev.txt", True),
        ("docs/requirements/dev.txt", True),
        ("docs/uv.lock", False),
        ("pylock.a.b.toml", False),
        ("notes.txt", False),
        ("pyproject.toml", False),
        ("pdm.lock", False),
    ],
)
def test_locks_are_known_by_their_names(name: str, *, expected: bool) -> None:
    assert is_lock(name) is expected


def test_uv_notes_registries_files_and_pins() -> None:
    text = f"""\
version = 1
[[package]]
name = "acme-app"
source = {{ registry = "{A}" }}
sdist = {{ url = "{A}acme-app/1/a.tar.gz", hash = "sha256:0" }}
wheels = [{{ url = "{A}acme-app/1/a.whl", hash = "sha256:1" }}, {{ path = "a.whl", hash = "sha256:1" }}]
[[package]]
name = "fork"
source = {{ git = "https://forge.example/fork?rev=1#0" }}
[[package]]
name = "archive"
source = {{ url = "https://forge.example/archive.zip" }}
sdist = {{ hash = "sha256:2" }}
[[package]]
name = "consumer"
source = {{ editable = "." }}
[package.metadata]
requires-dist = [{{ name = "acme-app", index = "{A}" }}, {{ name = "archive" }}]
"""
    assert locked_addresses("uv.lock", text) == (
        Locked("acme-app", A),
        Locked("acme-app", f"{A}acme-app/1/a.tar.gz"),
        Locked("acme-app", f"{A}acme-app/1/a.whl"),
        Locked("archive", "https://forge.example/archive.zip", direct=True),
        Locked("acme-app", A),
    )


def test_poetry_notes_sources_and_none_for_pypi() -> None:
    text = f"""\
[[package]]
name = "acme-app"
[package.source]
type = "legacy"
url = "{A}"
reference = "shared"
[[package]]
name = "idna"
[[package]]
name = "fork"
[package.source]
type = "git"
url = "https://forge.example/fork"
"""
    assert locked_addresses("poetry.lock", text) == (
        Locked("acme-app", A),
        Locked("idna", PYPI),
        Locked("fork", "https://forge.example/fork", direct=True),
    )


def test_the_lock_of_the_standard_notes_indexes_and_files() -> None:
    text = f"""\
[[packages]]
name = "acme-app"
index = "{A}"
sdist = {{ url = "{A}a.tar.gz" }}
wheels = [{{ url = "{A}a.whl" }}]
[[packages]]
name = "archive"
archive = {{ url = "https://forge.example/archive.zip" }}
"""
    assert [locked.url for locked in locked_addresses("pylock.toml", text)] == [
        A,
        f"{A}a.tar.gz",
        f"{A}a.whl",
        "https://forge.example/archive.zip",
    ]


def test_requirements_name_indexes_as_options() -> None:
    text = f"-i {A}\n--extra-index-url=https://other.example/simple\n# -i https://no.example\n  -f ./wheels\nidna==1\n"
    assert [locked.url for locked in locked_addresses("requirements.txt", text)] == [
        A,
        "https://other.example/simple",
        "./wheels",
    ]
    assert locked_addresses("README.md", text) == ()


def test_a_lock_with_marks_of_a_conflict_is_named() -> None:
    with pytest.raises(ManifestError, match=r"uv\.lock: is not valid TOML") as caught:
        locked_addresses("uv.lock", "<<<<<<< HEAD\n")
    assert "conflict" in caught.value.hint
