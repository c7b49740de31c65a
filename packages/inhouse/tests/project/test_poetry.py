"""What a project of Poetry says, in both generations, and what is wrong with its sources."""

import pytest
from client_fakes import COORDINATES, ENDPOINT, OLD_POETRY_PYPROJECT, POETRY_PYPROJECT
from inline_snapshot import snapshot

from inhouse.errors import ManifestError
from inhouse.project.manager import Manager
from inhouse.project.manifest import Index, read_manifest

INDEX = Index("shared", f"{ENDPOINT}simple/", ENDPOINT, priority="primary")


def test_poetry_2_describes_the_package_where_everybody_does() -> None:
    manifest = read_manifest(POETRY_PYPROJECT)
    assert (manifest.manager, manifest.name, manifest.version) == (Manager.POETRY, "acme-core", "1.2.0")
    assert (manifest.requires_python, manifest.groups) == (">=3.11", frozenset({"test"}))
    assert manifest.table().coordinates == COORDINATES
    assert manifest.one_index() == INDEX
    linked = POETRY_PYPROJECT.replace(
        "[dependency-groups]", '[project.urls]\nDocs = "https://a.example"\n[dependency-groups]'
    )
    assert read_manifest(linked).urls == {"Docs": "https://a.example"}


def test_poetry_1_describes_it_in_tables_of_its_own() -> None:
    manifest = read_manifest(OLD_POETRY_PYPROJECT)
    assert (manifest.manager, manifest.name, manifest.version) == (Manager.POETRY, "acme-core", "1.2.0")
    assert (manifest.requires_python, manifest.groups) == ("^3.11", frozenset({"test"}))
    assert manifest.import_packages == ("acme_core",)
    assert manifest.urls == {"Homepage": "https://acme.example"}
    assert manifest.one_index() == INDEX


def test_a_version_that_poetry_keeps_for_the_project_counts() -> None:
    text = POETRY_PYPROJECT.replace('version = "1.2.0"', 'dynamic = ["version"]').replace(
        "package-mode = false", 'version = "2.0.0"\ndev-dependencies = {}\npackages = "odd"\ndependencies.python = 3'
    )
    manifest = read_manifest(text)
    assert (manifest.version, manifest.groups) == ("2.0.0", frozenset({"test", "dev"}))
    assert manifest.import_packages == ("acme_core",)
    assert read_manifest(OLD_POETRY_PYPROJECT.replace('python = "^3.11"', "python = 3")).requires_python == ""


def test_a_version_that_nobody_keeps_is_missing() -> None:
    with pytest.raises(ManifestError, match="is dynamic"):
        read_manifest(POETRY_PYPROJECT.replace('version = "1.2.0"', 'dynamic = ["version"]'))
    with pytest.raises(ManifestError, match=r"project\.version: is missing"):
        read_manifest(POETRY_PYPROJECT.replace('version = "1.2.0"', 'dynamic = "version"'))


SECOND = '\n[[tool.poetry.source]]\nname = "PyPI"\npriority = "supplemental"\n'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[tool.inhouse]",
            SECOND + "[tool.inhouse]",
            snapshot(
                "pyproject.toml, [[tool.poetry.source]]: there are 2 indexes (shared, PyPI), and only one is safe"
            ),
        ),
        (
            'priority = "primary"',
            'priority = "explicit"',
            snapshot(
                "pyproject.toml, [[tool.poetry.source]]: its priority is `explicit`: Poetry would ask PyPI too; "
                'it must be `priority = "primary"`'
            ),
        ),
        (
            'priority = "primary"',
            "secondary = true",
            snapshot(
                "pyproject.toml, [[tool.poetry.source]]: its priority is `secondary`: Poetry would ask PyPI too; "
                'it must be `priority = "primary"`'
            ),
        ),
        (
            'acme-base = "*"',
            'acme-base = { version = "*", source = "other" }',
            snapshot(
                "pyproject.toml, tool.poetry.dependencies.acme-base: takes the package from the source `other`, "
                "beside the one index"
            ),
        ),
        (
            'pytest = "*"',
            'pytest = [{ version = "*", source = "other" }, { version = "1" }, "2"]',
            snapshot(
                "pyproject.toml, tool.poetry.group.test.dependencies.pytest: takes the package from the source "
                "`other`, beside the one index"
            ),
        ),
        (
            f'[[tool.poetry.source]]\nname = "shared"\nurl = "{ENDPOINT}simple/"\npriority = "primary"',
            "",
            snapshot("pyproject.toml, [[tool.poetry.source]]: is missing, so Poetry would ask PyPI"),
        ),
        (
            'name = "shared"',
            'name = "other"',
            snapshot(
                "pyproject.toml, [[tool.poetry.source]]: the index is named `other`, in [tool.inhouse] it is `shared`"
            ),
        ),
        (
            "simple/",
            "simple",
            snapshot(
                "pyproject.toml, [[tool.poetry.source]]: the address "
                "`http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple` does not end in `/simple/`"
            ),
        ),
    ],
)
def test_whatever_makes_poetry_ask_elsewhere_is_named(old: str, new: str, message: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read_manifest(OLD_POETRY_PYPROJECT.replace(old, new)).one_index()
    assert caught.value.message == message
    assert "make use-index" in caught.value.hint


def test_a_source_without_a_priority_is_a_primary_one_and_one_may_be_named_for_a_package() -> None:
    text = OLD_POETRY_PYPROJECT.replace('priority = "primary"\n', "")
    text = text.replace('acme-base = "*"', 'acme-base = { version = "*", source = "shared" }')
    assert read_manifest(text).one_index() == INDEX


@pytest.mark.parametrize("name", ["pypi", "PyPI"])
def test_the_name_of_the_public_index_is_none_of_ours(name: str) -> None:
    with pytest.raises(ManifestError, match="the name of another index"):
        read_manifest(POETRY_PYPROJECT.replace('index = "shared"', f'index = "{name}"'))


def test_a_name_that_no_variable_can_have_is_refused_for_both_managers() -> None:
    for name in ("a-b", "a.b", "", "ä"):
        with pytest.raises(ManifestError):
            read_manifest(POETRY_PYPROJECT.replace('index = "shared"', f'index = "{name}"'))
