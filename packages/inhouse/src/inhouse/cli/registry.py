"""Which commands there are, and where: names and addresses only, so that nothing is imported before it is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Entry:
    """A command.

    Attributes:
        target: Where it is, as `module:attribute`.
        where: What it works with: "AWS · embedded" needs a package repository, "local" nothing but the machine.
        alias_of: The command it is another name for; such a one is not listed.
    """

    target: str
    where: str = ""
    alias_of: str = ""


_COMMANDS: Final = "inhouse.cli.commands"
_BOTH: Final = "AWS · embedded"
_LOCAL: Final = "local"

SECTIONS: Final[Mapping[str, Mapping[str, Entry]]] = {
    "Begin": {
        "demo": Entry("inhouse.cli.demo:demo", "embedded"),
        "new": Entry("inhouse.cli.new:new", _BOTH),
        "info": Entry(f"{_COMMANDS}.info:info", _LOCAL),
    },
    "Access": {
        "login": Entry(f"{_COMMANDS}.access:login", _BOTH),
        "logout": Entry(f"{_COMMANDS}.access:logout", _LOCAL),
        "env": Entry(f"{_COMMANDS}.access:env", _BOTH),
        "run": Entry(f"{_COMMANDS}.access:run", _BOTH),
        "token": Entry(f"{_COMMANDS}.token:token", _BOTH),
    },
    "The project's environment": {
        "venv-create": Entry(f"{_COMMANDS}.environment:venv_create", _LOCAL),
        "venv-remove": Entry(f"{_COMMANDS}.environment:venv_remove", _LOCAL),
        "use-index": Entry(f"{_COMMANDS}.environment:use_index", _BOTH),
        "add-source": Entry(f"{_COMMANDS}.environment:use_index", _BOTH, alias_of="use-index"),
        "retarget": Entry(f"{_COMMANDS}.retarget:retarget", _BOTH),
        "lock": Entry(f"{_COMMANDS}.environment:lock", _BOTH),
        "install": Entry(f"{_COMMANDS}.install:install", _BOTH),
        "install-dev": Entry(f"{_COMMANDS}.install:install_dev", _BOTH),
        "install-test": Entry(f"{_COMMANDS}.install:install_test", _BOTH),
        "install-doc": Entry(f"{_COMMANDS}.install:install_doc", _BOTH),
        "install-automation": Entry(f"{_COMMANDS}.install:install_automation", _BOTH),
        "install-all": Entry(f"{_COMMANDS}.install:install_all", _BOTH),
    },
    "Understand": {
        "explain": Entry(f"{_COMMANDS}.explain:explain", _BOTH),
        "doctor": Entry(f"{_COMMANDS}.doctor:doctor", _BOTH),
        "check-config": Entry(f"{_COMMANDS}.doctor:check_config", _BOTH),
        "reserve": Entry(f"{_COMMANDS}.reserve:reserve", _BOTH),
    },
    "Check": {
        "test": Entry(f"{_COMMANDS}.checks:test", _BOTH),
        "test-only": Entry(f"{_COMMANDS}.checks:test_only", _LOCAL),
        "cov": Entry(f"{_COMMANDS}.checks:cov", _BOTH),
        "cov-only": Entry(f"{_COMMANDS}.checks:cov_only", _LOCAL),
        "int": Entry(f"{_COMMANDS}.checks:integration", _BOTH),
        "int-only": Entry(f"{_COMMANDS}.checks:integration_only", _LOCAL),
    },
    "Document": {
        "build-doc": Entry(f"{_COMMANDS}.docs:build_doc", _LOCAL),
        "view-doc": Entry(f"{_COMMANDS}.docs:view_doc", _LOCAL),
    },
    "Release": {
        "build": Entry(f"{_COMMANDS}.release:build", _BOTH),
        "publish": Entry(f"{_COMMANDS}.release:publish", _BOTH),
    },
}
"""Every command of this distribution, grouped by what it is for, in the order in which help lists them."""

PLUGIN_GROUP: Final = "inhouse.commands"
"""The entry points through which other distributions add commands: name to a click command."""

PLUGIN_SECTION: Final = "The embedded repository"

ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "serve": ("inhouse[server]", "Start the embedded repository (short for `server start`)."),
    "server": ("inhouse[server]", "Start, stop and look after the embedded repository."),
}
"""Commands of distributions that may not be installed: name to what to install, and what they do."""


def entries() -> dict[str, Entry]:
    """Return every command of this distribution by its name."""
    return {name: entry for section in SECTIONS.values() for name, entry in section.items()}
