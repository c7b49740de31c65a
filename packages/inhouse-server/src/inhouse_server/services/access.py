"""Who is asking, and what may they do: the one place that both planes and all services ask."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import quote

from inhouse_server import compat
from inhouse_server.catalog import Database, domains, principals, roles
from inhouse_server.errors import (
    AccessDeniedError,
    InvalidRequestError,
    NotFoundError,
    ResourceType,
    UnknownAccessKeyError,
)
from inhouse_server.identity import sigv4
from inhouse_server.identity.sessions import KEY_PREFIX, SessionClaims
from inhouse_server.identity.sigv4 import SignedRequest
from inhouse_server.identity.tokens import TokenClaims, TokenSigner
from inhouse_server.model import Clock, Domain, Principal, RoleSession
from inhouse_server.rules.policies import Refusal, decide
from inhouse_server.services import policy_sources


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a control-plane request, and for which region; resources live in the region of the request."""

    principal: Principal
    region: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token a data-plane request carries, and the one domain that it opens."""

    principal: Principal
    region: str
    owner: str
    domain: str


def domain_arn(region: str, owner: str, domain: str) -> str:
    """Return a domain's ARN; there need not be such a domain, since permission is asked before existence."""
    return f"arn:aws:codeartifact:{region}:{owner}:domain/{domain}"


def repository_arn(region: str, owner: str, domain: str, repository: str) -> str:
    """Return a repository's ARN; its account is the domain's owner."""
    return f"arn:aws:codeartifact:{region}:{owner}:repository/{domain}/{repository}"


def package_group_arn(region: str, owner: str, domain: str, pattern: str) -> str:
    """Return a package group's ARN, its pattern percent-encoded."""
    return f"arn:aws:codeartifact:{region}:{owner}:package-group/{domain}{quote(pattern, safe='/')}"


