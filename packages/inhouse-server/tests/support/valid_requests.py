"""One request for each operation that is answered with success, in a domain that has something of everything."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.model import OperationModel
from botocore.serialize import create_serializer
from house import House

from inhouse_server.control_plane.protocol import models
from inhouse_server.model import AccessKey

HOST: Final = "127.0.0.1"
REGION: Final = "us-east-1"
OWNER: Final = "111122223333"
DOMAIN: Final = "dd"
_PLACE: Final = f"arn:aws:codeartifact:{REGION}:{OWNER}"
_CONTENT: Final = b"one more asset"
_POLICY: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": OWNER},
                "Action": ["codeartifact:ReadFromRepository"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-inhouse0000"}},
            }
        ],
    }
)

_domain: Final[dict[str, object]] = {"domain": DOMAIN, "domainOwner": OWNER}
_repository: Final = _domain | {"repository": "lib"}
_package: Final = _repository | {"format": "pypi", "package": "acme"}
_version: Final = _package | {"packageVersion": "1.0"}
_group: Final = _domain | {"packageGroup": "/pypi//acme~"}
_tags: Final = [{"key": "team", "value": "red"}]
_allowed: Final = [{"repositoryName": "lib", "originRestrictionType": "PUBLISH"}]

PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "AssociateExternalConnection": _domain | {"repository": "bare", "externalConnection": "public:pypi"},
    "CopyPackageVersions": _domain
    | {
        "sourceRepository": "lib",
        "destinationRepository": "bare",
        "format": "pypi",
        "package": "acme",
        "versions": ["1.0"],
        "allowOverwrite": True,
        "includeFromUpstream": True,
    },
    "CreateDomain": {"domain": "another", "encryptionKey": "alias/one", "tags": _tags},
    "CreatePackageGroup": _domain
    | {"packageGroup": "/pypi//new$", "contactInfo": "us", "description": "New", "tags": _tags},
    "CreateRepository": _domain
    | {"repository": "new", "description": "New", "upstreams": [{"repositoryName": "lib"}], "tags": _tags},
    "DeleteDomain": {"domain": "empty", "domainOwner": OWNER},
    "DeleteDomainPermissionsPolicy": _domain,
    "DeletePackage": _package,
    "DeletePackageGroup": _group,
    "DeletePackageVersions": _package | {"versions": ["1.0"], "expectedStatus": "Published"},
    "DeleteRepository": _repository,
    "DeleteRepositoryPermissionsPolicy": _repository,
    "DescribeDomain": _domain,
    "DescribePackage": _package,
    "DescribePackageGroup": _group,
    "DescribePackageVersion": _version,
    "DescribeRepository": _repository,
    "DisassociateExternalConnection": _domain | {"repository": "store", "externalConnection": "public:pypi"},
    "DisposePackageVersions": _package | {"versions": ["1.0"], "expectedStatus": "Published"},
    "GetAssociatedPackageGroup": _domain | {"format": "pypi", "package": "acme"},
    "GetAuthorizationToken": _domain | {"durationSeconds": 900},
    "GetDomainPermissionsPolicy": _domain,
    "GetPackageVersionAsset": _version | {"asset": "acme-1.0-py3-none-any.whl"},
    "GetPackageVersionReadme": _version,
    "GetRepositoryEndpoint": _repository | {"format": "pypi", "endpointType": "ipv4"},
    "GetRepositoryPermissionsPolicy": _repository,
    "ListAllowedRepositoriesForGroup": _group | {"originRestrictionType": "PUBLISH", "maxResults": 5},
    "ListAssociatedPackages": _group | {"preview": True, "maxResults": 5},
    "ListDomains": {"maxResults": 5},
    "ListPackageGroups": _domain | {"prefix": "/pypi", "maxResults": 5},
    "ListPackageVersionAssets": _version | {"maxResults": 5},
    "ListPackageVersionDependencies": _version,
    "ListPackageVersions": _package
    | {"status": "Published", "sortBy": "PUBLISHED_TIME", "originType": "INTERNAL", "maxResults": 5},
    "ListPackages": _repository
    | {"format": "pypi", "packagePrefix": "a", "publish": "ALLOW", "upstream": "BLOCK", "maxResults": 5},
    "ListRepositories": {"repositoryPrefix": "li", "maxResults": 5},
    "ListRepositoriesInDomain": _domain | {"administratorAccount": OWNER, "repositoryPrefix": "li", "maxResults": 5},
    "ListSubPackageGroups": _domain | {"packageGroup": "/*", "maxResults": 5},
    "ListTagsForResource": {"resourceArn": f"{_PLACE}:domain/{DOMAIN}"},
    "PublishPackageVersion": _repository
    | {
        "format": "generic",
        "namespace": "tools",
        "package": "kit",
        "packageVersion": "1.0",
        "assetName": "more.bin",
        "assetContent": _CONTENT,
        "assetSHA256": hashlib.sha256(_CONTENT).hexdigest(),
        "unfinished": True,
    },
    "PutDomainPermissionsPolicy": _domain | {"policyDocument": _POLICY},
    "PutPackageOriginConfiguration": _package | {"restrictions": {"publish": "ALLOW", "upstream": "ALLOW"}},
    "PutRepositoryPermissionsPolicy": _repository | {"policyDocument": _POLICY},
    "TagResource": {"resourceArn": f"{_PLACE}:repository/{DOMAIN}/lib", "tags": _tags},
    "UntagResource": {"resourceArn": f"{_PLACE}:package-group/{DOMAIN}/pypi//acme~", "tagKeys": ["team"]},
    "UpdatePackageGroup": _group | {"contactInfo": "them", "description": "Changed"},
    "UpdatePackageGroupOriginConfiguration": _group
    | {
        "restrictions": {"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"},
        "addAllowedRepositories": _allowed,
        "removeAllowedRepositories": _allowed,
    },
    "UpdatePackageVersionsStatus": _package
    | {"versions": ["1.0"], "expectedStatus": "Published", "targetStatus": "Archived"},
    "UpdateRepository": _repository | {"description": "Changed", "upstreams": []},
}
"""What each operation is asked, by its name."""


@dataclass(frozen=True)
class Request:
    """A request before it is signed.

    Attributes:
        query: Names and values, percent-encoded; a name alone has None.
    """

    method: str
    path: str
    query: tuple[tuple[str, str | None], ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def query_string(self) -> str:
        return "&".join(name if value is None else f"{name}={value}" for name, value in self.query)


def furnish(house: House) -> None:
    """Give a domain what the requests speak of.

    Args:
        house: The domain, which is named `DOMAIN`.
    """
    house.repository("bare")
    house.repository("store", connected=True)
    house.repository("lib", "store")
    house.api.create_domain(domain="empty")
    assert house.upload("lib", "acme", "1.0", description="What this is for.").status == 200
    house.api.publish_package_version(**{**PARAMETERS["PublishPackageVersion"], "assetName": "kit.bin"})
    house.api.create_package_group(domain=DOMAIN, packageGroup="/pypi//acme~")
    house.api.put_domain_permissions_policy(domain=DOMAIN, policyDocument=_POLICY)
    house.api.put_repository_permissions_policy(domain=DOMAIN, repository="lib", policyDocument=_POLICY)


def request_for(operation: OperationModel) -> Request:
    """Return the request, as botocore would send it."""
    made = create_serializer("rest-json", include_validation=False).serialize_to_request(
        PARAMETERS[operation.name], operation
    )
    query = tuple((quote(name, safe=""), quote(_text(value), safe="")) for name, value in made["query_string"].items())
    return Request(made["method"], made["url_path"], query, dict(made["headers"]), made["body"] or b"")


def signed_headers(request: Request, key: AccessKey) -> dict[str, str]:
    """Return the headers of a request with its signature."""
    query = request.query_string
    url = f"http://{HOST}:80{quote(request.path, safe='/')}" + (f"?{query}" if query else "")
    made = AWSRequest(method=request.method, url=url, data=request.body, headers={"Host": HOST, **request.headers})
    SigV4Auth(Credentials(key.id, key.secret), "codeartifact", REGION).add_auth(made)
    return {name: str(value) for name, value in made.headers.items()}


def operations() -> dict[str, OperationModel]:
    """Return all operations by name."""
    model = models.load("codeartifact")
    return {name: model.operation_model(name) for name in model.operation_names}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
