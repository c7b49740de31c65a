"""The environment variables that give each tool our repository and a token, for pipelines, images and single runs.

How an index's name becomes part of a variable's name is each tool's own rule.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from inhouse.access.addresses import with_credentials
from inhouse.access.interface import USERNAME
from inhouse.access.poetry import publishing_name
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool

TOOLS: Final = (Tool.PIP, Tool.UV, Tool.POETRY, Tool.PDM, Tool.TWINE, Tool.HATCH)
"""The tools that read variables, which netrc does not."""


def variables(tools: Iterable[Tool], index: Index, token: str, *, is_configured: bool) -> dict[str, str]:
    """Return the variables for some tools.

    Args:
        tools: The tools.
        index: The repository.
        token: The token.
        is_configured: Whether a project's own configuration names the repository already. If not, uv is told of it too;
            said twice, it would refuse to publish to it by name.
    """
    found: dict[str, str] = {}
    for tool in tools:
        found |= _MAKERS[tool](index, token, is_configured)
    return found


def _pip(index: Index, token: str, is_configured: bool) -> dict[str, str]:
    _ = is_configured
    # pip knows no other variable for credentials. An empty list of further indexes would not win over a file's.
    return {"PIP_INDEX_URL": with_credentials(index.url, USERNAME, token)}


def _uv(index: Index, token: str, is_configured: bool) -> dict[str, str]:
    """Source: uv's documentation, "Package indexes": capitals, and `_` for all but letters and digits."""
    name = re.sub(r"[^A-Z0-9]", "_", index.name.upper())
    found = {f"UV_INDEX_{name}_USERNAME": USERNAME, f"UV_INDEX_{name}_PASSWORD": token}
    if is_configured:
        return found
    return {
        "UV_DEFAULT_INDEX": f"{index.name}={index.url}",
        **found,
        "UV_PUBLISH_URL": index.publish_url,
        "UV_PUBLISH_USERNAME": USERNAME,
        "UV_PUBLISH_PASSWORD": token,
    }


def _poetry(index: Index, token: str, is_configured: bool) -> dict[str, str]:
    """Source: Poetry's documentation, "Configuration": capitals, and `_` for `-`.

    A variable of that kind wins over the project's sources, so that `poetry publish -r` also takes the source's own
    name. The other name is the one that `login` writes into files, where the source would win.
    """
    _ = is_configured
    found = {"POETRY_KEYRING_ENABLED": "false"}
    for each in (index.name, publishing_name(index)):
        name = each.upper().replace("-", "_")
        found |= {
            f"POETRY_HTTP_BASIC_{name}_USERNAME": USERNAME,
            f"POETRY_HTTP_BASIC_{name}_PASSWORD": token,
            f"POETRY_REPOSITORIES_{name}_URL": index.publish_url,
        }
    return found


def _pdm(index: Index, token: str, is_configured: bool) -> dict[str, str]:
    """Source: PDM's documentation, "Configure PDM"; only the index named `pypi` has variables."""
    _ = is_configured
    return {
        "PDM_PYPI_URL": index.url,
        "PDM_PYPI_USERNAME": USERNAME,
        "PDM_PYPI_PASSWORD": token,
        "PDM_PUBLISH_REPO": index.publish_url,
        "PDM_PUBLISH_USERNAME": USERNAME,
        "PDM_PUBLISH_PASSWORD": token,
    }


def _twine(index: Index, token: str, is_configured: bool) -> dict[str, str]:
    """Source: twine's documentation, "Environment variables"."""
    _ = is_configured
    return {"TWINE_REPOSITORY_URL": index.publish_url, "TWINE_USERNAME": USERNAME, "TWINE_PASSWORD": token}


def _hatch(index: Index, token: str, is_configured: bool) -> dict[str, str]:
    """Source: hatch's documentation, "Publishing". Its environments are filled by pip or uv."""
    return {
        "HATCH_INDEX_REPO": index.publish_url,
        "HATCH_INDEX_USER": USERNAME,
        "HATCH_INDEX_AUTH": token,
        **_pip(index, token, is_configured),
        **_uv(index, token, is_configured),
    }


_MAKERS: Final[Mapping[Tool, Callable[[Index, str, bool], dict[str, str]]]] = {
    Tool.PIP: _pip,
    Tool.UV: _uv,
    Tool.POETRY: _poetry,
    Tool.PDM: _pdm,
    Tool.TWINE: _twine,
    Tool.HATCH: _hatch,
}