class Access:
    """Knows callers by their signature or token, and decides what they may do.

    Args:
        database: The catalog with its users and keys.
        signer: Makes and checks authorization tokens.
        clock: Gives the time now.
        signing_clock: Gives the time that signatures are held against, where that is another one: a clock that tests
            move would refuse whatever real clients sign.
    """

    def __init__(
        self, database: Database, signer: TokenSigner, clock: Clock, signing_clock: Clock | None = None
    ) -> None:
        self._database = database
        self._signer = signer
        self._sessions = signer.sessions()
        self._clock = clock
        self._signing_clock = signing_clock or clock

    def signed(self, request: SignedRequest, service: str) -> Caller:
        """Return who signed a request to `service`.

        Raises:
            AuthenticationError: Its subclasses say what is wrong with the signature.
        """
        authorization = sigv4.read_authorization(request)
        now = self._clock()
        token = sigv4.session_token(request)
        temporary = token is not None and authorization.access_key_id.startswith(KEY_PREFIX)
        if token is not None and temporary:
            claims, secret = self._sessions.verify(authorization.access_key_id, token, now)
            principal = self._session(claims)
        else:
            with self._database.read() as connection:
                key = principals.find_key(connection, authorization.access_key_id)
            if key is None:
                raise UnknownAccessKeyError("The security token included in the request is invalid.")
            principal, secret = key.principal, key.secret
        signed_at = self._signing_clock()
        sigv4.verify(request, authorization, secret, service=service, now=signed_at, temporary=temporary)
        return Caller(principal, authorization.scope.region)

    def bearer(self, token: str, conditions: Mapping[str, tuple[str, ...]] | None = None) -> Bearer:
        """Return whom an authorization token speaks for.

        Args:
            token: As the client sent it.
            conditions: What the request says beside, for the conditions of policies: by key in lower case.

        Raises:
            UnknownAccessKeyError: The token is not ours, or its principal is gone.
            ExpiredCredentialsError: Its time is over.
        """
        claims = self._signer.verify(token, self._clock())
        if claims.principal_arn.startswith("arn:aws:sts::"):
            principal = self._session(
                SessionClaims(claims.principal_arn, claims.user_id, claims.expires_at, claims.session_policy)
            )
        else:
            with self._database.read() as connection:
                found = principals.find_user(connection, claims.principal_arn)
            if found is None or claims.user_id not in ("", found.user_id):
                raise UnknownAccessKeyError("The principal of the authorization token no longer exists.")
            principal = found
        if conditions:
            principal = replace(principal, conditions=conditions)
        return Bearer(principal, claims.region, claims.owner, claims.domain)

    def require(
        self,
        principal: Principal,
        action: str,
        resource_arn: str,
        *,
        conditions: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Return if `principal` may do `action` on the resource, by the policies that hold now.

        Args:
            principal: Who asks.
            action: With its service, for example `codeartifact:ReadFromRepository`.
            resource_arn: Need not exist; `*` for actions that have no resource.
            conditions: What the caller knows of the request beside `principal.conditions`, by key in lower case.

        Raises:
            AccessDeniedError: With AWS's wording.
        """
        with self._database.read() as connection:
            case = policy_sources.case(
                connection, principal, action, resource_arn, extra=conditions or {}, now=self._clock()
            )
        refusal = Refusal.NO_IDENTITY if case is None else decide(case.policies, case.request, case.owner)
        if refusal is not None:
            raise denied(principal.arn, action, resource_arn, refusal)

    def issue_token(self, caller: Caller, owner: str, domain: str, duration: int | None) -> tuple[str, TokenClaims]:
        """Return a token for one domain, and what it says.

        Args:
            caller: On whose behalf the token acts.
            owner: The account that owns the domain.
            domain: The domain's name.
            duration: Seconds; None for the longest, 0 for as long as the caller's session lasts.

        Raises:
            AccessDeniedError: The caller may not have one.
            InvalidRequestError: `duration` is not one that AWS gives.
            NotFoundError: There is no such domain.
        """
        action = "codeartifact:GetAuthorizationToken"
        now = self._clock()
        now -= timedelta(microseconds=now.microsecond % 1000)
        session = caller.principal.session
        self.require(caller.principal, action, domain_arn(caller.region, owner, domain))
        if duration == 0 and session is not None and session.expires_at is not None:
            expires_at = session.expires_at
        else:
            expires_at = now + timedelta(seconds=_token_seconds(duration))
        self.require(
            caller.principal,
            "sts:GetServiceBearerToken",
            "*",
            conditions={
                "sts:awsservicename": ("codeartifact.amazonaws.com",),
                "sts:durationseconds": (str(int((expires_at - now).total_seconds())),),
            },
        )
        self.find_domain(caller.region, owner, domain)
        claims = TokenClaims(
            region=caller.region,
            owner=owner,
            domain=domain,
            principal_arn=caller.principal.arn,
            issued_at=now,
            expires_at=expires_at,
            user_id=caller.principal.user_id,
            session_policy=None if session is None else session.policy,
        )
        return self._signer.issue(claims), claims

    def find_domain(self, region: str, owner: str, domain: str) -> Domain:
        """Return the domain.

        Raises:
            NotFoundError: There is none of that name in the region and account.
        """
        with self._database.read() as connection:
            found = domains.find(connection, region, owner, domain)
        if found is None:
            raise domain_not_found(region, owner, domain)
        return found

    def _session(self, claims: SessionClaims) -> Principal:
        """Return the session that credentials speak of.

        Raises:
            UnknownAccessKeyError: Its role is gone.
        """
        role, name = claims.arn.split("/")[1:]
        account = claims.arn.split(":")[4]
        role_arn = f"arn:aws:iam::{account}:role/{role}"
        with self._database.read() as connection:
            found = roles.find(connection, role_arn)
        if found is None or claims.user_id != f"{found.role_id}:{name}":
            raise UnknownAccessKeyError("The role of the credentials no longer exists.")
        session = RoleSession(role_arn, name, claims.expires_at, claims.policy)
        return Principal(account, claims.arn, claims.user_id, session)


def denied(asker: str, action: str, resource_arn: str, refusal: Refusal) -> AccessDeniedError:
    """Return the error for a request that policies refuse, in AWS's words."""
    return AccessDeniedError(
        f"User: {asker} is not authorized to perform: {action} on resource: {resource_arn} "
        f"{refusal.format(action=action)}"
    )


def domain_not_found(region: str, owner: str, domain: str) -> NotFoundError:
    """Return the error for a domain that does not exist."""
    return NotFoundError(
        f"Domain not found. Domain {domain} owned by account {owner} does not exist in region {region}.",
        ResourceType.DOMAIN,
        domain,
    )


def _token_seconds(duration: int | None) -> int:
    if duration is None:
        return compat.DEFAULT_TOKEN_SECONDS
    if duration == 0:
        raise InvalidRequestError(
            "durationSeconds 0 means as long as the caller's temporary credentials; the credentials of this request "
            f"are long-term. Use a value from {compat.MINIMUM_TOKEN_SECONDS} to {compat.MAXIMUM_TOKEN_SECONDS}."
        )
    if not compat.MINIMUM_TOKEN_SECONDS <= duration <= compat.MAXIMUM_TOKEN_SECONDS:
        raise InvalidRequestError(
            f"durationSeconds must be 0 or from {compat.MINIMUM_TOKEN_SECONDS} to {compat.MAXIMUM_TOKEN_SECONDS}, not "
            f"{duration}."
        )
    return duration
