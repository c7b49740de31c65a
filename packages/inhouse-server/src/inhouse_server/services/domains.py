"""Domains: make, describe, list, delete."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from inhouse_server import compat
from inhouse_server.catalog import Database, domains, package_groups, packages, tags
from inhouse_server.errors import (
    ConflictError,
    InvalidRequestError,
    QuotaExceededError,
    ResourceType,
    ValidationReason,
)
from inhouse_server.model import Clock, Domain, GroupMode, GroupRestriction
from inhouse_server.services.access import Access, Caller, domain_arn, domain_not_found, package_group_arn

_KEY_ARN = re.compile(compat.KEY_SERVICE_ARN, re.ASCII)


@dataclass(frozen=True, slots=True)
class DomainDescription:
    """A domain and what it holds.

    Attributes:
        asset_bytes: Each distinct file once, however many repositories show it.
    """

    domain: Domain
    repository_count: int
    asset_bytes: int


class Domains:
    """Use cases around domains; all belong to the caller's region.

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
        self, caller: Caller, name: str, *, encryption_key: str | None, new_tags: Mapping[str, str]
    ) -> DomainDescription:
        """Make a domain of the caller's account, with its root package group and its tags.

        Raises:
            ConflictError: The account has one of that name in the region.
            InvalidRequestError: The encryption key cannot be used.
            QuotaExceededError: Too many tags.
        """
        owner = caller.principal.account
        self._access.require(caller.principal, "codeartifact:CreateDomain", "*")
        key = _encryption_key(encryption_key, caller)
        check_tag_count(new_tags, ResourceType.DOMAIN, name)
        now = self._clock()
        with self._database.write() as connection:
            if domains.find(connection, caller.region, owner, name) is not None:
                raise ConflictError(f"Domain with name {name} already exists.", ResourceType.DOMAIN, name)
            domain = domains.insert(
                connection, region=caller.region, owner=owner, name=name, created_at=now, encryption_key=key
            )
            package_groups.insert(
                connection,
                domain,
                pattern=compat.ROOT_PACKAGE_GROUP,
                created_at=now,
                modes=dict.fromkeys(GroupRestriction, GroupMode.ALLOW),
            )
            tags.put(connection, domain.arn, new_tags)
        return DomainDescription(domain, repository_count=0, asset_bytes=0)

    def describe(self, caller: Caller, owner: str, name: str) -> DomainDescription:
        """Return a domain and what it holds.

        Raises:
            AccessDeniedError: The caller may not see it.
            NotFoundError: There is none.
        """
        self._access.require(caller.principal, "codeartifact:DescribeDomain", domain_arn(caller.region, owner, name))
        with self._database.read() as connection:
            domain = domains.find(connection, caller.region, owner, name)
            if domain is None:
                raise domain_not_found(caller.region, owner, name)
            return DomainDescription(
                domain,
                repository_count=domains.repository_count(connection, domain),
                asset_bytes=packages.domain_asset_bytes(connection, domain.id),
            )

    def delete(self, caller: Caller, owner: str, name: str) -> Domain:
        """Delete a domain that has no repositories, with its package groups, and return what it was.

        Raises:
            AccessDeniedError: The caller may not.
            ConflictError: It has repositories.
            NotFoundError: There is none.
        """
        self._access.require(caller.principal, "codeartifact:DeleteDomain", domain_arn(caller.region, owner, name))
        with self._database.write() as connection:
            domain = domains.find(connection, caller.region, owner, name)
            if domain is None:
                raise domain_not_found(caller.region, owner, name)
            if domains.repository_count(connection, domain):
                raise ConflictError(
                    f"Domain {name} has repositories.", ResourceType.DOMAIN, name, hint="Delete its repositories first."
                )
            domains.delete(connection, domain)
            tags.clear(connection, domain.arn)
            tags.clear_below(connection, package_group_arn(caller.region, owner, name, "/"))
        return domain

    def list_owned(self, caller: Caller, *, after: str | None, limit: int) -> list[Domain]:
        """Return up to `limit` domains of the caller's account, ordered by name, beginning behind `after`."""
        self._access.require(caller.principal, "codeartifact:ListDomains", "*")
        with self._database.read() as connection:
            return domains.list_owned(connection, caller.region, caller.principal.account, after=after, limit=limit)


def check_tag_count(new_tags: Mapping[str, str], resource_type: ResourceType, name: str) -> None:
    """Return if a new resource may have so many tags.

    Raises:
        QuotaExceededError: There are too many.
    """
    if len(new_tags) > compat.MAXIMUM_TAGS:
        raise QuotaExceededError(
            f"A resource can have {compat.MAXIMUM_TAGS} tags, not {len(new_tags)}.", resource_type, name
        )


def _encryption_key(given: str | None, caller: Caller) -> str:
    """Return the ARN of the key that a new domain records."""
    place = f"arn:aws:kms:{caller.region}:{caller.principal.account}"
    if given is None:
        return f"{place}:key/{uuid.uuid4()}"
    arn = given if given.startswith("arn:") else f"{place}:{given if given.startswith('alias/') else f'key/{given}'}"
    match = _KEY_ARN.fullmatch(arn)
    if match is None or match["region"] != caller.region:
        raise InvalidRequestError(
            f"The encryption key {given} is not a key of AWS KMS in {caller.region}.",
            ValidationReason.ENCRYPTION_KEY_ERROR,
        )
    return arn
