"""Does one thing to the server and to the model, and compares what they say."""

import hashlib
import itertools
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import urllib3
from botocore import xform_name
from botocore.exceptions import ClientError
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine
from live_server import ACCOUNT, LiveServer
from reference_model import Mode, Refusal, Unordered, World
from reference_model.operations import OPERATIONS
from reference_model.publishing import Asset, upload
from reference_model.resolution import get_asset, head_asset, simple_page
from reference_model.state import Key, revision, same
from urllib3 import BaseHTTPResponse

from random_histories.distributions import Distribution

M = TypeVar("M", bound=Callable[..., Any])
_HTTP = urllib3.PoolManager(retries=False)
_LONGEST_NOTE = 300
_NUMBERS = itertools.count(1)


def _compared(method: M) -> M:
    """Return a method that says in `agrees` whether it has come to its end: after a difference nothing more is told."""

    @wraps(method)
    def compared(self: "Driver", *arguments: Any, **parameters: Any) -> Any:  # noqa: ANN401 - as the method has it
        self.agrees = False
        result = method(self, *arguments, **parameters)
        self.agrees = True
        return result

    return cast("M", compared)


@dataclass(frozen=True)
class Place:
    """A running server for histories.

    Attributes:
        public: The folder that is its public source, which is empty between histories.
        mode: Whose rules it follows.
    """

    server: LiveServer
    public: Path
    mode: Mode


