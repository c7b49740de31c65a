"""Everything that can go wrong for a user of inhouse, as one tree.

InhouseError                          a message, and in `hint` what to do next
├── ProgramError                      another program
│   ├── ProgramMissingError           is not on this machine
│   └── ProgramFailedError            ended with an exit code other than 0
├── SettingError                      a flag, a variable or a line of the user configuration file cannot be used
├── ExtensionError                    a command lives in another distribution: not installed, or broken
├── ProjectError                      the project in your hands
│   ├── NotAProjectError              there is none here
│   ├── ManifestError                 its `pyproject.toml` is not as it must be
│   ├── EnvironmentMissingError       it has no environment yet
│   ├── NotAnEnvironmentError         what lies where its environment belongs is something else
│   ├── InterpreterMissingError       no Python on this machine is one that it asks for
│   ├── LockMissingError              it has no lock
│   ├── LockStaleError                its lock does not go with its `pyproject.toml`
│   ├── LockForeignError              its lock holds packages of another index
│   ├── ForeignAddressesError          its locks hold addresses that are not those of its repository
│   ├── ManagerError                  it is managed by a program that a command does not know
│   ├── PartMissingError              it lacks a part: its tests, its documentation
│   ├── EnvironmentIncompleteError    its environment lacks what a command runs
│   ├── CoverageTooLowError           its tests do not reach enough of it
│   ├── DocumentationError            its documentation does not build
│   ├── NothingBuiltError             a folder does not hold what it should after building
│   ├── DamagedArchiveError           a file that was built cannot be read
│   └── WrongOriginError              an installed package is not the one that was meant
├── NewProjectError                   a new project cannot be made; nothing of it is left behind
│   ├── LibraryNameError              no library can have that name
│   ├── NameTakenError                the repository has a package of that name already
│   ├── FolderTakenError              its folder is in use, or a folder beside it has the same name to an index
│   ├── AnswersError                  answers are missing or cannot be used
│   └── TemplateError                 the template is missing or cannot be rendered
├── AccessError                       a tool cannot be given access to the repository
│   ├── ToolFileError                 a file of the tool, or our own note of it, cannot be read, changed or written
│   └── ToolScopeError                the tool has no file for what was asked
└── RepositoryError                   the package repository: AWS CodeArtifact or the embedded one
    ├── RepositoryNotNamedError       nothing says which repository is meant
    ├── CredentialsMissingError       nothing says who you are
    ├── CredentialsRefusedError       what you showed is not accepted, or no longer
    ├── AccessDeniedError             you are known and may not do this
    ├── NotFoundError                 the domain or repository does not exist
    ├── RepositoryUnreachableError    nobody answers at the address
    ├── EmbeddedRepositoryError        the embedded repository of this machine does not run
    ├── ServiceError                  any other refusal, with AWS's code
    ├── ReservationError            names cannot be reserved like that
    ├── LocalPublishClosedError       the project does not allow uploads from a laptop
    ├── VersionExistsError            the version is published with other bytes
    ├── VersionForeignError           the version in the repository is a stranger's of the same name
    └── VersionMissingError           the version is not in the repository

Errors carry data and compose their own message; nothing here prints. The command line has one place that does.
"""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

_ARGUMENT_LENGTH = 80
_COMMAND_LENGTH = 200


