"""Which program manages a project's dependencies: uv or Poetry."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, Final


class Manager(Enum):
    """A program that resolves, locks and installs dependencies; the value is how `[tool.inhouse]` names it."""

    UV = "uv"
    POETRY = "poetry"

    @property
    def lock(self) -> str:
        """The name of its lock."""
        return f"{self.value}.lock"

    @property
    def index_table(self) -> str:
        """Where it reads its indexes in `pyproject.toml`."""
        return "[[tool.poetry.source]]" if self.is_poetry else "[[tool.uv.index]]"

    @property
    def is_poetry(self) -> bool:
        """Whether it is Poetry."""
        return self is Manager.POETRY

    @property
    def title(self) -> str:
        """Its name as it writes itself."""
        return "Poetry" if self.is_poetry else "uv"


LOCKS: Final = frozenset(manager.lock for manager in Manager)
"""The names of all managers' locks."""


def manager_of(tool: Mapping[str, Any], locks: Collection[str] = ()) -> Manager:
    """Tell from what is there who manages a project that does not say so itself.

    A lock says it best, since only its own program writes it. A table `[tool.poetry]` alone can also be the build
    backend's, so it counts only where uv has none.

    Args:
        tool: The table `[tool]`.
        locks: The names of the locks beside the `pyproject.toml`.
    """
    written = [manager for manager in Manager if manager.lock in locks]
    if len(written) == 1:
        return written[0]
    return Manager.POETRY if "poetry" in tool and "uv" not in tool else Manager.UV
