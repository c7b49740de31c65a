"""Tags of domains, repositories and package groups."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from inhouse_server.catalog import Database, domains, package_groups, repositories, tags
from inhouse_server.errors import InvalidRequestError, NotFoundError, ResourceType
from inhouse_server.services.access import Access, Caller, package_group_arn
from inhouse_server.services.domains import check_tag_count

_ARN = re.compile(
    r"arn:aws:codeartifact:(?P<region>[a-z0-9-]+):(?P<owner>[0-9]{12}):"
    r"(?:domain/(?P<domain>[a-z0-9-]+)"
    r"|repository/(?P<parent>[a-z0-9-]+)/(?P<repository>[A-Za-z0-9._-]+)"
    r"|package-group/(?P<group_domain>[a-z0-9-]+)(?P<pattern>/\S+))",
    re.ASCII,
)


class Tags:
    """Reads and changes tags.

    Args:
        database: The catalog.
        access: Decides what callers may do.
    """

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    def list_of(self, caller: Caller, resource_arn: str) -> dict[str, str]:
        """Return a resource's tags by key, in the order of the keys.

        Raises:
            AccessDeniedError: The caller may not see them.
            InvalidRequestError: The ARN is not of a domain, repository or package group in the caller's region.
            NotFoundError: There is no such resource.
        """
        match = self._open(caller, "ListTagsForResource", resource_arn)
        with self._database.read() as connection:
            _check_exists(connection, match)
            return tags.list_of(connection, _canonical(match))

    def put(self, caller: Caller, resource_arn: str, new_tags: Mapping[str, str]) -> None:
        """Give a resource tags, in place of those with the same keys.

        Raises:
            AccessDeniedError: The caller may not.
            InvalidRequestError: The ARN is not of a domain, repository or package group in the caller's region.
            NotFoundError: There is no such resource.
            QuotaExceededError: It would have too many tags.
        """
        match = self._open(caller, "TagResource", resource_arn)
        with self._database.write() as connection:
            kind = _check_exists(connection, match)
            arn = _canonical(match)
            check_tag_count({**tags.list_of(connection, arn), **new_tags}, kind, resource_arn)
            tags.put(connection, arn, new_tags)

    def remove(self, caller: Caller, resource_arn: str, keys: Iterable[str]) -> None:
        """Take tags away from a resource; keys that it does not have are none.

        Raises:
            AccessDeniedError: The caller may not.
            InvalidRequestError: The ARN is not of a domain, repository or package group in the caller's region.
            NotFoundError: There is no such resource.
        """
        match = self._open(caller, "UntagResource", resource_arn)
        with self._database.write() as connection:
            _check_exists(connection, match)
            tags.remove(connection, _canonical(match), keys)

    def _open(self, caller: Caller, operation: str, resource_arn: str) -> re.Match[str]:
        """Return the parts of an ARN on whose resource the caller may do an operation."""
        match = _ARN.fullmatch(resource_arn)
        if match is None or match["region"] != caller.region:
            raise InvalidRequestError(
                f"Value '{resource_arn}' at 'resourceArn' is not the ARN of a domain, repository or package group in "
                f"{caller.region}."
            )
        self._access.require(caller.principal, f"codeartifact:{operation}", _canonical(match))
        return match


def _canonical(match: re.Match[str]) -> str:
    """Return the ARN as the resource itself has it: clients differ in what of a pattern they percent-encode."""
    if match["pattern"] is None:
        return match[0]
    return package_group_arn(match["region"], match["owner"], match["group_domain"], unquote(match["pattern"]))


def _check_exists(connection: sqlite3.Connection, match: re.Match[str]) -> ResourceType:
    """Return what kind of resource an ARN names."""
    name = match["domain"] or match["parent"] or match["group_domain"]
    domain = domains.find(connection, match["region"], match["owner"], name)
    kind = ResourceType.DOMAIN
    found = domain is not None
    if domain is not None and match["repository"]:
        kind, found = ResourceType.REPOSITORY, repositories.find(connection, domain, match["repository"]) is not None
    elif domain is not None and match["pattern"]:
        pattern = unquote(match["pattern"])
        # The model has no type of its own for package groups.
        kind, found = ResourceType.PACKAGE, package_groups.find(connection, domain, pattern) is not None
    if not found:
        raise NotFoundError(f"Resource not found: {match[0]}.", kind, match[0])
    return kind
