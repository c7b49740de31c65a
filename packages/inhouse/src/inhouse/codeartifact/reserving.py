"""Package groups that reserve names: looked at, made and changed through CodeArtifact's API."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from inhouse.codeartifact.translation import translated
from inhouse.errors import AccessDeniedError, NotFoundError
from inhouse.project.manifest import Coordinates

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

__all__ = ["GroupReservations", "GroupState", "Held", "Reservations"]


@dataclass(frozen=True)
class GroupState:
    """A package group as it is.

    Attributes:
        pattern: Its pattern.
        modes: What is set in it itself: way in to mode, `INHERIT` included.
        publishers: The repositories on its list for publishing.
        contact: Its contact information.
    """

    pattern: str
    modes: Mapping[str, str] = field(default_factory=dict)
    publishers: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True)
class Held:
    """A package that a group holds, or would hold.

    Attributes:
        name: Its name.
        is_strong: Whether the pattern stands for it; else it only looks like one that it stands for.
        public_in: The repositories that hold versions of it from a public source.
        is_known: Whether all repositories were seen.
    """

    name: str
    is_strong: bool
    public_in: tuple[str, ...] = ()
    is_known: bool = True


class Reservations(Protocol):
    """The package groups of a domain.

    Every method raises `RepositoryError`, or one of its children, when the repository does not answer as asked.
    """

    def state(self, pattern: str) -> GroupState | None:
        """Return the group of exactly a pattern; None when there is none."""
        ...

    def held(self, pattern: str) -> tuple[Held, ...]:
        """Return the packages that a group holds, or would hold if there were one of that pattern."""
        ...

    def create(self, pattern: str, contact: str) -> None:
        """Make a group; it inherits everything."""
        ...

    def set_contact(self, pattern: str, contact: str) -> None:
        """Change whom to ask about a group."""
        ...

    def restrict(self, pattern: str, modes: Mapping[str, str], add: Sequence[str], remove: Sequence[str]) -> None:
        """Set ways in of a group, and change the list of the repositories that may publish."""
        ...


class GroupReservations:
    """The package groups of a domain behind CodeArtifact's API; see `Reservations`."""

    def __init__(self, client: "CodeArtifactClient", coordinates: Coordinates) -> None:
        self._client = client
        self._domain: Any = {"domain": coordinates.domain, "domainOwner": coordinates.owner}
        self._name = f"the domain `{coordinates.domain}` of {coordinates.owner}"

    def state(self, pattern: str) -> GroupState | None:
        """Return the group of exactly a pattern; None when there is none."""
        try:
            with self._translated(f"the package group {pattern}"):
                group = self._client.describe_package_group(**self._domain, packageGroup=pattern)["packageGroup"]
        except NotFoundError:
            return None
        said = group.get("originConfiguration", {}).get("restrictions", {})
        modes = {str(gate): str(each.get("mode", "INHERIT")) for gate, each in said.items()}
        listed: tuple[str, ...] = ()
        if modes.get("PUBLISH") == "ALLOW_SPECIFIC_REPOSITORIES":
            pages = self._client.get_paginator("list_allowed_repositories_for_group").paginate(
                **self._domain, packageGroup=pattern, originRestrictionType="PUBLISH"
            )
            with self._translated(f"the package group {pattern}"):
                listed = tuple(name for page in pages for name in page.get("allowedRepositories", ()))
        return GroupState(group["pattern"], modes, listed, group.get("contactInfo") or "")

    def held(self, pattern: str) -> tuple[Held, ...]:
        """Return the packages that a group holds, or would hold if there were one of that pattern."""
        with self._translated(self._name):
            pages = self._client.get_paginator("list_associated_packages").paginate(
                **self._domain, packageGroup=pattern, preview=True
            )
            found = {
                each["package"]: each["associationType"] == "STRONG"
                for page in pages
                for each in page.get("packages", ())
                if each.get("format") == "pypi"
            }
            repositories = list(self._repositories()) if found else []
        return tuple(self._held(name, repositories, is_strong=found[name]) for name in sorted(found))

    def create(self, pattern: str, contact: str) -> None:
        """Make a group; it inherits everything."""
        about: Any = {"contactInfo": contact} if contact else {}
        with self._translated(self._name):
            self._client.create_package_group(**self._domain, packageGroup=pattern, **about)

    def set_contact(self, pattern: str, contact: str) -> None:
        """Change whom to ask about a group."""
        with self._translated(f"the package group {pattern}"):
            self._client.update_package_group(**self._domain, packageGroup=pattern, contactInfo=contact)

    def restrict(self, pattern: str, modes: Mapping[str, str], add: Sequence[str], remove: Sequence[str]) -> None:
        """Set ways in of a group, and change the list of the repositories that may publish."""
        changes: Any = {
            key: [{"originRestrictionType": "PUBLISH", "repositoryName": name} for name in names]
            for key, names in (("addAllowedRepositories", add), ("removeAllowedRepositories", remove))
            if names
        }
        if modes:
            changes["restrictions"] = dict(modes)
        with self._translated(f"the package group {pattern}, or a repository that is named,"):
            self._client.update_package_group_origin_configuration(**self._domain, packageGroup=pattern, **changes)

    def _repositories(self) -> Iterator[str]:
        pages = self._client.get_paginator("list_repositories_in_domain").paginate(**self._domain)
        return (each["name"] for page in pages for each in page["repositories"])

    def _held(self, name: str, repositories: Sequence[str], *, is_strong: bool) -> Held:
        public, is_known = [], True
        for repository in repositories:
            try:
                with self._translated(f"the repository `{repository}`"):
                    answer = self._client.list_package_versions(
                        **self._domain,
                        repository=repository,
                        format="pypi",
                        package=name,
                        originType="EXTERNAL",
                        maxResults=1,
                    )
            except NotFoundError:
                continue
            except AccessDeniedError:
                is_known = False
                continue
            if answer["versions"]:
                public.append(repository)
        return Held(name, is_strong, tuple(public), is_known)

    def _translated(self, missing: str) -> AbstractContextManager[None]:
        return translated(self._client.meta.endpoint_url, missing=missing)
