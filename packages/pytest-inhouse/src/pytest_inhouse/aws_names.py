"""Which hosts are AWS CodeArtifact's, and STS's.

Source: botocore's rule sets of endpoints for both services, and the CodeArtifact user guide for hosts of repositories.
"""

import re
from typing import Final

_REGION: Final = r"[a-z]{2,8}(-[a-z]{2,20}){1,3}-[0-9]{1,2}"
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_SERVICE: Final = r"codeartifact(-fips)?"
_HOST: Final = re.compile(
    "|".join(
        [
            rf"({_LABEL}\.d\.)?{_SERVICE}\.{_REGION}\.amazonaws\.com(\.cn)?",
            rf"{_LABEL}\.{_SERVICE}\.{_REGION}\.on\.aws",
            rf"{_SERVICE}\.{_REGION}\.api\.aws",
            rf"sts(-fips)?\.{_REGION}\.(amazonaws\.com(\.cn)?|api\.aws)",
            r"sts\.amazonaws\.com",
        ]
    ),
    re.ASCII,
)


def is_aws(host: str) -> bool:
    """Return whether a name belongs to one of the two services."""
    return _HOST.fullmatch(host.lower().removesuffix(".")) is not None


def api_host(region: str) -> str:
    """Return the name of CodeArtifact's API in a region."""
    return f"codeartifact.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