class InhouseError(Exception):
    """The root: a message, and in `hint` what to do next (empty where the message says it all)."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ProgramError(InhouseError):
    """Another program could not do its part."""


class ProgramMissingError(ProgramError):
    """A program is not on this machine.

    Args:
        program: Its name, or the path where it was expected.
        hint: How to get it.
    """

    def __init__(self, program: str, *, hint: str = "") -> None:
        super().__init__(
            f"the program `{program}` was not found on this machine",
            hint=hint or f"install `{PurePath(program).name}`, or put the folder that holds it on PATH",
        )
        self.program = program


class ProgramFailedError(ProgramError):
    """A program ended with an exit code other than 0, or was killed.

    Args:
        argv: The command as it may be shown: secrets are masked already.
        exit_code: Its exit code; negative is the number of the signal that ended it (POSIX).
        output: All it said, secrets masked; empty when it went straight to the terminal.
        seen: Whether the user has seen the output while the program ran; the message does not repeat it then.
        hint: What to do next.
    """

    def __init__(
        self, argv: Sequence[str], exit_code: int, output: str = "", *, seen: bool = False, hint: str = ""
    ) -> None:
        ended = f"failed with exit code {exit_code}" if exit_code >= 0 else f"was ended by signal {-exit_code}"
        said = "" if seen else output.strip()
        super().__init__(
            f"`{shortened(argv)}` {ended}" + (f":\n{said}" if said else ""),
            hint=hint or "the reason is in the program's own words above",
        )
        self.argv = tuple(argv)
        self.exit_code = exit_code
        self.output = output


class SettingError(InhouseError):
    """A setting has a value that cannot be used.

    Args:
        name: The setting.
        origin: Where the value came from, for example "the variable INHOUSE_UV".
        problem: What is wrong with it.
        hint: What to do next.
    """

    def __init__(self, name: str, origin: str, problem: str, *, hint: str = "") -> None:
        super().__init__(f"the setting `{name}` cannot be used: {problem} (it comes from {origin})", hint=hint)
        self.name = name
        self.origin = origin


class ExtensionError(InhouseError):
    """A command lives in another distribution, which is not installed or cannot be loaded."""


class ProjectError(InhouseError):
    """Something about the project in the user's hands."""


class NotAProjectError(ProjectError):
    """Neither the folder nor one above it holds a `pyproject.toml`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"no project here: neither `{folder}` nor a folder above it holds a `pyproject.toml`",
            hint="go into a project, name it with `-C FOLDER`, or make one with `inhouse new`",
        )
        self.folder = folder


class ManifestError(ProjectError):
    """A `pyproject.toml` is not as it must be.

    Args:
        file: The file as the user knows it.
        key: The dotted key that is wrong; empty when the file as a whole is.
        problem: What is wrong.
        hint: What to do next.
    """

    def __init__(self, file: str, key: str, problem: str, *, hint: str) -> None:
        place = f"{file}, {key}" if key else file
        super().__init__(f"{place}: {problem}", hint=hint)
        self.file = file
        self.key = key


class EnvironmentMissingError(ProjectError):
    """There is no environment, or one that cannot run Python.

    Args:
        folder: Where it belongs.
        hint: How to make it.
    """

    def __init__(self, folder: Path, *, hint: str = "") -> None:
        super().__init__(
            f"there is no working environment in `{folder}`",
            hint=hint or "make it with `make venv-create`, then fill it with `make install-all`",
        )
        self.folder = folder


class NotAnEnvironmentError(ProjectError):
    """What lies where the environment belongs is something else, so it is left alone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"`{folder}` is not a virtual environment (it holds no `pyvenv.cfg`), so it is left alone",
            hint="look at what it is; move it away if it is in the way",
        )
        self.folder = folder


class InterpreterMissingError(ProjectError):
    """No Python on this machine is one that the project, or the user, asks for.

    Args:
        wanted: What is asked for: a range of versions, a version or a path.
        found: What was found instead.
    """

    def __init__(self, wanted: str, *, found: str = "") -> None:
        super().__init__(
            f"no Python that fits `{wanted}` was found" + (f", only {found}" if found else ""),
            hint="install one, or name an interpreter with `--python PATH`; "
            "UV_PYTHON_DOWNLOADS=automatic in the environment lets uv fetch one",
        )
        self.wanted = wanted


