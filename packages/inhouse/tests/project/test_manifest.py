import contextlib
import tomllib
from typing import Any

import pytest
import tomlkit
from client_fakes import COORDINATES, ENDPOINT, PYPROJECT
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from inhouse.errors import ManifestError
from inhouse.project.manifest import Index, InhouseTable, is_address_of, read_manifest

MINIMAL = '[project]\nname = "acme-core"\nversion = "1"\n'


def changed(dotted: str, value: object = None) -> str:
    """Return the example with one key set, or taken out for None."""
    document: Any = tomlkit.parse(PYPROJECT)
    *path, last = dotted.split(".")
    table = document
    for key in path:
        table = table[0] if isinstance(table, list) else table
        table = table.setdefault(key, tomlkit.table())
    table = table[0] if isinstance(table, list) else table
    if value is None:
        table.pop(last)
    else:
        table[last] = value
    return tomlkit.dumps(document)


def problem(text: str) -> str:
    with pytest.raises(ManifestError) as caught:
        read_manifest(text)
    assert caught.value.hint
    return caught.value.message


def test_a_project_is_read() -> None:
    manifest = read_manifest(PYPROJECT)
    assert manifest.name == "acme-core"
    assert manifest.version == "1.2.0"
    assert manifest.requires_python == ">=3.11"
    assert manifest.import_packages == ("acme_core",)
    assert manifest.groups == {"test", "doc"}
    assert manifest.urls == {"Changelog": "https://acme.example/changelog"}
    assert manifest.coverage_gate == 97
    assert manifest.table() == InhouseTable(COORDINATES, "shared", "there is no pipeline yet")
    expected = Index("shared", f"{ENDPOINT}simple/", ENDPOINT, default=True, authenticate="always")
    assert manifest.one_index() == expected


def test_little_is_needed() -> None:
    manifest = read_manifest(MINIMAL)
    assert (manifest.requires_python, manifest.inhouse, manifest.indexes, manifest.coverage_gate) == (
        "",
        None,
        (),
        None,
    )
    assert manifest.normalized_name == "acme-core"


@pytest.mark.parametrize(
    ("addition", "imports"),
    [
        ("", ("acme_core",)),
        ('[tool.hatch.build.targets.wheel]\npackages = ["src/acme/core", "src/other"]\n', ("core", "other")),
        ('[tool.uv.build-backend]\nmodule-name = "acme.core"\n', ("acme.core",)),
        ('[tool.hatch.build]\ntargets = "odd"\n', ("acme_core",)),
    ],
)
def test_what_is_imported_is_said_to_the_build_backend_or_follows_from_the_name(
    addition: str, imports: tuple[str, ...]
) -> None:
    assert read_manifest(MINIMAL + addition).import_packages == imports


def test_what_is_imported_can_be_said_outright() -> None:
    text = MINIMAL + 'import-names = ["acme.core", "acme_extra ; private"]\n'
    assert read_manifest(text).import_packages == ("acme.core", "acme_extra")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("= nonsense", snapshot("pyproject.toml: is not valid TOML: Invalid statement (at line 1, column 1)")),
        ("", snapshot("pyproject.toml, [project]: is missing")),
        ("project = 1", snapshot("pyproject.toml, project: must be a table")),
        ('[project]\nversion = "1"', snapshot("pyproject.toml, project.name: is missing")),
        ('[project]\nname = 1\nversion = "1"', snapshot("pyproject.toml, project.name: must be a string")),
        ('[project]\nname = "-a"\nversion = "1"', snapshot("pyproject.toml, project.name: `-a` is not a valid name")),
        ('[project]\nname = "a"', snapshot("pyproject.toml, project.version: is missing")),
        (
            '[project]\nname = "a"\nversion = "one"',
            snapshot("pyproject.toml, project.version: `one` is not a valid version"),
        ),
        (
            '[project]\nname = "a"\ndynamic = ["version"]',
            snapshot("pyproject.toml, project.version: is dynamic, so nobody can tell what will be published"),
        ),
        (
            '[project]\nname = "a"\nversion = "1"\nrequires-python = "three"',
            snapshot("pyproject.toml, project.requires-python: `three` is not a valid range of versions"),
        ),
        (MINIMAL + "[tool]\nuv = 1", snapshot("pyproject.toml, tool.uv: must be a table")),
        (MINIMAL + "[tool.uv]\nindex = 1", snapshot("pyproject.toml, tool.uv.index: must be a list of tables")),
        (
            MINIMAL + "[tool.uv]\nindex = [{ name = 'a' }]",
            snapshot("pyproject.toml, tool.uv.index.url: is missing"),
        ),
        (
            MINIMAL + "[tool.coverage.report]\nfail_under = true",
            snapshot("pyproject.toml, tool.coverage.report.fail_under: must be a number"),
        ),
        (changed("tool.inhouse.owner", 111122223333), snapshot("pyproject.toml, tool.inhouse.owner: must be a string")),
        (changed("tool.inhouse.owner", "1111"), snapshot("pyproject.toml, tool.inhouse.owner: `1111` is not valid")),
        (changed("tool.inhouse.domain", "A"), snapshot("pyproject.toml, tool.inhouse.domain: `A` is not valid")),
        (
            changed("tool.inhouse.repository", "a b"),
            snapshot("pyproject.toml, tool.inhouse.repository: `a b` is not valid"),
        ),
        (changed("tool.inhouse.region", "moon"), snapshot("pyproject.toml, tool.inhouse.region: `moon` is not valid")),
        (changed("tool.inhouse.index", "a-b"), snapshot("pyproject.toml, tool.inhouse.index: `a-b` is not valid")),
        (changed("tool.inhouse.region"), snapshot("pyproject.toml, tool.inhouse.region: is missing")),
        (changed("tool.inhouse.profile", "work"), snapshot("pyproject.toml, tool.inhouse.profile: is not known")),
        (changed("tool.inhouse.local-publish", " "), snapshot("pyproject.toml, tool.inhouse.local-publish: is empty")),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    assert problem(text) == message


