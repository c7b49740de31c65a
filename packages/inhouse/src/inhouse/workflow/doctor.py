"""Finds what makes installs wrong or fail: in the project, in what the user and the machine add to it, on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inhouse.codeartifact.explain.facts import Known
from inhouse.codeartifact.interface import Identity, Repository
from inhouse.codeartifact.name_facts import NameFacts, Owner
from inhouse.codeartifact.probing import Probe, probe
from inhouse.diagnosis.credentials import PrivateFile, Standing, Stored, check_files, check_stored
from inhouse.diagnosis.declared import merged
from inhouse.diagnosis.exceptions import apply_exceptions, read_exceptions
from inhouse.diagnosis.findings import Finding, Severity, by_danger
from inhouse.diagnosis.indexes import Wanted, check_indexes, check_strategies
from inhouse.diagnosis.programs import check_backend, check_keyrings, check_programs
from inhouse.diagnosis.reach import Chosen, Reach, Trouble, check_reach
from inhouse.diagnosis.reservations import check_names
from inhouse.diagnosis.variables import sources
from inhouse.errors import RepositoryError, RepositoryUnreachableError
from inhouse.project.manifest import Coordinates
from inhouse.tools.locations import Tool
from inhouse.workflow.access import Access
from inhouse.workflow.check_config import Project, check_project, names_of, read_project
from inhouse.workflow.programs import keyrings, needs, programs
from inhouse.workflow.stored_tokens import stored_tokens
from inhouse.workflow.surroundings import ToolFileFacts, mode_of, shown_path, tool_files
from inhouse.workflow.tools_at_hand import has_our_backend
from inhouse.workflow.troubles import attempt
from inhouse.workflow.world import World
from inhouse_keyring.memory import token_folder

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """What was found.

    Attributes:
        findings: What is wrong, the most dangerous first; what the project lets pass is among the notes.
        coordinates: The project's repository; None when there is none.
        endpoint: Where it is, as far as it was told.
        identity: Who asks, as far as it was told.
        is_asked: Whether the repository was asked.
        names: How many names were looked at.
    """

    findings: tuple[Finding, ...]
    coordinates: Coordinates | None = None
    endpoint: str = ""
    identity: Identity | None = None
    is_asked: bool = False
    names: int = 0

    @property
    def is_ill(self) -> bool:
        """Whether there is more than notes."""
        return any(finding.severity is not Severity.NOTE for finding in self.findings)


def diagnose(root: Path | None, world: World, tools: Sequence[Tool] = ()) -> Diagnosis:
    """Find what makes installs wrong or fail.

    Args:
        root: The project's folder; None when there is no project at hand.
        world: What lies outside of it.
        tools: The tools to look at; none is all.
    """
    chosen = frozenset(tools or Tool)
    project = read_project(root) if root is not None else None
    wanted = project.wanted if project is not None else Wanted()
    prefix = root / ".venv" if root is not None else None
    files = tuple(tool_files(world.machine, tuple(tool for tool in Tool if tool in chosen), prefix))
    reach, wanted = _reach(world, wanted, project)
    names = _names(world, project, reach)
    stored = tuple(stored_tokens(world, files, wanted, project, chosen))
    wanting = tuple(needs(world, files, project, stored, chosen))
    used = {wanted.manager, *(need.tool for need in wanting)}
    found = [
        *(check_project(project) if project is not None else ()),
        *_sources(world, project, files, wanted, chosen),
        *check_stored(stored),
        *check_files(_private(world, files)),
        *(check_reach(reach) if reach is not None else ()),
        *check_names(names),
        *check_keyrings(keyrings(world, root) if wanting else (), wanting),
        *_poetry(world, wanted, stored, chosen),
        *check_programs(programs(world, [tool for tool in chosen if tool in used])),
    ]
    exceptions = read_exceptions(project.files.document) if project is not None else ()
    excepted = apply_exceptions(found, exceptions, checked=())
    return Diagnosis(
        by_danger((*excepted.kept, *excepted.let_pass)),
        wanted.coordinates,
        reach.endpoint if reach is not None and isinstance(reach.endpoint, str) else wanted.endpoint,
        reach.identity if reach is not None and isinstance(reach.identity, Identity) else None,
        is_asked=reach is not None,
        names=len(names),
    )


def _sources(
    world: World, project: Project | None, files: Sequence[ToolFileFacts], wanted: Wanted, tools: frozenset[Tool]
) -> Iterator[Finding]:
    declared = merged(
        *([project.files.declared] if project is not None else []),
        sources(world.settings.environment),
        *(each.declared for each in files),
    )
    yield from (each.trouble for each in files if each.trouble is not None)
    asked = [each for each in declared.asked if each.tool in tools]
    # A manager that is not looked at cannot lack an index.
    yield from check_indexes(asked, wanted if wanted.manager in tools else replace(wanted, manager=None))
    if Tool.UV in tools:
        yield from check_strategies(declared.strategies)


def _private(world: World, files: Sequence[ToolFileFacts]) -> Iterator[PrivateFile]:
    for each in files:
        if any(mention.is_secret for mention in each.reading.mentions):
            yield PrivateFile(str(each.path), each.shown, each.mode)
    folder = Path(token_folder(world.settings.environment))
    for path in (folder, *(folder.iterdir() if folder.is_dir() else ())):
        if path.exists():
            yield PrivateFile(str(path), shown_path(path, world.machine.home), mode_of(path))


def _reach(world: World, wanted: Wanted, project: Project | None) -> tuple[Reach | None, Wanted]:
    """Ask the repository; return what came of it, and where packages should come from, now that it is known better."""
    coordinates = wanted.coordinates
    if coordinates is None or world.connect is None:
        return None, wanted
    repository = world.connect(coordinates)
    endpoint = attempt(repository.endpoint)
    identity = attempt(repository.identity)
    token = attempt(repository.token)
    address = endpoint if isinstance(endpoint, str) else wanted.endpoint
    wanted = wanted if wanted.endpoint else replace(wanted, endpoint=address)
    name = project.name if project is not None and project.name else "inhouse"
    page: Trouble | None = None
    skew: float | None = None
    if address:
        seen = attempt(lambda: probe(f"{address}simple/", name, timeout=world.timeout, clock=world.clock))
        if isinstance(seen, Probe):
            skew = seen.skew
        else:
            page = seen
        if page is None and not isinstance(token, Trouble):
            read = attempt(lambda: repository.published(f"{address}simple/", name))
            page = read if isinstance(read, Trouble) else None
    reach = Reach(
        coordinates,
        _chosen(world, coordinates),
        identity,
        token if isinstance(token, Trouble) else None,
        endpoint,
        page,
        skew,
    )
    return reach, wanted


def _chosen(world: World, coordinates: Coordinates) -> Chosen:
    """Return which credentials are taken, and what decides it: the order of `Settings.profile_for`, then of AWS."""
    settings, environment = world.settings, world.settings.environment
    configured = settings.profiles.get(f"{coordinates.domain}-{coordinates.owner}", "")
    profile = settings.profile_for(coordinates.domain, coordinates.owner) or ""
    if profile:
        origin = "[profiles] of the user configuration"
        if settings.profile is not None:
            said = environment.get("INHOUSE_PROFILE")
            origin = "the variable INHOUSE_PROFILE" if said else "`profile` of the user configuration"
            origin = "the flag --profile" if "profile" in world.flags else origin
    elif environment.get("AWS_ACCESS_KEY_ID"):
        origin = "the variable AWS_ACCESS_KEY_ID"
    elif environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE"):
        origin = "the variable AWS_PROFILE"
    else:
        origin = "AWS's own rules"
    return Chosen(profile, origin, configured)


def _names(world: World, project: Project | None, reach: Reach | None) -> tuple[NameFacts, ...]:
    """Ask about names, once it is known that asking has a point."""
    if project is None or reach is None or world.connect is None or isinstance(reach.identity, Trouble):
        return ()
    try:
        names = names_of(project, world.connect)
    except RepositoryError:
        return ()  # why, `check_reach` says
    if world.is_public is None:
        return names
    ours = (Known(Owner.PROJECT), Known(Owner.INTERNAL), Known(Owner.NOBODY))
    return tuple(
        replace(facts, on_pypi=world.is_public(facts.name)) if facts.owner in ours else facts for facts in names
    )


def _poetry(world: World, wanted: Wanted, stored: Sequence[Stored], tools: frozenset[Tool]) -> Iterator[Finding]:
    """Yield that Poetry, which manages the project, has nothing that gives it credentials."""
    served = {each.tool for each in stored if each.standing is not Standing.STALE}
    is_asked = wanted.manager is Tool.POETRY and Tool.POETRY in tools and not served & {Tool.POETRY, Tool.NETRC}
    if not is_asked or wanted.coordinates is None:
        return
    connect = world.connect or _nobody
    access = Access(world.settings, world.machine, world.runner, lambda _: None, wanted.coordinates, connect)
    yield from check_backend(Tool.POETRY, answers=has_our_backend(access, Tool.POETRY))


def _nobody(coordinates: Coordinates) -> Repository:
    hint = "leave out --offline"
    raise RepositoryUnreachableError(coordinates.repository, "nobody is asked", hint=hint)
