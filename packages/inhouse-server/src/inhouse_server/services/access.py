"""Who is asking, and what may they do: the one place that both planes and all services ask."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from inhouse_server import compat
from inhouse_server.catalog import Database, domains, principals
from inhouse_server.errors import (
    AccessDeniedError,
    InvalidRequestError,
    NotFoundError,
    ResourceType,
    UnknownAccessKeyError,
)
from inhouse_server.identity import sigv4
from inhouse_server.identity.sigv4 import SignedRequest
from inhouse_server.identity.tokens import TokenClaims, TokenSigner
from inhouse_server.model import Clock, Domain, Principal


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
    """

    def __init__(self, database: Database, signer: TokenSigner, clock: Clock) -> None:
        self._database = database
        self._signer = signer
        self._clock = clock

    def signed(self, request: SignedRequest, service: str) -> Caller:
        """Return who signed a request to `service`.

        Raises:
            AuthenticationError: Its subclasses say what is wrong with the signature.
        """
        authorization = sigv4.read_authorization(request)
        with self._database.read() as connection:
            key = principals.find_key(connection, authorization.access_key_id)
        if key is None:
            raise UnknownAccessKeyError("The security token included in the request is invalid.")
        sigv4.verify(request, authorization, key.secret, service=service, now=self._clock())
        return Caller(key.principal, authorization.scope.region)

    def bearer(self, token: str) -> Bearer:
        """Return whom an authorization token speaks for.

        Raises:
            UnknownAccessKeyError: The token is not ours, or its principal is gone.
            ExpiredCredentialsError: Its time is over.
        """
        claims = self._signer.verify(token, self._clock())
        with self._database.read() as connection:
            principal = principals.find_user(connection, claims.principal_arn)
        if principal is None:
            raise UnknownAccessKeyError("The principal of the authorization token no longer exists.")
        return Bearer(principal, claims.region, claims.owner, claims.domain)

    def require(self, principal: Principal, action: str, resource_arn: str) -> None:
        """Return if `principal` may do `action` on the resource.

        Without policies the rule is that of an account's administrators: everything in their own account, nothing
        elsewhere.

        Args:
            principal: Who asks.
            action: With its service, for example `codeartifact:ReadFromRepository`.
            resource_arn: Need not exist; `*` for actions that have no resource.

        Raises:
            AccessDeniedError: With AWS's wording.
        """
        account = principal.account if resource_arn == "*" else resource_arn.split(":")[4]
        with self._database.read() as connection:
            known = principals.find_user(connection, principal.arn) is not None
        if not known or account != principal.account:
            raise AccessDeniedError(
                f"User: {principal.arn} is not authorized to perform: {action} on resource: {resource_arn} because no "
                f"identity-based policy allows the {action} action"
            )

    def issue_token(self, caller: Caller, owner: str, domain: str, duration: int | None) -> tuple[str, TokenClaims]:
        """Return a token for one domain, and what it says.

        Args:
            caller: On whose behalf the token acts.
            owner: The account that owns the domain.
            domain: The domain's name.
            duration: Seconds; None for the longest.

        Raises:
            AccessDeniedError: The caller may not have one.
            InvalidRequestError: `duration` is not one that AWS gives.
            NotFoundError: There is no such domain.
        """
        action = "codeartifact:GetAuthorizationToken"
        self.require(caller.principal, action, domain_arn(caller.region, owner, domain))
        self.require(caller.principal, "sts:GetServiceBearerToken", "*")
        seconds = _token_seconds(duration)
        self.find_domain(caller.region, owner, domain)
        now = self._clock()
        now -= timedelta(microseconds=now.microsecond % 1000)
        claims = TokenClaims(
            region=caller.region,
            owner=owner,
            domain=domain,
            principal_arn=caller.principal.arn,
            issued_at=now,
            expires_at=now + timedelta(seconds=seconds),
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
