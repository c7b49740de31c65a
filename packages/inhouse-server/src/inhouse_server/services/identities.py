"""Users, roles and identity providers: made, listed and removed by whoever can write the data folder."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inhouse_server import compat
from inhouse_server.catalog import Database, identity_providers, principals, roles
from inhouse_server.errors import MalformedPolicyError, SettingError
from inhouse_server.identity import keys
from inhouse_server.identity.web_identity import is_issuer
from inhouse_server.model import AccessKey, Clock, IdentityProvider, Principal, Role
from inhouse_server.rules.policies import Kind, parse
from inhouse_server.services import policy_sources

_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_SHORTEST_MAXIMUM, _LONGEST_MAXIMUM = 3600, 43_200
_AUDIENCE = re.compile(r"\S{1,255}", re.ASCII)


@dataclass(frozen=True, slots=True)
class User:
    """A user as it is listed.

    Attributes:
        policy: The document of its policy; None if it has none.
    """

    principal: Principal
    key_ids: tuple[str, ...]
    policy: str | None


class Identities:
    """Keeps users, roles and identity providers.

    Args:
        database: The catalog.
        account: Of the data folder; what belongs to no account by name belongs to it.
        clock: Gives the time now.
    """

    def __init__(self, database: Database, account: str, clock: Clock) -> None:
        self._database = database
        self._account = account
        self._clock = clock

    def add_user(self, name: str, *, policy: str | None, account: str | None = None) -> AccessKey:
        """Make a user with an access key.

        Args:
            name: Unique in its account.
            policy: The document that says what it may do; None for nothing at all.
            account: Twelve digits; None for the folder's.

        Raises:
            SettingError: There is one of that name, or the name or the policy cannot be used.
        """
        _check_name(name)
        _check_policy(policy, Kind.IDENTITY, "--policy")
        if name == compat.ADMINISTRATOR and policy is None:
            raise SettingError(
                f"{name} would be an administrator without a policy.", hint="Say so with --administrator."
            )
        owner = account or self._account
        user = Principal(owner, _user_arn(owner, name), keys.new_user_id())
        key = keys.new_key(user)
        with self._database.write() as connection:
            if principals.find_user(connection, user.arn) is not None:
                raise SettingError(
                    f"There is a user {user.arn} already.",
                    hint=f"Give it a new key with: inhouse server user rotate {name}",
                )
            principals.insert_user(connection, user, created_at=self._clock())
            principals.insert_key(connection, key, created_at=self._clock())
            if policy is not None:
                principals.put_user_policy(connection, user.arn, policy)
        return key

    def set_user_policy(self, name: str, *, policy: str, account: str | None = None) -> Principal:
        """Give a user a policy in place of the one it has.

        Raises:
            SettingError: There is no such user, or the policy cannot be used.
        """
        _check_policy(policy, Kind.IDENTITY, "--policy")
        with self._database.write() as connection:
            user = self._user(connection, name, account)
            principals.put_user_policy(connection, user.arn, policy)
        return user

    def list_users(self) -> list[User]:
        """Return all users, the oldest first."""
        with self._database.read() as connection:
            return [
                User(
                    user,
                    tuple(key.id for key in principals.list_keys(connection, user)),
                    policy_sources.user_document(connection, user),
                )
                for user in principals.list_users(connection)
            ]

    def remove_user(self, name: str, *, account: str | None = None) -> Principal:
        """Remove a user; its keys and tokens stop working.

        Raises:
            SettingError: There is no such user, or it is the folder's administrator.
        """
        with self._database.write() as connection:
            user = self._user(connection, name, account)
            if user.arn == _user_arn(self._account, compat.ADMINISTRATOR):
                raise SettingError(
                    f"The user {name} stays: commands such as `inhouse server env` work with it.",
                    hint=f"Give it a new key with: inhouse server user rotate {name}",
                )
            principals.delete_user(connection, user.arn)
        return user

    def rotate_user(self, name: str, *, account: str | None = None) -> AccessKey:
        """Give a user a new access key; those that it had stop working.

        Raises:
            SettingError: There is no such user.
        """
        with self._database.write() as connection:
            key = keys.new_key(self._user(connection, name, account))
            principals.delete_keys(connection, key.principal)
            principals.insert_key(connection, key, created_at=self._clock())
        return key

    def add_role(
        self, name: str, *, trust: str, policy: str | None, maximum_seconds: int, account: str | None = None
    ) -> Role:
        """Make a role.

        Args:
            name: Unique in its account.
            trust: The document that says who may assume it.
            policy: The document that says what its sessions may do; None for nothing at all.
            maximum_seconds: How long a session may last.
            account: Twelve digits; None for the folder's.

        Raises:
            SettingError: There is one of that name, or something of it cannot be used.
        """
        _check_name(name)
        _check_policy(trust, Kind.TRUST, "--trust")
        _check_policy(policy, Kind.IDENTITY, "--policy")
        if not _SHORTEST_MAXIMUM <= maximum_seconds <= _LONGEST_MAXIMUM:
            raise SettingError(
                f"A role's sessions may last from {_SHORTEST_MAXIMUM} to {_LONGEST_MAXIMUM} seconds at most, not "
                f"{maximum_seconds}.",
                hint="Give another --max-session-seconds.",
            )
        owner = account or self._account
        role = Role(owner, name, keys.new_role_id(), trust, policy, maximum_seconds, self._clock())
        with self._database.write() as connection:
            if roles.find(connection, role.arn) is not None:
                raise SettingError(
                    f"There is a role {role.arn} already.",
                    hint=f"Change it with: inhouse server role set-policy {name}",
                )
            roles.insert(connection, role)
        return role

    def set_role_policies(
        self, name: str, *, trust: str | None = None, policy: str | None = None, account: str | None = None
    ) -> Role:
        """Give a role other policies; None leaves the one it has.

        Raises:
            SettingError: There is no such role, or a policy cannot be used.
        """
        _check_policy(trust, Kind.TRUST, "--trust")
        _check_policy(policy, Kind.IDENTITY, "--policy")
        with self._database.write() as connection:
            role = self._role(connection, name, account)
            changed = replace(
                role,
                trust_policy=role.trust_policy if trust is None else trust,
                policy=role.policy if policy is None else policy,
            )
            roles.update(connection, changed)
        return changed

    def list_roles(self) -> list[Role]:
        """Return all roles by account and name."""
        with self._database.read() as connection:
            return roles.list_all(connection)

    def remove_role(self, name: str, *, account: str | None = None) -> Role:
        """Remove a role; its sessions and their tokens stop working.

        Raises:
            SettingError: There is no such role.
        """
        with self._database.write() as connection:
            role = self._role(connection, name, account)
            roles.delete(connection, role.arn)
        return role

    def rotate_role(self, name: str, *, account: str | None = None) -> Role:
        """End all sessions of a role: it goes on under another unique id, which their credentials do not name.

        Raises:
            SettingError: There is no such role.
        """
        with self._database.write() as connection:
            role = replace(self._role(connection, name, account), role_id=keys.new_role_id())
            roles.delete(connection, role.arn)
            roles.insert(connection, role)
        return role

    def add_provider(self, url: str, audiences: Sequence[str], *, account: str | None = None) -> IdentityProvider:
        """Believe an issuer of OpenID Connect tokens.

        Args:
            url: Its issuer identifier.
            audiences: Whom its tokens must be made for: one of these.
            account: Twelve digits; None for the folder's.

        Raises:
            SettingError: It is believed already, or the URL or an audience cannot be used.
        """
        place = url.rstrip("/")
        if not is_issuer(place):
            raise SettingError(
                f"{url} cannot be an issuer: its keys must come over https, or from this machine.",
                hint="Give the issuer's URL as its tokens have it in `iss`, for example https://token.example.",
            )
        for audience in audiences:
            if not _AUDIENCE.fullmatch(audience):
                raise SettingError(
                    f"--audience: {audience!r} is not an audience.",
                    hint="Give what the tokens have in `aud`, for example sts.amazonaws.com.",
                )
        provider = IdentityProvider(account or self._account, place, tuple(sorted(set(audiences))))
        with self._database.write() as connection:
            if any(_key(each) == _key(provider) for each in identity_providers.list_all(connection)):
                raise SettingError(
                    f"There is an identity provider {provider.arn} already.",
                    hint=f"Remove it first: inhouse server oidc remove {place}",
                )
            identity_providers.insert(connection, provider)
        return provider

    def list_providers(self) -> list[IdentityProvider]:
        """Return all identity providers by account and URL."""
        with self._database.read() as connection:
            return identity_providers.list_all(connection)

    def remove_provider(self, url: str, *, account: str | None = None) -> None:
        """Stop believing an issuer; sessions that it vouched for go on until they end.

        Raises:
            SettingError: It is not believed.
        """
        with self._database.write() as connection:
            if not identity_providers.delete(connection, account or self._account, url.rstrip("/")):
                raise SettingError(f"There is no identity provider {url}.", hint="List them: inhouse server oidc list")

    def _user(self, connection: sqlite3.Connection, name: str, account: str | None) -> Principal:
        arn = _user_arn(account or self._account, name)
        user = principals.find_user(connection, arn)
        if user is None:
            raise SettingError(f"There is no user {arn}.", hint="List them: inhouse server user list")
        return user

    def _role(self, connection: sqlite3.Connection, name: str, account: str | None) -> Role:
        arn = f"arn:aws:iam::{account or self._account}:role/{name}"
        role = roles.find(connection, arn)
        if role is None:
            raise SettingError(f"There is no role {arn}.", hint="List them: inhouse server role list")
        return role


def _user_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


def _key(provider: IdentityProvider) -> tuple[str, str]:
    # By its place: two that differ only in the scheme would have one ARN.
    return provider.account, provider.place


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SettingError(
            f"{name!r} cannot be a name.", hint="Use up to 64 letters, digits and the characters + = , . @ _ -"
        )


def _check_policy(document: str | None, kind: Kind, flag: str) -> None:
    if document is None:
        return
    try:
        parse(document, kind)
    except MalformedPolicyError as error:
        raise SettingError(f"{flag}: {error.message}", hint="Correct the file and run the command again.") from error
