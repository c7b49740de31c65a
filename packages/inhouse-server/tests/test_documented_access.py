"""The guide to giving access works as it is shown: its commands are run, and the people in it try what they may do."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import ListShape, MapShape, Shape, StructureShape
from click.testing import CliRunner
from house import House
from live_server import ACCOUNT, LiveServer, admin_key_of, serve
from pytest_httpserver import HTTPServer
from token_issuer import TokenIssuer

from inhouse_server.app import create_app
from inhouse_server.cli import server as commands
from inhouse_server.control_plane.protocol import models
from inhouse_server.data_folder import open_data_folder
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "give-people-access.md"
MODEL = models.load("codeartifact")
OPERATIONS = {xform_name(name, "-"): name for name in MODEL.operation_names}
GITHUB, GITLAB = "https://token.actions.githubusercontent.com", "https://gitlab.acme.example"


@dataclass
class Reader:
    """Somebody who does what the page says, section by section.

    Attributes:
        folder: Where the page's files are.
        page: The page, with issuers that are there.
        keys: The access keys that were printed, by user.
    """

    server: LiveServer
    folder: Path
    page: str
    public: Path
    keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def do(self, title: str) -> None:
        """Write the files of a section, and run its commands."""
        section = self.page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
        assert section
        for name, text in re.findall(r"`([\w-]+\.json)`:\n\n```json\n(.*?)```", section, re.DOTALL):
            (self.folder / name).write_text(text, encoding="utf-8")
        for line in re.findall(r"^\$ (.+)$", section, re.MULTILINE):
            program, *words = shlex.split(line)
            if program == "aws":
                self._aws(words)
            else:
                self._inhouse(words)

    def _inhouse(self, words: list[str]) -> None:
        assert words[0] == "server"
        words = [str(self.folder / word) if word.endswith(".json") else word for word in words]
        done = CliRunner().invoke(commands, [*words[1:], "--data-dir", str(self.server.folder.path)])
        assert done.exit_code == 0, done.output
        if "AWS_ACCESS_KEY_ID" in done.stdout:
            lines = (line.removeprefix("export ").partition("=") for line in done.stdout.splitlines())
            self.keys[words[3]] = {name: shlex.split(value)[0] for name, _, value in lines}

    def _aws(self, words: list[str]) -> None:
        """Do what the AWS CLI does with these words, as far as the page goes."""
        service, operation, *options = words
        assert service == "codeartifact"
        shape = MODEL.operation_model(OPERATIONS[operation]).input_shape
        assert shape is not None
        members = {f"--{xform_name(name, '-')}": name for name in shape.members}
        given: dict[str, list[str]] = {}
        for word in options:
            if word.startswith("--"):
                given[members[word]] = []
            else:
                given[list(given)[-1]].append(word)
        parameters = {name: self._value(shape.members[name], said) for name, said in given.items()}
        answer = getattr(self.server.codeartifact(), xform_name(OPERATIONS[operation]))(**parameters)
        assert not answer.get("failedVersions")

    def _value(self, shape: Shape, said: list[str]) -> Any:  # noqa: ANN401 - a parameter of any type
        if isinstance(shape, ListShape):
            return [self._value(shape.member, [each]) for each in said]
        (text,) = said
        if isinstance(shape, MapShape | StructureShape):
            return dict(each.split("=", 1) for each in text.split(","))
        path = text.removeprefix("file://")
        return text if path == text else (self.folder / path).read_text(encoding="utf-8")

    def house(self, user: str) -> House:
        """Return the domain as a user sees it."""
        key = self.keys[user]
        return self._house(key_id=key["AWS_ACCESS_KEY_ID"], secret=key["AWS_SECRET_ACCESS_KEY"])

    def job(self, role: str, token: str) -> House:
        """Return the domain as a pipeline's job sees it."""
        arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
        given = self.server.sts().assume_role_with_web_identity(
            RoleArn=arn, RoleSessionName="job", WebIdentityToken=token
        )["Credentials"]
        return self._house(
            key_id=given["AccessKeyId"], secret=given["SecretAccessKey"], session_token=given["SessionToken"]
        )

    def _house(self, **key: Any) -> House:  # noqa: ANN401 - the parts of a key
        return House(self.server.url, self.server.codeartifact(**key), "acme", self.public)


@pytest.fixture
def issuer(httpserver: HTTPServer) -> TokenIssuer:
    return TokenIssuer(httpserver)


@pytest.fixture
def reader(tmp_path: Path, issuer: TokenIssuer) -> Iterator[Reader]:
    page = PAGE.read_text(encoding="utf-8")
    # The made issuer answers under two addresses, so that each of the two forges has one of its own.
    for forge, url in ((GITHUB, issuer.url), (GITLAB, other(issuer.url))):
        page = page.replace(forge, url).replace(forge.partition("://")[2], url.partition("://")[2])
    public = tmp_path / "public"
    public.mkdir()
    settings = ServerSettings(data_dir=tmp_path / "data", public_pypi=str(public))
    with (
        open_data_folder(settings.data_dir, account=ACCOUNT, clock=utc_now) as folder,
        serve(create_app(settings, folder)) as url,
    ):
        yield Reader(LiveServer(url, folder, admin_key_of(folder)), tmp_path, page, public)


