"""Behaviour of CodeArtifact that AWS does not document: what we chose, and why.

Whoever learns better corrects it here, and nowhere else.
"""

from typing import Final

DEFAULT_ACCOUNT: Final = "111122223333"
"""The account of the embedded repository; the number AWS's own documentation uses for examples."""

DEFAULT_REGION: Final = "us-east-1"
"""The region that `server env` and `server profile` name. Domains live in the region a request was signed for."""

TOKEN_USERNAME: Final = "aws"
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
