"""Asks another program for a token, where this Python cannot get the credentials by itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import time

from inhouse_keyring.errors import CREDENTIALS_HINT, CredentialsMissingError
from inhouse_keyring.memory import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inhouse_keyring.credentials import Source
    from inhouse_keyring.questions import Wanted

_SECONDS = 60


def ask_programs(programs: Sequence[str], source: Source, wanted: Wanted, environment: Mapping[str, str]) -> Token:
    """Return the token that the first of the programs on PATH gives.

    Args:
        programs: `inhouse`, `aws`, in the order to try.
        source: Where the credentials come from.
        wanted: What is asked for.
        environment: The variables.

    Raises:
        CredentialsMissingError: None is there, or it gives none.
    """
    for program in programs:
        path = shutil.which(program, path=environment.get("PATH"))
        if path is not None:
            return _ask(path, program, wanted, environment)
    whose = f"of the profile `{source.profile}`" if source.profile else "of this machine"
    raise CredentialsMissingError(
        f"the credentials {whose} cannot be had here: this Python has no botocore, and there is no `inhouse` on PATH",
        hint="install inhouse (`uv tool install inhouse`) or the AWS CLI, or botocore beside inhouse-keyring",
    )


def command(path: str, program: str, wanted: Wanted) -> list[str]:
    """Return what to run."""
    options = ["--domain", wanted.domain, "--region", wanted.region, "--duration-seconds", str(wanted.seconds)]
    if program == "inhouse":
        owner = ["--owner", wanted.owner] if wanted.owner else []
        options = ["token", *options, *owner, "--endpoint-url", wanted.endpoint, "--format", "json"]
    else:
        owner = ["--domain-owner", wanted.owner] if wanted.owner else []
        options = ["codeartifact", "get-authorization-token", *options, *owner]
        options += ["--endpoint-url", wanted.endpoint, "--output", "json"]
    return [path, *options, *(["--profile", wanted.profile] if wanted.profile else [])]


def _ask(path: str, program: str, wanted: Wanted, environment: Mapping[str, str]) -> Token:
    now = time.time()
    try:
        done = subprocess.run(
            command(path, program, wanted),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            document = json.loads(done.stdout)
            value, expiration = document["authorizationToken"], document["expiration"]
            return Token(str(value), _seconds(expiration, now, wanted), now)
        said = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired) as error:
        said = str(error)
    raise CredentialsMissingError(f"`{program}` gives no token: {said}", hint=CREDENTIALS_HINT)


def _seconds(expiration: object, now: float, wanted: Wanted) -> float:
    """Return when a token ends. Version 2 of the AWS CLI says it as a date; then it is as long as was asked for."""
    if isinstance(expiration, (int, float)):
        return float(expiration)
    return now + (wanted.seconds or 900)
