"""Each operation asks for the permission of its own name, and says so: one misspelled would be one nobody can have."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from asgi_calls import Reply, ask
from house import House
from live_server import ACCOUNT, LiveServer, admin_key_of, serve
from people import People, allow, policy
from starlette.applications import Starlette
from valid_requests import DOMAIN, furnish, operations, request_for, signed_headers

from inhouse_server.app import create_app
from inhouse_server.data_folder import open_data_folder
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings

SEVERAL = {
    "CreateRepository": ["codeartifact:CreateRepository", "codeartifact:AssociateWithDownstreamRepository"],
    "CopyPackageVersions": ["codeartifact:ReadFromRepository", "codeartifact:CopyPackageVersions"],
    "GetAuthorizationToken": ["codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken"],
}
"""What operations ask for that ask for more than one permission, in this order.

Source: CodeArtifact user guide, "Copy packages between repositories", "Authorization tokens" and "AWS CodeArtifact
permissions reference".
"""


@dataclass(frozen=True)
class Asked:
    """An application with a domain in it, and the people who ask."""

    app: Starlette
    people: People

    def ask(self, operation: str, *allowed: str) -> Reply:
        """Return the answer to somebody who may do some things, and nothing else."""
        key = self.people.user(policy(allow(*allowed)) if allowed else None)
        request = request_for(operations()[operation])
        return ask(
            self.app,
            request.method,
            request.path,
            query=request.query_string,
            headers=signed_headers(request, key),
            body=[request.body],
        )


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    folder = tmp_path_factory.mktemp("permissions")
    public = folder / "public"
    public.mkdir()
    settings = ServerSettings(data_dir=folder / "data", public_pypi=str(public))
    with open_data_folder(settings.data_dir, account=ACCOUNT, clock=utc_now) as opened:
        app = create_app(settings, opened)
        with serve(app) as url:
            server = LiveServer(url, opened, admin_key_of(opened))
            api = server.codeartifact()
            api.create_domain(domain=DOMAIN)
            furnish(House(url, api, DOMAIN, public))
            api.delete_repository_permissions_policy(domain=DOMAIN, repository="lib")  # it lets the account read
            yield Asked(app, People(server))


@pytest.mark.parametrize("operation", sorted(operations()))
def test_an_operation_asks_for_the_permission_of_its_name(asked: Asked, operation: str) -> None:
    needed = SEVERAL.get(operation, [f"codeartifact:{operation}"])
    for number, permission in enumerate(needed):
        reply = asked.ask(operation, *needed[:number])
        assert (reply.status, reply.headers["x-amzn-errortype"]) == (403, "AccessDeniedException")
        said = json.loads(reply.body)["message"]
        assert f" is not authorized to perform: {permission} on resource: " in said
        assert said.endswith(f" because no identity-based policy allows the {permission} action")
    # What those who came before have deleted or moved may be missing, but it is not forbidden.
    assert asked.ask(operation, *needed).status != 403
