"""Domains: make, describe, list, delete."""

import re
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
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
from inhouse_server.quotas import Quotas
from inhouse_server.services.access import Access, Caller, domain_arn, domain_not_found, package_group_arn

_KEY_ID = re.compile(compat.KEY_SERVICE_ID, re.ASCII | re.IGNORECASE)
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
        quotas: How many there may be.
    """

    def __init__(self, database: Database, access: Access, clock: Clock, quotas: Quotas) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._quotas = quotas

    def create(
        self, caller: Caller, name: str, *, encryption_key: str | None, new_tags: Mapping[str, str]
    ) -> DomainDescription:
        """Make a domain of the caller's account, with its root package group and its tags.

        Raises:
            ConflictError: The account has one of that name in the region.
            InvalidRequestError: The encryption key cannot be used.
            QuotaExceededError: Too many tags, or the account has as many domains as it may have.
        """
        owner = caller.principal.account
        self._access.require(caller.principal, "codeartifact:CreateDomain", "*")
        key = _encryption_key(encryption_key, caller)
        check_tag_count(new_tags, ResourceType.DOMAIN, name)
        now = self._clock()
        with self._database.write() as connection:
            if domains.find(connection, caller.region, owner, name) is not None:
                raise ConflictError(f"Domain with name {name} already exists.", ResourceType.DOMAIN, name)
            self._check_count(connection, caller, name)
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

    def _check_count(self, connection: sqlite3.Connection, caller: Caller, name: str) -> None:
        most = self._quotas.domains
        if most is None:
            return
        owner = caller.principal.account
        if len(domains.list_owned(connection, caller.region, owner, after=None, limit=most)) >= most:
            raise QuotaExceededError(
                f"Account {owner} has {most} domains in {caller.region}, and may have no more.",
                ResourceType.DOMAIN,
                name,
            )


def check_tag_keys(keys: Iterable[str]) -> None:
    """Return if these keys may be set.

    Raises:
        InvalidRequestError: One of them is AWS's own.
    """
    reserved = next((key for key in keys if key.lower().startswith(compat.RESERVED_TAG_PREFIX)), None)
    if reserved is not None:
        raise InvalidRequestError(
            f"The tag key {reserved} cannot be set: keys that begin with {compat.RESERVED_TAG_PREFIX} are AWS's own."
        )


def check_tag_count(new_tags: Mapping[str, str], resource_type: ResourceType, name: str) -> None:
    """Return if a new resource may have these tags.

    Raises:
        InvalidRequestError: One of their keys is AWS's own.
        QuotaExceededError: There are too many.
    """
    check_tag_keys(new_tags)
    if len(new_tags) > compat.MAXIMUM_TAGS:
        raise QuotaExceededError(
            f"A resource can have {compat.MAXIMUM_TAGS} tags, not {len(new_tags)}.", resource_type, name
        )


def _encryption_key(given: str | None, caller: Caller) -> str:
    """Return the ARN of the key that a new domain records."""
    place = f"arn:aws:kms:{caller.region}:{caller.principal.account}"
    if given is None:
        return f"{place}:key/{uuid.uuid4()}"
    if _KEY_ID.fullmatch(given):
        return f"{place}:key/{given}"
    arn = f"{place}:{given}" if given.startswith("alias/") else given
    match = _KEY_ARN.fullmatch(arn)
    if match is None or match["region"] != caller.region:
        raise InvalidRequestError(
            f"The encryption key {given} is not a key of AWS KMS in {caller.region}.",
            ValidationReason.ENCRYPTION_KEY_ERROR,
        )
    return arn
