import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from live_server import LiveServer, told

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient


@pytest.mark.parametrize(("asked", "seconds"), [({}, 43_200), ({"durationSeconds": 900}, 900)])
def test_tokens_last_as_long_as_asked(
    codeartifact: "CodeArtifactClient", domain: str, asked: dict[str, Any], seconds: int
) -> None:
    answer = codeartifact.get_authorization_token(domain=domain, **asked)
    left = (answer["expiration"] - datetime.now(UTC)).total_seconds()
    assert seconds - 30 < left <= seconds
    payload = json.loads(base64.urlsafe_b64decode(answer["authorizationToken"].split(".")[0] + "=="))
    assert payload["exp"] == round(answer["expiration"].timestamp() * 1000)


@pytest.mark.parametrize("seconds", [-1, 1, 10, 899, 43_201, 99_999])
def test_other_lengths_are_refused(live_server: LiveServer, domain: str, seconds: int) -> None:
    client = live_server.codeartifact(validate=False)
    with pytest.raises(client.exceptions.ValidationException, match="durationSeconds") as caught:
        client.get_authorization_token(domain=domain, durationSeconds=seconds)
    assert told(caught.value)["reason"] == "FIELD_VALIDATION_FAILED"


def test_as_long_as_temporary_credentials_needs_such(codeartifact: "CodeArtifactClient", domain: str) -> None:
    with pytest.raises(codeartifact.exceptions.ValidationException, match="long-term"):
        codeartifact.get_authorization_token(domain=domain, durationSeconds=0)


def test_there_must_be_the_domain(codeartifact: "CodeArtifactClient") -> None:
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException):
        codeartifact.get_authorization_token(domain="missing")
    with pytest.raises(codeartifact.exceptions.AccessDeniedException, match="GetAuthorizationToken"):
        codeartifact.get_authorization_token(domain="missing", domainOwner="999999999999")
