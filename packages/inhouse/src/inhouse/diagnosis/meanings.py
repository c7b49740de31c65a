"""What each finding means, in a sentence, for the reference."""

from collections.abc import Mapping
from typing import Final

from inhouse.diagnosis.findings import Code

__all__ = ["BY_CHECK_CONFIG", "MEANINGS"]

MEANINGS: Final[Mapping[Code, str]] = {
    Code.SECOND_INDEX: "A tool asks another index beside the one; a stranger's package of your name can win.",
    Code.EXPLICIT_INDEX: "Another index is asked for what is pinned to it; what that depends on is not protected.",
    Code.PUBLIC_INDEX: "A tool asks PyPI too, because no index takes its place.",
    Code.WRONG_INDEX: "A tool asks another index than the project's repository. A note where another tool than the "
    "project's own would, if it were run by hand.",
    Code.INDEX_MISSING: "The project's manager is told no index, and asks PyPI.",
    Code.INDEX_INCOMPLETE: 'The one index lacks what makes the tool keep to it, such as `authenticate = "always"`.',
    Code.INDEX_STRATEGY: "uv compares the versions of all indexes, or goes on after a refusal (`unsafe-…`).",
    Code.FIND_LINKS: "A tool takes files from a page or a folder beside the index.",
    Code.CONFIGURATION_HIDDEN: "A `uv.toml` takes the place of `[tool.uv]`.",
    Code.CONFIGURATION_UNREADABLE: "A configuration file cannot be read.",
    Code.LOCK_FOREIGN: "A lock takes packages or files from elsewhere than the one index.",
    Code.LOCK_DIRECT: "A lock takes a package from an address that the project names itself.",
    Code.LOCK_UNREADABLE: "A lock cannot be read, for example because of a merge conflict.",
    Code.NAME_UNRESERVED: "A name of yours is in no package group that keeps public sources out.",
    Code.NAME_LOOK_ALIKE: "A name of yours only looks like one that a package group reserves, and is blocked.",
    Code.NAME_UNKNOWN: "Whose a name is, or whether it is reserved, cannot be told; the missing permission is named.",
    Code.NAME_ON_PYPI: "PyPI has a project of a name of yours. Only asked with `--ask-public`.",
    Code.TOKEN_STALE: "The repository refuses a token that a tool takes without asking the keyring.",
    Code.TOKEN_STORED: "A token lies in a file: it works for 12 hours at most, and shadows the keyring after that.",
    Code.TOKEN_IS_JSON: "The whole answer of `get-authorization-token` is in the place of the token.",
    Code.SECRET_READABLE: "Others on this machine can read a file with secrets.",
    Code.SECRET_IN_PROJECT: "A password or token stands in a file of the project.",
    Code.CREDENTIALS_MISSING: "Nothing says who you are.",
    Code.CREDENTIALS_REFUSED: "Your AWS credentials are not accepted, or no longer.",
    Code.SSO_EXPIRED: "The session of AWS single sign-on has expired.",
    Code.TOKEN_DENIED: "`codeartifact:GetAuthorizationToken` is missing.",
    Code.BEARER_DENIED: "`sts:GetServiceBearerToken` is missing, which no policy of a domain can give.",
    Code.READ_DENIED: "`codeartifact:ReadFromRepository` is missing.",
    Code.ACCESS_DENIED: "Another permission is missing; it is named.",
    Code.OTHER_ACCOUNT: "You are of another account than the domain's owner. A note as long as nothing is refused.",
    Code.PROFILE_NOT_USED: "Another profile is used than `[profiles]` has for the domain.",
    Code.REPOSITORY_MISSING: "The domain or the repository does not exist.",
    Code.UNREACHABLE: "Nobody answers at the address.",
    Code.TLS_UNTRUSTED: "The certificate of the service is not trusted.",
    Code.PROXY_FAILED: "The proxy does not let the request through.",
    Code.SERVICE_FAILED: "The service refuses for another reason.",
    Code.CLOCK_SKEW: "This machine's clock differs from the service's: a problem beyond 5 minutes.",
    Code.KEYRING_MISSING: "A tool is told to ask the program `keyring`, and there is none.",
    Code.KEYRING_BACKEND_MISSING: "The `keyring` that a tool asks knows nothing of CodeArtifact.",
    Code.KEYRING_SEVERAL: "There are several programs `keyring` on PATH.",
    Code.TOOL_TOO_OLD: "A tool is too old to keep to one index, or to ask the keyring.",
    Code.EXCEPTION_UNREASONED: "A written exception has no reason.",
    Code.EXCEPTION_UNUSED: "A written exception excepts nothing.",
    Code.EXCEPTION_UNKNOWN: "A written exception names no finding or no place.",
}

_EXCEPTIONS: Final = frozenset({Code.EXCEPTION_UNREASONED, Code.EXCEPTION_UNUSED, Code.EXCEPTION_UNKNOWN})

BY_CHECK_CONFIG: Final = _EXCEPTIONS | {
    Code.SECOND_INDEX,
    Code.EXPLICIT_INDEX,
    Code.PUBLIC_INDEX,
    Code.WRONG_INDEX,
    Code.INDEX_MISSING,
    Code.INDEX_INCOMPLETE,
    Code.INDEX_STRATEGY,
    Code.FIND_LINKS,
    Code.CONFIGURATION_HIDDEN,
    Code.CONFIGURATION_UNREADABLE,
    Code.LOCK_FOREIGN,
    Code.LOCK_DIRECT,
    Code.LOCK_UNREADABLE,
    Code.NAME_UNRESERVED,
    Code.NAME_LOOK_ALIKE,
    Code.NAME_UNKNOWN,
    Code.SECRET_IN_PROJECT,
}
"""What `check-config` looks for; what lies outside of the project is `doctor`'s alone."""
