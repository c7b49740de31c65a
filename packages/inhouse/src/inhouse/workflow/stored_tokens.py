"""Finds the tokens for our repository that tools take from files and variables, and tries them on it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from inhouse.access.interface import Mention, Role
from inhouse.codeartifact.probing import Probe, probe
from inhouse.diagnosis.credentials import Standing, Stored
from inhouse.diagnosis.indexes import Wanted, address_of
from inhouse.diagnosis.variables import Credential, credentials
from inhouse.errors import ToolFileError
from inhouse.project.address import read_address
from inhouse.tools.locations import Scope, Tool
from inhouse.workflow.check_config import Project
from inhouse.workflow.surroundings import ToolFileFacts
from inhouse.workflow.tool_files import read_journal
from inhouse.workflow.troubles import attempt
from inhouse.workflow.world import World

__all__ = ["stored_tokens"]


def stored_tokens(
    world: World,
    files: Sequence[ToolFileFacts],
    wanted: Wanted,
    project: Project | None,
    tools: frozenset[Tool],
) -> Iterator[Stored]:
    """Yield the tokens for our repository, with what it says of each."""
    index, trial, written = _index_name(project), _Trial(world, project), _by_login(world)
    for file in files:
        for mention in file.reading.mentions:
            url = _meant(mention, wanted, index)
            if mention.is_secret and url is not None:
                yield Stored(
                    f"{file.shown}: {mention.key}",
                    file.tool,
                    file.scope,
                    trial.standing(url, mention.password),
                    mention.password,
                    str(file.path),
                    mention.key,
                    by_login=file.path in written,
                )
    for each in credentials(world.settings.environment):
        if each.tool is None or each.tool in tools:
            url = _meant_by_variable(each, wanted, index)
            if url is not None:
                standing = trial.standing(url, each.password)
                yield Stored(each.variable, each.tool, Scope.VARIABLE, standing, each.password)


def _by_login(world: World) -> frozenset[Path]:
    try:
        return frozenset(record.path for record in read_journal(world.machine))
    except ToolFileError:
        return frozenset()


class _Trial:
    """Shows tokens to the repository that they are for, each once; nobody else's is shown to it, nor ours to others."""

    def __init__(self, world: World, project: Project | None) -> None:
        self._world = world
        self._name = project.name if project is not None and project.name else "inhouse"
        self._known: dict[tuple[str, str], Standing] = {}

    def standing(self, url: str, password: str) -> Standing:
        """Return what the repository at an address says of a token."""
        # A `Basic` header of other characters is read in more than one way.
        if not url or self._world.connect is None or not password.isascii():
            return Standing.UNKNOWN
        if (url, password) not in self._known:
            self._known[url, password] = self._ask(url, password)
        return self._known[url, password]

    def _ask(self, url: str, password: str) -> Standing:
        seen = attempt(lambda: probe(f"{url}/simple/", self._name, password, timeout=self._world.timeout))
        if not isinstance(seen, Probe) or seen.status == 429 or seen.status >= 500:
            return Standing.UNKNOWN
        return Standing.STALE if seen.status == 401 else Standing.GOOD


def _index_name(project: Project | None) -> str:
    if project is None:
        return ""
    said = project.files.document.get("tool", {}).get("inhouse", {})
    name = said.get("index") if isinstance(said, Mapping) else None
    return name if isinstance(name, str) else ""


def _meant_by_variable(credential: Credential, wanted: Wanted, index: str) -> str | None:
    if credential.tool is None or not (credential.name or credential.url):
        return address_of(wanted.endpoint)  # for whatever repository is at hand; "" for none
    return _meant(Mention("", Role.CREDENTIALS, credential.name, credential.url), wanted, index)


def _meant(mention: Mention, wanted: Wanted, index: str) -> str | None:
    """Return the address of the repository of ours that credentials are for; None when they are for something else."""
    if mention.url:
        if wanted.is_it(mention.url):
            return address_of(mention.url)
        # Without a project, any repository is one of ours.
        is_any = wanted.coordinates is None and read_address(f"{address_of(mention.url)}/") is not None
        return address_of(mention.url) if is_any else None
    if not wanted.endpoint:
        return None
    address = urlsplit(wanted.endpoint)
    is_host = mention.name in {address.hostname, address.netloc}
    is_named = bool(index) and _spelled(mention.name) in {_spelled(f"{index}{end}") for end in ("", "-publish")}
    return address_of(wanted.endpoint) if is_host or is_named else None


def _spelled(name: str) -> str:
    """Return a name as it is part of a variable's name."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())
