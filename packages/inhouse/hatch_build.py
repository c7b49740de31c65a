"""Puts the project template, which lives at the top of the repository, into the distributions."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TemplateBuildHook(BuildHookInterface[Any]):
    """Includes `template/` as `inhouse/_template` in the wheel and as `template` in the sdist.

    A wheel is built from a checkout (the template is two folders up) or from an unpacked sdist (it is
    beside this file), so a fixed path in `pyproject.toml` would break one of the two.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the template to what is built; an editable install reads the checkout and needs none."""
        if version == "editable":
            return
        root = Path(self.root)
        template = next(path for path in (root / "template", root.parents[1] / "template") if path.is_dir())
        target = "template" if self.target_name == "sdist" else "inhouse/_template"
        build_data["force_include"][str(template)] = target
