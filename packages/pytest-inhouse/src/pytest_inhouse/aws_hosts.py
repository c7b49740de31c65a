"""What a test is told of the proxy under which AWS's own addresses lead to the repository."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_inhouse import environment


@dataclass(frozen=True, slots=True)
class AwsHosts:
    """AWS's addresses, as one test sees them.

    Attributes:
        proxy: The URL that `HTTPS_PROXY` has.
        authority: The certificate to trust, a file in PEM.
        reached: The hosts of AWS's that were asked, in the order of the connections.
        refused: The hosts that were asked for and are not AWS's: each was answered with 403.
    """

    proxy: str
    authority: Path
    reached: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def variables(self) -> Mapping[str, str]:
        """What makes clients ask the proxy and believe it."""
        return environment.through_front(self.proxy, self.authority)
