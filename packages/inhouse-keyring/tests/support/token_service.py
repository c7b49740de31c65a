"""A service that gives tokens as CodeArtifact does, told apart by who asked, and counts how often it is asked."""

import json
import re
import threading
import time
from dataclasses import dataclass, field

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from inhouse_keyring.questions import Surroundings, Wanted, question_for, surroundings_of

DOMAIN, OWNER, REGION = "acme", "111122223333", "us-east-1"


@dataclass
class TokenService:
    """The service; a token says whose it is and how many were given before.

    Attributes:
        server: Where it runs.
        lifetime: How long a token works; None is as long as was asked for.
        answers: What is answered instead, one after the other.
        asked: Access key ids of those who have asked.
        queries: What they asked for.
        delay: Seconds that an answer takes.
    """

    server: HTTPServer
    lifetime: int | None = None
    answers: list[Response] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    delay: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return str(self.server.url_for("")).rstrip("/")

    @property
    def index(self) -> str:
        return f"{self.url}/pypi/d/{DOMAIN}-{OWNER}/libraries/simple/"

    def serve(self) -> None:
        self.server.expect_request("/v1/authorization-token", method="POST").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        found = re.search(r"Credential=([^/]+)/", request.headers.get("Authorization", ""))
        with self._lock:
            self.asked.append(found[1] if found else "")
            self.queries.append(dict(request.args))
            number = len(self.asked)
            instead = self.answers.pop(0) if self.answers else None
        time.sleep(self.delay)
        if instead is not None:
            return instead
        life = int(request.args["duration"]) if self.lifetime is None else self.lifetime
        token = f"token-{number}-of-{self.asked[number - 1]}"
        body = {"authorizationToken": token, "expiration": time.time() + life}
        return Response(json.dumps(body), 200, {"Content-Type": "application/json"})


def refused(code: str, status: int = 400, said: str = "the service says no") -> Response:
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": f"{code}:http://internal.example/"}
    return Response(json.dumps({"message": said}), status, headers)


def keys(name: str) -> dict[str, str]:
    """Return the variables of somebody with keys."""
    return {"AWS_ACCESS_KEY_ID": name, "AWS_SECRET_ACCESS_KEY": f"made-up-secret-of-{name}"}


def asking(environment: dict[str, str]) -> tuple[Wanted, Surroundings]:
    """Return the question for the domain's token, and what it depends on."""
    surroundings = surroundings_of(environment)
    return question_for(DOMAIN, OWNER, REGION, surroundings), surroundings
