"""Every configuration that was seen to install a stranger's package is named, and those that did not are let pass.

Each was run with the real tools: a private `acme-core` 1.1, a stranger's 9.9.9 of the same name on a second index,
while the private one was healthy or answered 401, 403, 404 or 503. In `TAKES` the stranger's was taken in one of these
cases at least, in `KEEPS` never.
"""

from collections.abc import Mapping

import pytest

from inhouse.diagnosis.declared import merged
from inhouse.diagnosis.files import read_files, wanted_of
from inhouse.diagnosis.findings import Code, Finding, Severity
from inhouse.diagnosis.indexes import check_indexes, check_strategies
from inhouse.diagnosis.variables import sources

PRIVATE = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/"
PUBLIC = "https://public.example/simple/"

INHOUSE = """
[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"
"""

PROJECT = '[project]\nname = "acme-app"\nversion = "1.0"\ndependencies = ["acme-core"]\n' + INHOUSE


def uv(*indexes: str, settings: str = "") -> dict[str, str]:
    listed = "".join(f"[[tool.uv.index]]\n{index}" for index in indexes)
    return {"pyproject.toml": f"{PROJECT}[tool.uv]\n{settings}{listed}"}


def uv_index(name: str, url: str, *more: str) -> str:
    return "".join(f"{line}\n" for line in (f'name = "{name}"', f'url = "{url}"', *more))


def poetry(*sources: tuple[str, str, str]) -> dict[str, str]:
    listed = "".join(
        f'[[tool.poetry.source]]\nname = "{name}"\nurl = "{url}"\npriority = "{priority}"\n'
        for name, url, priority in sources
    )
    return {"pyproject.toml": f"{PROJECT}[tool.poetry]\npackage-mode = false\n{listed}"}


def pdm(*sources: tuple[str, str, str], settings: str = "") -> dict[str, str]:
    listed = "".join(f'[[tool.pdm.source]]\nname = "{name}"\nurl = "{url}"\n{more}\n' for name, url, more in sources)
    return {"pyproject.toml": f"{PROJECT}[tool.pdm]\n{settings}{listed}"}


def pip(configuration: str) -> dict[str, str]:
    return {**UV_ALONE, "pip.conf": f"[global]\n{configuration}"}


ALWAYS = 'authenticate = "always"'
UV_PRIVATE = uv_index("shared", PRIVATE, "default = true", ALWAYS)
UV_ALONE = uv(UV_PRIVATE)

TAKES: Mapping[str, dict[str, str]] = {
    "pip index=priv, extra=pub": pip(f"index-url = {PRIVATE}\nextra-index-url = {PUBLIC}\n"),
    "pip index=pub, extra=priv": pip(f"index-url = {PUBLIC}\nextra-index-url = {PRIVATE}\n"),
    "pip extra=priv": pip(f"extra-index-url = {PRIVATE}\n"),
    "pip requirements with an extra index": {
        **UV_ALONE,
        "requirements.txt": f"--index-url {PRIVATE}\n--extra-index-url {PUBLIC}\nacme-core\n",
    },
    "pip requirements in a folder, spelled with =": {
        **UV_ALONE,
        "requirements/dev.in": f"--extra-index-url={PUBLIC}\nacme-core\n",
    },
    "pip requirements with files": {**UV_ALONE, "requirements.txt": "-f https://public.example/files\nacme-core\n"},
    "uv priv then pub default": uv(uv_index("shared", PRIVATE, ALWAYS), uv_index("pub", PUBLIC, "default = true")),
    "uv priv, nothing default": uv(uv_index("shared", PRIVATE, ALWAYS)),
    "uv unsafe-best-match": uv(
        uv_index("shared", PRIVATE),
        uv_index("pub", PUBLIC, "default = true"),
        settings='index-strategy = "unsafe-best-match"\n',
    ),
    "uv unsafe-first-match": uv(
        uv_index("shared", PRIVATE),
        uv_index("pub", PUBLIC, "default = true"),
        settings='index-strategy = "unsafe-first-match"\n',
    ),
    "uv pub first, priv default": uv(uv_index("pub", PUBLIC), UV_PRIVATE),
    "uv priv explicit, pub default": uv(
        uv_index("shared", PRIVATE, "explicit = true"), uv_index("pub", PUBLIC, "default = true")
    ),
    "uv priv explicit, PyPI built in": uv(uv_index("shared", PRIVATE, "explicit = true")),
    "uv pip index=pub, extra=priv": uv(
        settings=f'[tool.uv.pip]\nindex-url = "{PUBLIC}"\nextra-index-url = ["{PRIVATE}"]\n'
    ),
    "uv pip index=priv, extra=pub": uv(
        settings=f'[tool.uv.pip]\nindex-url = "{PRIVATE}"\nextra-index-url = ["{PUBLIC}"]\n'
    ),
    "uv, old keys": uv(settings=f'index-url = "{PRIVATE}"\nextra-index-url = ["{PUBLIC}"]\n'),
    "uv, a uv.toml": {
        "pyproject.toml": PROJECT,
        "uv.toml": f'index-url = "{PRIVATE}"\nextra-index-url = ["{PUBLIC}"]\n',
    },
    "uv, flat index": uv(UV_PRIVATE, uv_index("files", "https://public.example/files", 'format = "flat"')),
    "uv, torch backend": uv(UV_PRIVATE, settings='torch-backend = "auto"\n'),
    "uv, nothing at all": uv(),
    "poetry priv primary, pub primary": poetry(("shared", PRIVATE, "primary"), ("pub", PUBLIC, "primary")),
    "poetry pub primary, priv primary": poetry(("pub", PUBLIC, "primary"), ("shared", PRIVATE, "primary")),
    "poetry priv primary, pub supplemental": poetry(("shared", PRIVATE, "primary"), ("pub", PUBLIC, "supplemental")),
    "poetry pub primary, priv supplemental": poetry(("pub", PUBLIC, "primary"), ("shared", PRIVATE, "supplemental")),
    "poetry priv supplemental, PyPI built in": poetry(("shared", PRIVATE, "supplemental")),
    "poetry priv explicit, only one pinned": poetry(("pub", PUBLIC, "primary"), ("shared", PRIVATE, "explicit")),
    "poetry priv explicit, PyPI built in": poetry(("shared", PRIVATE, "explicit")),
    "poetry priv primary, PyPI by name": {
        "pyproject.toml": poetry(("shared", PRIVATE, "primary"))["pyproject.toml"]
        + '[[tool.poetry.source]]\nname = "PyPI"\npriority = "supplemental"\n'
    },
    "poetry 1, secondary": {
        "pyproject.toml": f"{PROJECT}[tool.poetry]\n[[tool.poetry.source]]\n"
        f'name = "shared"\nurl = "{PRIVATE}"\nsecondary = true\n'
    },
    "poetry, nothing at all": poetry(),
    "pdm priv and PyPI": pdm(("shared", PRIVATE, "")),
    "pdm pub named pypi and priv": pdm(("pypi", PUBLIC, ""), ("shared", PRIVATE, "")),
    "pdm respect-source-order": pdm(
        ("shared", PRIVATE, ""), ("pypi", PUBLIC, ""), settings="[tool.pdm.resolution]\nrespect-source-order = true\n"
    ),
    "pdm.toml with a further index": {
        **pdm(("pypi", PRIVATE, "")),
        "pdm.toml": f'[pypi.more]\nurl = "{PUBLIC}"\n',
    },
    "pdm, nothing at all": pdm(),
}

