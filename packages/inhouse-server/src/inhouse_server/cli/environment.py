"""`server env`: the variables with which AWS's tools reach the running server."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from inhouse_server import compat
from inhouse_server.data_folder import find_running


def variables(data_dir: Path) -> dict[str, str]:
    """Return the variables by name.

    Raises:
        NotRunningError: No server works on the folder.
    """
    running, key = find_running(data_dir)
    return {
        "AWS_ENDPOINT_URL_CODEARTIFACT": running.url,
        "AWS_ENDPOINT_URL_STS": running.url,
        "AWS_ACCESS_KEY_ID": key.id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        "AWS_DEFAULT_REGION": compat.DEFAULT_REGION,
    }


def as_shell(values: Mapping[str, str]) -> str:
    """Return lines that a POSIX shell evaluates."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in values.items())


def as_json(values: Mapping[str, str]) -> str:
    """Return a JSON object."""
    return json.dumps(values, indent=2)