def test_a_project_without_the_table_says_what_to_write() -> None:
    with pytest.raises(ManifestError) as caught:
        read_manifest(MINIMAL).one_index()
    assert caught.value.message == snapshot("pyproject.toml, [tool.inhouse]: is missing")
    for key in ("domain", "owner", "region", "repository", "index"):
        assert key in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (changed("tool.uv.index"), "is missing, so uv would ask PyPI"),
        (
            PYPROJECT + '[[tool.uv.index]]\nname = "other"\nurl = "https://other.example"\n',
            "there are 2 indexes (shared, other), and only one is safe",
        ),
        (PYPROJECT + '[[tool.uv.index]]\nurl = "https://other.example"\n', "(shared, https://other.example)"),
        (changed("tool.uv.index.name", "other"), "the index is named `other`, in [tool.inhouse] it is `shared`"),
        (changed("tool.uv.index.default"), "`default = true` is missing"),
        (changed("tool.uv.index.authenticate"), '`authenticate = "always"` is missing'),
        (changed("tool.uv.index.url", ENDPOINT), "does not end in `/simple/`"),
        (changed("tool.uv.index.publish-url"), "`publish-url` is not `url` without its last part"),
        (changed("tool.inhouse.repository", "other"), "is not that of the repository in [tool.inhouse]"),
        (changed("tool.uv.index-strategy", "unsafe-best-match"), "lets a stranger's package win"),
        (changed("tool.uv.extra-index-url", ["https://other.example"]), "tool.uv.extra-index-url: reaches around"),
        (changed("tool.uv.find-links", ["wheels"]), "tool.uv.find-links: reaches around"),
        (changed("tool.uv.torch-backend", "cpu"), "tool.uv.torch-backend: reaches around"),
        (changed("tool.uv.pip.index-url", "https://other.example"), "tool.uv.pip.index-url: reaches around"),
    ],
)
def test_anything_but_the_one_index_is_refused(text: str, message: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read_manifest(text).one_index()
    assert message in caught.value.message
    assert "make use-index" in caught.value.hint


@pytest.mark.parametrize(
    ("endpoint", "yes"),
    [
        (ENDPOINT, True),
        ("https://acme-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/", True),
        ("https://vpce-1.d.codeartifact.us-east-1.vpce.amazonaws.com/pypi/d/acme-111122223333/shared/", True),
        ("https://acme-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/other/", False),
        ("https://acme-999999999999.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/", False),
        ("https://not-acme-111122223333.example/pypi/shared/", False),
        ("https://acme-111122223333.example", False),
    ],
)
def test_an_address_is_known_by_its_domain_and_repository(endpoint: str, *, yes: bool) -> None:
    assert is_address_of(endpoint, COORDINATES) is yes


@given(st.text(max_size=60))
def test_whatever_is_written_it_is_read_or_our_error(text: str) -> None:
    for whole in (text, MINIMAL + text, f'[project]\nname = "{text}"\nversion = "{text}"\n'):
        with contextlib.suppress(ManifestError):
            read_manifest(whole)


JSON = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(
    st.sampled_from(["project", "tool", "uv", "index", "pip", "inhouse", "coverage", "hatch", "dependency-groups"]),
    JSON,
)
def test_no_shape_of_a_table_is_a_crash(key: str, value: object) -> None:
    document = tomllib.loads(PYPROJECT)
    holders = {"project": document, "tool": document, "dependency-groups": document}
    holders.get(key, document["tool"])[key] = value
    if key in {"index", "pip"}:
        document["tool"]["uv"][key] = value
    with contextlib.suppress(ManifestError):
        read_manifest(tomlkit.dumps(document)).one_index()
