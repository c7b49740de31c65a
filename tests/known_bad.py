"""Configurations that people have, and with which the stranger's package is chosen: that the attack table can fail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from attacks import DIRECT, TRANSITIVE
from installers import INSTALLERS, PLACEHOLDER, Installer
from workplace import HEALTHY


@dataclass(frozen=True, eq=False)
class Bad:
    """A configuration that is known to be bad.

    Attributes:
        name: As tables call it.
        installer: The tool.
        picks: With which answers of the private index, in which way, the stranger's package is chosen.
        project: What is added to the tool's project, with `OURS` and `STRANGERS` for the two indexes.
        variables: Likewise; `TOKEN` is a token, `WITH_TOKEN` the address of ours with one in it.
    """

    name: str
    installer: Installer
    picks: tuple[tuple[int, str], ...]
    project: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    def text(self, ours: str, strangers: str) -> str:
        """Return the text of the project."""
        text = self.installer.project + self.project
        return text.replace("OURS", ours).replace("STRANGERS", strangers)

    def told(self, with_token: str, token: str, strangers: str) -> dict[str, str]:
        """Return the variables."""
        values = {"WITH_TOKEN": with_token, "TOKEN": token, "STRANGERS": strangers}
        return {
            name: re.sub("|".join(values), lambda match: values[match[0]], value)
            for name, value in self.variables.items()
        }


def _uv_index(name: str, url: str, more: str = "") -> str:
    return f'[[tool.uv.index]]\nname = "{name}"\nurl = "{url}"\n{more}\n'


def _source(table: str, name: str, url: str, more: str = "") -> str:
    return f'[[tool.{table}.source]]\nname = "{name}"\nurl = "{url}"\n{more}\n'


_ALL: Final = ((HEALTHY, DIRECT), (HEALTHY, TRANSITIVE), (401, DIRECT), (403, TRANSITIVE), (404, DIRECT), (503, DIRECT))
_CREDENTIALS: Final = {"UV_INDEX_ACME_USERNAME": "aws", "UV_INDEX_ACME_PASSWORD": "TOKEN"}
_POETRY: Final = {"POETRY_HTTP_BASIC_ACME_USERNAME": "aws", "POETRY_HTTP_BASIC_ACME_PASSWORD": "TOKEN"}
_PDM: Final = {"PDM_ACME_USERNAME": "aws", "PDM_ACME_PASSWORD": "TOKEN"}
_PINNED: Final = f'[tool.uv.sources]\n{PLACEHOLDER} = {{ index = "acme" }}\n\n' + _uv_index(
    "acme", "OURS", "explicit = true\n"
)


def _bads() -> tuple[Bad, ...]:
    pip, uv, uv_pip = INSTALLERS["pip"], INSTALLERS["uv"], INSTALLERS["uv pip"]
    extra = {"PIP_INDEX_URL": "OURS", "PIP_EXTRA_INDEX_URL": "STRANGERS"}
    first = _uv_index("acme", "OURS") + _uv_index("public", "STRANGERS", "default = true\n")
    found = [
        Bad("pip with an extra index", pip, _ALL, variables={**extra, "PIP_INDEX_URL": "WITH_TOKEN"}),
        Bad(
            "Hatch with an extra index of pip",
            INSTALLERS["Hatch"],
            ((HEALTHY, TRANSITIVE), (401, DIRECT)),
            variables={**extra, "PIP_INDEX_URL": "WITH_TOKEN"},
        ),
        Bad(
            "Hatch with an extra index of uv",
            INSTALLERS["Hatch with uv"],
            ((HEALTHY, DIRECT), (404, TRANSITIVE)),
            variables={"UV_DEFAULT_INDEX": "WITH_TOKEN", "UV_EXTRA_INDEX_URL": "STRANGERS"},
        ),
        Bad("uv with PyPI behind the private index", uv, ((404, DIRECT), (404, TRANSITIVE)), first, _CREDENTIALS),
        Bad(
            "uv with `unsafe-best-match`",
            uv,
            _ALL[:-1],
            first,
            {**_CREDENTIALS, "UV_INDEX_STRATEGY": "unsafe-best-match"},
        ),
        Bad(
            "uv with `unsafe-first-match`",
            uv,
            ((401, DIRECT), (403, TRANSITIVE), (404, DIRECT)),
            first,
            {**_CREDENTIALS, "UV_INDEX_STRATEGY": "unsafe-first-match"},
        ),
        Bad(
            "uv with the private index as the default, and another",
            uv,
            _ALL,
            _uv_index("public", "STRANGERS") + _uv_index("acme", "OURS", "default = true\n"),
            _CREDENTIALS,
        ),
        Bad(
            "uv with an `explicit` index, and what is asked for pinned to it",
            uv,
            ((HEALTHY, TRANSITIVE),),
            _PINNED + _uv_index("public", "STRANGERS", "default = true\n"),
            _CREDENTIALS,
        ),
        Bad(
            "uv pip with an extra index",
            uv_pip,
            _ALL,
            variables={"UV_INDEX_URL": "WITH_TOKEN", "UV_EXTRA_INDEX_URL": "STRANGERS"},
        ),
    ]
    for name in ("Poetry 1.8", "Poetry 2"):
        ours = _source("poetry", "acme", "OURS", 'priority = "primary"\n')
        found += [
            Bad(
                f"{name} with PyPI as a supplemental source",
                INSTALLERS[name],
                ((401, DIRECT), (403, TRANSITIVE), (404, DIRECT)),
                ours + _source("poetry", "public", "STRANGERS", 'priority = "supplemental"\n'),
                _POETRY,
            ),
            Bad(
                f"{name} with the private index as a supplemental source",
                INSTALLERS[name],
                ((HEALTHY, DIRECT), (HEALTHY, TRANSITIVE), (503, DIRECT)),
                _source("poetry", "public", "STRANGERS", 'priority = "primary"\n')
                + ours.replace("primary", "supplemental"),
                _POETRY,
            ),
        ]
    sources = _source("pdm", "acme", "OURS") + _source("pdm", "pypi", "STRANGERS")
    found += [
        Bad("PDM with PyPI beside the private source", INSTALLERS["PDM"], _ALL, sources, _PDM),
        Bad(
            "PDM with `respect-source-order`",
            INSTALLERS["PDM"],
            ((401, DIRECT), (404, TRANSITIVE)),
            f"[tool.pdm.resolution]\nrespect-source-order = true\n\n{sources}",
            _PDM,
        ),
    ]
    return tuple(found)


KNOWN_BAD: Final = _bads()
