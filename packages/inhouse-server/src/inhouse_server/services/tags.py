"""Tags of domains, repositories and package groups, as they are read."""

import re
import sqlite3
from urllib.parse import unquote

from inhouse_server.catalog import Database, domains, package_groups, repositories, tags
from inhouse_server.errors import InvalidRequestError, NotFoundError, ResourceType
from inhouse_server.services.access import Access, Caller

_ARN = re.compile(
    r"arn:aws:codeartifact:(?P<region>[a-z0-9-]+):(?P<owner>[0-9]{12}):"
    r"(?:domain/(?P<domain>[a-z0-9-]+)"
    r"|repository/(?P<parent>[a-z0-9-]+)/(?P<repository>[A-Za-z0-9._-]+)"
    r"|package-group/(?P<group_domain>[a-z0-9-]+)(?P<pattern>/\S+))",
    re.ASCII,
)


class Tags:
    """Reads tags.

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
        match = _ARN.fullmatch(resource_arn)
        if match is None or match["region"] != caller.region:
            raise InvalidRequestError(
                f"Value '{resource_arn}' at 'resourceArn' is not the ARN of a domain, repository or package group in "
                f"{caller.region}."
            )
        self._access.require(caller.principal, "codeartifact:ListTagsForResource", resource_arn)
        with self._database.read() as connection:
            _check_exists(connection, match, resource_arn)
            return tags.list_of(connection, resource_arn)


def _check_exists(connection: sqlite3.Connection, match: re.Match[str], resource_arn: str) -> None:
    name = match["domain"] or match["parent"] or match["group_domain"]
    domain = domains.find(connection, match["region"], match["owner"], name)
    kind = ResourceType.DOMAIN
    found = domain is not None
    if domain is not None and match["repository"]:
        kind, found = ResourceType.REPOSITORY, repositories.find(connection, domain, match["repository"]) is not None
    elif domain is not None and match["pattern"]:
        pattern = unquote(match["pattern"])
        kind, found = ResourceType.PACKAGE, package_groups.find(connection, domain, pattern) is not None
    if not found:
        raise NotFoundError(f"Resource not found: {resource_arn}.", kind, resource_arn)
