"""Makes a new library from the template: a folder that is complete, or none at all.

In order: the name and the folder are checked, before anybody is asked anything; the answers are gathered (given, asked
for, or by default); the repository's address is found; the template is rendered into a temporary folder beside the
target, which becomes a git repository there; and only then it gets its name.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from packaging.utils import NormalizedName, canonicalize_name

from inhouse.errors import (
    AnswersError,
    FolderTakenError,
    LibraryNameError,
    NewProjectError,
    ProgramError,
    TemplateError,
)
from inhouse.process import Runner
from inhouse.project.answers import QUESTIONS, Answers, Question, default_index, problem, problems
from inhouse.project.names import library_name

__all__ = ["Ask", "Defaults", "NewProject", "Service", "gather", "initialise_git", "make_project", "target_folder"]

Ask = Callable[[Question, str], str]
"""Asks a person: the question and its default answer in, the answer out. Whoever asks repeats it while it is wrong."""


class Service(Protocol):
    """What the repository's control plane tells about itself; see `inhouse.codeartifact`."""

    def caller_account(self, region: str) -> str:
        """Return the AWS account of whoever asks."""
        ...

    def endpoint(self, domain: str, owner: str, region: str, repository: str) -> str:
        """Return the address of a repository for Python packages, ending in `/`."""
        ...


@dataclass(frozen=True)
class Defaults:
    """Answers that are found, not given: in git's configuration, AWS's, the user's. Empty where nothing was found."""

    author_name: str = ""
    author_email: str = ""
    domain: str = ""
    owner: str = ""
    region: str = ""
    repository: str = ""


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


def gather(
    given: Mapping[str, str],
    defaults: Defaults,
    ask: Ask | None,
    service: Service | None,
    *,
    inhouse_version: str,
    standard_endpoint: Callable[[str, str, str, str], str],
) -> Answers:
    """Return all answers: given ones as they are, the others asked for or by default.

    Args:
        given: Answers by question, from flags; checked like all others.
        defaults: What was found lying about.
        ask: Asks a person for what was not given; None takes the default instead.
        service: Knows the caller's account and the repository's address; None is not to be asked (offline).
        inhouse_version: The version the project will pin.
        standard_endpoint: The address by AWS's rule, from domain, owner, region and repository; for `service` None.

    Raises:
        AnswersError: Answers are missing or wrong; all of them are named at once.
        RepositoryError: The service refuses or does not answer.
    """
    wrong = problems(given)
    if wrong:
        raise _answers_error(wrong)
    answers = dict(given)

    def settle(name: str, default: str) -> None:
        if name not in answers:
            answers[name] = ask(QUESTIONS[name], default) if ask else default

    settle("package_description", "An in-house Python library.")
    settle("author_name", defaults.author_name)
    settle("author_email", defaults.author_email)
    answers.setdefault("licence", "Proprietary")
    answers.setdefault("version", "0.1.0")
    answers.setdefault("minimum_python", "3.11")
    settle("domain", defaults.domain)
    settle("region", defaults.region)
    settle("repository", defaults.repository)
    settle("index_name", default_index(answers["domain"]))
    answers.setdefault("local_publish_reason", "")
    answers["inhouse_version"] = inhouse_version
    # Before the network is asked: it would only say in worse words what is wrong.
    missing = {name: _missing(name, answers[name]) for name in problems(answers)}
    owner = "" if missing or "owner" in answers else _owner(defaults, answers["region"], service)
    settle("owner", owner)
    if problem("owner", answers["owner"]):
        missing["owner"] = _missing("owner", answers["owner"])
    if missing:
        raise _answers_error(missing)
    coordinates = (answers["domain"], answers["owner"], answers["region"], answers["repository"])
    find_endpoint = service.endpoint if service else standard_endpoint
    answers.setdefault("endpoint", find_endpoint(*coordinates))
    wrong = problems(answers)
    if wrong:
        raise _answers_error(wrong)
    return Answers(**answers)


def _owner(defaults: Defaults, region: str, service: Service | None) -> str:
    if defaults.owner or service is None:
        return defaults.owner
    return service.caller_account(region)


def _missing(name: str, value: str) -> str:
    rule = QUESTIONS[name].rule
    return f"`{value}` cannot be used, it must be {rule}" if value else f"it is missing; it must be {rule}"


def _answers_error(wrong: Mapping[str, str]) -> AnswersError:
    return AnswersError({QUESTIONS[name].flag or name: said for name, said in wrong.items()})


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
