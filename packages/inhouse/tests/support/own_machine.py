"""A machine with nothing of its own in `/etc`, whatever the one is like that runs the tests."""

from pathlib import Path

import pytest

from inhouse.tools import locations as real
from inhouse.tools.locations import Location, Machine, Tool


def hide_machine_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the configuration in `/etc`, which no variable moves elsewhere, out of sight."""

    def locations(
        tool: Tool, machine: Machine, *, project: Path | None = None, prefix: Path | None = None
    ) -> tuple[Location, ...]:
        found = real.locations(tool, machine, project=project, prefix=prefix)
        return tuple(each for each in found if not each.path.is_relative_to("/etc"))

    monkeypatch.setattr("inhouse.workflow.surroundings.locations", locations)
