"""What one more operation of AWS's takes: the newer botocore that has it, and one function in one module."""

import gzip
import json
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import botocore
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import ServiceModel
from live_server import ACCOUNT, REGION, LiveServer, admin_key_of, serve, told
from people import People, allow, policy

from inhouse_server.app import create_app
from inhouse_server.control_plane import operations, registry
from inhouse_server.control_plane.protocol import models
from inhouse_server.data_folder import open_data_folder
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings

MODULE = """
from datetime import UTC, datetime

from inhouse_server.control_plane.registry import operation
from inhouse_server.services.access import repository_arn


@operation("PutBadge")
def put_badge(context, *, owner, domain, repository, label):
    arn = repository_arn(context.caller.region, owner, domain, repository)
    context.services.access.require(context.caller.principal, "codeartifact:PutBadge", arn)
    return {"badge": {"label": label, "createdTime": datetime(2026, 3, 1, tzinfo=UTC), "description": None}}
"""

OPERATION = {
    "name": "PutBadge",
    "http": {"method": "PUT", "requestUri": "/v1/badge"},
    "input": {"shape": "PutBadgeRequest"},
    "output": {"shape": "PutBadgeResult"},
    "errors": [{"shape": "AccessDeniedException"}, {"shape": "ValidationException"}],
}
SHAPES = {
    "PutBadgeRequest": {
        "type": "structure",
        "required": ["domain", "repository", "label"],
        "members": {
            "domain": {"shape": "DomainName", "location": "querystring", "locationName": "domain"},
            "domainOwner": {"shape": "AccountId", "location": "querystring", "locationName": "domain-owner"},
            "repository": {"shape": "RepositoryName", "location": "querystring", "locationName": "repository"},
            "label": {"shape": "Description"},
        },
    },
    "PutBadgeResult": {"type": "structure", "members": {"badge": {"shape": "Badge"}}},
    "Badge": {
        "type": "structure",
        "members": {
            "label": {"shape": "Description"},
            "createdTime": {"shape": "Timestamp"},
            "description": {"shape": "Description"},
        },
    },
}


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Service models as a newer botocore might ship them."""
    folder = Path("codeartifact", "2018-09-22", "service-2.json.gz")
    model = json.loads(gzip.decompress((Path(botocore.__file__).parent / "data" / folder).read_bytes()))
    model["operations"]["PutBadge"] = OPERATION
    model["shapes"] |= deepcopy(SHAPES)
    path = tmp_path_factory.mktemp("models")
    (path / folder.parent).mkdir(parents=True)
    (path / folder).write_bytes(gzip.compress(json.dumps(model).encode()))
    return path


@pytest.fixture
def server(newer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """A server with the newer model and one more module among its operations."""
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "badges.py").write_text(MODULE)
    monkeypatch.setattr(operations, "__path__", [*operations.__path__, str(tmp_path / "operations")])
    load = models.load
    model = json.loads(gzip.decompress(next(newer.rglob("service-2.json.gz")).read_bytes()))
    changed = ServiceModel(model, "codeartifact")
    monkeypatch.setattr(models, "load", lambda service: changed if service == "codeartifact" else load(service))
    models.routes.cache_clear()
    settings = ServerSettings(data_dir=tmp_path / "data", public_pypi=str(tmp_path))
    try:
        with (
            open_data_folder(tmp_path / "data", account=ACCOUNT, clock=utc_now) as folder,
            serve(create_app(settings, folder)) as url,
        ):
            yield LiveServer(url, folder, admin_key_of(folder))
    finally:
        registry._table.pop((registry.CODEARTIFACT, "PutBadge"), None)
        sys.modules.pop(f"{operations.__name__}.badges", None)
        models.routes.cache_clear()


def test_one_function_is_decoded_called_encoded_audited_and_refused(server: LiveServer, newer: Path) -> None:
    people = People(server)
    able, nobody = people.user(policy(allow("codeartifact:PutBadge"))), people.user()
    session = boto3.Session()
    session._loader.search_paths.insert(0, str(newer))

    def put(key_id: str, secret: str, label: str) -> Any:  # noqa: ANN401 - an answer that no stub knows
        client: Any = session.client(
            "codeartifact",
            endpoint_url=server.url,
            region_name=REGION,
            aws_access_key_id=key_id,
            aws_secret_access_key=secret,
            config=Config(retries={"total_max_attempts": 1}),
        )
        return client.put_badge(domain="acme", repository="team", label=label)

    badge = {"label": "stable", "createdTime": datetime(2026, 3, 1, tzinfo=UTC)}
    for key in (server.key, able):
        assert put(key.id, key.secret, "stable")["badge"] == badge
    with pytest.raises(ClientError, match="no identity-based policy allows the codeartifact:PutBadge action"):
        put(nobody.id, nobody.secret, "stable")
    with pytest.raises(ClientError) as caught:
        put(able.id, able.secret, "x" * 1001)
    assert told(caught.value) == {
        "code": "ValidationException",
        "status": 400,
        "reason": "FIELD_VALIDATION_FAILED",
    }
    lines = [line for file in server.folder.audit.iterdir() for line in file.read_text().splitlines()]
    entries = [json.loads(line) for line in lines]
    resource = f"arn:aws:codeartifact:{REGION}:{ACCOUNT}:repository/acme/team"
    assert [(entry["action"], entry["resource"], entry["outcome"]) for entry in entries] == [
        ("codeartifact:PutBadge", resource, "Success"),
        ("codeartifact:PutBadge", resource, "Success"),
        ("codeartifact:PutBadge", resource, "AccessDeniedException"),
        ("codeartifact:PutBadge", None, "ValidationException"),
    ]
