"""The configuration that uv runs with: the project's, and of the user's and the machine's what harms no project.

uv itself would add the indexes of all three, and ask the user's before the project's one. Since it cannot be told to
leave out only those, it gets a file that holds what it may know: how this machine reaches the network and where it
keeps things.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import tomlkit

from inhouse.errors import SettingError
from inhouse.tools.locations import Machine, Tool, locations

_PROJECT_ONLY: Final = frozenset(
    {
        # uv reads these from the project's own pyproject.toml, and refuses most of them in a uv.toml.
        "build-backend",
        "build-constraint-dependencies",
        "conflicts",
        "constraint-dependencies",
        "default-groups",
        "dependency-groups",
        "dev-dependencies",
        "environments",
        "exclude-dependencies",
        "managed",
        "minimum-libc-version",
        "override-dependencies",
        "package",
        "required-environments",
        "sources",
        "workspace",
    }
)

_PERSONAL: Final = frozenset(
    {
        "allow-insecure-host",
        "cache-dir",
        "compile-bytecode",
        "concurrent-builds",
        "concurrent-downloads",
        "concurrent-installs",
        "http-proxy",
        "https-proxy",
        "link-mode",
        "native-tls",
        "no-cache",
        "no-proxy",
        "offline",
        "python-downloads",
        "python-install-mirror",
        "python-preference",
        "system-certs",
    }
)
"""What concerns a machine or its user; none of it can bring in a package."""


def configuration_text(project: Mapping[str, Any], others: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the text of a `uv.toml`.

    Args:
        project: The project's table `[tool.uv]`.
        others: The configurations of the user and of the machine; an earlier one wins over a later one.
    """
    settings: dict[str, Any] = {}
    for other in reversed(others):
        settings |= {key: value for key, value in other.items() if key in _PERSONAL}
    settings |= {key: value for key, value in project.items() if key not in _PROJECT_ONLY}
    return tomlkit.dumps(settings)


def personal_files(environment: Mapping[str, str], *, windows: bool) -> tuple[Path, ...]:
    """Return where uv looks for the configurations of the user and of the machine, in this order.

    What names another file, or none, is left out of the environment: uv is run with a file of ours.
    """
    kept = {name: value for name, value in environment.items() if name not in {"UV_CONFIG_FILE", "UV_NO_CONFIG"}}
    found = locations(Tool.UV, Machine(kept, "win32" if windows else "linux"))
    return tuple(each.path for each in found if not each.for_secrets)


def read_personal(files: Sequence[Path]) -> list[dict[str, Any]]:
    """Read those of the files that exist.

    Raises:
        SettingError: One cannot be read.
    """
    found = []
    for file in files:
        try:
            if file.is_file():
                found.append(tomllib.loads(file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            hint = "uv could not read it either; mend or remove it"
            raise SettingError("uv", str(file), f"it cannot be read: {error}", hint=hint) from error
    return found
