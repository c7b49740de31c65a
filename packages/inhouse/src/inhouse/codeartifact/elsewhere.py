"""Asks another repository service than the configured one for an endpoint."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from inhouse.codeartifact.endpoint import repository_endpoint
from inhouse.codeartifact.session import client_of, is_address, make_clients
from inhouse.errors import EmbeddedRepositoryError, ProgramFailedError, SettingError
from inhouse.process import Runner
from inhouse.project.manifest import Coordinates
from inhouse.settings import Settings


def laptop_endpoint(coordinates: Coordinates, runner: Runner, environment: Mapping[str, str]) -> str:
    """Ask the embedded repository that runs on this machine, as its own administrator.

    Its port may be another one each time it is started, so that it is asked for and nowhere kept.

    Args:
        coordinates: The repository.
        runner: Runs the command that tells where it is.
        environment: The environment variables; `INHOUSE_DATA_DIR` names its folder.

    Raises:
        EmbeddedRepositoryError: None runs, or it is not installed.
        RepositoryError: It does not have the repository.
    """
    argv = [sys.executable, "-m", "inhouse", "server", "env", "--format", "json"]
    try:
        printed = runner.run(argv, cwd=Path.cwd(), env=environment).stdout
    except ProgramFailedError as error:
        raise EmbeddedRepositoryError(error.output) from error
    return repository_endpoint(client_of(json.loads(printed)), coordinates)


def service_endpoint(url: str, coordinates: Coordinates, settings: Settings) -> str:
    """Ask the service at an address, with the credentials that AWS's own rules find.

    Raises:
        SettingError: It is no address.
        RepositoryError: It does not tell.
    """
    if not is_address(url):
        hint = "it must be like http://127.0.0.1:8080, with nothing behind"
        raise SettingError("--endpoint", "the command line", f"`{url}` is not an address", hint=hint)
    return repository_endpoint(make_clients(coordinates, settings, url).codeartifact, coordinates)