def other(url: str) -> str:
    return url.replace("localhost", "127.0.0.1")


def refused(ask: Any) -> bool:  # noqa: ANN401 - whatever asks
    with pytest.raises(ClientError) as caught:
        ask()
    return caught.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}


def test_the_page_from_beginning_to_end(reader: Reader, issuer: TokenIssuer) -> None:
    reader.do("A domain, and repositories to install from and to publish in")
    reader.do("People who install")
    ann = reader.house("ann")
    ann.release("requests", "2.0")
    assert ann.page("shared", "requests")
    assert ann.upload("staging", "acme-billing", "1.0").status == 403
    assert ann.ask("GET", f"{ann.root('staging')}/simple/requests/").status == 403
    assert ann.ask("GET", f"{ann.root('store')}/simple/requests/").status == 403

    reader.do("Who publishes")
    bob = reader.house("bob")
    assert bob.upload("staging", "acme-billing", "1.0").status == 200
    assert bob.upload("staging", "other", "1.0").status == 403
    assert bob.upload("shared", "acme-billing", "1.0").status == 403
    assert bob.page("staging", "acme-billing")

    reader.do("Pipelines, without a key")
    github = issuer.token(sub="repo:acme/billing:ref:refs/heads/main")
    assert reader.job("github-publisher", github).upload("staging", "acme-billing", "1.1").status == 200
    for subject in ("repo:acme/billing:ref:refs/heads/other", "repo:stranger/billing:ref:refs/heads/main"):
        token = issuer.token(sub=subject)
        assert refused(lambda: reader.job("github-publisher", token))  # noqa: B023 - called at once
    issuer.discovery["issuer"] = other(issuer.url)
    issuer.discovery["jwks_uri"] = f"{other(issuer.url)}/keys"
    issuer.serve()
    gitlab = {"iss": other(issuer.url), "aud": "https://packages.acme.example"}
    token = issuer.token(**gitlab, sub="project_path:acme/billing:ref_type:branch:ref:main")
    assert reader.job("gitlab-publisher", token).upload("staging", "acme-billing", "1.2").status == 200
    assert refused(lambda: reader.job("github-publisher", token))
    stranger = issuer.token(**gitlab, sub="project_path:stranger/billing:ref_type:branch:ref:main")
    assert refused(lambda: reader.job("gitlab-publisher", stranger))

    reader.do("Another account of the organisation")
    carol = reader.house("carol")
    token = carol.api.get_authorization_token(domain="acme", domainOwner=ACCOUNT)["authorizationToken"]
    assert carol.ask("GET", f"{carol.root('shared')}/simple/requests/", token=token).status == 200
    assert carol.ask("GET", f"{carol.root('staging')}/simple/requests/", token=token).status == 403

    reader.do("Which repository takes which names")
    admin = House(reader.server.url, reader.server.codeartifact(), "acme", reader.public)
    admin.release("acme-secret", "99.0")
    assert admin.page("shared", "acme-secret") == []
    assert admin.upload("shared", "acme-secret", "1.0").status == 403
    assert admin.upload("staging", "acme-secret", "1.0").status == 200

    promote(reader, ann)
    token = ann.api.get_authorization_token(domain="acme")["authorizationToken"]
    reader.do("Take access away")
    assert ann.ask("GET", f"{ann.root('shared')}/simple/requests/", token=token).status == 401
    with pytest.raises(ClientError, match="No OpenIDConnect provider"):
        reader.job("gitlab-publisher", issuer.token(**gitlab, sub="project_path:acme/b:ref_type:branch:ref:main"))


def promote(reader: Reader, ann: House) -> None:
    reader.do("Promote what was tried")
    assert [name.split("-")[1] for name in ann.page("shared", "acme-billing")] == ["1.0"]
    dora = reader.house("dora").api
    copying: dict[str, Any] = {"domain": "acme", "format": "pypi", "destinationRepository": "shared"}
    copied = dora.copy_package_versions(**copying, sourceRepository="staging", package="acme-billing", versions=["1.1"])
    assert list(copied["successfulVersions"]) == ["1.1"]
    assert refused(
        lambda: dora.copy_package_versions(
            **copying, sourceRepository="store", package="acme-billing", versions=["1.2"]
        )
    )


def test_every_file_of_the_page_is_a_policy_that_is_used() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`([\w-]+\.json)`:\n\n```json\n(.*?)```", page, re.DOTALL)
    assert len(named) == page.count("```json")
    for name, text in named:
        assert json.loads(text)["Version"] == "2012-10-17"
        assert re.search(rf"^\$ .*{name}", page, re.MULTILINE)
