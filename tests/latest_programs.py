"""The programs that people install packages with, in their latest releases."""

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import uv

from support import Account

UV: Final = uv.find_uv_bin()
"""Looked up once: the look-up does not stand several threads at a time."""

ROOT: Final = Path(__file__).parents[1]
CORE: Final = str(ROOT / "packages" / "inhouse-keyring")
"""What gives tokens; installed beside the programs that load it."""

ENVIRONMENTS: Final = {
    "pip": ["pip"],
    "keyring": ["keyring", CORE],
    "poetry-1": ["poetry<2", CORE],
    "poetry-2": ["poetry>=2", CORE],
    "pdm": ["pdm[locked]"],
    "hatch": ["hatch", CORE],
    "twine": ["twine", "keyring", CORE],
    "boto3": ["boto3"],
    "aws": ["--require-hashes", "--requirements", str(ROOT / "requirements" / "aws-cli.txt")],
    "their-keyring": ["keyring", "keyrings.codeartifact", "pip", "twine"],
}
"""What is installed in which environment. The AWS CLI is locked: what it needs is not what the others need."""

_OF_TOOLS: Final = ("PIP_", "UV_", "POETRY_", "PDM_", "HATCH_", "TWINE_", "AWS_", "INHOUSE_", "CODEARTIFACT_")
_CERTIFICATES: Final = ("PIP_CERT", "AWS_CA_BUNDLE")


class Programs:
    """The programs of all environments.

    Args:
        folder: Where the environments are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, environment: str, program: str) -> str:
        """Return the path of a program of one environment."""
        return str(self._folder / environment / "bin" / program)

    def path(self, *environments: str) -> str:
        """Return a PATH with the programs that the environments are named after, with uv, and little else.

        The `keyring` among them lies in no project's environment, as pip wants it.
        """
        folder = self._folder / f"path-{'-'.join(environments)}"
        if not folder.exists():
            folder.mkdir()
            (folder / "uv").symlink_to(UV)
            for each in environments:
                name = each.removesuffix("-1").removesuffix("-2")
                (folder / name).symlink_to(self.of(each, name))
        return f"{folder}:/usr/bin:/bin"


def install(folder: Path, environments: Iterable[str] = tuple(ENVIRONMENTS)) -> Programs:
    """Install the latest releases from PyPI into a folder."""

    def make(name: str) -> None:
        target = folder / name
        for argv in (
            [UV, "venv", "--quiet", "--python", sys.executable, str(target)],
            [UV, "pip", "install", "--quiet", "--python", str(target), *ENVIRONMENTS[name]],
        ):
            environment = {**untold(), "UV_PYTHON_DOWNLOADS": "never"}
            done = subprocess.run(argv, env=environment, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr.decode()

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(make, environments))
    return Programs(folder)


def install_through(account: Account, target: Path, *packages: str) -> None:
    """Make an environment and install into it through a repository, with nothing but the repository told to uv."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(target.parent),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_DEFAULT_INDEX": f"acme={account.index_url}",
        "UV_INDEX_ACME_USERNAME": "aws",
        "UV_INDEX_ACME_PASSWORD": account.token(),
    }
    for argv in (
        [UV, "venv", "--quiet", "--python", sys.executable, str(target)],
        [UV, "pip", "install", "--quiet", "--python", str(target), *packages],
    ):
        subprocess.run(argv, cwd=target.parent, env=environment, check=True)


def untold() -> dict[str, str]:
    """Return this process's environment without what tools are told in it; certificates stay, since PyPI is asked."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(_OF_TOOLS) or name in _CERTIFICATES
    }
