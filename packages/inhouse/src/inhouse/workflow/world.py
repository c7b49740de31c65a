"""What a diagnosis looks at outside of the project, and how it is asked."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from inhouse.codeartifact.interface import Repository
from inhouse.process import Runner
from inhouse.project.manifest import Coordinates
from inhouse.settings import Settings
from inhouse.tools.locations import Machine
from inhouse.workflow.surroundings import machine_of

__all__ = ["World"]


@dataclass(frozen=True)
class World:
    """What lies outside of the project, and how it is asked.

    Attributes:
        settings: The settings of the run.
        runner: Runs other programs.
        connect: Gives access to a repository; None asks nobody.
        is_public: Says whether PyPI has a project of a name; None when it shall not be asked.
        flags: The settings that were given on the command line, by name.
        clock: This machine's clock.
    """

    settings: Settings
    runner: Runner
    connect: Callable[[Coordinates], Repository] | None
    is_public: Callable[[str], bool | None] | None = None
    flags: frozenset[str] = frozenset()
    clock: Callable[[], float] = time.time

    @property
    def machine(self) -> Machine:
        """What decides where files are."""
        return machine_of(self.settings.environment)

    @property
    def timeout(self) -> tuple[float, float]:
        """Seconds to wait for a connection and for an answer."""
        return (self.settings.connect_timeout, self.settings.read_timeout)
