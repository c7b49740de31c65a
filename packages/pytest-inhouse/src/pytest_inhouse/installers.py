"""The variables with which Python's package tools take from a repository, and publish to it."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pytest_inhouse.errors import UsageError

USERNAME: Final = "aws"
_PREFIXES: Final = ("PIP_", "UV_", "TWINE_", "POETRY_", "PDM_", "HATCH_")
_OTHERS: Final = ("VIRTUAL_ENV", "CONDA_PREFIX", "NETRC")
"""An environment that is active where the tests run is what uv and Poetry would install into."""


@dataclass(frozen=True, slots=True)
class Source:
    """A repository, as tools are told of it.

    Attributes:
        endpoint: Ends in a slash.
        token: The password of the user `aws`.
        name: What the index is called, where tools have names for indexes.
    """

    endpoint: str
    token: str
    name: str

    @property
    def index_url(self) -> str:
        """Where packages are looked for."""
        return f"{self.endpoint}simple/"

    @property
    def variable(self) -> str:
        """The name as it is part of the names of variables."""
        return re.sub(r"[^A-Z0-9]", "_", self.name.upper())


def with_credentials(url: str, token: str) -> str:
    """Return a URL that needs no other credentials."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{USERNAME}:{quote(token, safe='')}@{rest}"


def installer_variables(tool: str, source: Source) -> dict[str, str]:
    """Return the variables for one tool.

    Raises:
        UsageError: The tool is not one of ours.
    """
    if tool not in _TOOLS:
        raise UsageError(
            f"There are no variables for {tool!r}.",
            hint=f"Known are {', '.join(_TOOLS)}; for others take index_url(token=True), or endpoint() and token().",
        )
    return _TOOLS[tool](source)


def without_installers(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without what tools have been told in it."""
    return {name: value for name, value in environ.items() if not name.startswith(_PREFIXES) and name not in _OTHERS}


def _pip(source: Source) -> dict[str, str]:
    return {
        "PIP_INDEX_URL": with_credentials(source.index_url, source.token),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _uv(source: Source) -> dict[str, str]:
    return {
        "UV_DEFAULT_INDEX": f"{source.name}={source.index_url}",
        f"UV_INDEX_{source.variable}_USERNAME": USERNAME,
        f"UV_INDEX_{source.variable}_PASSWORD": source.token,
        "UV_PUBLISH_URL": source.endpoint,
        "UV_PUBLISH_USERNAME": USERNAME,
        "UV_PUBLISH_PASSWORD": source.token,
        "UV_KEYRING_PROVIDER": "disabled",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def _twine(source: Source) -> dict[str, str]:
    return {
        "TWINE_REPOSITORY_URL": source.endpoint,
        "TWINE_USERNAME": USERNAME,
        "TWINE_PASSWORD": source.token,
        "TWINE_NON_INTERACTIVE": "1",
    }


def _poetry(source: Source) -> dict[str, str]:
    # `poetry publish -r <source>` would post to the index; uploads need a name of their own.
    return {
        f"POETRY_HTTP_BASIC_{source.variable}_USERNAME": USERNAME,
        f"POETRY_HTTP_BASIC_{source.variable}_PASSWORD": source.token,
        f"POETRY_REPOSITORIES_{source.variable}_UPLOAD_URL": source.endpoint,
        f"POETRY_HTTP_BASIC_{source.variable}_UPLOAD_USERNAME": USERNAME,
        f"POETRY_HTTP_BASIC_{source.variable}_UPLOAD_PASSWORD": source.token,
        "POETRY_KEYRING_ENABLED": "false",
        "POETRY_NO_INTERACTION": "1",
    }


_TOOLS: Final[Mapping[str, Callable[[Source], dict[str, str]]]] = {
    "pip": _pip,
    "uv": _uv,
    "twine": _twine,
    "poetry": _poetry,
}
