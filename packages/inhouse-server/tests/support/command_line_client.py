"""The AWS CLI as an `ApiClient`: a process for each call, with the options that people write."""

import json
import re
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api_client import Answer, RefusedError, content_of, service_of
from botocore import xform_name

_LOCK = Path(__file__).parents[4] / "requirements" / "aws-cli.txt"
_ERROR = re.compile(
    r"An error occurred \((?P<name>\w+)\) when calling the (?P<operation>\w+) operation: (?P<message>.+)"
)


def install(folder: Path) -> Path:
    """Install the AWS CLI, as locked, into a new environment of its own; return the program."""
    venv.create(folder, with_pip=False)
    installer = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--requirements", _LOCK)
    done = subprocess.run([*installer, "--python", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*/aws"))


class CommandLineClient:
    """The program with an environment.

    Args:
        program: As `install` returns it.
        environment: The processes' whole environment.
        folder: Where files are written that the program downloads.
    """

    def __init__(self, program: Path, environment: Mapping[str, str], folder: Path) -> None:
        self._program = program
        self._environment = environment
        self._folder = folder

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it, however it ends."""
        return subprocess.run(
            [self._program, *arguments],
            env=self._environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def call(self, operation: str, /, **parameters: object) -> Answer:
        """Call an operation once; what it downloads is described in place of its name."""
        service, name = service_of(operation)
        # By itself it asks for all pages, and then leaves out what stands beside the list.
        command = [service, xform_name(name, "-"), "--no-paginate", *_options(parameters)]
        downloaded = self._folder / "downloaded"
        if name == "GetPackageVersionAsset":
            command.append(str(downloaded))
        answer = self._answer(name, command)
        if downloaded.exists():
            answer["asset"] = content_of(downloaded)
            downloaded.unlink()
        return answer

    def all_pages(self, operation: str, member: str, /, **parameters: object) -> list[Any]:
        """Return what is listed one by one with `--max-items`, which must be what is listed at once."""
        command = ["codeartifact", xform_name(operation, "-"), *_options(parameters)]
        found, token = [], ""
        while True:
            page = self._answer(
                operation, [*command, "--max-items", "1", *(("--starting-token", token) if token else ())]
            )
            found += page[member]
            if "NextToken" not in page:
                break
            assert len(page[member]) == 1
            token = page["NextToken"]
        assert self._answer(operation, [*command, "--page-size", "1"])[member] == found
        return found

    def close(self) -> None:
        """Do nothing: no process is left."""

    def _answer(self, operation: str, command: list[str]) -> Answer:
        done = self.run(*command)
        if done.returncode == 0:
            assert done.stderr == ""
            answer: Answer = json.loads(done.stdout or "{}")
            return answer
        refused = _ERROR.search(done.stderr)
        assert refused is not None, done.stderr
        assert (done.returncode, refused["operation"]) == (255, operation)
        raise RefusedError(refused["name"], refused["message"])


def _options(parameters: Mapping[str, object]) -> Iterator[str]:
    for name, value in parameters.items():
        option = f"--{xform_name(name, '-')}"
        match value:
            case bool():
                yield option if value else option.replace("--", "--no-", 1)
            case list():
                yield from (option, *map(_shorthand, value))
            case _:
                yield from (option, _shorthand(value))


def _shorthand(value: object) -> str:
    """Return a value as the CLI's shorthand writes it: `key=team,value=core`."""
    return ",".join(f"{name}={item}" for name, item in value.items()) if isinstance(value, Mapping) else str(value)
