"""What a repository does that AWS does not: asked of itself, behind an address that AWS does not have."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.credentials import Credentials

ADDRESS: Final = "/-/inhouse/v1/capabilities"


@dataclass(frozen=True)
class Capabilities:
    """What a repository does beyond AWS.

    Attributes:
        version: Of the embedded repository; "" on AWS, and where the embedded repository is told to be like it.
        features: By name; none there.
    """

    version: str = ""
    features: frozenset[str] = frozenset()


class CapabilitiesDoor:
    """Asks for capabilities.

    Args:
        endpoint: The URL of the API, without a slash at its end.
        region: The region that is signed for.
        credentials: Finds whose they are; None when there are none.
        timeout: Seconds to wait for a connection and for an answer.
        verify: The file of authorities to believe; True for those that botocore believes.
    """

    def __init__(
        self,
        endpoint: str,
        region: str,
        credentials: "Callable[[], Credentials | None]",
        timeout: tuple[float, float],
        *,
        verify: str | bool = True,
    ) -> None:
        self._verify = verify
        self._endpoint = endpoint
        self._region = region
        self._credentials = credentials
        self._timeout = timeout

    def ask(self) -> Capabilities | None:
        """Return the repository's capabilities, or None where it cannot be asked."""
        credentials = self._credentials()
        if credentials is None:
            return None
        url = f"{self._endpoint}{ADDRESS}"
        request = AWSRequest(method="GET", url=url)
        SigV4Auth(credentials, "codeartifact", self._region).add_auth(request)
        session = URLLib3Session(
            verify=self._verify,  # type: ignore[arg-type] # a file's path, too
            proxies=get_environ_proxies(url),
            timeout=self._timeout,  # type: ignore[arg-type] # the stubs know one number for both
        )
        try:
            answer = session.send(request.prepare())
            body = answer.content
        except BotoCoreError:
            return None
        finally:
            session.close()
        if answer.status_code >= 500:
            return None
        return _read(body) if answer.status_code == 200 else Capabilities()


def _read(body: bytes) -> Capabilities:
    """Return what an answer says; what is not in our form is somebody else's, who has nothing of ours."""
    try:
        said = json.loads(body)
        return Capabilities(str(said["version"]), frozenset(map(str, said["features"])))
    except (ValueError, TypeError, KeyError):
        return Capabilities()
