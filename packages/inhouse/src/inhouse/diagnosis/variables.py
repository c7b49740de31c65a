"""The environment variables that name sources or hold credentials, read as each tool reads them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from inhouse.access.addresses import parse_address
from inhouse.diagnosis.declared import Declared
from inhouse.diagnosis.indexes import Asked, Kind, Strategy
from inhouse.tools.locations import Scope, Tool

__all__ = ["Credential", "credentials", "sources"]

_SOURCES: Final = {
    # Source: pip's documentation, "Environment Variables": any option, as PIP_<NAME>.
    "PIP_INDEX_URL": (Tool.PIP, Kind.MAIN),
    "PIP_PYPI_URL": (Tool.PIP, Kind.MAIN),
    "PIP_EXTRA_INDEX_URL": (Tool.PIP, Kind.BESIDE),
    "PIP_FIND_LINKS": (Tool.PIP, Kind.LINKS),
    # Source: uv's documentation, "Environment variables".
    "UV_DEFAULT_INDEX": (Tool.UV, Kind.MAIN),
    "UV_INDEX_URL": (Tool.UV, Kind.MAIN),
    "UV_INDEX": (Tool.UV, Kind.BESIDE),
    "UV_EXTRA_INDEX_URL": (Tool.UV, Kind.BESIDE),
    "UV_FIND_LINKS": (Tool.UV, Kind.LINKS),
    # Source: PDM's documentation, "Configurations": `pypi.url`.
    "PDM_PYPI_URL": (Tool.PDM, Kind.MAIN),
}

_STRATEGIES: Final = {"UV_INDEX_STRATEGY": "index-strategy", "UV_TORCH_BACKEND": "torch-backend"}

_TRUTHS: Final = frozenset({"1", "true", "yes", "on", "y", "t"})


@dataclass(frozen=True)
class Credential:
    """A password or token in a variable.

    Attributes:
        tool: The tool that takes it; None for `inhouse` itself.
        variable: The variable.
        name: The index or source that it is for, as it is spelled there; "" where the variable does not say.
        url: The address that it is for; "" where nothing says.
        password: It; kept out of `repr`.
    """

    tool: Tool | None
    variable: str
    name: str = ""
    url: str = ""
    password: str = field(default="", repr=False)


def sources(environment: Mapping[str, str]) -> Declared:
    """Return the sources that variables name."""
    is_off = environment.get("PIP_NO_INDEX", "").lower() in _TRUTHS
    asked = [
        Asked(tool, variable, Scope.VARIABLE, kind, _url(word))
        for variable, (tool, kind) in _SOURCES.items()
        for word in re.split(
            r"[\s,]+" if kind is Kind.LINKS and tool is Tool.UV else r"\s+", environment.get(variable, "")
        )
        if word and not (is_off and tool is Tool.PIP and kind is not Kind.LINKS)
    ]
    strategies = [
        Strategy(variable, key, environment[variable])
        for variable, key in _STRATEGIES.items()
        if environment.get(variable)
    ]
    return Declared(tuple(asked), tuple(strategies))


def _url(word: str) -> str:
    """Return the address in what a variable says; uv has `name=address` too."""
    name, found, url = word.partition("=")
    return parse_address(url if found and re.fullmatch(r"[A-Za-z0-9._-]+", name) else word).url


_NAMED: Final = (
    (Tool.UV, re.compile(r"UV_INDEX_(?P<name>.+)_PASSWORD")),
    (Tool.POETRY, re.compile(r"POETRY_HTTP_BASIC_(?P<name>.+)_PASSWORD")),
    (Tool.POETRY, re.compile(r"POETRY_PYPI_TOKEN_(?P<name>.+)")),
    (Tool.PDM, re.compile(r"PDM_(?P<name>(?!PUBLISH|REPO).+)_PASSWORD")),
)

_PUBLISHING: Final = (
    (Tool.UV, "UV_PUBLISH_PASSWORD", "UV_PUBLISH_URL"),
    (Tool.TWINE, "TWINE_PASSWORD", "TWINE_REPOSITORY_URL"),
    (Tool.PDM, "PDM_PUBLISH_PASSWORD", "PDM_PUBLISH_REPO"),
    (Tool.HATCH, "HATCH_INDEX_AUTH", "HATCH_INDEX_REPO"),
)


def credentials(environment: Mapping[str, str]) -> Iterator[Credential]:
    """Yield the passwords and tokens that variables hold, and that a tool takes without asking anybody else."""
    if environment.get("CODEARTIFACT_AUTH_TOKEN"):
        yield Credential(None, "CODEARTIFACT_AUTH_TOKEN", password=environment["CODEARTIFACT_AUTH_TOKEN"])
    for variable, value in sorted(environment.items()):
        for tool, pattern in _NAMED:
            match = pattern.fullmatch(variable)
            if match and value:
                yield Credential(tool, variable, name=match["name"], password=value)
                break
        if variable in _SOURCES:
            for word in value.split():
                address = parse_address(word.partition("=")[2] if re.match(r"[A-Za-z0-9._-]+=", word) else word)
                if address.password and not address.password.startswith("$"):
                    yield Credential(_SOURCES[variable][0], variable, url=address.url, password=address.password)
    for tool, variable, url in _PUBLISHING:
        if environment.get(variable):
            yield Credential(tool, variable, url=environment.get(url, ""), password=environment[variable])
