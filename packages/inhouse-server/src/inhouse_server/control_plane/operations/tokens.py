"""Operations that open the data plane."""

from inhouse_server.control_plane.registry import Context, Result, operation


@operation("GetAuthorizationToken")
def get_authorization_token(
    context: Context, *, domain: str, domain_owner: str | None = None, duration_seconds: int | None = None
) -> Result:
    """Issue a token for all repositories of a domain."""
    token, claims = context.services.access.issue_token(
        context.caller, context.owner(domain_owner), domain, duration_seconds
    )
    return {"authorizationToken": token, "expiration": claims.expires_at}
