"""Sphinx: builds the documentation with the project's own environment, since it imports the project."""

from pathlib import Path


def build_arguments(source: Path, target: Path) -> list[str]:
    """Build the arguments of the module `sphinx`.

    A warning is a failure (a broken reference, a page in no list); all of them are shown, not only the first.
    """
    return ["-b", "html", "--quiet", "--fail-on-warning", "--keep-going", "--fresh-env", str(source), str(target)]
