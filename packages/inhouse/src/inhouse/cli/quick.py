"""`inhouse token`, answered before click, boto3 or an HTTP library is imported: scripts run it all the time.

What cannot be answered in a plain way (help, a wrong option, `--verbose`) is left to the command that click knows,
which comes back here for the work.
"""

from __future__ import annotations

import os
import sys

from inhouse_keyring.errors import ConfigurationError, CredentialsMissingError, TokenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inhouse_keyring.questions import Surroundings

__all__ = ["Question", "answer", "parse", "token"]

_COORDINATES = ("domain", "owner", "region")
_EXPORTED = "CODEARTIFACT_AUTH_TOKEN"


class Question:
    """What was asked for on the command line; empty texts were not given.

    Attributes:
        domain: The domain.
        owner: The account that owns it.
        region: Its region.
        repository: A repository; a token is good for all of the domain's.
        duration_seconds: How long the token shall work.
        format: `text` or `json`.
        profile: The AWS profile.
        endpoint_url: The address of the API.
        project: The folder to find the project from.
        refresh: Whether a new token is wanted in any case.
        words: What was typed, if the same words are answered with the token alone; None otherwise.
    """

    __slots__ = (
        "domain",
        "duration_seconds",
        "endpoint_url",
        "format",
        "owner",
        "profile",
        "project",
        "refresh",
        "region",
        "repository",
        "words",
    )

    def __init__(self, values: Mapping[str, str], *, refresh: bool = False) -> None:
        self.domain = values.get("domain", "")
        self.owner = values.get("owner", "")
        self.region = values.get("region", "")
        self.repository = values.get("repository", "")
        self.duration_seconds = values.get("duration_seconds", "")
        self.format = values.get("format", "text")
        self.profile = values.get("profile", "")
        self.endpoint_url = values.get("endpoint_url", "")
        self.project = values.get("project", ".")
        self.refresh = refresh
        self.words: Sequence[str] | None = None


def parse(arguments: Sequence[str]) -> Question | None:
    """Return what is asked for; None if click has to look at it.

    Args:
        arguments: What stands behind `token`.
    """
    values: dict[str, str] = {}
    refresh = False
    rest = iter(arguments)
    for argument in rest:
        if argument == "--refresh":
            refresh = True
            continue
        option, equals, value = argument.partition("=")
        name = option[2:].replace("-", "_")
        if not option.startswith("--") or "_" in option or name not in Question.__slots__ or name in values:
            return None
        if name in {"refresh", "project", "words"}:  # click looks whether there is such a folder
            return None
        if not equals:
            value = next(rest, "")
        if not value or value.startswith("-"):
            return None
        values[name] = value
    question = Question(values, refresh=refresh)
    if question.format == "text" and not refresh:
        question.words = arguments
    return question if question.format in {"text", "json"} else None


def answer(question: Question, environment: Mapping[str, str]) -> int:
    """Print a token, or say why there is none; return the exit code."""
    try:
        sys.stdout.write(token(question, environment))
    except TokenError as error:
        sys.stderr.write(f"error: {error.message}\n\nhint: {error.hint}\n")
        return 1
    return 0


def token(question: Question, environment: Mapping[str, str]) -> str:
    """Return what is printed.

    An exported token is not what is asked for, since it may be the one that has expired: it is taken only where there
    are no credentials to get another with.

    Raises:
        TokenError: There is no token.
    """
    from inhouse_keyring.questions import PROGRAMS_FOR_INHOUSE, Manner, question_for, surroundings_of
    from inhouse_keyring.tokens import Memo, obtain

    surroundings = surroundings_of(environment)
    settings = surroundings.settings
    settings.profile = question.profile or settings.profile
    if question.duration_seconds:
        settings.token_seconds = _seconds(question.duration_seconds)
    paths: list[str] = []
    domain, owner, region = _coordinates(question, paths, surroundings)
    wanted = question_for(domain, owner, region, surroundings, question.endpoint_url)
    manner = Manner(refresh=question.refresh, programs=PROGRAMS_FOR_INHOUSE, may_prompt=_is_somebody_there())
    words = question.words
    memo = None if words is None else Memo(("token", os.getcwd(), *words), paths)  # noqa: PTH109
    try:
        found = obtain(wanted, surroundings, manner, memo=memo)
    except CredentialsMissingError:
        exported = environment.get(_EXPORTED)
        if not exported:
            raise
        sys.stderr.write(f"warning: there are no AWS credentials; this is the token in {_EXPORTED}\n")
        return _rendered(exported, None, question)
    return _rendered(found.value, found.expires_at, question)


def _seconds(said: str) -> int:
    from inhouse_keyring.settings import parse_token_seconds

    try:
        return parse_token_seconds(said)
    except ValueError as error:
        hint = "AWS gives tokens for a quarter of an hour to twelve hours; 0 is as long as your own session"
        raise ConfigurationError("token-seconds", "the flag --duration-seconds", str(error), hint=hint) from None


def _is_somebody_there() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _coordinates(question: Question, paths: list[str], surroundings: Surroundings) -> tuple[str, str, str]:
    """Return domain, owner and region: as given, else the project's.

    An owner that nobody names is the asker's own account, and the region then that which AWS is configured for.

    Raises:
        TokenError: The domain or the region is missing.
    """
    from inhouse_keyring.questions import configured_region

    found = {name: getattr(question, name) for name in _COORDINATES}
    if not all(found.values()):
        project = _of_project(question.project, paths)
        if found["domain"] in {"", project.get("domain", "")}:  # another domain's owner and region say nothing
            found = {name: value or project.get(name, "") for name, value in found.items()}
    if not found["domain"]:
        raise TokenError(
            "nothing says which domain is meant: neither the command line nor a project here",
            hint="give --domain, or go into a project with [tool.inhouse]",
        )
    profile = surroundings.settings.profile_for(found["domain"], found["owner"])
    region = found["region"] or configured_region(profile, surroundings)
    if not region:
        raise TokenError(
            f"nothing says in which region the domain `{found['domain']}` is",
            hint="give --region, set AWS_DEFAULT_REGION, or choose an AWS profile that has a region",
        )
    return found["domain"], found["owner"], region


def _of_project(start: str, paths: list[str]) -> dict[str, str]:
    """Return what the project says of its repository; empty if there is no project. Adds where it was looked for."""
    from inhouse_keyring.toml import read_table

    folder = os.path.realpath(start)
    while True:
        file = os.path.join(folder, "pyproject.toml")  # noqa: PTH118 - importing pathlib takes too long
        paths.append(file)
        if os.path.isfile(file):  # noqa: PTH113
            break
        parent = os.path.dirname(folder)  # noqa: PTH120
        if parent == folder:
            return {}
        folder = parent
    try:
        with open(file, encoding="utf-8") as opened:  # noqa: PTH123
            return read_table(opened.read(), "tool.inhouse", _COORDINATES)
    except (OSError, ValueError) as error:
        raise ConfigurationError("pyproject.toml", file, str(error), hint="mend the line that is named") from error


def _rendered(value: str, expires_at: float | None, question: Question) -> str:
    if question.format == "text":
        return value + "\n"
    import json

    expiration = None if expires_at is None else int(expires_at)
    return json.dumps({"authorizationToken": value, "expiration": expiration}, indent=2) + "\n"
