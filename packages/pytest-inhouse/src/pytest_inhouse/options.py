"""How the repository for a test is to be: from pytest's configuration, its command line and the test's marker."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast, get_args

from pytest_inhouse.codeartifact import DEFAULT_REGION
from pytest_inhouse.errors import UsageError
from pytest_inhouse.server import Compatibility

_MODES: Final = get_args(Compatibility)
_REGION: Final = re.compile(r"[a-z]{2,8}(-[a-z]{2,20}){1,3}-[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Options:
    """How the repository for a test is to be.

    Attributes:
        compat: Whether it does more than AWS.
        region: Where the test's domain is.
        aws_hosts: Whether AWS's own addresses are used.
    """

    compat: Compatibility = "aws"
    region: str = DEFAULT_REGION
    aws_hosts: bool = False


def read_options(configured: Options, marker: Mapping[str, Any]) -> Options:
    """Return what the arguments of a test's marker make of what is configured.

    Raises:
        UsageError: There is no such argument, or it cannot have that value.
    """
    unknown = marker.keys() - {"compat", "region", "aws_hosts"}
    if unknown:
        raise UsageError(
            f"The marker codeartifact has no argument {', '.join(sorted(unknown))}.",
            hint="It has compat, region and aws_hosts.",
        )
    region = marker.get("region", configured.region)
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        raise UsageError(f"{region!r} is not a region.", hint="Regions look like us-east-1.")
    return Options(
        read_compatibility(marker.get("compat", configured.compat), "The marker codeartifact"),
        region,
        bool(marker.get("aws_hosts", configured.aws_hosts)),
    )


def read_compatibility(said: object, where: str) -> Compatibility:
    """Return a mode.

    Raises:
        UsageError: It is none.
    """
    if said not in _MODES:
        raise UsageError(f"{where}: {said!r} is not a mode of the repository.", hint=f"Known are {', '.join(_MODES)}.")
    return cast("Compatibility", said)
