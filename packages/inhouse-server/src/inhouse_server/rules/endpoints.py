"""The addresses of a repository: how they are told, and how other forms of them are read.

Sources: CodeArtifact user guide, "Connecting to your repository", and "Create a VPC endpoint for CodeArtifact" for the
path form, which is the one of this server; botocore's rule set of endpoints for the hosts of the API.
"""

import re
from typing import Final

_API_HOST: Final = re.compile(
    r"codeartifact(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?:amazonaws\.com(?P<cn>\.cn)?|api\.aws)(?::[0-9]+)?", re.ASCII
)
_DOMAIN_AND_OWNER: Final = r"(?P<place>[a-z][a-z0-9-]{0,48}[a-z0-9]-[0-9]{12})"
_REPOSITORY_HOST: Final = re.compile(rf"{_DOMAIN_AND_OWNER}\.[A-Za-z0-9.-]+(?::[0-9]+)?", re.ASCII)
_HOST_PATH: Final = re.compile(r"/(?P<format>[a-z]+)/(?!d/)(?P<rest>.+)", re.DOTALL)
_DOMAIN_PATH: Final = re.compile(rf"/{_DOMAIN_AND_OWNER}/(?P<format>[a-z]+)/(?P<rest>.+)", re.ASCII | re.DOTALL)


def repository_endpoint(
    base_url: str, domain: str, owner: str, repository: str, *, package_format: str, dualstack: bool
) -> str:
    """Return the address at which package managers reach a repository; it ends in a slash.

    A client that has reached us under a name of AWS's, through a proxy, is told the very address that AWS would tell;
    everybody else that of the path form, under the name that they have used.

    Args:
        base_url: Of the server as the client sees it, without a slash at the end.
        dualstack: Whether the client wants the host that has IPv6 as well; one address of ours serves both.
    """
    scheme, _, host = base_url.partition("://")
    api = _API_HOST.fullmatch(host)
    if api is None:
        return f"{scheme}://{host}/{package_format}/d/{domain}-{owner}/{repository}/"
    region = api["region"]
    name = (
        f"{domain}-{owner}.codeartifact.{region}.on.aws"
        if dualstack
        else f"{domain}-{owner}.d.codeartifact.{region}.amazonaws.com{api['cn'] or ''}"
    )
    return f"https://{name}/{package_format}/{repository}/"


def canonical_path(host: str, path: str) -> str:
    """Return the path form of a request for a repository, or the path as it is.

    Known are AWS's own form, with domain and owner in the host's name, whatever follows them there, and
    `/<domain>-<owner>/<format>/<repository>/`.

    Args:
        host: As the request's header has it.
        path: Percent-encoded or not.
    """
    by_host = _REPOSITORY_HOST.fullmatch(host.lower())
    in_host = _HOST_PATH.fullmatch(path) if by_host is not None else None
    if by_host is not None and in_host is not None:
        return f"/{in_host['format']}/d/{by_host['place']}/{in_host['rest']}"
    in_path = _DOMAIN_PATH.fullmatch(path)
    if in_path is not None:
        return f"/{in_path['format']}/d/{in_path['place']}/{in_path['rest']}"
    return path
