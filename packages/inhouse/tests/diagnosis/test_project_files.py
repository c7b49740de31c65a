"""What a project's files are read as: sources, locks, names, and what cannot be read."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from inhouse.diagnosis.declared import requirements
from inhouse.diagnosis.dependencies import dependencies, project_name
from inhouse.diagnosis.files import concerns, read_files, wanted_of
from inhouse.diagnosis.findings import Code, Severity
from inhouse.diagnosis.indexes import Wanted
from inhouse.diagnosis.locks import check_lock, locked_names
from inhouse.project.manifest import Coordinates
from inhouse.tools.locations import Tool

ENDPOINT = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
WANTED = Wanted(Coordinates("acme", "111122223333", "us-east-1", "shared"), ENDPOINT)


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("pyproject.toml", True),
        ("uv.toml", True),
        ("uv.lock", True),
        ("poetry.lock", True),
        ("pdm.lock", True),
        ("pylock.dev.toml", True),
        ("requirements.txt", True),
        ("requirements-dev.in", True),
        ("requirements/dev.txt", True),
        ("constraints.txt", True),
        ("docs/requirements/deep.txt", False),
        ("notes.txt", False),
        ("requirements.md", False),
        ("Cargo.lock", False),
    ],
)
def test_only_what_concerns_indexes_is_read(name: str, is_read: bool) -> None:
    assert concerns(name) is is_read


@pytest.mark.parametrize("name", ["pyproject.toml", "uv.toml", "poetry.toml", "pdm.toml", "pip.conf"])
def test_what_cannot_be_read_is_a_problem_and_hides_nothing_else(name: str) -> None:
    read = read_files({"uv.lock": "", name: "[broken\n", "requirements.txt": "--extra-index-url https://x.example/\n"})
    assert [(finding.code, finding.place) for finding in read.findings] == [(Code.CONFIGURATION_UNREADABLE, name)]
    assert [each.place for each in read.declared.asked] == ["requirements.txt: --extra-index-url"]


def test_a_uv_toml_hides_what_the_pyproject_says() -> None:
    read = read_files({"pyproject.toml": "[tool.uv]\nno-index = false\n", "uv.toml": ""})
    assert [finding.code for finding in read.findings] == [Code.CONFIGURATION_HIDDEN]
    assert read_files({"pyproject.toml": "[project]\n", "uv.toml": ""}).findings == ()


@pytest.mark.parametrize(
    ("tables", "locks", "manager"),
    [
        ("", (), Tool.UV),
        ("[tool.uv]", (), Tool.UV),
        ("[tool.poetry]", (), Tool.POETRY),
        ("[tool.pdm]", (), Tool.PDM),
        ("", ("pdm.lock",), Tool.PDM),
        ("", ("poetry.lock",), Tool.POETRY),
        ("[tool.uv]\n[tool.pdm]", (), Tool.UV),
        ('[tool.pdm]\n[tool.inhouse]\nmanager = "poetry"', (), Tool.POETRY),
    ],
)
def test_the_manager_is_told_from_what_is_there(tables: str, locks: tuple[str, ...], manager: Tool) -> None:
    files = {"pyproject.toml": f"{tables}\n[project]\nname = 'x'\n", **dict.fromkeys(locks, "")}
    assert wanted_of(read_files(files), files).manager is manager


def test_without_a_pyproject_nothing_is_wanted() -> None:
    assert wanted_of(read_files({}), {}) == Wanted()


def test_passwords_in_the_project_s_files_are_found_and_variables_in_their_place_are_not() -> None:
    read = read_files(
        {
            "pyproject.toml": '[[tool.uv.index]]\nname = "a"\nurl = "https://aws:secret@x.example/"\n',
            "requirements.txt": "-i https://aws:${TOKEN}@x.example/\n--extra-index-url https://aws:token@y.example/\n",
            "poetry.toml": '[http-basic.a]\nusername = "aws"\npassword = "pass"\n',
        }
    )
    assert read.declared.secrets == {
        "pyproject.toml: tool.uv.index.a": "secret",
        "requirements.txt: --extra-index-url": "token",
        "poetry.toml: http-basic.a": "pass",
    }
    assert "secret" not in repr(read.declared)


@given(st.text(alphabet="-if =indexurlt/\\\n\"'#ahp:.", max_size=60))
def test_no_file_of_requirements_makes_it_fail(text: str) -> None:
    for each in requirements("requirements.txt", text).asked:
        assert each.url
    locked_names("requirements.txt", text)


@pytest.mark.parametrize(
    "line",
    [
        "-i https://x.example/simple",
        "-ihttps://x.example/simple",
        "--index-url https://x.example/simple",
        "--index-url=https://x.example/simple",
        "  --index-url \\\n   https://x.example/simple",
        '--index-url "https://x.example/simple"',
    ],
)
def test_options_of_requirements_are_read_however_they_are_spelled(line: str) -> None:
    (found,) = requirements("requirements.txt", f"a==1\n{line}\n# --index-url https://comment.example/\n").asked
    assert (found.url, found.place) == ("https://x.example/simple", "requirements.txt: --index-url")


UV_LOCK = """
[[package]]
name = "acme-app"
source = {{ editable = "." }}

