"""Stand-ins for the outside world, each of a whole interface, and a project to work on."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from packaging.utils import NormalizedName

from inhouse.codeartifact.explain.facts import Facts, Gate, Group, Known, Mode, Restriction
from inhouse.codeartifact.interface import Identity, PublishedFile, Repository, Token, VersionOrigin
from inhouse.codeartifact.name_facts import NameFacts, Owner
from inhouse.errors import InhouseError, ProgramFailedError, ProgramMissingError
from inhouse.process import Completed, Runner, masked
from inhouse.project.layout import Layout
from inhouse.project.manifest import Coordinates
from inhouse.settings import read_settings
from inhouse.workflow.context import Context, load_manifest

TOKEN = "made-up-token"
ENDPOINT = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
COORDINATES = Coordinates("acme", "111122223333", "us-east-1", "shared")

PYPROJECT = f"""\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-core"
version = "1.2.0"
requires-python = ">=3.11"

[project.urls]
Changelog = "https://acme.example/changelog"

[dependency-groups]
test = ["pytest"]
doc = ["sphinx"]

[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"
local-publish = "there is no pipeline yet"

[tool.uv]
index-strategy = "first-index"
keyring-provider = "subprocess"

[[tool.uv.index]]
name = "shared"
url = "{ENDPOINT}simple/"
publish-url = "{ENDPOINT}"
default = true
authenticate = "always"

[tool.coverage.report]
fail_under = 97
"""

_POETRY_INDEX = f"""\
[[tool.poetry.source]]
name = "shared"
url = "{ENDPOINT}simple/"
priority = "primary"

[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"
"""

POETRY_PYPROJECT = f"""\
[project]
name = "acme-core"
version = "1.2.0"
requires-python = ">=3.11"
dependencies = ["acme-base"]

[dependency-groups]
test = ["pytest"]

[tool.poetry]
package-mode = false

{_POETRY_INDEX}"""

OLD_POETRY_PYPROJECT = f"""\
[tool.poetry]
name = "acme-core"
version = "1.2.0"
description = ""
authors = []
homepage = "https://acme.example"
packages = [{{ include = "acme_core", from = "src" }}]

[tool.poetry.dependencies]
python = "^3.11"
acme-base = "*"

[tool.poetry.group.test.dependencies]
pytest = "*"

{_POETRY_INDEX}"""


@dataclass(frozen=True)
class Call:
    """A program that was run."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    secrets: tuple[str, ...]
    stream: bool

    @property
    def words(self) -> str:
        """The command on one line, the program without its folder."""
        return " ".join([PurePath(self.argv[0]).name, *self.argv[1:]])


@dataclass
class Answer:
    """What a program does, for commands that contain some words in a row."""

    words: str
    stdout: str = ""
    stderr: str = ""
    exit_code: int = 0
    missing: bool = False
    effect: Callable[[Call], object] = lambda _: None


class FakeRunner:
    """Runs nothing and remembers everything; a program without an answer succeeds and says nothing."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._answers: list[Answer] = []

    def on(self, *answers: Answer) -> None:
        """Give answers; later ones win."""
        self._answers = [*reversed(answers), *self._answers]

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        secrets: Collection[str] = (),
        stream: bool = False,
        check: bool = True,
        missing_hint: str = "",
    ) -> Completed:
        """Pretend to run a program; see `Runner.run`."""
        call = Call(tuple(argv), cwd, dict(env), tuple(secrets), stream)
        self.calls.append(call)
        answer = next((answer for answer in self._answers if answer.words in call.words), Answer(""))
        if answer.missing:
            raise ProgramMissingError(argv[0], hint=missing_hint)
        answer.effect(call)
        shown = tuple(masked(word, secrets) for word in argv)
        completed = Completed(shown, answer.exit_code, masked(answer.stdout, secrets), masked(answer.stderr, secrets))
        if check and answer.exit_code != 0:
            raise ProgramFailedError(shown, answer.exit_code, completed.stdout + completed.stderr, seen=stream)
        return completed

    def commands(self, *words: str) -> list[Call]:
        """Return the calls that contain all of some words."""
        return [call for call in self.calls if all(word in call.words for word in words)]


@dataclass
class FakeRepository:
    """A repository that knows what it is told; with `error`, it answers everything with that.

    All versions came into it alike: as `came` says, which is None for a version that only an upstream has. With
    `origin_error`, it does not tell. What decides over a project is `told`. Names are whose `owners` says, and all
    in one package group, which reserves them if `reserved`.
    """

    files: list[PublishedFile] = field(default_factory=list)
    came: VersionOrigin | None = field(default_factory=lambda: VersionOrigin(is_internal=True, source="shared"))
    origin_error: InhouseError | None = None
    address: str = ENDPOINT
    error: InhouseError | None = None
    told: Facts | None = None
    owners: Mapping[str, Owner] = field(default_factory=dict)
    reserved: bool = True

    def token(self) -> Token:
        """Return the token."""
        self._fail()
        return Token(TOKEN)

    def endpoint(self) -> str:
        """Return the address."""
        self._fail()
        return self.address

    def identity(self) -> Identity:
        """Return the identity."""
        self._fail()
        return Identity("111122223333", "arn:aws:iam::111122223333:user/ada")

    def published(self, url: str, project: str) -> tuple[PublishedFile, ...]:
        """Return the files, whatever the index and the project."""
        _ = url, project
        self._fail()
        return tuple(self.files)

    def origin(self, project: str, version: str) -> VersionOrigin | None:
        """Return how all versions came into it."""
        _ = project, version
        self._fail()
        if self.origin_error is not None:
            raise self.origin_error
        return self.came

    def facts(self, project: NormalizedName) -> Facts:
        """Return what it is told, under the project's name."""
        self._fail()
        assert self.told is not None
        return replace(self.told, name=project)

    def name_facts(self, names: Iterable[NormalizedName], own: NormalizedName | None) -> tuple[NameFacts, ...]:
        """Return whose names are: `owners` tells, else they are public, but for the project's own."""
        self._fail()
        restriction = Restriction(Mode.BLOCK, "/pypi//acme~") if self.reserved else Restriction(Mode.ALLOW, "/*")
        group = Known(Group(restriction.source, is_strong=True, restrictions={Gate.EXTERNAL_UPSTREAM: restriction}))
        owners = {name: self.owners.get(name, Owner.PROJECT if name == own else Owner.PUBLIC) for name in names}
        return tuple(NameFacts(name, Known(owners[name]), group) for name in sorted(owners))

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by their relative names; text in UTF-8, bytes as they are."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return root


def wheel_bytes(note: str = "") -> bytes:
    """Return the smallest wheel of acme-core 1.2.0; another note makes other bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo("acme_core-1.2.0.dist-info/METADATA"), f"Name: acme-core\n\n{note}")
    return content.getvalue()


def sdist_bytes(note: str = "") -> bytes:
    """Return the smallest source distribution of acme-core 1.2.0; another note makes other bytes."""
    content = io.BytesIO()
    text = f"Name: acme-core\n\n{note}".encode()
    with gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        member = tarfile.TarInfo("acme_core-1.2.0/PKG-INFO")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    return content.getvalue()


@dataclass
class Bench:
    """A project in a temporary folder, with fakes around it."""

    root: Path
    runner: FakeRunner = field(default_factory=FakeRunner)
    repository: FakeRepository = field(default_factory=FakeRepository)
    said: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": "/usr/bin"})
    flags: dict[str, str] = field(default_factory=dict)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files into the project."""
        write_tree(self.root, files)

    def context(self, *, windows: bool = False, runner: Runner | None = None) -> Context:
        """Put the context together from what lies in the folder now."""
        layout = Layout(self.root)
        repository: Repository = self.repository
        return Context(
            layout=layout,
            manifest=load_manifest(layout),
            settings=read_settings(self.flags, self.environment, self.root / "config.toml", ""),
            runner=runner or self.runner,
            say=self.said.append,
            connect=lambda _: repository,
            windows=windows,
        )