class LockMissingError(ProjectError):
    """The project has no lock."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"the project has no lock: `{file}` does not exist",
            hint="write it with `make lock`, and commit it",
        )
        self.file = file


class LockStaleError(ProjectError):
    """The lock does not go with the `pyproject.toml`.

    Args:
        file: The lock.
        write: The command that writes it.
    """

    def __init__(self, file: PurePath | str, *, write: str = "make lock") -> None:
        super().__init__(
            f"the lock `{file}` does not go with `pyproject.toml`: a dependency, the range of Pythons or the index "
            "has changed since",
            hint=f"bring it up to date with `{write}`, and commit it",
        )
        self.file = file


class LockForeignError(ProjectError):
    """The lock holds packages that come from another index than the project's one.

    Args:
        file: The lock.
        foreign: The packages: name to the index they come from.
        index_url: The project's one index.
    """

    def __init__(self, file: Path, foreign: Mapping[str, str], index_url: str) -> None:
        name, registry = next(iter(foreign.items()))
        others = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        super().__init__(
            f"the lock `{file}` takes `{name}`{others} from {registry}, not from the project's one index {index_url}",
            hint="write it anew with `make lock`, and look at what has changed before you commit it",
        )
        self.file = file
        self.foreign = dict(foreign)


class ForeignAddressesError(ProjectError):
    """Locks hold addresses that are not those of the project's repository.

    Args:
        foreign: By the lock's name: the other places, each with the packages that come from there.
        endpoint: The repository's endpoint as the `pyproject.toml` has it.
    """

    def __init__(self, foreign: Mapping[str, Mapping[str, str]], endpoint: str) -> None:
        lines = [
            f"  {lock}: {place} ({packages})" for lock, found in foreign.items() for place, packages in found.items()
        ]
        super().__init__(
            "\n".join([f"not everything is locked from {endpoint}:", *lines]),
            hint="if it is another address of the same repository, name it with `--from ADDRESS`; "
            "else write the lock anew, and look at what has changed before you commit it",
        )
        self.foreign = {lock: dict(found) for lock, found in foreign.items()}


class ManagerError(ProjectError):
    """The project is managed by a program that the command does not know.

    Args:
        manager: The program, as it writes itself.
    """

    def __init__(self, manager: str) -> None:
        super().__init__(
            f"the project is managed by {manager}, and this command knows only uv so far",
            hint=f"do it with {manager} itself; `inhouse use-index`, `retarget` and `info` work for both. If the "
            'project is uv\'s, say so in pyproject.toml: [tool.inhouse] manager = "uv"',
        )
        self.manager = manager


class PartMissingError(ProjectError):
    """The project lacks a part.

    Args:
        what: The part, for example "tests".
        path: Where it belongs.
    """

    def __init__(self, what: str, path: Path, *, hint: str = "") -> None:
        super().__init__(f"the project has no {what}: `{path}` does not exist", hint=hint or f"put them into `{path}`")
        self.path = path


class EnvironmentIncompleteError(ProjectError):
    """The project's environment lacks what a command runs.

    Args:
        modules: The modules that cannot be imported.
        group: The dependency group that should bring them.
    """

    def __init__(self, modules: Sequence[str], group: str) -> None:
        names = ", ".join(f"`{module}`" for module in modules)
        super().__init__(
            f"the project's environment lacks {names}",
            hint=f"install it with `make install-{group}`; if it is still missing, add it to the group `{group}` "
            "in pyproject.toml and run `make lock`",
        )
        self.modules = tuple(modules)


class CoverageTooLowError(ProjectError):
    """The tests pass, and do not reach enough of the project."""

    def __init__(self) -> None:
        super().__init__(
            "the tests do not reach enough of the project: coverage is below the gate",
            hint="the table above names the lines and branches that no test reaches",
        )


class DocumentationError(ProjectError):
    """The documentation does not build without a warning.

    Args:
        exit_code: That of Sphinx.
    """

    def __init__(self, exit_code: int) -> None:
        super().__init__(
            f"the documentation does not build: Sphinx ended with exit code {exit_code}",
            hint="mend what Sphinx names above; a warning counts as a failure",
        )
        self.exit_code = exit_code


class NothingBuiltError(ProjectError):
    """What a command needs is not built, or something else lies in its place.

    Args:
        folder: Where it belongs.
        problem: What is wrong.
        hint: How to build it.
    """

    def __init__(self, folder: Path, problem: str, *, hint: str = "run `make build`") -> None:
        super().__init__(f"`{folder}` does not hold what it should: {problem}", hint=hint)
        self.folder = folder


class DamagedArchiveError(ProjectError):
    """What was built is not the archive that its name says, or not any more.

    Args:
        file: The file.
    """

    def __init__(self, file: Path) -> None:
        kind = "wheel" if file.suffix == ".whl" else "source distribution"
        super().__init__(f"`{file}` is not a {kind}, or damaged", hint="run `make build`")
        self.file = file


class WrongOriginError(ProjectError):
    """An installed package is not the one that was meant to be tested."""


class NewProjectError(InhouseError):
    """A new project cannot be made; nothing of it is left behind."""


class LibraryNameError(NewProjectError):
    """No library can have that name.

    Args:
        name: The name as it was given.
        problem: What is wrong with it, as a sentence.
    """

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"a library cannot be named `{name}`: {problem}",
            hint="choose another name; a prefix that all libraries of the organisation share, "
            "as in `acme-greetings`, keeps it apart from everybody else's",
        )
        self.name = name


class NameTakenError(NewProjectError):
    """The repository has a package of that name already: a colleague's, or a stranger's that it passes on.

    Args:
        name: The library's name.
        url: The page where the repository lists that package.
    """

    def __init__(self, name: str, url: str) -> None:
        super().__init__(
            f"the name `{name}` is taken: the repository has a package of that name already, see {url}",
            hint="choose another name; if the package is this very library, clone its project, or make a new one with "
            "`--offline`, which asks no repository (`make use-index` then finds its address)",
        )
        self.name = name
        self.url = url


class FolderTakenError(NewProjectError):
    """The folder of the new project is in use, or a folder beside it has the same name to an index.

    Args:
        folder: What is in the way.
        problem: Why it is, as the end of a sentence that begins with the folder.
        hint: What to do next.
    """

    def __init__(self, folder: Path, problem: str, *, hint: str) -> None:
        super().__init__(f"`{folder}` {problem}", hint=hint)
        self.folder = folder


class AnswersError(NewProjectError):
    """Answers that a new project needs are missing or cannot be used.

    Args:
        problems: By the flag that gives the answer: what is wrong.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        lines = "".join(f"\n  {flag}: {problem}" for flag, problem in problems.items())
        super().__init__(
            f"the new project cannot be made with these answers:{lines}",
            hint=f"give {', '.join(problems)} on the command line, or run `inhouse new` in a terminal and be asked",
        )
        self.problems = dict(problems)


