"""What the machine already knows of the answers that a new library needs: git, AWS, the user configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inhouse.errors import ProgramMissingError
from inhouse.process import Runner
from inhouse.settings import Settings

__all__ = ["Defaults", "find_defaults", "known_owner"]


@dataclass(frozen=True)
class Defaults:
    """Answers that were found and not given; empty where nothing was found."""

    author_name: str = ""
    author_email: str = ""
    domain: str = ""
    owner: str = ""
    region: str = ""


def find_defaults(settings: Settings, domain: str, folder: Path, runner: Runner, region: str) -> Defaults:
    """Look for answers.

    The author is who git thinks commits. Domain and owner come from the user configuration, whose `[profiles]` name
    domains as `<domain>-<owner>`: when there is one, or one for the domain that was given.

    Args:
        settings: The settings of the run.
        domain: The domain, as far as it is known.
        folder: Where the project will be.
        runner: Runs git.
        region: The region as AWS's own configuration has it; empty if it has none.
    """
    known = _domains(settings.profiles)
    fitting = [(name, owner) for name, owner in known if domain in {"", name}]
    found, owner = fitting[0] if len(fitting) == 1 else (domain, "")
    return Defaults(
        author_name=_git_says("user.name", folder, runner, settings.environment),
        author_email=_git_says("user.email", folder, runner, settings.environment),
        domain=found,
        owner=owner,
        region=region,
    )


def known_owner(settings: Settings, domain: str) -> str:
    """Return the account that owns a domain, if the user configuration knows exactly one of that name; else ""."""
    owners = [owner for name, owner in _domains(settings.profiles) if name == domain]
    return owners[0] if len(owners) == 1 else ""


def _domains(profiles: Mapping[str, str]) -> list[tuple[str, str]]:
    matches = (re.fullmatch(r"(.+)-([0-9]{12})", name) for name in profiles)
    return [(match[1], match[2]) for match in matches if match]


def _git_says(key: str, folder: Path, runner: Runner, environment: Mapping[str, str]) -> str:
    try:
        completed = runner.run(["git", "config", "--get", key], cwd=folder, env=environment, check=False)
    except ProgramMissingError:
        return ""
    return completed.stdout.strip() if completed.exit_code == 0 else ""
