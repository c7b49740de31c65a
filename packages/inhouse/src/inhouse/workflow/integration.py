"""Runs the integration tests against what is published: installed from the repository, as its users install it.

The environment is whole or not there at all: a failure takes it away again, and a note that is written last says that
it is complete. (It is not built beside its place and moved there, since programs in an environment name its path.)

The package comes into a clean environment from the one index, pinned to the digest that the repository lists for its
wheel; the tools that the tests need come with the versions of the lock. Then it is checked that what is imported lies
in that environment, and the tests run in a folder from which the source tree cannot be seen.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from packaging.version import Version

from inhouse.codeartifact.interface import PublishedFile
from inhouse.errors import EnvironmentMissingError, PartMissingError, VersionMissingError, WrongOriginError
from inhouse.project.dist import belongs_to_version
from inhouse.project.layout import interpreter
from inhouse.tools.environment import activated, without_python_path
from inhouse.tools.python import Origin, Python
from inhouse.tools.uv import export_arguments, install_arguments, venv_arguments
from inhouse.workflow.context import Context
from inhouse.workflow.origin import ensure_own_version
from inhouse.workflow.packages import check_lock, ensure_lock_is_current, run_uv, run_uv_without_index

GROUP = "test"
"""The dependency group that brings what the tests need."""


def prepare_integration(context: Context) -> None:
    """Make the clean environment and install the published package, and what tests need, into it.

    Raises:
        PartMissingError: There are no integration tests.
        VersionMissingError: The repository has no wheel of the project's version.
        VersionForeignError: It has one, and it is not the project's own.
        InhouseError: The lock is not as it must be, the repository refuses, or the installation fails.
    """
    _check_tests(context)
    check_lock(context)
    manifest, layout = context.manifest, context.layout
    wheels = _published_wheels(context)
    ensure_own_version(context)  # before anything of it is fetched, let alone imported
    ensure_lock_is_current(context)
    groups = [GROUP] if GROUP in manifest.groups else []
    tools = "".join(run_uv(context, export_arguments(group)).stdout for group in groups)
    if layout.integration.is_dir():
        _completion(context).unlink(missing_ok=True)  # first, should the removal be interrupted
        shutil.rmtree(layout.integration)
    layout.integration.mkdir(parents=True)
    try:
        _install(context, requirements_text(manifest.name, manifest.version, wheels, tools))
    except BaseException:
        shutil.rmtree(layout.integration, ignore_errors=True)
        raise
    _completion(context).touch()


def run_integration(context: Context, arguments: Sequence[str] = ()) -> int:
    """Run the integration tests in the clean environment; return pytest's exit code.

    Args:
        context: The project.
        arguments: Further arguments for pytest.

    Raises:
        PartMissingError: There are no integration tests.
        EnvironmentMissingError: The clean environment is not there.
        WrongOriginError: What would be tested is not what the repository serves.
        ProgramFailedError: The package cannot be imported.
    """
    tests = _check_tests(context)
    environment = _environment(context)
    variables = without_python_path(activated(context.environment(), environment, windows=context.windows))
    python = Python(context.runner, interpreter(environment, windows=context.windows), variables)
    if not _completion(context).is_file() or python.about(context.layout.root) is None:
        raise EnvironmentMissingError(environment, hint="make it with `make int`")
    with tempfile.TemporaryDirectory(prefix="inhouse-int-") as name:
        # Outside of the source tree: neither its `src` nor pytest's settings can put it on the path again.
        folder = Path(name).resolve()
        origin = python.origin(context.manifest.name, context.manifest.import_packages, folder)
        problem = origin_problem(origin, environment, context.manifest.version)
        if problem:
            raise WrongOriginError(problem, hint="install it anew with `make int`")
        context.say(f"running the integration tests against {context.manifest.name} {origin.version} in {environment}")
        shutil.copytree(tests, folder / tests.name, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "pytest.ini").touch()  # pytest looks no further up for settings
        return python.run("pytest", ["-p", "no:cacheprovider", *arguments, tests.name], folder)


def _install(context: Context, text: str) -> None:
    manifest, layout = context.manifest, context.layout
    requirements = layout.integration / "requirements.txt"
    requirements.write_text(text, encoding="utf-8")
    context.say(f"installing {manifest.name} {manifest.version} from {context.one_index().url}")
    has_python = context.python().about(layout.root) is not None
    base = str(context.interpreter()) if has_python else context.settings.python
    run_uv_without_index(context, venv_arguments(_environment(context), f"{manifest.name}-int", python=base))
    python = interpreter(_environment(context), windows=context.windows)
    run_uv(context, install_arguments(python, requirements, manifest.normalized_name))


def requirements_text(name: str, version: str, wheels: Sequence[PublishedFile], tools: str) -> str:
    """Return the requirements of the clean environment.

    Args:
        name: The package.
        version: Its version.
        wheels: Its published wheels; an installation accepts no other bytes.
        tools: The requirements of the tools, one a line.
    """
    digests = " ".join(f"--hash=sha256:{wheel.sha256}" for wheel in wheels if wheel.sha256)
    return f"{name}=={version} {digests}".rstrip() + "\n" + tools


def origin_problem(origin: Origin, environment: Path, version: str) -> str:
    """Say what is wrong with where an installed package came from; "" if nothing is.

    Args:
        origin: What the package says of itself.
        environment: The environment it must lie in.
        version: The version it must have.
    """
    if Version(origin.version) != Version(version):
        return f"version {origin.version} is installed in the clean environment, and the project is at {version}"
    if origin.direct_url:
        # Source: PEP 610, direct_url.json is written for what does not come from an index.
        return f"the package was not installed from the repository but from {origin.direct_url.strip()}"
    for package, place in origin.files.items():
        if not Path(place).resolve().is_relative_to(environment.resolve()):
            return f"`import {package}` finds {place}, which lies outside of the clean environment {environment}"
    return ""


def _published_wheels(context: Context) -> list[PublishedFile]:
    manifest, index = context.manifest, context.one_index()
    files = context.repository().published(index.url, manifest.normalized_name)
    wheels = [
        file
        for file in files
        if file.filename.endswith(".whl") and belongs_to_version(file.filename, file.version, manifest.version)
    ]
    if not wheels:
        raise VersionMissingError(
            f"the repository has no wheel of {manifest.name} {manifest.version}",
            hint="integration tests run against what is published: `make build publish`",
        )
    return wheels


def _check_tests(context: Context) -> Path:
    tests = context.layout.integration_tests
    if not tests.is_dir():
        raise PartMissingError("integration tests", tests)
    return tests


def _environment(context: Context) -> Path:
    return context.layout.integration / "environment"


def _completion(context: Context) -> Path:
    return context.layout.integration / "complete"
