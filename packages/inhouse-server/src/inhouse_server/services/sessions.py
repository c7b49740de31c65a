"""Sessions of roles: who may play a role, and the credentials that are given for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from inhouse_server import compat
from inhouse_server.catalog import Database, identity_providers, roles
from inhouse_server.errors import AccessDeniedError, InvalidRequestError
from inhouse_server.identity.sessions import SessionClaims, SessionCredentials, SessionSigner
from inhouse_server.identity.web_identity import WebIdentities, WebIdentity
from inhouse_server.model import Clock, Role
from inhouse_server.rules.policies import (
    Effect,
    Kind,
    Policies,
    Refusal,
    Request,
    decide_trust,
    judge,
    parse,
)
from inhouse_server.services import policy_sources
from inhouse_server.services.access import Caller, denied

_ASSUME = "sts:AssumeRole"
_ASSUME_WITH_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The session that somebody asks for.

    Attributes:
        role_arn: There need not be such a role.
        name: Of the session.
        seconds: How long it is to last; None for as long as is usual.
        policy: Narrows what the role may do; None does not.
        external_id: What a third party was told to say; None if nothing.
    """

    role_arn: str
    name: str
    seconds: int | None = None
    policy: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was given."""

    credentials: SessionCredentials
    claims: SessionClaims


class Sessions:
    """Gives sessions of roles.

    Args:
        database: The catalog with roles and identity providers.
        signer: Makes credentials.
        web_identities: Checks tokens of identity providers.
        clock: Gives the time now.
    """

    def __init__(self, database: Database, signer: SessionSigner, web_identities: WebIdentities, clock: Clock) -> None:
        self._database = database
        self._signer = signer
        self._web_identities = web_identities
        self._clock = clock

    def assume(self, caller: Caller, wanted: Wanted) -> Session:
        """Give a session to somebody who has credentials.

        Raises:
            AccessDeniedError: The role does not trust the caller, or the caller may not; or there is no such role.
            InvalidRequestError: It cannot last so long, or cannot be named so.
            MalformedPolicyError: The session's policy is none.
        """
        principal = caller.principal
        _check(wanted)
        extra = {"sts:rolesessionname": (wanted.name,)}
        if wanted.external_id is not None:
            extra["sts:externalid"] = (wanted.external_id,)
        with self._database.read() as connection:
            role = roles.find(connection, wanted.role_arn)
            case = policy_sources.case(connection, principal, _ASSUME, wanted.role_arn, extra=extra, now=self._clock())
        if case is None:
            raise denied(principal.arn, _ASSUME, wanted.role_arn, Refusal.NO_IDENTITY)
        if role is None:
            raise denied(principal.arn, _ASSUME, wanted.role_arn, Refusal.NO_RESOURCE)
        policies = Policies(
            case.policies.identity, parse(role.trust_policy, Kind.TRUST), case.policies.session, principal.arn
        )
        refusal = decide_trust(policies, case.request, role.account)
        if refusal is not None:
            raise denied(principal.arn, _ASSUME, wanted.role_arn, refusal)
        longest = role.maximum_seconds
        if principal.session is not None:  # a role that assumes a role. Source: STS API reference, "role chaining"
            longest = min(longest, compat.DEFAULT_SESSION_SECONDS)
        return self._give(role, wanted, longest)

    def assume_with_web_identity(
        self, token: str, wanted: Wanted, conditions: Mapping[str, tuple[str, ...]]
    ) -> tuple[Session, WebIdentity]:
        """Give a session to somebody for whom an identity provider vouches.

        Args:
            token: The provider's.
            wanted: The session.
            conditions: What the request says beside, for the conditions of policies: by key in lower case.

        Raises:
            AccessDeniedError: The role does not trust whom the token speaks of; or there is no such role.
            InvalidIdentityTokenError: The token cannot be believed; its subclasses say why.
            InvalidRequestError: It cannot last so long, or cannot be named so.
            MalformedPolicyError: The session's policy is none.
        """
        _check(wanted)
        now = self._clock()
        with self._database.read() as connection:
            role = roles.find(connection, wanted.role_arn)
            known = identity_providers.list_all(connection)
        if role is None:
            raise _not_authorized()
        # Outside of the transaction: this may read the provider's keys over the network.
        identity = self._web_identities.verify(token, [each for each in known if each.account == role.account], now)
        request = Request(
            _ASSUME_WITH_WEB_IDENTITY,
            (role.arn,),
            account="",
            federated=identity.provider.arn,
            context={
                **{key: (value,) for key, value in policy_sources.time_context(now).items()},
                **conditions,
                **identity.context,
                "sts:rolesessionname": (wanted.name,),
            },
        )
        if judge(parse(role.trust_policy, Kind.TRUST), request) is not Effect.ALLOW:
            raise _not_authorized()
        return self._give(role, wanted, role.maximum_seconds), identity

    def _give(self, role: Role, wanted: Wanted, longest: int) -> Session:
        seconds = min(compat.DEFAULT_SESSION_SECONDS, longest) if wanted.seconds is None else wanted.seconds
        if seconds > longest:
            raise InvalidRequestError(
                f"The requested DurationSeconds exceeds the {longest} seconds that a session of this role may last."
            )
        claims = SessionClaims(
            arn=f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{wanted.name}",
            user_id=f"{role.role_id}:{wanted.name}",
            expires_at=self._end(seconds),
            policy=wanted.policy,
        )
        return Session(self._signer.issue(claims), claims)

    def _end(self, seconds: int) -> datetime:
        now = self._clock()
        return now.replace(microsecond=0) + timedelta(seconds=seconds)


def _check(wanted: Wanted) -> None:
    if not wanted.name.isascii():
        raise InvalidRequestError("Value at 'roleSessionName' must be of ASCII characters.")
    if wanted.policy is not None:
        if len(wanted.policy) > compat.MAXIMUM_SESSION_POLICY_CHARACTERS:
            raise InvalidRequestError(
                f"Value at 'policy' must have length less than or equal to {compat.MAXIMUM_SESSION_POLICY_CHARACTERS}"
            )
        parse(wanted.policy, Kind.SESSION)


def _not_authorized() -> AccessDeniedError:
    return AccessDeniedError(f"Not authorized to perform {_ASSUME_WITH_WEB_IDENTITY}")
