"""How variables are written down for shells, pipelines and containers. Pure."""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final


class Shell(Enum):
    """Who reads the variables."""

    SH = "sh"
    FISH = "fish"
    POWERSHELL = "powershell"
    GITHUB = "github"
    DOCKER = "docker"
    JSON = "json"


def written(variables: Mapping[str, str], shell: Shell) -> str:
    """Return the text that sets variables, with a line end.

    Raises:
        ValueError: A value has a line end in it, where a line is all there is.
    """
    if shell is Shell.JSON:
        return json.dumps(dict(variables), indent=2) + "\n"
    for name, value in variables.items():
        if re.search(r"[\r\n\0]", value):
            raise ValueError(f"the value of {name} is more than one line")
    return "".join(f"{_LINES[shell](name, value)}\n" for name, value in variables.items())


def mask_commands(secrets: tuple[str, ...]) -> str:
    """Return what tells GitHub to hide secrets in the log of a run.

    It has to be said before they appear, and on standard error: standard output goes into the file of variables.
    Source: GitHub's documentation, "Workflow commands", masking a value in a log.
    """
    return "".join(f"::add-mask::{secret}\n" for secret in secrets)


def _sh(name: str, value: str) -> str:
    return f"export {name}={shlex.quote(value)}"


def _fish(name: str, value: str) -> str:
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"set -gx {name} '{quoted}'"


def _powershell(name: str, value: str) -> str:
    quoted = value.replace("'", "''")
    return f"$env:{name} = '{quoted}'"


def _bare(name: str, value: str) -> str:
    # Source: GitHub's documentation, "Setting an environment variable", and Docker's, `--env-file`: nothing is quoted.
    return f"{name}={value}"


_LINES: Final[Mapping[Shell, Callable[[str, str], str]]] = {
    Shell.SH: _sh,
    Shell.FISH: _fish,
    Shell.POWERSHELL: _powershell,
    Shell.GITHUB: _bare,
    Shell.DOCKER: _bare,
}