class TemplateError(NewProjectError):
    """The template is missing or cannot be rendered."""


class AccessError(InhouseError):
    """A tool cannot be given access to the repository, or it cannot be taken back."""


class ToolFileError(AccessError):
    """A file of a tool, or our own note of it, cannot be read, changed or written.

    Args:
        path: The file.
        problem: What is wrong, as the end of a sentence that begins with the file.
        hint: What to do next.
    """

    def __init__(self, path: Path, problem: str, *, hint: str) -> None:
        super().__init__(f"`{path}` {problem}", hint=hint)
        self.path = path


class ToolScopeError(AccessError):
    """A tool has no file for what was asked."""


class RepositoryError(InhouseError):
    """The package repository, AWS CodeArtifact or the embedded one, does not do what was asked."""


class RepositoryNotNamedError(RepositoryError):
    """Nothing says which repository is meant.

    Args:
        missing: The flags that would say what is missing.
    """

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(
            "it is not said which repository is meant",
            hint="go into a project with [tool.inhouse] in its pyproject.toml, name it with -C, or give "
            f"{', '.join(missing)}",
        )
        self.missing = tuple(missing)


class CredentialsMissingError(RepositoryError):
    """Nothing says who the user is."""


class CredentialsRefusedError(RepositoryError):
    """The credentials are not accepted, or no longer."""


