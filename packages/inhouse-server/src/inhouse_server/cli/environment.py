"""`server env`: the variables with which AWS's tools reach the running server."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inhouse_server import compat
from inhouse_server.data_folder import find_running

_SESSION_TOKENS: Final = ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
"""What an inherited session leaves in the environment; with it, other keys than its own are not valid."""


_REGION: Final = ("AWS_DEFAULT_REGION", "AWS_REGION")
"""boto3 reads the first, the SDKs for other languages only the second, and version 2 of the AWS CLI prefers that."""


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
        **dict.fromkeys(_REGION, compat.DEFAULT_REGION),
    }


def as_shell(values: Mapping[str, str]) -> str:
    """Return lines that a POSIX shell evaluates; they also end the session of other credentials, which have tokens."""
    exports = [f"export {name}={shlex.quote(value)}" for name, value in values.items()]
    return "\n".join([f"unset {' '.join(_SESSION_TOKENS)}", *exports])


def as_json(values: Mapping[str, str]) -> str:
    """Return a JSON object."""
    return json.dumps(values, indent=2)
