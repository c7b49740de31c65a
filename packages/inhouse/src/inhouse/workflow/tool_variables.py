"""The variables for tools, and for a program that is run with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inhouse.access.variables import variables
from inhouse.project.manager import Manager
from inhouse.tools.environment import other_indexes
from inhouse.tools.locations import Tool
from inhouse.workflow.access import Access


@dataclass(frozen=True)
class Provision:
    """What gives tools access for the length of a token.

    Attributes:
        variables: The variables.
        secrets: What of them must not be shown.
        in_the_way: Variables of the environment that name, hide or reorder other indexes.
    """

    variables: dict[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    in_the_way: tuple[str, ...] = ()


def provide(access: Access, tools: Sequence[Tool]) -> Provision:
    """Gather the variables for some tools.

    Raises:
        RepositoryError: The repository does not tell its address, or there is no token.
    """
    index = access.index()
    own = access.project_index()
    is_configured = own is not None and own.url == index.url and _is_uvs(access)
    token = access.repository().token().value
    return Provision(
        variables=variables(tools, index, token, is_configured=is_configured),
        secrets=(token,),
        in_the_way=other_indexes(access.settings.environment),
    )


def environment_with(access: Access, provision: Provision) -> dict[str, str]:
    """Return the environment for a program: the caller's, without other indexes, with the repository."""
    dropped = set(provision.in_the_way)
    kept = {name: value for name, value in access.settings.environment.items() if name not in dropped}
    return {**kept, **provision.variables}


def _is_uvs(access: Access) -> bool:
    return access.manifest is not None and access.manifest.manager is Manager.UV