KEEPS: Mapping[str, dict[str, str]] = {
    "pip index=priv alone": pip(f"index-url = {PRIVATE}\n"),
    "pip requirements with the one index": {**UV_ALONE, "requirements.txt": f"-i {PRIVATE}\nacme-core==1.0\n"},
    "uv priv default, alone": UV_ALONE,
    "uv priv default, no slash at its end": uv(uv_index("shared", PRIVATE.rstrip("/"), "default = true", ALWAYS)),
    "uv first-index, said": uv(UV_PRIVATE, settings='index-strategy = "first-index"\n'),
    "poetry priv primary, alone": poetry(("shared", PRIVATE, "primary")),
    "pdm source named pypi = priv": pdm(("pypi", PRIVATE, "")),
}

SURROUNDINGS: Mapping[str, dict[str, str]] = {
    "PIP_EXTRA_INDEX_URL": {"PIP_EXTRA_INDEX_URL": PUBLIC},
    "PIP_INDEX_URL": {"PIP_INDEX_URL": PUBLIC},
    "PIP_FIND_LINKS": {"PIP_FIND_LINKS": "https://public.example/files"},
    "UV_INDEX": {"UV_INDEX": f"pub={PUBLIC}"},
    "UV_DEFAULT_INDEX": {"UV_DEFAULT_INDEX": PUBLIC},
    "UV_INDEX_URL": {"UV_INDEX_URL": PUBLIC},
    "UV_EXTRA_INDEX_URL": {"UV_EXTRA_INDEX_URL": f"{PRIVATE} {PUBLIC}"},
    "UV_FIND_LINKS": {"UV_FIND_LINKS": "https://public.example/a,https://public.example/b"},
    "UV_INDEX_STRATEGY": {"UV_INDEX_STRATEGY": "unsafe-best-match"},
    "UV_TORCH_BACKEND": {"UV_TORCH_BACKEND": "cu130"},
}


def dangers(files: Mapping[str, str], environment: Mapping[str, str] | None = None) -> list[Finding]:
    read = read_files(files)
    assert not [finding for finding in read.findings if finding.code is Code.CONFIGURATION_UNREADABLE]
    declared = merged(read.declared, sources(environment or {}))
    found = [
        *check_indexes(declared.asked, wanted_of(read, files)),
        *check_strategies(declared.strategies),
    ]
    return [finding for finding in found if finding.severity is Severity.DANGER]


@pytest.mark.parametrize("name", TAKES)
def test_what_takes_the_stranger_is_named(name: str) -> None:
    found = dangers(TAKES[name])
    assert found
    assert all(finding.place and finding.problem and finding.effect and finding.fix for finding in found)


@pytest.mark.parametrize("name", KEEPS)
def test_what_keeps_to_the_one_index_is_let_pass(name: str) -> None:
    assert dangers(KEEPS[name]) == []


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_hostile_variables_are_named(name: str) -> None:
    assert name in {finding.place for finding in dangers(UV_ALONE, SURROUNDINGS[name])}


def test_a_second_index_for_names_of_others_is_named_although_nothing_was_taken() -> None:
    # PDM's globs kept the stranger out, as far as they were complete; a project may write an exception for that.
    files = pdm(("pypi", PUBLIC, 'exclude_packages = ["acme-*"]'), ("shared", PRIVATE, 'include_packages = ["acme-*"]'))
    assert [finding.code for finding in dangers(files)] == [Code.WRONG_INDEX]


@pytest.mark.parametrize("name", [*TAKES, *KEEPS])
def test_without_inhouse_s_table_a_second_index_is_seen_all_the_same(name: str) -> None:
    files = {file: text.replace(INHOUSE, "") for file, text in {**TAKES, **KEEPS}[name].items()}
    found = {finding.code for finding in dangers(files)}
    told = name not in {"uv, nothing at all", "poetry, nothing at all", "pdm, nothing at all"}
    assert bool(found) == (name in TAKES)
    assert told or found == {Code.INDEX_MISSING}
