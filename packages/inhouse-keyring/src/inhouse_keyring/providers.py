"""Fetches the keys behind a source of credentials: from a program, a container's agent, a role, or by botocore."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from inhouse_keyring.aws_files import text
from inhouse_keyring.credentials import (
    BOTOCORE,
    CONTAINER,
    PROCESS,
    ROLE,
    WEB_IDENTITY,
    Keys,
)
from inhouse_keyring.endpoints import is_loopback
from inhouse_keyring.errors import CREDENTIALS_HINT, ConfigurationError, CredentialsMissingError
from inhouse_keyring.service import role_keys
from inhouse_keyring.transport import Patience, request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from inhouse_keyring.credentials import Source
    from inhouse_keyring.questions import Surroundings, Wanted

_PROCESS_SECONDS = 60
_AGENTS = frozenset({"169.254.170.2", "169.254.170.23", "fd00:ec2::23"})
"""Where containers of Amazon ECS and EKS find their agent; a token for it must go nowhere else over plain http."""


class NotHereError(Exception):
    """Only botocore knows how to get the keys, and this Python has none."""


def fetch_keys(source: Source, wanted: Wanted, surroundings: Surroundings, *, may_prompt: bool = False) -> Keys:
    """Return the keys behind a source.

    Args:
        source: Where they come from.
        wanted: What they are for.
        surroundings: What they depend on.
        may_prompt: Whether a person is there who can be asked for a second factor.

    Raises:
        NotHereError: Only botocore knows how to get them, and this Python has none.
        TokenError: They are not to be had.
    """
    if source.keys is not None:
        return source.keys
    if source.kind == PROCESS:
        command = text(source.section, "credential_process")
        return _from_process(command, source.profile, surroundings.environment)
    if source.kind == CONTAINER:
        return _from_container(wanted, surroundings)
    if source.kind == WEB_IDENTITY:
        return role_keys(source.section, None, wanted, surroundings)
    if source.kind == ROLE and source.origin is not None:
        assuming = fetch_keys(source.origin, wanted, surroundings, may_prompt=may_prompt)
        return role_keys(source.section, assuming, wanted, surroundings)
    if source.kind == BOTOCORE and source.may_prompt and not may_prompt:
        raise CredentialsMissingError(
            f"the profile `{source.profile}` asks for a second factor, and there is nobody to ask",
            hint="run `inhouse token` in a terminal first",
        )
    return _from_botocore(source, wanted)


def keys_in(document: object, where: str) -> Keys:
    """Return the keys in an answer of a program or an agent.

    Raises:
        CredentialsMissingError: There are none.
    """
    if isinstance(document, dict):
        access_key, secret = document.get("AccessKeyId"), document.get("SecretAccessKey")
        if isinstance(access_key, str) and isinstance(secret, str) and access_key and secret:
            return Keys(access_key, secret, str(document.get("SessionToken") or document.get("Token") or ""))
    raise CredentialsMissingError(f"no AWS credentials: {where} gave none", hint=CREDENTIALS_HINT)


def _from_process(command: str, profile: str, environment: Mapping[str, str]) -> Keys:
    """Run the program of a profile. Source: AWS CLI user guide, "Sourcing credentials with an external process"."""
    import shlex
    import subprocess

    where = f"the credential_process of the profile `{profile}`"
    try:
        done = subprocess.run(
            shlex.split(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROCESS_SECONDS,
            check=False,
        )
        document = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise CredentialsMissingError(f"no AWS credentials: {where} failed: {error}", hint="run it by hand") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        raise CredentialsMissingError(f"no AWS credentials: {where} failed: {said}", hint="run it by hand")
    return keys_in(document, where)


def _from_container(wanted: Wanted, surroundings: Surroundings) -> Keys:
    """Ask a container's agent. Source: AWS SDKs and Tools Reference Guide, "Container credential provider"."""
    environment = surroundings.environment
    relative = environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    url = f"http://169.254.170.2{relative}" if relative else environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and (is_loopback(host) or host in _AGENTS)):
        raise ConfigurationError(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "the variable of that name",
            f"`{host}` is neither this machine nor a container's agent",
            hint="use https, or an address of this machine",
        )
    headers = {"accept": "application/json"}
    file = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    shown = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    if file:
        try:
            with open(file, encoding="utf-8") as opened:
                shown = opened.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CredentialsMissingError(
                f"no AWS credentials: {file} cannot be read: {error}",
                hint="AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names it",
            ) from error
    if shown:
        headers["authorization"] = shown
    patience = Patience(wanted.connect_timeout, wanted.read_timeout)
    answer = request("GET", url, surroundings, patience, headers=headers, through_proxy=False)
    try:
        document: Any = json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        document = None
    return keys_in(document, f"the container's agent at {host} (it answered {answer.status})")


def _from_botocore(source: Source, wanted: Wanted) -> Keys:
    try:
        import botocore.exceptions
        import botocore.session
    except ImportError as error:
        raise NotHereError from error
    try:
        session = botocore.session.Session(profile=source.profile if source.is_explicit and source.profile else None)
        session.set_config_variable("region", wanted.region)
        _share_sessions_of_roles(session)
        credentials = session.get_credentials()
        if credentials is None:
            raise CredentialsMissingError("no AWS credentials: Unable to locate credentials", hint=CREDENTIALS_HINT)
        frozen = credentials.get_frozen_credentials()
        keys = Keys(frozen.access_key or "", frozen.secret_key or "", frozen.token or "")
    except botocore.exceptions.ClientError as error:
        raise CredentialsMissingError(f"AWS gives no credentials: {error}", hint=CREDENTIALS_HINT) from error
    except botocore.exceptions.BotoCoreError as error:
        profile = f" --profile {source.profile}" if source.profile != "default" else ""
        hint = f"`aws sso login{profile}`" if text(source.section, "sso_account_id") else CREDENTIALS_HINT
        said = str(error).rstrip(".")
        raise CredentialsMissingError(f"no AWS credentials: {said}", hint=hint) from error
    return keys


def _share_sessions_of_roles(session: Any) -> None:  # noqa: ANN401 - botocore has no types here
    """Keep sessions of roles where the AWS CLI keeps them: a second factor is then asked for once and not each time."""
    import os

    from botocore.utils import JSONFileCache

    provider = session.get_component("credential_provider").get_provider("assume-role")
    provider.cache = JSONFileCache(os.path.expanduser("~/.aws/cli/cache"))
