"""The name of a library: which names are possible, and what they become in the index and in an import.

Pure: whether a name is free in a folder or in a repository is somebody else's question.
"""

import keyword
import re
import sys
from dataclasses import dataclass
from typing import NewType

from packaging.utils import NormalizedName, canonicalize_name

__all__ = ["RESERVED", "ImportName", "LibraryName", "library_name", "name_problem"]

ImportName = NewType("ImportName", str)
"""A name as Python imports it: lower case, underscores."""

LONGEST = 60
"""Characters a name may have: folders, wheels and import lines that hold it stay within everybody's limits."""

# A letter first, because the name is also imported; letters, digits and single separators (PEP 508) after it.
_POSSIBLE = re.compile(r"[A-Za-z](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")

_UNLISTED = frozenset({"sitecustomize", "test", "usercustomize", "xxlimited", "xxlimited_35", "xxsubtype"})
"""What belongs to Python and is missing from `sys.stdlib_module_names`, which leaves out tests and examples; the two
that customise it are imported by the module `site` wherever they are found."""

_STANDARD_LIBRARY = frozenset(sys.stdlib_module_names) | _UNLISTED

_FOLDERS = frozenset({"dist", "docs", "src", "tests", "tests_int"})
"""Folders of a project, which Python would import instead of the library, or the library instead of them."""

_TOOLS = frozenset(
    {
        *("coverage", "furo", "hatchling", "inhouse", "inhouse_keyring", "inhouse_server", "mypy", "myst_parser"),
        *("pip", "pytest", "pytest_cov", "pytest_inhouse", "ruff", "sphinx", "towncrier", "twine", "uv"),
    }
)
"""What a generated project itself depends on: a library of that name would depend on itself."""

_DEVICES = frozenset({"aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""Names that Windows keeps for devices: a folder of that name cannot exist there."""

RESERVED = _STANDARD_LIBRARY | frozenset(keyword.kwlist) | _FOLDERS | _TOOLS | _DEVICES
"""Import names that no library can have."""


@dataclass(frozen=True)
class LibraryName:
    """A library's name in its two forms.

    Attributes:
        distribution: As indexes compare it (PEP 503), for example `acme-greetings`.
        module: As it is imported, for example `acme_greetings`.
    """

    distribution: NormalizedName
    module: ImportName


def name_problem(name: str) -> str:
    """Return what is wrong with a library's name, as the end of a sentence; empty if nothing is.

    Args:
        name: As a person writes it: `acme-greetings`, `acme_greetings` and `Acme.Greetings` all mean the same.

    Source: PyPA specification "Names and normalization" (PEP 503, PEP 508); Python's grammar for identifiers.
    """
    if not name:
        return "it is empty"
    if not _POSSIBLE.fullmatch(name):
        return "it must begin with a letter, go on with letters, digits, `-`, `_`, `.`, and end with a letter or digit"
    if len(name) > LONGEST:
        return f"it has {len(name)} characters, {LONGEST} at most are sensible"
    module = _module(canonicalize_name(name))
    taken = (
        (keyword.kwlist, "is a word of the Python language"),
        (_STANDARD_LIBRARY, f"is a module of Python's standard library; `import {module}` would find that one"),
        (_FOLDERS, "is the name of a folder inside every project"),
        (_TOOLS, "is a tool that the project itself depends on"),
        (_DEVICES, "is the name of a device on Windows, where no folder can have it"),
    )
    return next((f"`{module}` {problem}" for names, problem in taken if module in names), "")


def library_name(name: str) -> LibraryName:
    """Return a name in its two forms.

    Raises:
        ValueError: The name is not possible; the message is that of `name_problem`.
    """
    problem = name_problem(name)
    if problem:
        raise ValueError(problem)
    distribution = canonicalize_name(name)
    return LibraryName(distribution, ImportName(_module(distribution)))


def _module(distribution: str) -> str:
    return distribution.replace("-", "_")
