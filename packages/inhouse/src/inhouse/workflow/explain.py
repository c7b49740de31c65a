"""Explains what an installer gets of a name, from the repository of the project at hand or from any other."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from packaging.utils import NormalizedName

from inhouse.codeartifact.explain.findings import Explanation
from inhouse.codeartifact.explain.reasoning import explain
from inhouse.codeartifact.interface import Repository
from inhouse.errors import RepositoryNotNamedError
from inhouse.project.manifest import Coordinates, InhouseTable, Manifest
from inhouse.settings import Settings
from inhouse.workflow.defaults import known_owner


def explain_name(
    name: NormalizedName,
    version: str,
    coordinates: Coordinates,
    connect: Callable[[Coordinates], Repository],
    manifest: Manifest | None,
) -> Explanation:
    """Explain what an installer gets of a name.

    Args:
        name: The project's name, normalised.
        version: The version that is asked for; "" for whichever is taken.
        coordinates: The repository that is asked.
        connect: Gives access to it.
        manifest: The project at hand, whose name is ours; None for none.

    Raises:
        RepositoryError: The repository does not answer, or does not exist.
    """
    is_project = manifest is not None and manifest.normalized_name == name
    return explain(replace(connect(coordinates).facts(name), is_project=is_project), version)


def find_coordinates(
    given: Mapping[str, str],
    table: InhouseTable | None,
    settings: Settings,
    configured_region: Callable[[Settings], str],
    connect: Callable[[Coordinates], Repository],
) -> Coordinates:
    """Find out which repository is meant: what is given wins, then the project at hand, then what the machine knows.

    The project counts as far as it is about the same domain.

    Args:
        given: By the names of `Coordinates`; what is not given is missing.
        table: The table `[tool.inhouse]` of the project at hand; None for none.
        settings: The settings of the run.
        configured_region: Tells the region as AWS's own configuration has it; "" if it has none.
        connect: Gives access to a repository; it is asked who we are when nothing else tells the owner.

    Raises:
        RepositoryNotNamedError: Something is not known.
        RepositoryError: The owner is not told.
    """
    mine = table.coordinates if table is not None else None
    if mine is not None and given.get("domain", mine.domain) != mine.domain:
        mine = None
    domain = given.get("domain") or (mine.domain if mine else "")
    repository = given.get("repository") or (mine.repository if mine else "")
    region = given.get("region") or (mine.region if mine else configured_region(settings))
    missing = [
        flag for flag, value in (("--domain", domain), ("--repository", repository), ("--region", region)) if not value
    ]
    if missing:
        raise RepositoryNotNamedError(missing)
    owner = given.get("owner") or (mine.owner if mine else known_owner(settings, domain))
    if not owner:
        # Source: CodeArtifact API reference: whoever does not name a domain's owner means their own account.
        owner = connect(Coordinates(domain, "", region, repository)).identity().account
    return Coordinates(domain, owner, region, repository)
