"""Package groups: make, describe, list, change, delete; and which packages belong to them.

What a group is described with beside its own row - its parent, the modes it inherits - follows from the groups that
exist at that moment: nothing is kept that the making or deleting of another group would make wrong.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from inhouse_server import compat
from inhouse_server.catalog import Database, domains, package_groups, repositories, tags
from inhouse_server.errors import ConflictError, InvalidRequestError, NotFoundError, ResourceType
from inhouse_server.model import (
    Association,
    Clock,
    Domain,
    GroupMode,
    GroupRestriction,
    PackageFormat,
    PackageGroup,
    Repository,
)
from inhouse_server.rules.group_patterns import PackagePath, check_path, parse
from inhouse_server.rules.package_groups import ancestors, associate, source_of
from inhouse_server.services.access import Access, Caller, domain_arn, domain_not_found, package_group_arn
from inhouse_server.services.domains import check_tag_count
from inhouse_server.services.repositories import repository_not_found

_PREVIEWED = -1


@dataclass(frozen=True, slots=True)
class RestrictionDescription:
    """One way into repositories, as a group has it.

    Attributes:
        mode: The group's own.
        effective_mode: The same, unless the own is INHERIT.
        inherited_from: The group that it is inherited from; None where it is the group's own.
        repositories: How many are on the group's own list; None where its mode has no list.
    """

    mode: GroupMode
    effective_mode: GroupMode
    inherited_from: PackageGroup | None
    repositories: int | None


@dataclass(frozen=True, slots=True)
class GroupDescription:
    """A group and how it stands among the others.

    Attributes:
        parent: None for `/*`.
    """

    group: PackageGroup
    parent: PackageGroup | None
    restrictions: Mapping[GroupRestriction, RestrictionDescription]


@dataclass(frozen=True, slots=True)
class AllowedRepository:
    """A repository on one of a group's lists."""

    repository: str
    restriction: GroupRestriction


@dataclass(frozen=True, slots=True)
class OriginUpdate:
    """What is to change of a group's origin configuration; entries are added before others are removed."""

    modes: Mapping[GroupRestriction, GroupMode]
    added: Sequence[AllowedRepository]
    removed: Sequence[AllowedRepository]


@dataclass(frozen=True, slots=True)
class OriginUpdated:
    """What a change of a group's origin configuration has done.

    Attributes:
        added: Those that were on the list neither before nor earlier in the same request.
        removed: Those that were on the list.
    """

    described: GroupDescription
    added: Sequence[AllowedRepository]
    removed: Sequence[AllowedRepository]


