"""A throw-away package repository for anybody's own tests."""

from pytest_inhouse.access import Published, User
from pytest_inhouse.aws_hosts import AwsHosts
from pytest_inhouse.codeartifact import CodeArtifact, new_domain
from pytest_inhouse.errors import FixtureError, RefusedError, ServerDidNotStartError, ServerStoppedError, UsageError
from pytest_inhouse.made_wheels import MadeWheel, make_wheel
from pytest_inhouse.server import RunningServer, running

__all__ = [
    "AwsHosts",
    "CodeArtifact",
    "FixtureError",
    "MadeWheel",
    "Published",
    "RefusedError",
    "RunningServer",
    "ServerDidNotStartError",
    "ServerStoppedError",
    "UsageError",
    "User",
    "make_wheel",
    "new_domain",
    "running",
]
