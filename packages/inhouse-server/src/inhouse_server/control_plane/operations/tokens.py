"""Operations that open the data plane."""

from inhouse_server.control_plane.registry import Context, Result, operation


@operation("GetAuthorizationToken")
def get_authorization_token(
    context: Context, *, owner: str, domain: str, duration_seconds: int | None = None
) -> Result:
    """Issue a token for all repositories of a domain."""
    token, claims = context.services.access.issue_token(context.caller, owner, domain, duration_seconds)
    return {"authorizationToken": token, "expiration": claims.expires_at}