class PackageGroups:
    """Use cases around package groups.

    Args:
        database: The catalog.
        access: Decides what callers may do.
        clock: Gives the time now.
    """

    def __init__(self, database: Database, access: Access, clock: Clock) -> None:
        self._database = database
        self._access = access
        self._clock = clock

    def create(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        pattern: str,
        *,
        contact_info: str | None,
        description: str | None,
        new_tags: Mapping[str, str],
    ) -> GroupDescription:
        """Make a group that inherits everything.

        Raises:
            AccessDeniedError: The caller may not make it.
            ConflictError: The domain has one of that pattern.
            InvalidRequestError: The pattern is none.
            NotFoundError: The domain does not exist.
            QuotaExceededError: Too many tags.
        """
        self._require(caller, "CreatePackageGroup", owner, domain, pattern)
        parse(pattern)
        check_tag_count(new_tags, ResourceType.PACKAGE, pattern)
        with self._database.write() as connection:
            found = _domain(connection, caller, owner, domain)
            if package_groups.find(connection, found, pattern) is not None:
                raise ConflictError(
                    f"Package group with pattern {pattern} already exists in domain {domain}.",
                    ResourceType.PACKAGE,
                    pattern,
                )
            package_groups.insert(
                connection,
                found,
                pattern=pattern,
                created_at=self._clock(),
                modes=dict.fromkeys(GroupRestriction, GroupMode.INHERIT),
                contact_info=contact_info,
                description=description,
            )
            made = _group(connection, found, pattern)
            tags.put(connection, made.arn, new_tags)
            return _describe(connection, made)

    def update(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        pattern: str,
        *,
        contact_info: str | None,
        description: str | None,
    ) -> GroupDescription:
        """Change what a group tells about itself; None leaves as it is.

        Raises:
            AccessDeniedError: The caller may not change it.
            NotFoundError: The domain or the group does not exist.
        """
        self._require(caller, "UpdatePackageGroup", owner, domain, pattern)
        with self._database.write() as connection:
            found = _group(connection, _domain(connection, caller, owner, domain), pattern)
            changed = replace(
                found,
                contact_info=found.contact_info if contact_info is None else contact_info,
                description=found.description if description is None else description,
            )
            package_groups.update(connection, changed)
            return _describe(connection, changed)

    def update_origin_configuration(
        self, caller: Caller, owner: str, domain: str, pattern: str, update: OriginUpdate
    ) -> OriginUpdated:
        """Change a group's modes and its lists of repositories, all or nothing.

        A list ends with its mode: one that is set to ALLOW_SPECIFIC_REPOSITORIES again begins empty.

        Raises:
            AccessDeniedError: The caller may not change it.
            InvalidRequestError: `/*` is to inherit, or a repository is added where no list is.
            NotFoundError: The domain, the group or a repository does not exist.
        """
        self._require(caller, "UpdatePackageGroupOriginConfiguration", owner, domain, pattern)
        with self._database.write() as connection:
            parent = _domain(connection, caller, owner, domain)
            found = _group(connection, parent, pattern)
            changed = replace(found, modes={**found.modes, **update.modes})
            _check_modes(changed, update.added)
            package_groups.update(connection, changed)
            named = _repositories(connection, parent, (*update.added, *update.removed))
            added = [
                each
                for each in update.added
                if package_groups.allow(connection, changed, each.restriction, named[each.repository])
            ]
            removed = [
                each
                for each in update.removed
                if package_groups.disallow(connection, changed, each.restriction, named[each.repository])
            ]
            for restriction, mode in changed.modes.items():
                if mode is not GroupMode.ALLOW_SPECIFIC_REPOSITORIES:
                    package_groups.clear_allowed(connection, changed, restriction)
            return OriginUpdated(_describe(connection, changed), added, removed)

    def delete(self, caller: Caller, owner: str, domain: str, pattern: str) -> GroupDescription:
        """Delete a group and return what it was; packages and the groups below it stay.

        Raises:
            AccessDeniedError: The caller may not delete it.
            InvalidRequestError: It is `/*`.
            NotFoundError: The domain or the group does not exist.
        """
        self._require(caller, "DeletePackageGroup", owner, domain, pattern)
        with self._database.write() as connection:
            found = _group(connection, _domain(connection, caller, owner, domain), pattern)
            if pattern == compat.ROOT_PACKAGE_GROUP:
                raise InvalidRequestError(f"The root package group {pattern} of a domain cannot be deleted.")
            described = _describe(connection, found)
            package_groups.delete(connection, found)
            return described

    def describe(self, caller: Caller, owner: str, domain: str, pattern: str) -> GroupDescription:
        """Return the group of a pattern.

        Raises:
            AccessDeniedError: The caller may not see it.
            NotFoundError: The domain or the group does not exist.
        """
        self._require(caller, "DescribePackageGroup", owner, domain, pattern)
        with self._database.read() as connection:
            return _describe(connection, _group(connection, _domain(connection, caller, owner, domain), pattern))

    def list_groups(
        self, caller: Caller, owner: str, domain: str, *, prefix: str, after: str | None, limit: int
    ) -> list[GroupDescription]:
        """Return up to `limit` groups whose pattern begins with `prefix`, ordered by pattern, behind `after`.

        Raises:
            AccessDeniedError: The caller may not see them.
            NotFoundError: The domain does not exist.
        """
        arn = domain_arn(caller.region, owner, domain)
        self._access.require(caller.principal, "codeartifact:ListPackageGroups", arn)
        with self._database.read() as connection:
            found = _domain(connection, caller, owner, domain)
            shown = package_groups.list_in_domain(connection, found, prefix=prefix, after=after, limit=limit)
            groups = package_groups.list_all(connection, found)
            return [_describe(connection, group, groups) for group in shown]

    def list_children(
        self, caller: Caller, owner: str, domain: str, pattern: str, *, after: str | None, limit: int
    ) -> list[GroupDescription]:
        """Return up to `limit` groups right below a group, ordered by pattern, behind `after`.

        Raises:
            AccessDeniedError: The caller may not see them.
            NotFoundError: The domain or the group does not exist.
        """
        self._require(caller, "ListSubPackageGroups", owner, domain, pattern)
        with self._database.read() as connection:
            found = _domain(connection, caller, owner, domain)
            parent = _group(connection, found, pattern)
            groups = package_groups.list_all(connection, found)
            behind = (group for group in groups if after is None or group.pattern > after)
            below = (group for group in behind if ancestors(group, groups)[:1] == [parent])
            return [_describe(connection, group, groups) for group in islice(below, limit)]

    def list_packages(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        pattern: str,
        *,
        preview: bool,
        after: tuple[str, str, str] | None,
        limit: int,
    ) -> list[tuple[PackagePath, Association]]:
        """Return up to `limit` packages of the domain that belong to a group, each once, and how, behind `after`.

        Args:
            caller: Who asks.
            owner: The account that owns the domain.
            domain: Its name.
            pattern: The group's.
            preview: Whether there may be no such group yet; then those that would belong to it.
            after: Format, namespace and name of the last package before; they are ordered by these three.
            limit: How many at most.

        Raises:
            AccessDeniedError: The caller may not see them.
            InvalidRequestError: The pattern to preview is none.
            NotFoundError: The domain does not exist; the group does not, and this is no preview.
        """
        self._require(caller, "ListAssociatedPackages", owner, domain, pattern)
        if preview:
            parse(pattern)
        with self._database.read() as connection:
            found = _domain(connection, caller, owner, domain)
            groups = package_groups.list_all(connection, found)
            if all(group.pattern != pattern for group in groups):
                if not preview:
                    raise _group_not_found(found, pattern)
                groups.append(self._previewed(found, pattern))
            rows = package_groups.each_package(connection, found, package_format=parse(pattern).format, after=after)
            return list(islice(_belonging(pattern, groups, rows), limit))

    def list_allowed(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        pattern: str,
        restriction: GroupRestriction,
        *,
        after: str | None,
        limit: int,
    ) -> list[str]:
        """Return the names of up to `limit` repositories on one of a group's own lists, in order, behind `after`.

        Raises:
            AccessDeniedError: The caller may not see them.
            NotFoundError: The domain or the group does not exist.
        """
        self._require(caller, "ListAllowedRepositoriesForGroup", owner, domain, pattern)
        with self._database.read() as connection:
            found = _group(connection, _domain(connection, caller, owner, domain), pattern)
            return package_groups.list_allowed(connection, found, restriction, after=after, limit=limit)

    def associated(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        *,
        package_format: PackageFormat,
        namespace: str | None,
        name: str,
    ) -> tuple[GroupDescription, Association]:
        """Return the group that a package belongs to, and how; the package need not exist.

        Raises:
            AccessDeniedError: The caller may not see the group.
            InvalidRequestError: The format has no namespaces and one is given, or has them and none is.
            NotFoundError: The domain does not exist.
        """
        path = check_path(package_format, namespace, name)
        with self._database.read() as connection:
            found = domains.find(connection, caller.region, owner, domain)
            if found is None:
                self._require(caller, "GetAssociatedPackageGroup", owner, domain, compat.ROOT_PACKAGE_GROUP)
                raise domain_not_found(caller.region, owner, domain)
            groups = package_groups.list_for_format(connection, found, package_format)
            associated = associate(groups, path)
            # The resource of this action is the group, which has to be found before it can be asked for.
            self._require(caller, "GetAssociatedPackageGroup", owner, domain, associated.group.pattern)
            return _describe(connection, associated.group, groups), associated.association

    def _previewed(self, domain: Domain, pattern: str) -> PackageGroup:
        return PackageGroup(
            id=_PREVIEWED,
            domain=domain,
            pattern=pattern,
            created_at=self._clock(),
            contact_info=None,
            description=None,
            modes=dict.fromkeys(GroupRestriction, GroupMode.INHERIT),
        )

    def _require(self, caller: Caller, operation: str, owner: str, domain: str, pattern: str) -> None:
        arn = package_group_arn(caller.region, owner, domain, pattern)
        self._access.require(caller.principal, f"codeartifact:{operation}", arn)


