"""Gathers whose the names are that a project asks for, and which of ours no package group reserves; it only reads.

Only what decides is asked for: of a public name where it came from and no more, of ours the package group as well. What
is refused is recorded as unknown.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from packaging.utils import NormalizedName

from inhouse.codeartifact.explain.facts import Fact, Gate, Group, Known, Links, Mode, OriginType, Unknown
from inhouse.codeartifact.explain.gathering import Questions
from inhouse.codeartifact.interface import PublishedFile
from inhouse.codeartifact.name_facts import NameFacts, Owner
from inhouse.codeartifact.translation import translated
from inhouse.errors import AccessDeniedError, NotFoundError, RepositoryError, ServiceError
from inhouse.project.manifest import Coordinates

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

_AT_ONCE: Final = 8
"""How many questions are asked at the same time: a lock has hundreds of names, and AWS answers in some 50 ms."""


def gather_names(
    client: "CodeArtifactClient",
    coordinates: Coordinates,
    names: Iterable[NormalizedName],
    own: NormalizedName | None,
    read_page: Callable[[NormalizedName], Iterable[PublishedFile]],
) -> tuple[NameFacts, ...]:
    """Gather what is known of names.

    Args:
        client: The client to ask with; it is asked from several threads.
        coordinates: The repository that is asked.
        names: The names.
        own: The project's own name, which is ours whoever has it.
        read_page: Reads a project's page, as `Repository.published` does.

    Raises:
        RepositoryError: Nobody answers, the credentials are not accepted, or there is no such domain or repository.
    """
    ask = _Names(client, coordinates, own, read_page)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return tuple(pool.map(ask.facts, sorted(names)))


class _Names:
    """The questions about many names of one repository."""

    def __init__(
        self,
        client: "CodeArtifactClient",
        coordinates: Coordinates,
        own: NormalizedName | None,
        read_page: Callable[[NormalizedName], Iterable[PublishedFile]],
    ) -> None:
        self._client = client
        self._coordinates = coordinates
        self._own = own
        self._read_page = read_page
        self._search, self._hidden = Questions(client, coordinates, own or NormalizedName("any")).repositories()

    def facts(self, name: NormalizedName) -> NameFacts:
        """Gather what is known of a name."""
        owner = self._owner(name)
        if owner == Known(Owner.PUBLIC):
            return NameFacts(name, owner)
        ask = Questions(self._client, self._coordinates, name)
        group = ask.group()
        return NameFacts(name, owner, group, self._open(ask, group))

    def _owner(self, name: NormalizedName) -> Fact[Owner]:
        if name == self._own:
            return Known(Owner.PROJECT)
        origins: set[OriginType] = set()
        unknown: list[Unknown] = list(self._hidden)
        for repository in self._search:
            found = self._origins(name, repository)
            if isinstance(found, Unknown):
                unknown.append(found)
            else:
                origins |= found.value
        if OriginType.INTERNAL in origins:
            return Known(Owner.INTERNAL)
        if unknown:
            return unknown[0]
        return Known(Owner.PUBLIC) if OriginType.EXTERNAL in origins else self._unrecorded(name, origins)

    def _unrecorded(self, name: NormalizedName, origins: set[OriginType]) -> Fact[Owner]:
        """Return whose a name is of which no repository records where it came from."""
        page = self._offered(name)
        if isinstance(page, Unknown):
            return page
        if not page.value:
            return Known(Owner.NOBODY)
        if origins:
            return Unknown(f"where the versions of {name} came from", "they are older than the record of origins")
        return Known(Owner.PUBLIC)

    def _origins(self, name: NormalizedName, repository: str) -> Fact[frozenset[OriginType]]:
        pages = self._client.get_paginator("list_package_versions").paginate(
            domain=self._coordinates.domain,
            domainOwner=self._coordinates.owner,
            repository=repository,
            format="pypi",
            package=name,
        )
        question = f"whether {name} is published in `{repository}`"
        found = set()
        try:
            with translated(self._client.meta.endpoint_url, missing=f"the repository `{repository}`"):
                for page in pages:
                    found |= {
                        OriginType(version.get("origin", {}).get("originType", "UNKNOWN"))
                        for version in page["versions"]
                    }
        except NotFoundError:
            return Known(frozenset())
        except AccessDeniedError:
            permission = f"codeartifact:ListPackageVersions on `{repository}`"
            return Unknown(question, "it is not allowed to you", permission)
        except ServiceError as error:
            return Unknown(question, error.message)
        return Known(frozenset(found))

    def _offered(self, name: NormalizedName) -> Fact[bool]:
        question = f"whether anybody offers {name}"
        try:
            return Known(any(True for _ in self._read_page(name)))
        except AccessDeniedError as error:
            where = f"codeartifact:{error.operation or 'ReadFromRepository'} on `{self._coordinates.repository}`"
            return Unknown(question, "its page is not shown to you", where)
        except RepositoryError as error:
            return Unknown(question, error.message)

    def _open(self, ask: Questions, group: Fact[Group]) -> Fact[tuple[str, ...]]:
        """Return the repositories that the group lets through, and that are connected to a public source themselves.

        Those of the whole domain count: a repository with a way to PyPI of its own can be anybody's upstream tomorrow.
        """
        if isinstance(group, Unknown):
            return Known(())
        restriction = group.value.restrictions.get(Gate.EXTERNAL_UPSTREAM)
        if restriction is None or restriction.mode is not Mode.ALLOW_SPECIFIC_REPOSITORIES:
            return Known(())
        if isinstance(restriction.allowed, Unknown):
            return restriction.allowed
        found = []
        for repository in restriction.allowed.value:
            links: Fact[Links] = ask.links(repository)
            if isinstance(links, Unknown):
                return links
            if links.value.source:
                found.append(repository)
        return Known(tuple(found))
