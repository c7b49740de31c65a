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

RESERVED_TAG_PREFIX: Final = "aws:"
"""Tag keys that begin so, in whatever case, are AWS's own; setting one is a ValidationException. Source: the tagging
rules of all of AWS; CodeArtifact's guide does not repeat them."""

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
"""What `encryptionKey` must look like when it is an ARN; otherwise it is a key's id or `alias/<name>`."""

KEY_SERVICE_ID: Final = r"(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
"""What a key's id looks like. Source: KMS API reference, "KeyId".

No key service stands behind it here: the key is recorded, and what lies on the disk is as safe as the disk. What is no
key, or one of another service or region, is a ValidationException with reason ENCRYPTION_KEY_ERROR.
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

MAXIMUM_ALONG_FILE_BYTES: Final = 32 * 1024**2
MAXIMUM_ALONG_BYTES: Final = 64 * 1024**2
ALONG_SECONDS: Final = 2.0
"""How much of a public release is fetched along when one of its files is, and how long that one waits for the others.

AWS imports all files of a release. So does this server with those of most releases; the gigabyte of wheels that a
compiled package may have for all platforms is left where it is until somebody asks for it. See docs/adr/0012.
"""

PUBLIC_SOURCE_UNAVAILABLE_STATUS: Final = 503
"""Status when only a public source knows, and it does not answer. Clients try a 503 again, and never take it for "no
such project", which would send them to their next index."""

# What AWS leaves open about changes to packages is decided in `rules/bulk.py`, `rules/copying.py` and
# `rules/generic_publishing.py`:
#
# - A package of a format that needs a namespace by the model (`maven`, `swift`, `generic`) is taken without: AWS
#   documents the need, not what happens.
# - PutPackageOriginConfiguration normalises a PyPI name silently: a record under another spelling would block nothing.
# - Setting the status that a version has already succeeds. Disposing of a disposed version, or setting its status, is
#   NOT_ALLOWED.
# - All-or-nothing holds for deleting versions too, and a version that need not be copied is SKIPPED with the others.
# - Copying a Disposed or Unfinished version is NOT_ALLOWED; so is overwriting a Disposed one: it must be deleted first.
# - A package that is made by copying is open for publishing and closed for upstream if its first version was published
#   in the domain, and the other way round if it came from a public source.
# - An asset of an Archived, Disposed or Unfinished version is not found; a `revision` that is not the version's is a
#   ConflictException.
# - A body that does not have the digest of `x-amz-content-sha256` is a ValidationException, not a wrong signature: the
#   signature is right, since it covers the digest.
# - Taking away an external connection that a repository does not have is a ResourceNotFoundException.
# - DeleteDomain of a domain that does not exist is a ResourceNotFoundException, though the model does not declare it.
# - Deleting a repository takes it away from the upstreams of others.

SEPARATORS: Final = "-._"
"""Runs of these are one and the same where package groups match weakly. Source: the user guide, "Package group
definition syntax and matching behavior"."""

_LOOK_ALIKES: Final = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212",
    "a": "\u0251\u03b1\u0430\u13aa\u1d00",
    "b": "\u0185\u03b2\u0432\u044c\u13f4",
    "c": "\u0441\u13df\u1d04",
    "d": "\u0501\u13a0\u1d05",
    "e": "\u03b5\u0435\u13ac\u1d07",
    "g": "\u0261\u0581\u13c0",
    "h": "\u043d\u04bb\u0570\u13bb",
    "i": "\u0131\u0269\u03b9\u0456",
    "j": "\u0458\u0575\u13ab\u1d0a",
    "k": "\u03ba\u043a\u13e6\u1d0b",
    "l": "\u04cf\u13de",
    "m": "\u03bc\u043c\u13b7\u1d0d",
    "n": "\u03b7\u0578",
    "o": "\u03bf\u03c3\u043e\u0585\u1d0f",
    "p": "\u03c1\u0440\u13e2\u1d18",
    "q": "\u051b\u0566",
    "s": "\u0455\u13da\ua731",
    "t": "\u03c4\u0442\u13a2\u1d1b",
    "u": "\u03c5\u057d\u1d1c",
    "v": "\u03bd\u0475\u13d9\u1d20",
    "w": "\u0461\u051d\u13b3\u1d21",
    "x": "\u03c7\u0445",
    "y": "\u03b3\u0443\u04af",
    "z": "\u03b6\u13c3\u1d22",
}

CONFUSABLES: Final = {ord(alike): letter for letter, alikes in _LOOK_ALIKES.items() for alike in alikes}
"""Letters of other alphabets (Cyrillic, Greek, Armenian, Cherokee, small capitals) that look like an ASCII letter, once
case is folded and compatibility characters are decomposed: what package groups match weakly. The user guide says
"similar looking characters from separate alphabets" and does not say which.

It is the part of Unicode's table (UTS 39) that imitates names which registries allow, together with letters that look
alike as capitals only, since case is folded before. The libraries that carry the whole table are either long without a
release, or new and far larger than this need, or want ICU on the machine. ASCII characters are never folded into each
other (`0` and `o`, `1` and `l`): they are one alphabet, and names that differ so are in honest use. Names of PyPI
projects are ASCII, so that these match weakly only what somebody asks about with other letters.
"""

POLICY_VERSION: Final = "2012-10-17"
"""The only version of policy documents that is taken; the older one knows no variables, and means them literally."""

ADMINISTRATOR: Final = "admin"
"""The user that the first start makes; while nobody gives it a policy of its own, it has the administrator's."""

ADMINISTRATOR_POLICY: Final = (
    f'{{"Version":"{POLICY_VERSION}","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"}}]}}'
)
"""What AWS's managed policy AdministratorAccess says: everything that resource policies of other accounts let one."""

ORGANIZATION: Final = "o-inhouse0000"
"""`aws:PrincipalOrgID` of every account here: all accounts of one data folder are of one organisation."""

POLICY_OF_PACKAGE_GROUPS: Final = "domain"
"""Whose policy counts for actions on package groups: AWS documents policies of domains and repositories only, and a
package group is the domain's."""

MAXIMUM_SESSION_POLICY_CHARACTERS: Final = 2048
"""Length of the policy that narrows a session. Source: STS API reference; AWS measures a packed form as well."""

DEFAULT_SESSION_SECONDS: Final = 3600
"""How long a role's session lasts, and may last unless the role says otherwise. Source: STS API reference."""

IDENTITY_PROVIDER_SECONDS: Final = 300
"""How long an identity provider's keys are believed before they are read again."""

IDENTITY_TOKEN_TOLERANCE_SECONDS: Final = 60
"""How far an identity provider's clock may be from ours."""
