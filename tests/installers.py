"""How each tool is asked what it would install: a folder for it, a command, and where its answer stands."""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from latest_programs import UV

PLACEHOLDER: Final = "what-is-wanted"
"""Stands for the requirement in the texts of projects."""

_COMPILED: Final = "requirements.txt"
_HEAD: Final = (
    f'[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11,<4"\ndependencies = ["{PLACEHOLDER}"]\n\n'
)


@dataclass(frozen=True, eq=False)
class Installer:
    """A tool that chooses between versions, in one of the ways in which people use it.

    Attributes:
        name: As tables call it.
        environment: The environment that the program is in, see `latest_programs`.
        argv: What is run; the first word is looked up on PATH.
        project: What its `pyproject.toml` says; "" for none.
        read: Returns what was chosen, name to version, from the folder that the command was run in.
        variables: What keeps it from trying again and again.
        manager: Whether `inhouse use-index` writes its index.
    """

    name: str
    environment: str
    argv: tuple[str, ...]
    read: Callable[[Path], dict[str, str]]
    project: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    manager: str = ""

    @property
    def tool(self) -> str:
        """As `inhouse` calls it."""
        return self.environment.partition("-")[0]

    def prepare(self, folder: Path, requirement: str, project: str | None = None) -> None:
        """Write what the command needs into its folder.

        Args:
            folder: It.
            requirement: What is wanted.
            project: The project's text, where it is not the tool's own.
        """
        folder.mkdir(parents=True)
        (folder / "requirements.in").write_text(f"{requirement}\n", encoding="utf-8")
        text = self.project if project is None else project
        if text:
            (folder / "pyproject.toml").write_text(text.replace(PLACEHOLDER, requirement), encoding="utf-8")
        if self.environment == "pdm":
            (folder / ".pdm-python").write_text(sys.executable, encoding="utf-8")


def _report(folder: Path) -> dict[str, str]:
    said = json.loads(_text(folder / "report.json") or '{"install": []}')
    return {each["metadata"]["name"]: each["metadata"]["version"] for each in said["install"]}


def _lock(name: str) -> Callable[[Path], dict[str, str]]:
    def read(folder: Path) -> dict[str, str]:
        packages = tomllib.loads(_text(folder / name)).get("package", [])
        return {each["name"]: each["version"] for each in packages if each["name"] != "consumer"}

    return read


def _compiled(folder: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", _text(folder / _COMPILED), re.MULTILINE))


def _installed(folder: Path) -> dict[str, str]:
    found = folder.glob("environments/**/site-packages/*.dist-info")
    pairs = (path.name.removesuffix(".dist-info").rsplit("-", 1) for path in found)
    return {name.replace("_", "-"): version for name, version in pairs}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _hatch(installer: str) -> str:
    return (
        '[project]\nname = "consumer"\nversion = "1"\n\n[build-system]\nrequires = ["hatchling"]\n'
        'build-backend = "hatchling.build"\n\n[tool.hatch.envs.default]\nskip-install = true\n'
        f'installer = "{installer}"\ndependencies = ["{PLACEHOLDER}"]\n\n'
    )


_PIP: Final = {"PIP_RETRIES": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_CACHE_DIR": "1", "PIP_NO_INPUT": "1"}
_UV: Final = {"UV_NO_CACHE": "1", "UV_HTTP_RETRIES": "0", "UV_PYTHON_DOWNLOADS": "never"}
_POETRY: Final = {"POETRY_VIRTUALENVS_CREATE": "false", "POETRY_NO_INTERACTION": "1"}
_PDM: Final = {"PDM_CHECK_UPDATE": "false", "PDM_NO_CACHE": "1"}
_HATCH_WITH_UV: Final = {**_UV, "HATCH_ENV_TYPE_VIRTUAL_UV_PATH": UV}
_PIP_INSTALL: Final = ("pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "report.json")

INSTALLERS: Final = {
    each.name: each
    for each in (
        Installer("pip", "pip", (*_PIP_INSTALL, "--requirement", "requirements.in"), _report, variables=_PIP),
        Installer("uv", "uv", ("uv", "lock", "--python", sys.executable), _lock("uv.lock"), _HEAD, _UV, manager="uv"),
        Installer(
            "uv pip",
            "uv",
            ("uv", "pip", "compile", "requirements.in", "--python", sys.executable, "--output-file", _COMPILED),
            _compiled,
            variables=_UV,
        ),
        Installer(
            "Poetry 1.8",
            "poetry-1",
            ("poetry", "lock"),
            _lock("poetry.lock"),
            '[tool.poetry]\nname = "consumer"\nversion = "1"\ndescription = ""\nauthors = []\npackage-mode = false\n\n'
            f'[tool.poetry.dependencies]\npython = "^3.11"\n{PLACEHOLDER} = "*"\n\n',
            _POETRY,
            manager="poetry",
        ),
        Installer(
            "Poetry 2",
            "poetry-2",
            ("poetry", "lock"),
            _lock("poetry.lock"),
            _HEAD + "[tool.poetry]\npackage-mode = false\n\n",
            _POETRY,
            manager="poetry",
        ),
        Installer(
            "PDM",
            "pdm",
            ("pdm", "lock"),
            _lock("pdm.lock"),
            _HEAD + "[tool.pdm]\ndistribution = false\n\n",
            _PDM,
        ),
        Installer("Hatch", "hatch", ("hatch", "env", "create"), _installed, _hatch("pip"), _PIP),
        Installer("Hatch with uv", "hatch", ("hatch", "env", "create"), _installed, _hatch("uv"), _HATCH_WITH_UV),
    )
}
"""Every way to choose. Poetry 1.8 keeps names as they are written, without a specifier."""