[[package]]
name = "acme-core"
source = {{ registry = "{index}" }}
wheels = [{{ url = "{file}" }}]

[[package]]
name = "forked"
source = {{ git = "https://git.example/forked" }}
"""

POETRY_LOCK = """
[[package]]
name = "acme-core"
[package.source]
type = "legacy"
url = "{index}"
reference = "shared"

[[package]]
name = "forked"
[package.source]
type = "git"
url = "https://git.example/forked"
"""

PYLOCK = """
[[packages]]
name = "acme-core"
index = "{index}"
wheels = [{{ url = "{file}" }}]
"""

PDM_LOCK = """
[[package]]
name = "acme-core"
files = [{{ url = "{file}", hash = "sha256:0" }}]

[[package]]
name = "forked"
git = "https://git.example/forked"

[[package]]
name = "quiet"
files = [{{ file = "quiet-1.0.tar.gz", hash = "sha256:0" }}]
"""

LOCKS = {"uv.lock": UV_LOCK, "poetry.lock": POETRY_LOCK, "pylock.toml": PYLOCK, "pdm.lock": PDM_LOCK}
FILE = f"{ENDPOINT}simple/acme-core/1.0/acme_core-1.0-py3-none-any.whl"


def lock_codes(name: str, text: str, wanted: Wanted = WANTED) -> set[tuple[Code, Severity]]:
    return {(finding.code, finding.severity) for finding in check_lock(name, text, wanted)}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_from_the_one_index_is_as_it_should_be(name: str) -> None:
    text = LOCKS[name].format(index=f"{ENDPOINT}simple", file=FILE)
    assert lock_codes(name, text) <= {(Code.LOCK_DIRECT, Severity.NOTE)}
    assert "acme-core" in locked_names(name, text)
    assert not {"forked", "acme-app"} & locked_names(name, text)


@pytest.mark.parametrize("name", LOCKS)
def test_files_from_an_unexpected_host_are_a_danger(name: str) -> None:
    elsewhere = "https://files.public.example/simple/acme-core/acme_core-9.9.9-py3-none-any.whl"
    text = LOCKS[name].format(index="https://public.example/simple", file=elsewhere)
    assert (Code.LOCK_FOREIGN, Severity.DANGER) in lock_codes(name, text)


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml"])
def test_a_lock_whose_registry_is_right_and_whose_files_are_not_is_a_danger(name: str) -> None:
    text = LOCKS[name].format(index=f"{ENDPOINT}simple", file="https://files.public.example/acme_core-9.9.9.whl")
    (finding,) = [each for each in check_lock(name, text, WANTED) if each.severity is Severity.DANGER]
    assert finding.place == f"{name}: https://files.public.example/"
    assert finding.problem == "acme-core come from https://files.public.example/, and not from the one index"


def test_poetry_notes_nothing_for_what_comes_from_pypi() -> None:
    assert (Code.LOCK_FOREIGN, Severity.DANGER) in lock_codes("poetry.lock", '[[package]]\nname = "requests"\n')


def test_without_a_known_index_all_must_come_from_one() -> None:
    one = LOCKS["uv.lock"].format(index="https://one.example/simple", file="https://one.example/simple/a/a.whl")
    other = one + '[[package]]\nname = "b"\nsource = { registry = "https://two.example/simple" }\n'
    assert (Code.LOCK_FOREIGN, Severity.DANGER) not in lock_codes("uv.lock", one, Wanted())
    (finding,) = [each for each in check_lock("uv.lock", other, Wanted()) if each.code is Code.LOCK_FOREIGN]
    assert finding.problem == "b come from https://two.example/, and other packages from elsewhere"


@pytest.mark.parametrize("name", [*LOCKS, "requirements.txt"])
@pytest.mark.parametrize("text", ["<<<<<<< HEAD\n", "package = 3\n", 'package = ["x"]\npackages = ["x"]\n'])
def test_a_lock_with_a_conflict_in_it_is_a_problem(name: str, text: str) -> None:
    found = lock_codes(name, text)
    assert found <= {(Code.LOCK_UNREADABLE, Severity.PROBLEM)}
    assert locked_names(name, text) == frozenset()
    if text.startswith("<") and name.endswith((".lock", ".toml")):
        assert found


def test_hashed_requirements_are_a_lock_too() -> None:
    text = (
        "# made by pip-compile\n-i https://x.example/\nAcme_Core[extra]==1.0 \\\n    --hash=sha256:00 \\\n"
        "    --hash=sha256:01\nforked @ https://git.example/forked.zip\nbroken ==\nlast>=2; python_version<'4' # why\n"
    )
    assert locked_names("requirements.txt", text) == {"acme-core", "last"}
    assert lock_codes("requirements.txt", text) == {(Code.LOCK_DIRECT, Severity.NOTE)}


DEPENDENCIES: Mapping[str, set[str]] = {
    '[project]\ndependencies = ["Acme.Core>=1", "zip @ https://x.example/zip.zip", "=="]\n': {"acme-core"},
    "[project.optional-dependencies]\na = ['one']\n": {"one"},
    "[dependency-groups]\ntest = ['pytest', {include-group = 'a'}]\na = ['two']\n": {"pytest", "two"},
    "[build-system]\nrequires = ['hatchling']\n": {"hatchling"},
    "[tool.uv]\ndev-dependencies = ['three']\n": {"three"},
    "[project]\ndependencies = ['a', 'b']\n[tool.uv.sources]\na = {path = '../a'}\nb = {index = 'x'}\n": {"b"},
    "[tool.pdm.dev-dependencies]\ntest = ['four']\n": {"four"},
    "[tool.poetry.dependencies]\npython = '^3.11'\nfive = '*'\nsix = {git = 'x'}\n": {"five"},
    "[tool.poetry.group.test.dependencies]\nseven = [{version = '1'}, {path = 'x'}]\n": {"seven"},
    "[project]\ndependencies = 'x'\n": set(),
}


@pytest.mark.parametrize("text", DEPENDENCIES)
def test_names_that_an_index_is_asked_for(text: str) -> None:
    assert dependencies(read_files({"pyproject.toml": text}).document) == {
        canonicalize_name(name) for name in DEPENDENCIES[text]
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[project]\nname = 'Acme_App'\n", "acme-app"),
        ("[tool.poetry]\nname = 'acme-app'\n", "acme-app"),
        ("[project]\nname = 'a b'\n", None),
        ("", None),
    ],
)
def test_the_project_s_own_name(text: str, name: str | None) -> None:
    assert project_name(read_files({"pyproject.toml": text}).document) == name


def test_what_softens_the_one_index_is_said() -> None:
    def trouble(*lines: str) -> list[str]:
        text = "[[tool.uv.index]]\n" + "".join(f"{line}\n" for line in lines)
        return [each.trouble for each in read_files({"pyproject.toml": text}).declared.asked]

    assert trouble('authenticate = "always"') == [""]
    assert trouble()[0].startswith('`authenticate = "always"` is missing')
    assert trouble("ignore-error-codes = [401]")[0].startswith("`ignore-error-codes`")
    assert trouble("default = true", "explicit = true")[0].startswith("`explicit = true` hides")
