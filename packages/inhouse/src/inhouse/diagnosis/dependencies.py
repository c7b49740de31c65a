"""The names that a project asks an index for by itself: its own, and those of its dependencies."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from inhouse.access.toml import table, text_of
from inhouse.project.poetry import dependency_tables

__all__ = ["dependencies", "project_name"]


def project_name(document: Mapping[str, Any]) -> NormalizedName | None:
    """Return the project's name; None when it has none."""
    name = text_of(table(document, "project"), "name") or text_of(table(document, "tool", "poetry"), "name")
    return canonicalize_name(name) if re.fullmatch(r"[A-Za-z0-9._-]+", name) else None


def dependencies(document: Mapping[str, Any]) -> frozenset[NormalizedName]:
    """Return the names of the packages that the project asks for; not those that it names by address or folder."""
    return frozenset(canonicalize_name(name) for name in (*_standard(document), *_poetry(document)))


def _standard(document: Mapping[str, Any]) -> Iterator[str]:
    project = table(document, "project")
    listed = [
        project.get("dependencies"),
        *table(project, "optional-dependencies").values(),
        *table(document, "dependency-groups").values(),
        table(document, "build-system").get("requires"),
        table(document, "tool", "uv").get("dev-dependencies"),
        *table(document, "tool", "pdm", "dev-dependencies").values(),
    ]
    elsewhere = {
        canonicalize_name(name)
        for name, source in table(document, "tool", "uv", "sources").items()
        if isinstance(source, Mapping) and "index" not in source
    }
    for requirements in listed:
        for text in requirements if isinstance(requirements, list) else []:
            try:
                wanted = Requirement(text) if isinstance(text, str) else None
            except InvalidRequirement:
                continue
            if wanted is not None and not wanted.url and canonicalize_name(wanted.name) not in elsewhere:
                yield wanted.name


def _poetry(document: Mapping[str, Any]) -> Iterator[str]:
    for _, wanted in dependency_tables(table(document, "tool", "poetry")):
        for name, said in wanted.items():
            entries = said if isinstance(said, list) else [said]
            places = {"git", "path", "url"}
            if name != "python" and not all(isinstance(entry, Mapping) and places & entry.keys() for entry in entries):
                yield name
