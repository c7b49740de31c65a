"""Behaviour of CodeArtifact that AWS does not document: what we chose, and why.

Whoever learns better corrects it here, and nowhere else.
"""

from typing import Final

DEFAULT_ACCOUNT: Final = "111122223333"
"""The account of the embedded repository; the number AWS's own documentation uses for examples."""

DEFAULT_REGION: Final = "us-east-1"
"""The region that `server env` and `server profile` name. Domains live in the region a request was signed for."""

TOKEN_USERNAME: Final = "aws"  # noqa: S105 - a user name
"""The only user name that HTTP Basic admits with an authorization token; any other is answered with 401."""

DEFAULT_TOKEN_SECONDS: Final = 43_200
MINIMUM_TOKEN_SECONDS: Final = 900
MAXIMUM_TOKEN_SECONDS: Final = 43_200
"""`durationSeconds` is 0 or between these; others are a ValidationException (FIELD_VALIDATION_FAILED).

0 means "as long as my temporary credentials". With a long-term key there is no such length, so it is refused
too: 12 hours instead would give more than was asked for.
"""

SIGNATURE_TOLERANCE_SECONDS: Final = 300
"""How far a request's `X-Amz-Date` may be from our clock. Source: AWS General Reference, five minutes."""

CHALLENGES: Final = ('Basic realm="CodeArtifact"', 'Bearer realm="CodeArtifact"')
"""The `WWW-Authenticate` lines of a 401. Clients of the standard library wait for Basic, so it stands first."""

PUBLISH_REFUSED_STATUS: Final = 403
"""Status of an upload that origin controls refuse. Scripts read 409 as "already published, fine"; this is not."""

MAXIMUM_SEARCHED_REPOSITORIES: Final = 25
"""How many repositories a lookup visits. Source: the user guide's quotas."""

MAXIMUM_UPSTREAMS: Final = 10
"""Direct upstreams of a repository. Source: the user guide's quotas; one more is ServiceQuotaExceeded."""

MAXIMUM_ASSET_BYTES: Final = 5 * 1024**3
"""Size of one asset. Source: the user guide's quotas."""

ROOT_PACKAGE_GROUP: Final = "/*"
"""The package group that every domain is born with."""

MAXIMUM_TAGS: Final = 50
"""Tags of a resource. Source: the user guide; one more is ServiceQuotaExceeded."""

EXTERNAL_CONNECTIONS: Final = {
    "public:npmjs": "npm",
    "public:nuget-org": "nuget",
    "public:pypi": "pypi",
    "public:maven-central": "maven",
    "public:maven-googleandroid": "maven",
    "public:maven-gradleplugins": "maven",
    "public:maven-commonsware": "maven",
    "public:maven-clojars": "maven",
    "public:ruby-gems-org": "ruby",
    "public:crates-io": "cargo",
}
"""External connections and the format of what they bring. Source: the user guide.

Only `public:pypi` fetches here; the others are recorded and described. A name that is not among them is a
ValidationException. A repository that has upstreams, or already has a connection, answers ConflictException: AWS
documents that they exclude each other, not with which error.
"""

KEY_SERVICE_ARN: Final = r"arn:[a-z-]+:kms:(?P<region>[a-z0-9-]+):[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+"
"""What `encryptionKey` must look like when it is an ARN; otherwise it is a key's id or `alias/<name>`.

No key service stands behind it here: the key is recorded, and what lies on the disk is as safe as the disk. An ARN
of another service or region is a ValidationException with reason ENCRYPTION_KEY_ERROR.
"""

DEFAULT_PAGE_SIZES: Final = {"ListPackages": 100}
DEFAULT_PAGE_SIZE: Final = 50
"""How many results a page has when `maxResults` does not say. Source: the user guide for packages, versions and
repositories; the others are not documented."""

MAXIMUM_REQUEST_BYTES: Final = 1024**2
"""Size of a control-plane request's body; the longest that the model allows is some 500 KB, a list of 200 tags."""

MAXIMUM_HEAD_BYTES: Final = 64 * 1024
"""Size of a request's line and headers together, and of what stands around the chunks of a body.

A longer one ends the connection with status 431. The longest that our clients send is some 10 KB, a page token.
"""

UPLOAD_TOO_LARGE_STATUS: Final = 413
"""Status of an upload that is longer than an asset may be. AWS documents the quota, not the answer."""

OWN_NAMES_ARE_CLOSED_IN_THE_WHOLE_SEARCH: Final = True
"""Whether a name that one repository of a search makes ours is closed to the public sources of all of them.

AWS documents that a package's setting `upstream: BLOCK` is that of one repository: those above it, and those beside
it, still unite its versions with what a public source offers under the name. A stranger's higher version then wins in
all of them. Nothing public may come in by accident here, so no public source is asked for a name that any visited
repository holds a published version of, or has set to BLOCK. See docs/adr/0006.
"""

PUBLISHING_NEEDS_THE_PUBLIC_SOURCE: Final = True
"""Whether the first file of a new name waits until the public source behind the repository can be asked for it.

AWS documents that the check for the same version upstream may be skipped while the external source is down. Here it is
not: publishing makes a name ours, and hides a public project of that name from all who work above. Names that are ours
are never checked, so releases do not depend on the public source.
"""

PUBLIC_SOURCE_UNAVAILABLE_STATUS: Final = 503
"""Status when only a public source knows, and it does not answer. Clients try a 503 again, and never take it for "no
such project", which would send them to their next index."""
