"""Names of libraries."""

import re
import string
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse.project.names import LONGEST, RESERVED, library_name, name_problem


@pytest.mark.parametrize(
    "name", ["acme-greetings", "acme_greetings", "Acme.Greetings", "ACME--greetings", "acme-._greetings"]
)
def test_spellings_that_indexes_do_not_tell_apart_are_one_name(name: str) -> None:
    found = library_name(name)

    assert (found.distribution, found.module) == ("acme-greetings", "acme_greetings")


@pytest.mark.parametrize("name", ["x", "a1", "acme", "h2o-core", "match", "case", "a" * LONGEST])
def test_ordinary_names_are_possible(name: str) -> None:
    assert name_problem(name) == ""


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "empty"),
        ("1st", "begin with a letter"),
        ("-acme", "begin with a letter"),
        ("acme-", "end with a letter or digit"),
        ("acme greetings", "letters, digits"),
        ("acme/greetings", "letters, digits"),
        ("../acme", "begin with a letter"),
        ("grüße", "letters, digits"),
        ("acme\n", "letters, digits"),
        ("a" * (LONGEST + 1), "61 characters"),
        ("class", "word of the Python language"),
        ("Import", "word of the Python language"),
        ("json", "standard library; `import json`"),
        ("importlib", "standard library"),
        ("test", "standard library; `import test`"),
        ("sitecustomize", "standard library"),
        ("xxlimited", "standard library"),
        ("tests", "folder inside every project"),
        ("Tests-Int", "folder inside every project"),
        ("pytest-cov", "tool that the project itself depends on"),
        ("inhouse", "tool that the project itself depends on"),
        ("CON", "device on Windows"),
        ("lpt1", "device on Windows"),
    ],
)
def test_impossible_names_are_told_what_is_wrong(name: str, problem: str) -> None:
    assert problem in name_problem(name)
    with pytest.raises(ValueError, match=re.escape(problem)):
        library_name(name)


@given(st.text(alphabet=string.ascii_letters + string.digits + "-_. ", max_size=LONGEST + 5))
def test_a_possible_name_is_an_identifier_and_stays_the_same_when_normalised_again(name: str) -> None:
    if name_problem(name):
        return
    found = library_name(name)

    assert found.module.isidentifier()
    assert found.module not in RESERVED
    assert re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", found.distribution)
    assert library_name(found.distribution) == library_name(found.module) == found


def test_whatever_lies_in_this_pythons_standard_library_is_reserved() -> None:
    library = Path(sysconfig.get_path("stdlib"))
    entries = [*library.iterdir(), *(library / "lib-dynload").glob("*.so")]
    importable = {
        entry.name.partition(".")[0]
        for entry in entries
        if entry.suffix in {".py", ".so"} or (entry / "__init__.py").exists()
    }
    assert "json" in importable
    assert {name for name in importable if not name.startswith("_")} <= RESERVED