def _belonging(
    pattern: str, groups: Collection[PackageGroup], packages: Iterable[tuple[PackageFormat, str, str]]
) -> Iterator[tuple[PackagePath, Association]]:
    for package in packages:
        path = PackagePath(*package)
        associated = associate(groups, path)
        if associated.group.pattern == pattern:
            yield path, associated.association


def _check_modes(group: PackageGroup, added: Iterable[AllowedRepository]) -> None:
    """Check what a group would be."""
    if group.pattern == compat.ROOT_PACKAGE_GROUP and GroupMode.INHERIT in group.modes.values():
        raise InvalidRequestError(f"The root package group {group.pattern} has no parent to inherit from.")
    for each in added:
        if group.modes[each.restriction] is not GroupMode.ALLOW_SPECIFIC_REPOSITORIES:
            raise InvalidRequestError(
                f"The repository {each.repository} cannot be added for {each.restriction}: the package group's mode is "
                f"{group.modes[each.restriction]}, and only ALLOW_SPECIFIC_REPOSITORIES has a list.",
                hint=f"Set it in the same request: --restrictions {each.restriction}=ALLOW_SPECIFIC_REPOSITORIES.",
            )


def _repositories(
    connection: sqlite3.Connection, domain: Domain, named: Iterable[AllowedRepository]
) -> dict[str, Repository]:
    found: dict[str, Repository] = {}
    for name in dict.fromkeys(each.repository for each in named):  # in the order given, so that one is told of always
        repository = repositories.find(connection, domain, name)
        if repository is None:
            raise repository_not_found(domain.name, name)
        found[name] = repository
    return found


