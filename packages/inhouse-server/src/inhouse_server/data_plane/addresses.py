"""What the address of a request says: AWS's own path form, `/pypi/d/<domain>-<owner>/<repository>/`.

Source: CodeArtifact user guide, "Create a VPC endpoint for CodeArtifact" (the path form).
"""

import re
from dataclasses import dataclass
from typing import Final, cast

from packaging.utils import NormalizedName
from starlette.requests import Request

from inhouse_server.errors import InvalidRequestError, NotFoundError, ResourceType
from inhouse_server.rules.names import check_project_name

ROOT: Final = "/pypi/d/{domain_and_owner}/{repository}"
_DOMAIN_AND_OWNER: Final = re.compile(r"(?P<domain>.+)-(?P<owner>[0-9]{12})", re.ASCII)


_MAXIMUM_LENGTH: Final = 255
"""Characters of a version's and an asset's name. Source: botocore's model."""


@dataclass(frozen=True, slots=True)
class Address:
    """The repository that a request names."""

    domain: str
    owner: str
    repository: str

    @property
    def path(self) -> str:
        """Where its files are uploaded to."""
        return f"{ROOT.format(domain_and_owner=f'{self.domain}-{self.owner}', repository=self.repository)}/"

    @property
    def login_hint(self) -> str:
        """How to get a token for it."""
        domain = f"--domain {self.domain} --domain-owner {self.owner}"
        return (
            f"Get a new token with `aws codeartifact get-authorization-token {domain}` and give it as the password of "
            f"the user aws, or let `aws codeartifact login --tool pip {domain} --repository {self.repository}` (or "
            "`--tool twine`) do both."
        )


def find_address(request: Request) -> Address | None:
    """Return the repository that the address names, or None where it names none."""
    match = _DOMAIN_AND_OWNER.fullmatch(request.path_params.get("domain_and_owner", ""))
    if match is None:
        return None
    return Address(match["domain"], match["owner"], cast("str", request.path_params["repository"]))


def read_address(request: Request) -> Address:
    """Return the repository that the address names.

    Raises:
        NotFoundError: It names none.
    """
    address = find_address(request)
    if address is None:
        named = cast("str", request.path_params["domain_and_owner"])
        raise NotFoundError(
            f"{named!r} does not name a domain.",
            ResourceType.DOMAIN,
            named,
            hint="The address is /pypi/d/<domain>-<owner>/<repository>/, with the twelve digits of the domain's owner.",
        )
    return address


def read_project(request: Request) -> NormalizedName:
    """Return the project that the address names, in whatever spelling, normalised.

    Raises:
        NotFoundError: No project can have that name, so that no public source need be asked for it.
    """
    named = cast("str", request.path_params["project"])
    try:
        return check_project_name(named)
    except InvalidRequestError as error:
        raise NotFoundError(error.message, ResourceType.PACKAGE, named, hint=error.hint) from error


def read_file_name(request: Request) -> tuple[str, str]:
    """Return the version and the file name that the address names.

    Raises:
        NotFoundError: They are longer than any can be; a version of thousands of digits is not even a number.
    """
    version, filename = (cast("str", request.path_params[name]) for name in ("version", "filename"))
    if max(len(version), len(filename)) > _MAXIMUM_LENGTH:
        raise NotFoundError(
            f"No version and no file has a name of more than {_MAXIMUM_LENGTH} characters.",
            ResourceType.ASSET,
            filename[:_MAXIMUM_LENGTH],
            hint="The project's page lists the files that there are.",
        )
    return version, filename