class Driver(RuleBasedStateMachine):
    """One history. Its domains are in a region of its own, so that one server serves many histories.

    Args:
        place: Where it happens.
    """

    def __init__(self, place: Place) -> None:
        super().__init__()
        region = _region(next(_NUMBERS))
        self.world = World(place.mode, region)
        self.api: Any = place.server.codeartifact(region=region)
        self.url = place.server.url
        self.public = place.public
        self.changed: set[tuple[str, Key]] = set()
        self.agrees = True
        self._tokens: dict[str, str] = {}

    def teardown(self) -> None:
        for file in self.public.iterdir():
            file.unlink()

    @_compared
    def do(self, operation: str, **parameters: Any) -> Any:  # noqa: ANN401 - an answer is what it is
        """Call an operation; return the answer, or None where it was refused, as it had to be."""
        sent = {name: value for name, value in parameters.items() if value is not None}
        expected = _outcome(lambda: OPERATIONS[operation](self.world, **_spelled(sent)))
        answered = self._ask(operation, sent)
        self._compare(operation, expected, answered)
        return None if isinstance(answered, Refusal) else answered

    @_compared
    def collect(
        self,
        operation: str,
        member: str,
        page_size: int | None,
        **parameters: Any,  # noqa: ANN401 - as `do` has them
    ) -> list[Any]:
        """Return what all pages of a list have together; compare it with the model's list."""
        sent = {name: value for name, value in parameters.items() if value is not None}
        expected = _outcome(lambda: OPERATIONS[operation](self.world, **_spelled(sent)))
        if page_size is not None:
            sent["maxResults"] = page_size
        found: list[Any] = []
        while True:
            answered = self._ask(operation, sent)
            if isinstance(answered, Refusal):
                self._compare(operation, expected, answered)
                return []
            page = answered[member]
            assert len(page) <= (page_size or 100), f"{operation}: a page of {len(page)}"
            found += page
            if "nextToken" not in answered:
                break
            assert page, f"{operation}: an empty page that is not the last"
            sent["nextToken"] = answered["nextToken"]
        ordered = operation in ("list_packages", "list_package_versions")
        assert not isinstance(expected, Refusal), f"{operation}: {found} instead of {expected!r}"
        self.world.texts.check(expected if ordered else Unordered(expected), found, operation)
        return found

    @_compared
    def upload(self, domain: str, repository: str, project: str, version: str, made: Distribution) -> None:
        self.know(made)
        if domain not in self.world.domains:
            return
        asset = Asset(version, made.filename, made.sha256)
        expected = _outcome(lambda: upload(self.world, domain, repository, project, asset))
        fields = {
            ":action": "file_upload",
            "protocol_version": "1",
            "name": project,
            "version": version,
            "filetype": made.filetype,
            "sha256_digest": made.sha256,
            "content": (made.filename, made.content),
        }
        answer = self._request("POST", domain, f"{repository}/", fields=fields)
        assert answer.status == _status(expected), f"upload: {answer.status} {answer.data!r} instead of {expected!r}"
        self.changed.add((domain, ("pypi", "", project)))

    @_compared
    def page(self, domain: str, repository: str, project: str) -> None:
        if domain not in self.world.domains:
            return
        expected = _outcome(lambda: simple_page(self.world, domain, repository, project))
        accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
        answer = self._request("GET", domain, f"{repository}/simple/{project}/", headers=accept)
        assert answer.status == _status(expected), f"page: {answer.status} {answer.data!r} instead of {expected!r}"
        if answer.status == 200:
            files = {file["filename"]: file["hashes"]["sha256"] for file in json.loads(answer.data)["files"]}
            assert files == expected, f"the page of {project} in {repository}"

    @_compared
    def fetch(self, *, method: str, domain: str, repository: str, project: str, version: str, file: str) -> None:
        if domain not in self.world.domains:
            return
        rule = get_asset if method == "GET" else head_asset
        expected = _outcome(
            lambda: rule(self.world, domain=domain, repository=repository, project=project, version=version, file=file)
        )
        answer = self._request(method, domain, f"{repository}/simple/{project}/{version}/{file}")
        assert answer.status == _status(expected), f"{method} {file}: {answer.status} instead of {expected!r}"
        if answer.status == 200 and method == "GET":
            assert hashlib.sha256(answer.data).hexdigest() == expected
        elif answer.status == 200:
            assert answer.headers["etag"] == f'"{expected}"'
        self.changed.add((domain, ("pypi", "", project)))

    def release(self, project: str, version: str, made: Distribution) -> None:
        """Publish a file at the public source, where files stay as they are."""
        key = ("pypi", "", project)
        offered = self.world.public.setdefault(project, {}).setdefault(same(key, version), {})
        if made.filename in offered:
            return
        self.know(made)
        offered[made.filename] = made.sha256
        self.world.released[made.filename] = self.world.tick()
        path = self.public / made.filename
        path.write_bytes(made.content)
        os.utime(path, ns=(time.time_ns(), time.time_ns()))
        self.changed |= {(domain, key) for domain in self.world.domains}

    def know(self, made: Distribution) -> None:
        self.world.sizes[made.sha256] = len(made.content)

    def revision(self, domain: str, repository: str, key: Key, text: str) -> str:
        """Return the revision that a version has, as a client would look it up; of no version, some text."""
        try:
            opaque = revision(key, self.world.version(domain, repository, key, text))
        except Refusal:
            return "none"
        if opaque not in self.world.texts.known:
            self.do("describe_package_version", **named(domain, repository, key), packageVersion=text)
        return self.world.texts.known[opaque]

    def _ask(self, operation: str, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an answer, or a Refusal
        note(f"{operation} {parameters}"[:_LONGEST_NOTE])
        try:
            answer = getattr(self.api, operation)(**parameters)
        except ClientError as error:
            told: dict[str, Any] = dict(error.response)
            members = {name: told[name] for name in ("resourceType", "resourceId", "reason") if name in told}
            assert told["ResponseMetadata"]["HTTPStatusCode"] < 500, told
            note(told["Error"]["Message"])
            return Refusal(told["Error"]["Code"], **members)
        if "asset" in answer and hasattr(answer["asset"], "read"):
            answer["asset"] = hashlib.sha256(answer["asset"].read()).hexdigest()
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    def _compare(self, operation: str, expected: object, answered: object) -> None:
        if isinstance(expected, Refusal) and isinstance(answered, Refusal):
            assert answered.code == expected.code, f"{operation}: {answered!r} instead of {expected!r}"
            assert answered.members == expected.members, f"{operation}: {answered!r}"
            return
        assert not isinstance(answered, Refusal), f"{operation}: {answered!r} {answered.members} instead of {expected}"
        assert not isinstance(expected, Refusal), f"{operation}: {answered} instead of {expected!r} {expected.members}"
        self.world.texts.check(expected, answered, operation)

    def _request(self, method: str, domain: str, path: str, **how: Any) -> BaseHTTPResponse:  # noqa: ANN401 - urllib3's
        note(f"{method} {domain} {path}")
        if domain not in self._tokens:
            self._tokens[domain] = self.api.get_authorization_token(domain=domain)["authorizationToken"]
        headers = how.pop("headers", {}) | urllib3.make_headers(basic_auth=f"aws:{self._tokens[domain]}")
        return _HTTP.request(method, f"{self.url}/pypi/d/{domain}-{ACCOUNT}/{path}", headers=headers, **how)


def named(domain: str, repository: str, key: Key) -> dict[str, str]:
    """Return the parameters that name a package."""
    package_format, namespace, name = key
    return {
        "domain": domain,
        "repository": repository,
        "format": package_format,
        "package": name,
        **({"namespace": namespace} if namespace else {}),
    }


def upstreams_of(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"repositoryName": name} for name in names]


def _region(number: int) -> str:
    """Return a region for each number, spelled as regions are."""
    word = "".join(chr(ord("a") + number // 26**place % 26) for place in range(4))
    return f"us-{word}-1"


def _outcome(of: Callable[[], Any]) -> Any:  # noqa: ANN401 - an answer, or a Refusal
    try:
        return of()
    except Refusal as refusal:
        return refusal


def _status(expected: object) -> int:
    return int(expected.code) if isinstance(expected, Refusal) else 200


def _spelled(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as the model's functions spell them."""
    return {"package_format" if name == "format" else xform_name(name): value for name, value in parameters.items()}