def _describe(
    connection: sqlite3.Connection, group: PackageGroup, groups: Iterable[PackageGroup] | None = None
) -> GroupDescription:
    above = ancestors(group, package_groups.list_all(connection, group.domain) if groups is None else groups)
    restrictions = {}
    for restriction, mode in group.modes.items():
        source = source_of(restriction, [group, *above])
        has_list = mode is GroupMode.ALLOW_SPECIFIC_REPOSITORIES
        restrictions[restriction] = RestrictionDescription(
            mode=mode,
            effective_mode=source.modes[restriction],
            inherited_from=None if source is group else source,
            repositories=len(package_groups.list_allowed(connection, group, restriction)) if has_list else None,
        )
    return GroupDescription(group, above[0] if above else None, restrictions)


def _domain(connection: sqlite3.Connection, caller: Caller, owner: str, name: str) -> Domain:
    found = domains.find(connection, caller.region, owner, name)
    if found is None:
        raise domain_not_found(caller.region, owner, name)
    return found


def _group(connection: sqlite3.Connection, domain: Domain, pattern: str) -> PackageGroup:
    found = package_groups.find(connection, domain, pattern)
    if found is None:
        raise _group_not_found(domain, pattern)
    return found


def _group_not_found(domain: Domain, pattern: str) -> NotFoundError:
    return NotFoundError(
        f"Package group not found. Domain {domain.name} has no package group {pattern}.",
        # The model has no type of its own for package groups.
        ResourceType.PACKAGE,
        pattern,
    )
