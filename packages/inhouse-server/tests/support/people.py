"""Users and roles of a running server, made as `inhouse server user` and `role` make them."""

import itertools
import json
from datetime import UTC, datetime

from live_server import ACCOUNT, LiveServer

from inhouse_server.model import AccessKey, Role
from inhouse_server.services.identities import Identities

_NUMBERS = itertools.count(1)


def policy(*statements: object) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def deny(*actions: str, resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": resource, **more}


def trust(principal: object, action: str = "sts:AssumeRole", **more: object) -> str:
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


EVERYTHING = policy(allow("*"))


class People:
    def __init__(self, server: LiveServer) -> None:
        self.identities = Identities(server.folder.database, ACCOUNT, lambda: datetime.now(UTC))

    def user(self, document: str | None = None, *, account: str | None = None) -> AccessKey:
        return self.identities.add_user(f"user-{next(_NUMBERS)}", policy=document, account=account)

    def role(
        self, trust_policy: str, document: str | None = None, *, account: str | None = None, longest: int = 3600
    ) -> Role:
        name = f"role-{next(_NUMBERS)}"
        return self.identities.add_role(
            name, trust=trust_policy, policy=document, maximum_seconds=longest, account=account
        )
