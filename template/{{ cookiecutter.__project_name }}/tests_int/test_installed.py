"""Integration tests: the library as its users get it, built, installed and imported from a clean environment."""

from importlib.metadata import files, version
from pathlib import Path

import {{ cookiecutter.__import_name }}

DISTRIBUTION = "{{ cookiecutter.__project_name }}"
SOURCES = Path(__file__).parents[1] / "src"


def test_it_is_the_installed_library_that_is_tested() -> None:
    """An import from the checkout would hide files that are missing from the wheel."""
    assert SOURCES not in Path({{ cookiecutter.__import_name }}.__file__).parents


def test_it_has_a_version() -> None:
    """The version comes from the metadata of the wheel."""
    assert version(DISTRIBUTION)


def test_it_brings_its_types() -> None:
    """Without the marker file, type checkers of other projects ignore the annotations."""
    assert any(file.name == "py.typed" for file in files(DISTRIBUTION) or [])


def test_it_works() -> None:
    """The public interface is usable from outside."""
    assert {{ cookiecutter.__import_name }}.greet("Ada") == "Hello, Ada!"
