"""AWS's SDK for JavaScript as an `ApiClient`: one node process that is told over stdin what to call."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api_client import Answer, RefusedError, service_of

_PROJECT = Path(__file__).parents[1] / "javascript"
_DRIVER = "driver.mjs"


def program(name: str) -> str:
    """Return where `node` or `npm` is."""
    found = shutil.which(name)
    assert found is not None, f"these tests need {name}, of Node.js 20 or newer"
    return found


def install(folder: Path) -> Path:
    """Install the SDK, as locked, and the driver into a new folder; return the driver."""
    shutil.copytree(_PROJECT, folder, ignore=shutil.ignore_patterns("node_modules"))
    # In the environment as it is: it may name a mirror of npm's registry, or certificates.
    command = [program("npm"), "ci", "--engine-strict", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / _DRIVER


@dataclass(frozen=True)
class Chunks:
    """A file that the SDK is given as a stream of unknown length."""

    path: Path


class JavaScriptClient:
    """A node process with the SDK's clients.

    Args:
        driver: As `install` returns it.
        environment: The process's whole environment.
    """

    def __init__(self, driver: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [program("node"), "--no-warnings", driver],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, operation: str, /, **parameters: object) -> Answer:
        """Call an operation once; `Chunks` among the parameters are a stream."""
        service, name = service_of(operation)
        answer: Answer = self._ask(service=service, operation=name, parameters=parameters)["output"]
        return answer

    def all_pages(self, operation: str, member: str, /, **parameters: object) -> list[Any]:
        """Return what the SDK's paginator gives, of which each page but an empty last one must hold one."""
        answer = self._ask(service="codeartifact", operation=operation, parameters=parameters, pageSize=1)
        pages = [page[member] for page in answer["pages"]]
        assert all(len(page) == 1 for page in pages[:-1]), pages
        return [item for page in pages for item in page]

    def close(self) -> None:
        """End the process."""
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
        assert process.returncode == 0

    def _ask(self, **what: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what, default=_as_stream) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the node process has ended"
        answer: dict[str, Any] = json.loads(line, object_hook=_from_javascript)
        if "error" in answer:
            raise _refused(answer["error"])
        return answer


def _as_stream(value: object) -> dict[str, str]:
    match value:
        case Path():
            return {"$file": str(value)}
        case Chunks(path):
            return {"$chunks": str(path)}
        case _:
            raise TypeError(f"a {type(value).__name__} is no parameter")


def _from_javascript(value: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever an answer holds
    if value.keys() == {"$date"}:
        return value["$date"] / 1000
    return value["$bytes"] if value.keys() == {"$bytes"} else value


def _refused(error: Mapping[str, Any]) -> RefusedError:
    # What the SDK does not know by name, it gives as its general exception: its users could not catch it by class.
    assert error["modelled"], error
    return RefusedError(error["name"], error["message"], error["members"])
