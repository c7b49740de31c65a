"""Which function answers which operation.

An operation is a function in a module of `operations/` under `@operation("<its name in the model>")`; one that AWS does
not have is in `superset/`, under `@superset_operation(...)`, with the feature that it belongs to. It takes a `Context`
and, by keyword, the model's parameters as `arguments` names them; those that were not sent are not passed, and those of
paging are read through `Context.page`. It returns the output's members by the model's names; None means not set. That
is all there is to adding one.
"""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from inhouse_server import compat
from inhouse_server.blobs import BlobStore
from inhouse_server.control_plane.protocol import pagination
from inhouse_server.control_plane.protocol.pagination import Page
from inhouse_server.faults import Faults
from inhouse_server.movable_clock import MovableClock
from inhouse_server.services.access import Access, Caller
from inhouse_server.services.assets import Assets
from inhouse_server.services.copying import Copying
from inhouse_server.services.domains import Domains
from inhouse_server.services.generic_publishing import GenericPublishing
from inhouse_server.services.inventory import Inventory
from inhouse_server.services.package_changes import PackageChanges
from inhouse_server.services.package_groups import PackageGroups
from inhouse_server.services.permissions import Permissions
from inhouse_server.services.projects import Projects
from inhouse_server.services.repositories import Repositories
from inhouse_server.services.sessions import Sessions
from inhouse_server.services.tags import Tags
from inhouse_server.services.version_changes import VersionChanges
from inhouse_server.supersets import Compatibility, Feature

Result = Mapping[str, object]
Function = Callable[..., Result]
_Function = TypeVar("_Function", bound=Function)


CODEARTIFACT = "codeartifact"
INHOUSE = "inhouse"
_PACKAGES = {
    CODEARTIFACT: "inhouse_server.control_plane.operations",
    INHOUSE: "inhouse_server.control_plane.superset",
}


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases that operations call.

    Attributes:
        store: Where bodies are written to, while they arrive, that are too long to be held in memory.
        features: What the server does beyond AWS.
        clock: Moved by tests, where they may.
        faults: Asked for by tests, where they may.
    """

    access: Access
    domains: Domains
    repositories: Repositories
    inventory: Inventory
    package_groups: PackageGroups
    tags: Tags
    package_changes: PackageChanges
    version_changes: VersionChanges
    copying: Copying
    assets: Assets
    generic_publishing: GenericPublishing
    store: BlobStore
    permissions: Permissions
    sessions: Sessions
    projects: Projects
    compatibility: Compatibility
    features: frozenset[Feature]
    clock: MovableClock
    faults: Faults


@dataclass(frozen=True, slots=True)
class Context:
    """What an operation knows beside its parameters.

    Attributes:
        operation: Its name.
        parameters: As decoded, by the model's member names.
        caller: Who signed the request.
        base_url: Of the server as the client sees it, without a slash at the end.
    """

    operation: str
    parameters: Mapping[str, object]
    caller: Caller
    services: Services
    base_url: str

    def require(self, resource_arn: str) -> None:
        """Return if the caller may do the operation, one of our own, on a resource.

        Raises:
            AccessDeniedError: The caller may not.
        """
        self.services.access.require(self.caller.principal, f"{INHOUSE}:{self.operation}", resource_arn)

    def page(self, key_length: int = 1) -> Page:
        """Return the page that the parameters ask for; `key_length` is how many parts a result's key has."""
        default = compat.DEFAULT_PAGE_SIZES.get(self.operation, compat.DEFAULT_PAGE_SIZE)
        asker = f"{self.caller.principal.account} {self.caller.region}"
        return pagination.read(
            self.operation, self.parameters, asker=asker, default_limit=default, key_length=key_length
        )


@dataclass(frozen=True, slots=True)
class _Registered:
    """A function that answers an operation.

    Attributes:
        feature: What the operation belongs to; None for AWS's own, which are always there.
    """

    function: Function
    feature: Feature | None


_table: dict[tuple[str, str], _Registered] = {}
"""What answers each operation, by its service and name."""


def operation(name: str) -> Callable[[_Function], _Function]:
    """Return a decorator that makes a function answer the operation `name` of CodeArtifact.

    Raises:
        ValueError: Another function answers it already.
    """
    return partial(_register, CODEARTIFACT, name, None)


def superset_operation(name: str, feature: Feature) -> Callable[[_Function], _Function]:
    """Return a decorator that makes a function answer an operation that AWS does not have.

    Args:
        name: In our own service model.
        feature: What it belongs to; where that is off, there is no such operation.

    Raises:
        ValueError: Another function answers it already.
    """
    return partial(_register, INHOUSE, name, feature)


def _register(service: str, name: str, feature: Feature | None, function: _Function) -> _Function:
    if (service, name) in _table:
        raise ValueError(f"two functions answer {name}")
    _table[service, name] = _Registered(function, feature)
    return function


def operations(service: str = CODEARTIFACT) -> Mapping[str, Function]:
    """Return all functions of a service by the operation they answer, from all modules of its package."""
    return {name: registered.function for name, registered in _of(service).items()}


def superset_operations(enabled: Collection[Feature]) -> Mapping[str, Function]:
    """Return those functions of our own service whose features are enabled."""
    return {name: registered.function for name, registered in _of(INHOUSE).items() if registered.feature in enabled}


def _of(service: str) -> Mapping[str, _Registered]:
    package = importlib.import_module(_PACKAGES[service])
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return {name: registered for (of, name), registered in _table.items() if of == service}
