"""Where the programs of the matrix are tried: a repository, homes where login has been, and what people type there."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from inhouse.project.answers import default_index
from installers import INSTALLERS, Installer
from pytest_inhouse import CodeArtifact, User, make_wheel
from workplace import INHOUSE, LOGIN, TEAM, Workplace

LIBRARY, BASE = "acme-app", "acme-base"
"""A library of ours, and what it requires, which is public."""


class Office(Workplace):
    """Where all tests work, but for those with AWS's own addresses."""

    audit: Path

    def asked(self) -> int:
        """Return how often the repository was asked for a token, as its audit log says."""
        logs = "".join(file.read_text(encoding="utf-8") for file in self.audit.glob("*.jsonl"))
        return logs.count('"codeartifact:GetAuthorizationToken"')

    @contextmanager
    def yesterday(self) -> Iterator[None]:
        """Set the clock back while the block lasts: tokens that are given out in it have ended afterwards."""
        self.domain.clock.move(hours=-13)
        try:
            yield
        finally:
            self.domain.clock.reset()


def furnish(domain: CodeArtifact) -> None:
    store = domain.repository("store", public=True)
    domain.repository(TEAM, upstreams=[store])
    domain.public.add(BASE)
    domain.publish(LIBRARY, repository=TEAM, requires=[BASE])


def stranger_of(domain: CodeArtifact) -> User:
    """Return somebody who may have a token, and may do nothing with it."""
    return domain.user(actions=["codeartifact:Get*", "codeartifact:Describe*", "sts:GetServiceBearerToken"])


def published(domain: CodeArtifact, package: str) -> bool:
    listed = domain.client().list_package_versions(
        domain=domain.domain, repository=TEAM, format="pypi", package=package
    )
    return [version["version"] for version in listed["versions"]] == ["1.0"]


class Desk:
    """A folder with a project, in a home where `inhouse login` has been or not.

    Args:
        office: Where it is.
        name: The program's, as the matrix calls it.
        home: The home; None for a new one where login has been.
        variables: More of them.
    """

    def __init__(self, office: Office, name: str, home: Path | None = None, **variables: str) -> None:
        self.office = office
        self.name = name
        self.installer = TOOLS[name]
        self.home = office.configured(self.installer, LOGIN, TEAM)[0] if home is None else home
        folder = self.home / f"work-{len(list(self.home.glob('work-*')))}"
        self.installer.prepare(folder, LIBRARY, office.project(self.installer, TEAM))
        settings = {
            **self.installer.variables,
            "HATCH_DATA_DIR": str(folder / "environments"),
            "INHOUSE_CACHE_DIR": str(self.home / "tokens"),
            "PDM_CACHE_DIR": str(folder / "cache"),
            "POETRY_CACHE_DIR": str(folder / "cache"),
            "POETRY_VIRTUALENVS_CREATE": "true",
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        }
        environments = [] if self.installer.environment == "uv" else [self.installer.environment]
        self.shell = office.shell(self.home, folder, *environments, **{**settings, **variables})

    @property
    def folder(self) -> Path:
        return self.shell.folder

    def run(self, *commands: Sequence[str]) -> tuple[int, str]:
        """Run commands until one fails; return how the last one ended, and what it said."""
        index = default_index(self.office.domain.domain)
        code, said = 0, ""
        for argv in commands:
            done = self.shell.run(*(word.replace("INDEX", index) for word in argv), check=False)
            code, said = done.returncode, done.stdout
            if code:
                break
        return code, said

    def install(self) -> tuple[int, str]:
        return self.run(*INSTALLS[self.name])

    def publish(self, package: str) -> tuple[int, str]:
        """Publish a release of a package, as its own project would."""
        made = make_wheel(package, "1.0")
        (self.folder / "dist").mkdir(exist_ok=True)
        wheel = self.folder / "dist" / made.filename
        wheel.write_bytes(made.content)
        path = self.folder / "pyproject.toml"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        text = text.replace("package-mode = false", "").replace('version = "1"', 'version = "1.0"')
        path.write_text(text.replace('name = "consumer"', f'name = "{package}"'), encoding="utf-8")
        words = PUBLISHES[self.name]
        return self.run([*words, *([str(wheel)] if words[0] in {"uv", "twine", "hatch"} else [])])

    def installed(self) -> set[str]:
        """Return which of the two packages are there."""
        return {path.name.split("-")[0] for path in self.folder.rglob("*.dist-info")} & {"acme_app", "acme_base"}

    def findings(self) -> set[str]:
        """Return what `inhouse doctor` finds here, by id."""
        done = self.shell.run(*INHOUSE, "doctor", "--format", "json", check=False)
        return {finding["id"] for finding in json.loads(done.stdout)["findings"]}


TOOLS: Final = {**INSTALLERS, "twine": Installer("twine", "twine", (), lambda _: {})}

INSTALLS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "pip": (("pip", "install", "--target", "target", LIBRARY),),
    "uv": (("uv", "sync", "--python", sys.executable),),
    "Poetry 1.8": (("poetry", "lock"), ("poetry", "install")),
    "Poetry 2": (("poetry", "lock"), ("poetry", "install")),
    "PDM": (
        ("uv", "venv", "--quiet", "--python", sys.executable),
        ("pdm", "use", "--quiet", "--first", ".venv/bin/python"),
        ("pdm", "install", "--no-self"),
    ),
    "Hatch": (("hatch", "env", "create"),),
    "Hatch with uv": (("hatch", "env", "create"),),
}
"""What people type to install."""

LOCKS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "pip": (("pip", "lock", LIBRARY), "pylock.toml"),
    "uv": (("uv", "lock", "--python", sys.executable), "uv.lock"),
    "Poetry 1.8": (("poetry", "lock"), "poetry.lock"),
    "Poetry 2": (("poetry", "lock"), "poetry.lock"),
    "PDM": (("pdm", "lock"), "pdm.lock"),
    "Hatch": (("hatch", "dep", "lock", "--export", "pylock.toml"), "pylock.toml"),
    "Hatch with uv": (("hatch", "dep", "lock", "--export", "pylock.toml"), "pylock.toml"),
}
"""What people type to lock, and the lock."""

PUBLISHES: Final[Mapping[str, tuple[str, ...]]] = {
    "uv": ("uv", "publish", "--index", "acme", "--username", "aws"),
    "Poetry 1.8": ("poetry", "publish", "--repository", "INDEX-publish"),
    "Poetry 2": ("poetry", "publish", "--repository", "INDEX-publish"),
    "PDM": ("pdm", "publish", "--no-build", "--repository", "INDEX"),
    "Hatch": ("hatch", "publish", "--no-prompt"),
    "twine": ("twine", "upload", "--non-interactive", "--repository", "INDEX"),
}
"""What people type to publish; `INDEX` is the name that login gives the repository outside of a project."""
