"""The story that the demo tells: who does what, in which order, and what must be so afterwards.

The people: the platform engineer, who runs the repository; a developer, who makes a library; a colleague, who has
never heard of inhouse; and a stranger without credentials. Each uses the programs they would use at work.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from inhouse.codeartifact.interface import Token
from inhouse.codeartifact.pages import published_files
from inhouse.codeartifact.session import client_of
from inhouse.demo import distributions, repository
from inhouse.demo.repository import RunningRepository
from inhouse.demo.road import Step, StepFailedError
from inhouse.demo.stage import Person, person, server_environment
from inhouse.process import Completed, Runner

DOMAIN = "acme"
STORE = "pypi-store"
LIBRARIES = "libraries"
INDEX = "acme"
LIBRARY = "acme-greetings"
SECOND = "acme-welcome"
_PATIENCE = (5.0, 60.0)
_REASON = "the demo shows how publishing works"


@dataclass(frozen=True, slots=True)
class Account:
    """What the platform engineer hands out: where the repository is, and who may ask.

    Attributes:
        environment: The AWS variables.
        owner: The account, twelve digits.
        endpoint: Of the repository `libraries`; ends in a slash.
        token: An authorization token for it.
    """

    environment: Mapping[str, str]
    owner: str
    endpoint: str
    token: str

    @property
    def index_url(self) -> str:
        """The project index of the repository."""
        return f"{self.endpoint}simple/"

    @property
    def uv_environment(self) -> dict[str, str]:
        """The variables with which uv uses the repository as its one index."""
        name = INDEX.upper()
        return {
            "UV_DEFAULT_INDEX": f"{INDEX}={self.index_url}",
            f"UV_INDEX_{name}_USERNAME": "aws",
            f"UV_INDEX_{name}_PASSWORD": self.token,
            "UV_PYTHON_DOWNLOADS": "never",
        }


class Story:
    """The demo's steps; what one leaves behind, the next ones use.

    Args:
        root: The stage's folder; exists and is empty.
        inherited: Our own environment.
        runner: Runs every program.
        uv: The path of the uv binary.
        public_pypi: A folder of wheels that stands in for PyPI; None for PyPI itself.
    """

    def __init__(
        self, root: Path, inherited: Mapping[str, str], runner: Runner, uv: str, public_pypi: Path | None = None
    ) -> None:
        self.root = root
        self._inherited = inherited
        self._runner = runner
        self._uv = uv
        self._public_pypi = public_pypi
        self._running: RunningRepository | None = None
        self._account: Account | None = None
        self._people: dict[str, Person] = {}
        self._published: dict[str, str] = {}

    @property
    def running(self) -> RunningRepository:
        """The repository; there from the first step on."""
        if self._running is None:
            raise StepFailedError("the repository has not been started")
        return self._running

    @property
    def account(self) -> Account:
        """The account; there once the repositories are made."""
        if self._account is None:
            raise StepFailedError("the repositories have not been made")
        return self._account

    @property
    def is_running(self) -> bool:
        """Whether there is a repository to stop."""
        return self._running is not None

    def steps(self) -> list[Step]:
        """Return the steps in order."""
        developer = [
            ("venv-create", "a project has an environment of its own"),
            ("lock", "every dependency is resolved from the one index, public ones through the repository"),
            ("install-all", "the package and its groups dev, test, doc, automation are installed as locked"),
            ("cov", "the generated library passes its tests and its 95 % coverage gate from the first minute"),
            ("build-doc", "its documentation builds without a warning, API reference included"),
            ("build", "source distribution and wheel are built"),
        ]
        return [
            Step("start the repository", "it runs without an AWS account, on a free port", self._start),
            Step(
                "make domain and repositories",
                f"boto3 talks to it unmodified: {STORE} has public:pypi, {LIBRARIES} has {STORE} behind it",
                self._make_repositories,
            ),
            Step(
                "publish inhouse's own wheels",
                "twine uploads to it; the company's tool comes from the company's index",
                self._publish_inhouse,
            ),
            Step(
                f"inhouse new {LIBRARY}",
                "a library is made from the template, with exactly one index",
                self._new_library,
            ),
            *(Step(f"developer: make {target}", proves, self._developer(target)) for target, proves in developer),
            Step(
                "developer: make publish",
                "the files are checked, uploaded, and listed with the digests they have here",
                self._publish,
            ),
            Step("developer: make int", "the wheel in the repository works in a clean environment", self._integration),
            Step("developer: git push", "what a colleague will clone, lock included", self._push),
            Step(
                "colleague: install the AWS CLI",
                "the AWS CLI itself comes through the repository",
                self._install_aws_cli,
            ),
            Step(
                "colleague: make bootstrap",
                "a fresh clone without inhouse gets the pinned tool with the AWS CLI's token",
                self._bootstrap,
            ),
            Step("colleague: make cov", "and then builds and tests like everybody else", self._colleague_cov),
            Step(
                f"second project: {SECOND}",
                f"it locks and installs {LIBRARY} from the repository, and runs code that imports it",
                self._second_project,
            ),
            Step("stranger: pip install", "refused with 401: nothing is given to whom nobody knows", self._stranger),
            Step(
                "other bytes, same version",
                "refused: a published version never changes, and the first bytes are still there",
                self._republish,
            ),
        ]

    def _start(self) -> None:
        options = [] if self._public_pypi is None else ["--public-pypi", str(self._public_pypi)]
        environment = server_environment(self._inherited)
        self._running = repository.start(self.root / "repository", environment, options)

    def _make_repositories(self) -> None:
        argv = [sys.executable, "-m", "inhouse", "server", "env", "--format", "json"]
        printed = self._run(
            [*argv, "--data-dir", str(self.running.data_dir)], self.root, server_environment(self._inherited)
        )
        environment: dict[str, str] = json.loads(printed.stdout)
        client = client_of(environment)
        owner = client.create_domain(domain=DOMAIN)["domain"]["owner"]
        client.create_repository(domain=DOMAIN, repository=STORE, description="What comes from PyPI")
        client.associate_external_connection(domain=DOMAIN, repository=STORE, externalConnection="public:pypi")
        client.create_repository(domain=DOMAIN, repository=LIBRARIES, upstreams=[{"repositoryName": STORE}])
        endpoint = client.get_repository_endpoint(domain=DOMAIN, repository=LIBRARIES, format="pypi")[
            "repositoryEndpoint"
        ]
        token = client.get_authorization_token(domain=DOMAIN)["authorizationToken"]
        self._account = Account(environment, owner, endpoint, token)

    def _publish_inhouse(self) -> None:
        wheels = self.root / "wheels"
        wheels.mkdir()
        for distribution in distributions.installed():
            source = distributions.source_folder(distribution)
            if source is None:
                distributions.repack(distribution, wheels)
            else:
                self._build_wheel(source, wheels)
        files = sorted(wheels.glob("*.whl"))
        twine = [sys.executable, "-m", "twine", "upload", "--non-interactive", "--disable-progress-bar"]
        environment = {
            **self._engineer().environment,
            "TWINE_USERNAME": "aws",
            "TWINE_PASSWORD": self.account.token,
            "TWINE_REPOSITORY_URL": self.account.endpoint,
        }
        self._run([*twine, *map(str, files)], wheels, environment)
        listed = self._listed("inhouse")
        _expect(any(name.endswith(".whl") for name in listed), "the repository does not list inhouse's own wheel")

    def _build_wheel(self, source: Path, folder: Path) -> None:
        environment = {**self._engineer().environment, **self.account.uv_environment}
        self._run([self._uv, "build", "--wheel", "--out-dir", str(folder), str(source)], folder, environment)

    def _new_library(self) -> None:
        self._new(LIBRARY)
        text = (self._project(self._developer_person(), LIBRARY) / "pyproject.toml").read_text(encoding="utf-8")
        indexes = tomlkit.parse(text).unwrap()["tool"]["uv"]["index"]
        _expect(
            [index["url"] for index in indexes] == [self.account.index_url], f"the project has other indexes: {indexes}"
        )

    def _new(self, name: str) -> None:
        where = [
            "--domain",
            DOMAIN,
            "--owner",
            self.account.owner,
            "--region",
            self.account.environment["AWS_DEFAULT_REGION"],
        ]
        where += ["--repository", LIBRARIES, "--index", INDEX, "--local-publish", _REASON]
        who = [
            "--author",
            "Developer",
            "--email",
            "developer@acme.example",
            "--description",
            "Made by the inhouse demo",
        ]
        developer = self._developer_person()
        self._run(["inhouse", "new", name, *where, *who, "--yes"], developer.desk, developer.environment)

    def _developer(self, target: str) -> Callable[[], None]:
        def make() -> None:
            self._make(self._developer_person(), LIBRARY, target)

        return make

    def _publish(self) -> None:
        developer = self._developer_person()
        self._make(developer, LIBRARY, "publish")
        built = {
            file.name: _sha256(file)
            for file in (self._project(developer, LIBRARY) / "dist").iterdir()
            if file.suffix in {".whl", ".gz"}
        }
        self._published = self._listed(LIBRARY)
        _expect(len(built) == 2, f"not a wheel and a source distribution: {sorted(built)}")
        _expect(self._published == built, f"the repository lists {self._published}, built were {built}")

    def _integration(self) -> None:
        self._make(self._developer_person(), LIBRARY, "int")

    def _push(self) -> None:
        developer = self._developer_person()
        project = self._project(developer, LIBRARY)
        origin = self.root / "origin.git"
        for argv in (
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(origin)],
            ["git", "add", "--all"],
            ["git", "commit", "--quiet", "--message", "Lock the dependencies"],
            ["git", "remote", "add", "origin", str(origin)],
            ["git", "push", "--quiet", "origin", "HEAD:main"],
        ):
            self._run(argv, project, developer.environment)

    def _install_aws_cli(self) -> None:
        environment = {**self._engineer().environment, **self.account.uv_environment}
        tool = self.root / "aws-cli"
        self._run([self._uv, "venv", "--quiet", "--python", sys.executable, str(tool)], self.root, environment)
        python = tool / "bin" / "python"
        self._run([self._uv, "pip", "install", "--quiet", "--python", str(python), "awscli"], self.root, environment)
        colleague = self._person(
            "colleague", {"aws": [str(python), str(tool / "bin" / "aws")]}, self.account.environment
        )
        version = self._run(["aws", "--version"], colleague.home, colleague.environment)
        _expect("aws-cli/" in version.stdout + version.stderr, "the AWS CLI does not tell its version")

    def _bootstrap(self) -> None:
        colleague = self._people["colleague"]
        found = self._run(["sh", "-c", "command -v inhouse"], colleague.home, colleague.environment, check=False)
        _expect(found.exit_code != 0, f"the colleague's PATH has an inhouse: {found.stdout.strip()}")
        self._run(
            ["git", "clone", "--quiet", str(self.root / "origin.git"), LIBRARY], colleague.desk, colleague.environment
        )
        self._make(colleague, LIBRARY, "bootstrap")

    def _colleague_cov(self) -> None:
        self._make(self._people["colleague"], LIBRARY, "cov")

    def _second_project(self) -> None:
        self._new(SECOND)
        developer = self._developer_person()
        project = self._project(developer, SECOND)
        pyproject = project / "pyproject.toml"
        document = tomlkit.parse(pyproject.read_text(encoding="utf-8"))
        document["project"]["dependencies"].append(LIBRARY)
        pyproject.write_text(tomlkit.dumps(document), encoding="utf-8")
        for target in ("venv-create", "lock", "install"):
            self._make(developer, SECOND, target)
        locked = tomlkit.parse((project / "uv.lock").read_text(encoding="utf-8")).unwrap()["package"]
        sources = {package["source"].get("registry") for package in locked if package["name"] == LIBRARY}
        _expect(sources == {self.account.index_url}, f"{LIBRARY} is locked from {sources}")
        module = LIBRARY.replace("-", "_")
        said = self._run(
            [str(project / ".venv" / "bin" / "python"), "-c", f"import {module}; print({module}.__file__)"],
            developer.home,
            developer.environment,
        )
        _expect(
            Path(said.stdout.strip()).is_relative_to(project / ".venv"), f"{module} was imported from {said.stdout}"
        )

    def _stranger(self) -> None:
        stranger = self._person("stranger", {}, {})
        venv = stranger.desk / "venv"
        self._run(["python3", "-m", "venv", str(venv)], stranger.desk, stranger.environment)
        # Twice verbose: where there is nobody to ask, older versions of pip tell the status only then.
        pip = [str(venv / "bin" / "python"), "-m", "pip", "-vv", "install", "--no-input"]
        index = ["--index-url", self.account.index_url]
        refused = self._run([*pip, *index, LIBRARY], stranger.desk, stranger.environment, check=False)
        _expect(refused.exit_code != 0, "a stranger was given the library")
        _expect(
            "401" in refused.stdout + refused.stderr, f"refused, but not with 401:\n{refused.stdout}{refused.stderr}"
        )

    def _republish(self) -> None:
        developer = self._developer_person()
        module = self._project(developer, LIBRARY) / "src" / LIBRARY.replace("-", "_") / "__init__.py"
        with module.open("a", encoding="utf-8") as source:
            source.write("\n# A change that nobody would notice.\n")
        self._make(developer, LIBRARY, "build")
        refused = self._make(developer, LIBRARY, "publish", check=False)
        _expect(refused.exit_code != 0, "other bytes were published under the same version")
        _expect("hint:" in refused.stderr, f"refused, but without a hint:\n{refused.stderr}")
        now = self._listed(LIBRARY)
        _expect(now == self._published, f"the repository lists {now}, published were {self._published}")

    def _listed(self, project: str) -> dict[str, str]:
        """Return what the repository lists of a project: file name → SHA-256."""
        token = Token(self.account.token)
        files = published_files(self.account.index_url, project, token, timeout=_PATIENCE)
        return {file.filename: file.sha256 for file in files}

    def _make(self, who: Person, project: str, target: str, *, check: bool = True) -> Completed:
        return self._run(["make", target], self._project(who, project), who.environment, check=check)

    def _run(self, argv: Sequence[str], cwd: Path, environment: Mapping[str, str], *, check: bool = True) -> Completed:
        secrets = [] if self._account is None else [self._account.token]
        return self._runner.run(argv, cwd=cwd, env=environment, secrets=secrets, check=check)

    def _person(self, name: str, programs: Mapping[str, Sequence[str]], more: Mapping[str, str]) -> Person:
        if name not in self._people:
            made = person(self.root, name, self._inherited, programs)
            self._people[name] = Person(made.name, made.home, made.desk, {**made.environment, **more})
        return self._people[name]

    def _engineer(self) -> Person:
        return self._person("engineer", {}, {})

    def _developer_person(self) -> Person:
        return self._person("developer", {"inhouse": [sys.executable, "-m", "inhouse"]}, self.account.environment)

    def _project(self, who: Person, name: str) -> Path:
        return who.desk / name


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise StepFailedError(otherwise)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
