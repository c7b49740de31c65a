"""Where the story plays: one folder, in which every person has a home, a PATH and an environment of their own.

Nothing of the user's own set-up takes part: no configuration of git, AWS, pip or uv, no cache, no second index. So
what works here works because the road works.
"""

import os
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_KEPT = ("LANG", "LANGUAGE", "TERM", "TMPDIR", "TZ", "SYSTEMROOT", "COMSPEC", "PATHEXT")
"""What a person's environment takes over from ours: the terminal's and the operating system's business."""

_REACHING_OUT = ("AWS_", "UV_", "PIP_", "POETRY_", "TWINE_", "INHOUSE_")
"""What the repository's own process must not inherit; its certificate and proxy variables it needs to reach PyPI."""

_KEPT_FOR_CERTIFICATES = ("PIP_CERT",)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works on this stage.

    Attributes:
        name: Also the folder below the stage's root.
        home: Their home; configuration and caches of every tool go there.
        desk: Where their projects are.
        environment: All variables of the programs they run.
    """

    name: str
    home: Path
    desk: Path
    environment: Mapping[str, str]


def person(root: Path, name: str, inherited: Mapping[str, str], programs: Mapping[str, Sequence[str]]) -> Person:
    """Make a person's folders, and put `programs` first on their PATH.

    Args:
        root: The stage's folder.
        name: The person's name; in it an `@` and a domain make their e-mail address.
        inherited: Our own environment.
        programs: Name of each program they have beside the machine's own → the command that it runs.
    """
    home, desk, own_programs = root / name / "home", root / name / "desk", root / name / "bin"
    for folder in (home, desk, own_programs):
        folder.mkdir(parents=True)
    for program, command in {"python3": [_interpreter()], **programs}.items():
        write_program(own_programs / program, command)
    gitconfig = f"[user]\n\tname = {name.capitalize()}\n\temail = {name}@acme.example\n[init]\n\tdefaultBranch = main\n"
    (home / ".gitconfig").write_text(gitconfig, encoding="utf-8")
    return Person(name, home, desk, personal_environment(inherited, home, own_programs))


def personal_environment(inherited: Mapping[str, str], home: Path, own_programs: Path) -> dict[str, str]:
    """Return the environment of a person with `home`: their programs first, and no `inhouse` from elsewhere."""
    path = [folder for folder in inherited.get("PATH", "").split(os.pathsep) if folder and not _has_inhouse(folder)]
    return {
        **{name: inherited[name] for name in _KEPT if name in inherited},
        **{name: value for name, value in inherited.items() if name.startswith("LC_")},
        "PATH": os.pathsep.join([str(own_programs), *path]),
        "HOME": str(home),
        "USERPROFILE": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        # pip would otherwise read the machine's configuration, where a second index may hide.
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def server_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the repository's process: ours, without what speaks of another repository."""
    return {
        name: value
        for name, value in inherited.items()
        if name in _KEPT_FOR_CERTIFICATES or not name.startswith(_REACHING_OUT)
    }


def write_program(path: Path, command: Sequence[str]) -> None:
    """Write a program that runs `command` with the arguments it is given."""
    quoted = " ".join("'" + part.replace("'", "'\\''") + "'" for part in command)
    path.write_text(f'#!/bin/sh\nexec {quoted} "$@"\n', encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _interpreter() -> str:
    # The interpreter below our own environment: people's Python must not see what is installed in ours.
    return getattr(sys, "_base_executable", sys.executable)


def _has_inhouse(folder: str) -> bool:
    return any((Path(folder) / name).exists() for name in ("inhouse", "inhouse.exe"))
