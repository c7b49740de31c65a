"""The fixture `codeartifact`: a domain for one test, and everything that a test does with it."""

import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from pytest_inhouse.access import Access, Place, User
from pytest_inhouse.aws_hosts import AwsHosts
from pytest_inhouse.clock import Clock
from pytest_inhouse.errors import FixtureError, RefusedError, UsageError
from pytest_inhouse.faults import Faults
from pytest_inhouse.public_source import PublicSource
from pytest_inhouse.server import RunningServer
from pytest_inhouse.signed_requests import Api

Policy = Mapping[str, Any]

DEFAULT_REGION = "us-east-1"
_PUBLIC_CONNECTION = "public:pypi"


class CodeArtifact(Access):
    """A domain that only this test knows, in a repository that is of this test run alone.

    Its own identity is the administrator's; `user` makes others.

    Attributes:
        url: Of the server behind it, without a slash at the end.
        public: What PyPI has.
        clock: The repository's.
        faults: What goes wrong.
        aws_hosts: Which of AWS's addresses were asked, where those are used; otherwise None.
    """

    def __init__(self, place: Place, act_as: Callable[[Mapping[str, str]], None]) -> None:
        super().__init__(place, place.server.admin)
        self._act_as = act_as
        self.url = place.server.url
        self.public = PublicSource(place.server.public_folder)
        self.clock = Clock(self._api)
        self.faults = Faults(self._api)
        self.aws_hosts = place.aws_hosts

    @property
    def domain(self) -> str:
        """The name of the test's domain. It is not the same in any two tests, as it is part of what tools cache."""
        return self._place.domain

    @property
    def owner(self) -> str:
        """The twelve digits of the account."""
        return self._place.owner

    @property
    def region(self) -> str:
        """Where the domain is."""
        return self._place.region

    def repository(self, name: str, *, upstreams: Sequence[str] = (), public: bool = False) -> str:
        """Make a repository, and return its name.

        Args:
            name: Of the repository.
            upstreams: Names of others that are asked after it, in this order.
            public: Whether PyPI stands behind it.

        Raises:
            RefusedError: There is one of that name, or no such upstream.
            UsageError: Both upstreams and the public source are wanted.
        """
        if upstreams and public:
            raise UsageError(
                f"The repository {name} cannot have upstreams and a connection to PyPI: AWS has one or the other.",
                hint="Make a repository with public=True, and name it last among the upstreams of this one.",
            )
        where = {**self._domain(), "repository": name}
        body = {"upstreams": [{"repositoryName": each} for each in upstreams]}
        self._api.call("POST", "/v1/repository", body, **where)
        if public:
            self._api.call(
                "POST", "/v1/repository/external-connection", None, **where, external_connection=_PUBLIC_CONNECTION
            )
        self._place.repositories.append(name)
        return name

    def user(self, policy: Policy | str | None = None, *, actions: Sequence[str] = (), name: str | None = None) -> User:
        """Make a user.

        Args:
            policy: An identity policy, as IAM has it, or its JSON.
            actions: In place of a policy, what the user may do with everything, for example `codeartifact:Read*`.
            name: None for any.

        Raises:
            UsageError: It is no policy, or the name is taken.
        """
        if actions:
            statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
            policy = {"Version": "2012-10-17", "Statement": [statement]}
        name = name or f"user-{secrets.token_hex(4)}"
        document = policy if policy is None or isinstance(policy, str) else json.dumps(policy)
        return User(self._place, self._place.server.add_user(name, document), name)

    def act_as(self, access: Access) -> None:
        """Set the environment to that of another identity, for the rest of the test.

        The helpers of this object stay the administrator's.
        """
        self._act_as(access.environment)


@contextmanager
def new_domain(
    server: RunningServer,
    *,
    region: str = DEFAULT_REGION,
    aws_hosts: AwsHosts | None = None,
    act_as: Callable[[Mapping[str, str]], None] | None = None,
) -> Iterator[CodeArtifact]:
    """Give a clean domain while the block lasts; afterwards clock, faults and PyPI are as before it.

    For fixtures of a longer life than a test's: the environment is left as it is. Domains that are made in the block by
    others are removed with it.

    Args:
        server: That the domain is in; the fixture `codeartifact_server` is one.
        region: Where it is.
        aws_hosts: The proxy for AWS's own addresses, where those are used.
        act_as: Sets the environment to that of an identity.
    """
    api = Api(server.url, server.admin, region)
    before = set(_domains(api))
    name = f"test-{secrets.token_hex(4)}"
    owner: str = api.call("POST", "/v1/domain", {}, domain=name)["domain"]["owner"]
    folder = server.folder / name
    folder.mkdir()
    place = Place(server, name, owner, region, folder, aws_hosts)
    made = CodeArtifact(place, act_as or _cannot_act_as)
    try:
        yield made
    finally:
        for client in place.opened:
            client.close()
        made.faults.clear()
        made.clock.reset()
        made.public.clear()
        for domain in set(_domains(api)) - before:
            _remove(api, domain)
        shutil.rmtree(folder, ignore_errors=True)


def _domains(api: Api) -> Iterator[str]:
    token: str | None = None
    while True:
        page = api.call("POST", "/v1/domains", {} if token is None else {"nextToken": token})
        yield from (domain["name"] for domain in page["domains"])
        token = page.get("nextToken")
        if token is None:
            return


def _remove(api: Api, domain: str) -> None:
    # A policy that a test has put may forbid it; the domain is in nobody's way.
    with suppress(RefusedError):
        while repositories := api.call("POST", "/v1/domain/repositories", {}, domain=domain)["repositories"]:
            for repository in repositories:
                api.call("DELETE", "/v1/repository", None, domain=domain, repository=repository["name"])
        api.call("DELETE", "/v1/domain", None, domain=domain)


def _cannot_act_as(_variables: Mapping[str, str]) -> None:
    raise UsageError(
        "The environment is not this domain's to set.", hint="Give user.environment to the programs that you run."
    )


__all__ = ["CodeArtifact", "FixtureError", "Policy", "new_domain"]
