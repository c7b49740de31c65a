"""Makes a new library from the template: a folder that is complete, or none at all.

In order: the name and the folder are checked, before anybody is asked anything; the answers are gathered (given, asked
for, or by default); the repository's address is found; the template is rendered into a temporary folder beside the
target, which becomes a git repository there; and only then it gets its name.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName, canonicalize_name

from inhouse.codeartifact.interface import Repository
from inhouse.errors import (
    AnswersError,
    CredentialsMissingError,
    FolderTakenError,
    LibraryNameError,
    NameTakenError,
    NewProjectError,
    NotFoundError,
    ProgramError,
    RepositoryError,
    RepositoryUnreachableError,
    TemplateError,
)
from inhouse.process import Runner
from inhouse.project.address import aws_endpoint
from inhouse.project.answers import (
    LICENCES,
    PYTHONS,
    QUESTIONS,
    Answers,
    Question,
    default_index,
    problem,
    problems,
)
from inhouse.project.manifest import Coordinates
from inhouse.project.names import library_name
from inhouse.workflow.defaults import Defaults

__all__ = [
    "Ask",
    "Connect",
    "NewProject",
    "check_name_is_free",
    "gather",
    "initialise_git",
    "make_project",
    "named",
    "target_folder",
]

Ask = Callable[[Question, str], str]
"""Asks a person: the question and its default answer in, the answer out. Whoever asks repeats it while it is wrong."""

Connect = Callable[[Coordinates], Repository]
"""Gives access to a repository; nothing is asked until the repository is."""


@dataclass(frozen=True)
class NewProject:
    """A project that was made.

    Attributes:
        folder: Where it is; absolute.
        name: The library's name in indexes.
        committed: Whether it is a git repository with a first commit.
    """

    folder: Path
    name: NormalizedName
    committed: bool


def target_folder(name: str, parent: Path) -> Path:
    """Return the folder that a new library called `name` gets inside `parent`.

    Raises:
        LibraryNameError: No library can have that name.
        FolderTakenError: The folder is in use, or one beside it has a name that is the same to an index; two such
            libraries could not be in one repository.
        NewProjectError: The parent is no folder.
    """
    try:
        distribution = library_name(name).distribution
    except ValueError as error:
        raise LibraryNameError(name, str(error)) from error
    try:
        beside = sorted(entry for entry in parent.iterdir() if canonicalize_name(entry.name) == distribution)
    except OSError as error:
        raise NewProjectError(
            f"no project can be made in `{parent}`: {error.strerror}", hint="go to a folder that exists and is yours"
        ) from error
    target = parent.absolute() / distribution
    for entry in beside:
        if entry.name != target.name:
            raise FolderTakenError(
                entry.absolute(),
                f"is there already, and to an index its name is the same as `{distribution}`",
                hint="choose another name, or work on the project that is there",
            )
        if not entry.is_dir() or any(entry.iterdir()):
            what = "is there already and is not empty" if entry.is_dir() else "is there already and is no folder"
            raise FolderTakenError(target, what, hint="choose another name, or move away what is there")
    return target


def named(given: Mapping[str, str], ask: Ask | None) -> dict[str, str]:
    """Return the given answers with the library's name among them, asked for if it was not given.

    Raises:
        AnswersError: It was not given and nobody can be asked.
    """
    if "package_name" in given:
        return dict(given)
    if ask is None:
        raise AnswersError({QUESTIONS["package_name"].flag: "it is missing; it must be the name of the library"})
    return {**given, "package_name": ask(QUESTIONS["package_name"], "")}


def gather(
    given: Mapping[str, str], defaults: Defaults, ask: Ask | None, connect: Connect | None, *, inhouse_version: str
) -> Answers:
    """Return all answers: given ones as they are, the others asked for or by default.

    Args:
        given: Answers by question, from flags; checked like all others. The name of the library is among them.
        defaults: What was found lying about.
        ask: Asks a person for what was not given; None takes the default instead.
        connect: Gives access to a repository, to ask for the caller's account, which is the default owner, and for
            the repository's address. None asks nobody: the address is put together by AWS's rule.
        inhouse_version: The version the project will pin.

    Raises:
        AnswersError: Answers are missing or wrong; as many as can be known are named at once.
        RepositoryError: The repository refuses or does not answer.
    """
    _check(given)
    answers = dict(given)

    def settle(name: str, default: str, *, asked: bool = True) -> str:
        if name not in answers:
            answers[name] = ask(QUESTIONS[name], default) if ask and asked else default
        return answers[name]

    settle("package_description", "An in-house Python library.")
    settle("author_name", defaults.author_name or f"The maintainers of {answers['package_name']}")
    settle("author_email", defaults.author_email)
    settle("licence", LICENCES[0], asked=False)
    settle("version", "0.1.0", asked=False)
    settle("minimum_python", PYTHONS[0], asked=False)
    domain = settle("domain", defaults.domain)
    region = settle("region", defaults.region)
    repository = settle("repository", "")
    settle("local_publish_reason", "", asked=False)
    settle("inhouse_version", inhouse_version, asked=False)
    owner = answers.get("owner") or defaults.owner
    # Everything else has to be right before the network is asked, which would only say it in worse words.
    _check(answers, missing=() if owner or connect or ask else ("owner",))
    settle("index_name", default_index(domain))
    _check(answers)
    with _offline_hinted():
        if not owner and connect:
            owner = connect(Coordinates(domain, "", region, repository)).identity().account
        owner = settle("owner", owner)
        _check(answers)
        coordinates = Coordinates(domain, owner, region, repository)
        settle("endpoint", connect(coordinates).endpoint() if connect else aws_endpoint(coordinates), asked=False)
    wrong = problem("endpoint", answers["endpoint"])
    if wrong:
        raise NewProjectError(
            f"the repository told an address that cannot be used, `{answers['endpoint']}`: {wrong}",
            hint="look at what answers at AWS_ENDPOINT_URL_CODEARTIFACT",
        )
    return Answers(**answers)


def check_name_is_free(answers: Answers, connect: Connect, warn: Callable[[str], None]) -> None:
    """Check that the repository lists no package under the library's name, neither its own nor one from upstream.

    The project page is looked at, for which the permission ReadFromRepository is enough on AWS; the API's
    DescribePackage and ListPackageVersions would need more, and know only of what was fetched before.

    Args:
        answers: The answers.
        connect: Gives access to the repository.
        warn: Told when the page cannot be seen; a library can be made all the same.

    Raises:
        NameTakenError: There is one.
    """
    repository = connect(Coordinates(answers.domain, answers.owner, answers.region, answers.repository))
    name = library_name(answers.package_name).distribution
    index = f"{answers.endpoint}simple/"
    try:
        is_taken = bool(repository.published(index, name))
    except RepositoryError as error:
        warn(f"warning: nobody can tell whether the name `{name}` is free: {error.message}")
        return
    if is_taken:
        raise NameTakenError(name, f"{index}{name}/")


@contextmanager
def _offline_hinted() -> Iterator[None]:
    try:
        yield
    except (CredentialsMissingError, RepositoryUnreachableError) as error:
        error.hint += "; or take AWS's standard address with `--owner` and `--offline`"
        raise
    except NotFoundError as error:
        # There is no pyproject.toml yet that could be wrong.
        error.hint = (
            "compare --domain, --owner, --region and --repository with `aws codeartifact list-repositories`; "
            "the embedded repository starts empty: make the domain and repository with the AWS CLI"
        )
        raise


def _check(answers: Mapping[str, str], missing: Sequence[str] = ()) -> None:
    wrong = dict.fromkeys(missing, "") | problems(answers)
    if wrong:
        raise AnswersError(
            {
                QUESTIONS[name].flag or name: _complaint(answers.get(name, ""), QUESTIONS[name].rule, said)
                for name, said in wrong.items()
            }
        )


def _complaint(value: str, rule: str, said: str) -> str:
    return f"`{value}` cannot be used: {said}" if value.strip() else f"it is missing; it must be {rule}"


def make_project(
    answers: Answers, folder: Path, template: Path, prepare: Callable[[Path], bool] = lambda _: False
) -> NewProject:
    """Render the template and put the result into `folder`, all or nothing.

    Args:
        answers: Checked answers.
        folder: The target as `target_folder` returned it: it does not exist or is empty.
        template: The folder of the template.
        prepare: Called with the rendered project before it gets its place, to make it a git repository; says
            whether it did.

    Raises:
        TemplateError: The template cannot be rendered.
        NewProjectError: The folder cannot be written.
    """
    try:
        # Beside the target, so that moving it into place is one rename inside one file system.
        workshop = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        rendered = workshop / folder.name
        _render(answers, rendered, template)
        committed = prepare(rendered)
        try:
            if folder.is_dir():
                folder.rmdir()  # Windows renames onto nothing that exists, not even an empty folder
            rendered.rename(folder)
        except OSError as error:
            raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return NewProject(folder, library_name(answers.package_name).distribution, committed)


def _unwritable(folder: Path, error: OSError) -> NewProjectError:
    return NewProjectError(
        f"`{folder}` cannot be made: {error.strerror or error}",
        hint="check that the folder above it is yours to write and the disk has room",
    )


def _render(answers: Answers, folder: Path, template: Path) -> None:
    import copier  # noqa: PLC0415 - takes a second, which other commands should not wait for

    try:
        copier.run_copy(
            str(template),
            folder,
            data=answers.for_template(),
            settings=copier.Settings(),  # not the user's: defaults of other templates do not belong here
            defaults=True,
            quiet=True,
            unsafe=False,
        )
    except Exception as error:
        # Exception, because copier lets through whatever Jinja, YAML and the system raise.
        raise TemplateError(
            f"the project template cannot be rendered: {error}",
            hint="check that the disk has room; if it has, install inhouse again",
        ) from error


def initialise_git(
    project: Path, answers: Answers, runner: Runner, environment: Mapping[str, str], *, evenso: bool
) -> bool:
    """Make a rendered project a git repository with a first commit; say whether that was done.

    It is not done without git on the machine, nor inside the work tree of another repository, to which the project
    then belongs.

    Args:
        project: The rendered project.
        answers: Whose author commits where git knows nobody.
        runner: Runs git.
        environment: The environment of the run.
        evenso: Do it wherever the project lies, and insist on git.

    Raises:
        NewProjectError: git is there and fails.
    """
    # Variables that point git to another repository, as inside of git's own hooks.
    env = {name: value for name, value in environment.items() if name not in _GIT_PLACES}

    def git(*arguments: str, check: bool = True) -> int:
        return runner.run(["git", *arguments], cwd=project, env=env, check=check).exit_code

    try:
        if not evenso:
            if shutil.which("git", path=env.get("PATH", "")) is None:
                return False
            if git("rev-parse", "--is-inside-work-tree", check=False) == 0:
                return False
        git("init", "--quiet", "--initial-branch=main")
        known = [
            git("-c", "user.useConfigOnly=true", "var", who, check=False) == 0
            for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
        ]
        email = answers.author_email or "nobody@localhost"
        identity = [] if all(known) else ["-c", f"user.name={answers.author_name}", "-c", f"user.email={email}"]
        git("add", "--all")
        git(*identity, "commit", "--quiet", "--message=Start from the template of inhouse " + answers.inhouse_version)
    except ProgramError as error:
        raise NewProjectError(
            f"the project cannot be made a git repository: {error.message}",
            hint=f"{error.hint}; or leave git out with `--no-git`",
        ) from error
    return True


_GIT_PLACES = frozenset(
    {
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)
