"""Gathers what there is to know of a name: CodeArtifact's API, with operations that only read, and the project page.

What is refused or fails is recorded as unknown, and the rest is gathered all the same. Only what makes asking pointless
ends it: nobody answers, the credentials are not accepted, or there is no such domain or repository.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final, TypeVar

from packaging.utils import NormalizedName

from inhouse.codeartifact.capabilities import Capabilities
from inhouse.codeartifact.explain.capabilities import closes_own_names
from inhouse.codeartifact.explain.facts import (
    Controls,
    Fact,
    Facts,
    Gate,
    Group,
    Known,
    Links,
    Mode,
    OriginType,
    Page,
    Place,
    Record,
    Restriction,
    Status,
    Unknown,
)
from inhouse.codeartifact.interface import PublishedFile
from inhouse.codeartifact.translation import translated
from inhouse.errors import AccessDeniedError, NotFoundError, RepositoryError, ServiceError
from inhouse.project.manifest import Coordinates

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient
    from mypy_boto3_codeartifact.type_defs import PackageGroupDescriptionTypeDef, RepositoryDescriptionTypeDef

LONGEST_SEARCH: Final = 25
"""How many repositories a search visits. Source: CodeArtifact user guide, quotas."""

_UNAVAILABLE: Final = "HTTP 503"
"""How `ServiceError` names the answer of a repository whose public source does not answer."""

_REFUSED: Final = "it is not allowed to you"
_AUTHORIZATION: Final = "codeartifact:GetAuthorizationToken"
_BEARER: Final = "sts:GetServiceBearerToken"

T = TypeVar("T")


def gather_facts(
    client: "CodeArtifactClient",
    coordinates: Coordinates,
    name: NormalizedName,
    read_page: Callable[[], Iterable[PublishedFile]],
    ask_capabilities: Callable[[], Capabilities | None],
) -> Facts:
    """Gather what there is to know.

    Args:
        client: The client to ask with.
        coordinates: The repository that is asked.
        name: The project's name, normalised.
        read_page: Reads the project's page in that repository, as `Repository.published` does.
        ask_capabilities: Asks what the repository does beyond AWS.

    Raises:
        RepositoryError: Nobody answers, the credentials are not accepted, or there is no such domain or repository.
    """
    ask = Questions(client, coordinates, name)
    places, is_cut = ask.search()
    return Facts(
        name=name,
        coordinates=coordinates,
        places=places,
        is_cut=is_cut,
        page=_page(read_page, coordinates),
        group=ask.group(),
        closes_own_names=closes_own_names(ask_capabilities()),
    )


def _page(read: Callable[[], Iterable[PublishedFile]], coordinates: Coordinates) -> Fact[Page]:
    where = f"`{coordinates.repository}`"
    question = f"the project's page in {where}, which is what installers see"
    try:
        return Known(Page(tuple(read())))
    except AccessDeniedError as error:
        if error.operation == "GetAuthorizationToken":
            # Either of the two may be what is missing; a domain's policy cannot give the second.
            token = f"{_AUTHORIZATION} on the domain `{coordinates.domain}`"
            permission = {_AUTHORIZATION: token, _BEARER: _BEARER}.get(error.permission, f"{token} and {_BEARER}")
        else:
            permission = f"codeartifact:{error.operation or 'ReadFromRepository'} on {where}"
        return Unknown(question, _REFUSED, permission)
    except ServiceError as error:
        if error.code == _UNAVAILABLE:
            return Known(Page(failure=error.code))
        return Unknown(question, error.message)
    except RepositoryError as error:
        return Unknown(question, error.message)


class Questions:
    """The questions about one name in one repository."""

    def __init__(self, client: "CodeArtifactClient", coordinates: Coordinates, name: NormalizedName) -> None:
        self._client = client
        self._coordinates = coordinates
        self._name = name

    def search(self) -> tuple[tuple[Place, ...], bool]:
        """Walk the repositories: depth first, each once, at most as many as a lookup does.

        Returns:
            The repositories, and whether some were left.

        Source: CodeArtifact user guide, "Upstream repository priority order".
        """
        places, is_cut = self._walk(self._place, lambda place: place.links)
        return tuple(places.values()), is_cut

    def repositories(self) -> tuple[tuple[str, ...], tuple[Unknown, ...]]:
        """Walk the repositories as `search` does, without looking at the name.

        Returns:
            The repositories, and what is not known of where to look further.
        """
        found, _ = self._walk(self.links, lambda links: links)
        return tuple(found), tuple(links for links in found.values() if isinstance(links, Unknown))

    def links(self, repository: str) -> Fact[Links]:
        """Ask where a repository looks further."""

        def links() -> Links:
            answer = self._client.describe_repository(
                domain=self._coordinates.domain, domainOwner=self._coordinates.owner, repository=repository
            )
            return _links(answer["repository"])

        is_entry = repository == self._coordinates.repository
        behind = f"the upstreams of `{repository}` and its connections"
        return self._ask(links, behind, "DescribeRepository", repository, must_exist=is_entry)

    def group(self) -> Fact[Group]:
        """Ask for the package's group."""

        def ask() -> Group:
            answer = self._client.get_associated_package_group(
                domain=self._coordinates.domain,
                domainOwner=self._coordinates.owner,
                format="pypi",
                package=self._name,
            )
            group = answer["packageGroup"]
            return Group(group["pattern"], answer["associationType"] == "STRONG", self._restrictions(group))

        return self._ask(ask, "the package group of the name", "GetAssociatedPackageGroup")

    def _walk(self, visit: Callable[[str], T], links_of: Callable[[T], Fact[Links]]) -> tuple[dict[str, T], bool]:
        """Visit the repositories in a lookup's order; return what was found in each, and whether some were left."""
        found: dict[str, T] = {}
        pending = [self._coordinates.repository]
        while pending and len(found) < LONGEST_SEARCH:
            repository = pending.pop()
            if repository not in found:
                visited = found[repository] = visit(repository)
                links = links_of(visited)
                if isinstance(links, Known):
                    pending.extend(reversed(links.value.upstreams))
        return found, any(repository not in found for repository in pending)

    def _place(self, repository: str) -> Place:
        def controls() -> Controls | None:
            try:
                with self._translated(repository):
                    answer = self._client.describe_package(
                        domain=self._coordinates.domain,
                        domainOwner=self._coordinates.owner,
                        repository=repository,
                        format="pypi",
                        package=self._name,
                    )
            except NotFoundError:
                return None
            said = answer["package"]["originConfiguration"]["restrictions"]
            return Controls(publish=said["publish"] == "ALLOW", upstream=said["upstream"] == "ALLOW")

        def records() -> tuple[Record, ...]:
            pages = self._client.get_paginator("list_package_versions").paginate(
                domain=self._coordinates.domain,
                domainOwner=self._coordinates.owner,
                repository=repository,
                format="pypi",
                package=self._name,
            )
            found = []
            try:
                with self._translated(repository):
                    for page in pages:
                        for version in page["versions"]:
                            origin = version.get("origin", {})
                            entry = origin.get("domainEntryPoint", {})
                            source = entry.get("externalConnectionName") or entry.get("repositoryName") or ""
                            kind = OriginType(origin.get("originType", "UNKNOWN"))
                            found.append(Record(version["version"], Status(version["status"]), kind, source))
            except NotFoundError:
                return ()
            return tuple(found)

        where = f"`{repository}`"
        return Place(
            repository,
            links=self.links(repository),
            controls=self._ask(
                controls, f"the origin controls of the package in {where}", "DescribePackage", repository
            ),
            records=self._ask(records, f"the versions that {where} holds", "ListPackageVersions", repository),
        )

    def _restrictions(self, group: "PackageGroupDescriptionTypeDef") -> dict[Gate, Restriction]:
        said = group.get("originConfiguration", {}).get("restrictions", {})
        restrictions = {}
        for gate in Gate:
            # A mode that we have never heard of is left out, and so unknown.
            if gate.value in said and said[gate.value].get("effectiveMode") in set(Mode):
                mode = Mode(said[gate.value]["effectiveMode"])
                source = said[gate.value].get("inheritedFrom", {}).get("pattern") or group["pattern"]
                restrictions[gate] = Restriction(mode, source, self._allowed(gate, mode, source))
        return restrictions

    def _allowed(self, gate: Gate, mode: Mode, pattern: str) -> Fact[tuple[str, ...]]:
        if mode is not Mode.ALLOW_SPECIFIC_REPOSITORIES:
            return Known(())

        def ask() -> tuple[str, ...]:
            pages = self._client.get_paginator("list_allowed_repositories_for_group").paginate(
                domain=self._coordinates.domain,
                domainOwner=self._coordinates.owner,
                packageGroup=pattern,
                originRestrictionType=gate.value,
            )
            return tuple(repository for page in pages for repository in page.get("allowedRepositories", ()))

        question = f"the repositories that the package group {pattern} allows for {gate}"
        return self._ask(ask, question, "ListAllowedRepositoriesForGroup")

    def _ask(
        self, ask: Callable[[], T], question: str, operation: str, repository: str = "", *, must_exist: bool = False
    ) -> Fact[T]:
        """Ask, and record as unknown what is refused.

        Args:
            ask: Asks.
            question: What is asked for, in words.
            operation: The operation, which is also the permission.
            repository: Where the permission is needed; "" for the domain.
            must_exist: Whether there is nothing to explain when it does not exist.

        Raises:
            RepositoryError: Asking on is pointless.
        """
        try:
            with self._translated(repository):
                return Known(ask())
        except AccessDeniedError:
            where = f"`{repository}`" if repository else f"the domain `{self._coordinates.domain}`"
            return Unknown(question, _REFUSED, f"codeartifact:{operation} on {where}")
        except NotFoundError as error:
            if must_exist:
                raise
            return Unknown(question, error.message)
        except ServiceError as error:
            return Unknown(question, error.message)

    def _translated(self, repository: str) -> AbstractContextManager[None]:
        coordinates = self._coordinates
        domain = f"the domain `{coordinates.domain}` of {coordinates.owner}"
        missing = f"the repository `{repository}` of {domain}" if repository else domain
        return translated(self._client.meta.endpoint_url, missing=missing)


def _links(repository: "RepositoryDescriptionTypeDef") -> Links:
    upstreams = tuple(each["repositoryName"] for each in repository.get("upstreams", []))
    sources = (
        each["externalConnectionName"]
        for each in repository.get("externalConnections", [])
        if each.get("packageFormat") == "pypi"
    )
    return Links(upstreams, next(sources, ""))
