"""What the tables of Poetry in a `pyproject.toml` say: the package as Poetry 1 described it, groups, sources.

Poetry 2 reads the package from `[project]` and the rest from `[tool.poetry]`; Poetry 1 reads all from `[tool.poetry]`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from inhouse.project.tables import string, table, tables

SOURCE_HINT: Final = "make the repository the project's one index with `make use-index`"


@dataclass(frozen=True)
class PoetrySource:
    """An entry of `[[tool.poetry.source]]`.

    Attributes:
        name: Its name.
        url: The address of its project pages; "" for PyPI, which has none.
        priority: Its priority; "primary" when it does not say.
    """

    name: str
    url: str
    priority: str


def project_table(project: Mapping[str, Any], poetry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table `[project]`, completed by what Poetry keeps in its own.

    Args:
        project: The table `[project]`.
        poetry: The table `[tool.poetry]`.
    """
    completed = dict(project)
    dynamic = completed.get("dynamic", [])
    for key in ("name", "version"):
        if key not in completed and key in poetry:
            completed[key] = poetry[key]
    if isinstance(dynamic, list):
        completed["dynamic"] = [key for key in dynamic if key not in completed]
    if "urls" not in completed:
        named = {label: poetry[label] for label in ("homepage", "repository", "documentation") if label in poetry}
        completed["urls"] = {
            **{label.capitalize(): url for label, url in named.items()},
            **table(poetry, "urls", "tool.poetry.urls"),
        }
    return completed


def python_range(poetry: Mapping[str, Any]) -> str:
    """Return the Pythons that Poetry 1 was told, as it was told them (`^3.11`); "" when it was not."""
    said = table(poetry, "dependencies", "tool.poetry.dependencies").get("python", "")
    return said if isinstance(said, str) else ""


def import_packages(poetry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what Poetry's build backend was told to pack; nothing when it finds that itself."""
    packages = poetry.get("packages", [])
    if not isinstance(packages, list):
        return ()
    found = (entry.get("include") for entry in packages if isinstance(entry, Mapping))
    return tuple(PurePosixPath(name).parts[0] for name in found if isinstance(name, str) and name)


def groups(poetry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the dependency groups that only Poetry knows."""
    old = ("dev",) if "dev-dependencies" in poetry else ()
    return (*table(poetry, "group", "tool.poetry.group"), *old)


def sources(poetry: Mapping[str, Any]) -> tuple[PoetrySource, ...]:
    """Return the sources, in Poetry's order.

    Raises:
        ManifestError: They are no list of tables, or one has no name.
    """
    return tuple(
        PoetrySource(
            name=string(entry, "name", "tool.poetry.source.name", hint=SOURCE_HINT),
            url=string(entry, "url", "tool.poetry.source.url", optional=True),
            priority=_priority(entry),
        )
        for entry in tables(poetry, "source", "tool.poetry.source", hint=SOURCE_HINT)
    )


def _priority(entry: Mapping[str, Any]) -> str:
    # Source: Poetry 1.8, `Factory.create_pool`: what came before priorities still wins over them.
    for old in ("default", "secondary"):
        if entry.get(old) is True:
            return old
    return string(entry, "priority", "tool.poetry.source.priority", optional=True) or "primary"


def pinned(poetry: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each dependency that comes from a source of its own: the table it stands in, its name, the source."""
    for dotted, dependencies in dependency_tables(poetry):
        for package, wanted in dependencies.items():
            for entry in wanted if isinstance(wanted, list) else [wanted]:
                if isinstance(entry, Mapping) and isinstance(entry.get("source"), str):
                    yield dotted, package, entry["source"]


def dependency_tables(poetry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the tables of dependencies, each with its dotted name."""
    for key in ("dependencies", "dev-dependencies"):
        if key in poetry:
            yield f"tool.poetry.{key}", table(poetry, key, f"tool.poetry.{key}")
    named = table(poetry, "group", "tool.poetry.group")
    for group in named:
        dotted = f"tool.poetry.group.{group}"
        yield f"{dotted}.dependencies", table(table(named, group, dotted), "dependencies", f"{dotted}.dependencies")