class AccessDeniedError(RepositoryError):
    """The user is known and may not do this.

    Args:
        message: What is not allowed.
        hint: What to do next.
        operation: The operation of the API that was refused; "" when it was none.
        permission: The permission that the service says is missing; "" where it does not say, or was not listened to.
    """

    def __init__(self, message: str, *, hint: str, operation: str = "", permission: str = "") -> None:
        super().__init__(message, hint=hint)
        self.operation = operation
        self.permission = permission


class NotFoundError(RepositoryError):
    """The domain or the repository does not exist."""


class RepositoryUnreachableError(RepositoryError):
    """Nobody answers at the address.

    Args:
        url: The address that was tried.
        reason: What the network said.
    """

    def __init__(self, url: str, reason: str, *, hint: str) -> None:
        super().__init__(f"the repository at {url} cannot be reached: {reason}", hint=hint)
        self.url = url


class EmbeddedRepositoryError(RepositoryError):
    """The embedded repository of this machine does not run, or is not installed.

    Args:
        said: What was said instead of its address; a hint in it is taken over.
    """

    def __init__(self, said: str) -> None:
        message, _, hint = said.strip().removeprefix("error: ").partition("\n\nhint: ")
        super().__init__(
            f"the embedded repository of this machine cannot be asked: {message.strip() or 'it does not say why'}",
            hint=hint or "start it with `inhouse server start`, or name its address with `--to`",
        )


class ServiceError(RepositoryError):
    """The service refused for a reason that has no class of its own.

    Args:
        code: AWS's error code, for example `ThrottlingException`.
        operation: The operation that was asked for, for example `GetRepositoryEndpoint`.
        said: The service's own words.
        hint: What to do next.
    """

    def __init__(self, code: str, operation: str, said: str, *, hint: str) -> None:
        super().__init__(f"the repository answered {operation} with {code}: {said}", hint=hint)
        self.code = code
        self.operation = operation


class ReservationError(RepositoryError):
    """Names cannot be reserved like that.

    Args:
        prefix: What was to be reserved.
        problem: Why it cannot be.
    """

    def __init__(self, prefix: str, problem: str) -> None:
        super().__init__(
            f"`{prefix}` cannot be reserved: {problem}",
            hint="for example `inhouse reserve acme` for acme and acme-anything, or `inhouse reserve NAME --exact`",
        )
        self.prefix = prefix


class LocalPublishClosedError(RepositoryError):
    """The project does not allow uploads from a laptop."""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"the repository `{repository}` is not open for publishing from a laptop: releases come from the pipeline",
            hint='if it is meant to be open, say why in pyproject.toml: [tool.inhouse] local-publish = "the reason"',
        )
        self.repository = repository


class VersionExistsError(RepositoryError):
    """The version is published with other bytes; a published version never changes."""


class VersionForeignError(RepositoryError):
    """The version in the repository is a stranger's package of the same name.

    Args:
        name: The package.
        version: Its version.
        source: Where the repository has it from, for example `public:pypi`.
    """

    def __init__(self, name: str, version: str, source: str) -> None:
        super().__init__(
            f"{name} {version} in the repository comes from {source}, it was not published by you",
            hint="choose another name, in pyproject.toml and in `src`: to everybody who installs this one it is the "
            "stranger's package; if it is yours and published to another repository, name that one in [tool.inhouse]",
        )
        self.name = name
        self.version = version
        self.source = source


class VersionMissingError(RepositoryError):
    """The version is not in the repository."""


def shortened(argv: Sequence[str]) -> str:
    """Return a command on one line, fit for a message: the program's base name, long arguments cut."""
    if not argv:
        return ""
    program = PurePath(argv[0]).name
    shown = shlex.join([program, *(_cut(argument, _ARGUMENT_LENGTH) for argument in argv[1:])])
    return _cut(shown, _COMMAND_LENGTH)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
