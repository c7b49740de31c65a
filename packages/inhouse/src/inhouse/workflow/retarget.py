"""Moves the project from one address of its repository to another, without resolving anything anew."""

import difflib
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from inhouse.errors import ManifestError, SettingError
from inhouse.project.address import aws_endpoint, endpoint_of, read_address
from inhouse.project.manager import LOCKS
from inhouse.project.manifest import FILE, Coordinates, is_address_of, read_manifest
from inhouse.project.retarget import Move, concerns, disagreements, retarget
from inhouse.workflow.context import Context

__all__ = ["Asked", "Moved", "Target", "Wish", "agreement", "find_target", "move_project"]


@dataclass(frozen=True)
class Wish:
    """Where somebody wants the project to be.

    Attributes:
        to: "laptop", "aws" or an address; "" leaves the answer to the repository service.
        service: The address of the repository service to ask; "" is the configured one.
        coordinates: What is to change of the repository's coordinates, by name.
        dualstack: Whether AWS's address shall be reached over IPv6 too.
    """

    to: str = ""
    service: str = ""
    coordinates: Mapping[str, str] = field(default_factory=dict)
    dualstack: bool = False


@dataclass(frozen=True)
class Target:
    """Where the project is to be.

    Attributes:
        endpoint: The repository's endpoint there.
        coordinates: Which repository it is.
    """

    endpoint: str
    coordinates: Coordinates


@dataclass(frozen=True)
class Asked:
    """The ways to ask for an endpoint that do not lead to the configured repository service.

    Attributes:
        laptop: Asks the embedded repository that runs on this machine.
        service: Asks the service at an address.
    """

    laptop: Callable[[Coordinates], str]
    service: Callable[[str, Coordinates], str]


@dataclass(frozen=True)
class Moved:
    """What moving meant, or would mean.

    Attributes:
        endpoint: Where the project is then.
        files: The files that change, by their names below the project: text before and text after.
    """

    endpoint: str
    files: Mapping[str, tuple[str, str]]

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        lines: list[str] = []
        for name, (before, after) in self.files.items():
            old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
            lines += difflib.unified_diff(old, new, fromfile=f"a/{name}", tofile=f"b/{name}", n=1)
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def find_target(context: Context, wish: Wish, asked: Asked) -> Target:
    """Find the endpoint that is wished for.

    Args:
        context: The project.
        wish: Where it shall be.
        asked: Asks for an endpoint elsewhere.

    Raises:
        SettingError: What is wished for is no address, or not one of the repository.
        RepositoryError: Nobody tells the address.
    """
    coordinates = replace(context.manifest.table().coordinates, **wish.coordinates)
    if wish.to in {"laptop", "embedded"}:
        return Target(asked.laptop(coordinates), coordinates)
    if wish.to == "aws":
        try:
            return Target(aws_endpoint(coordinates, dualstack=wish.dualstack), coordinates)
        except ValueError as error:
            raise _unusable("--endpoint-type", error) from error
    if wish.to:
        return _named(wish, coordinates)
    if wish.service:
        return Target(asked.service(wish.service, coordinates), coordinates)
    return Target(context.connect(coordinates).endpoint(), coordinates)


def _named(wish: Wish, coordinates: Coordinates) -> Target:
    endpoint = _endpoint(wish.to, "--to")
    told = read_address(endpoint)
    if told is None:
        problem = f"`{wish.to}` does not name a domain, its owner and a repository"
        hint = "it is `laptop`, `aws`, or an address such as http://127.0.0.1:8765/pypi/d/acme-111122223333/libraries/"
        raise SettingError("--to", "the command line", problem, hint=hint)
    region = wish.coordinates.get("region") or told.region or coordinates.region
    named = Coordinates(told.domain, told.owner, region, told.repository)
    wished = replace(named, **wish.coordinates)
    if not is_address_of(endpoint, wished):
        problem = f"`{wish.to}` is not the address of {wished.repository} in {wished.domain}-{wished.owner}"
        hint = "leave out --domain, --owner and --repository: the address names them"
        raise SettingError("--to", "the command line", problem, hint=hint)
    return Target(endpoint, wished)


def _endpoint(url: str, flag: str) -> str:
    try:
        return endpoint_of(url)
    except ValueError as error:
        raise _unusable(flag, error) from error


def _unusable(flag: str, error: ValueError) -> SettingError:
    return SettingError(flag, "the command line", str(error), hint="`inhouse retarget --help` tells what it can be")


def move_project(context: Context, target: Target, also: tuple[str, ...] = (), *, dry_run: bool = False) -> Moved:
    """Write a target's address wherever the project's own one is: `pyproject.toml`, locks, answers to the template.

    All files are written or none.

    Args:
        context: The project.
        target: Where it is to be.
        also: Other addresses of the same repository, which locks may hold.
        dry_run: Write nothing.

    Raises:
        ManifestError: The project's index is not as it must be, or would not be.
        ForeignAddressesError: Locks hold addresses from elsewhere.
        LockStaleError: Poetry's lock does not go with the `pyproject.toml`.
    """
    index = context.one_index()
    origins = dict.fromkeys([index.publish_url, *(_endpoint(url, "--from") for url in also)])
    files = _files(context)
    move = Move(tuple(origins), target.endpoint, context.manifest.table().coordinates, target.coordinates)
    changed = retarget(files, move)
    # Nothing is written that we would refuse to read.
    after = read_manifest(changed.get(FILE, files[FILE]), LOCKS & files.keys()).one_index()
    if after.publish_url != target.endpoint:
        hint = "write the address of the index in quotes, without escapes"
        raise ManifestError(FILE, context.manifest.manager.index_table, "cannot be exchanged", hint=hint)
    moved = Moved(target.endpoint, {name: (files[name], text) for name, text in changed.items()})
    if not dry_run:
        _write_all(context.layout.root, changed)
        names = ", ".join(moved.files) or "nothing to do"
        context.say(f"{index.publish_url} -> {target.endpoint}: {names}")
    return moved


def agreement(context: Context, wanted: str = "") -> Mapping[str, tuple[str, ...]]:
    """Return, by file, what does not agree on one endpoint; nothing when all does.

    Args:
        context: The project.
        wanted: The endpoint that it has to be; "" is whatever the `pyproject.toml` says.

    Raises:
        ManifestError: The project's index is not as it must be.
    """
    endpoint = context.one_index().publish_url
    files = _files(context)
    found = disagreements(files, endpoint)
    if wanted and wanted != endpoint:
        return {FILE: (f"its index is {endpoint}, not {wanted}",), **found}
    return found


def _files(context: Context) -> dict[str, str]:
    root = context.layout.root
    paths = [*root.glob("*"), *root.glob("requirements/*.txt")]
    names = {path.relative_to(root).as_posix(): path for path in paths if path.is_file()}
    concerned = sorted(name for name in names if concerns(name))
    try:
        return {name: names[name].read_bytes().decode("utf-8") for name in concerned}
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(FILE, "", f"a file beside it cannot be read: {error}", hint="mend or remove it") from error


def _write_all(root: Path, texts: Mapping[str, str]) -> None:
    """Write files beside their places first, and only when all are written put them there."""
    ready: list[tuple[Path, Path]] = []
    try:
        for name, text in texts.items():
            place = (root / name).resolve()  # a link stays a link
            descriptor, temporary = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
            ready.append((Path(temporary), place))
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode("utf-8"))
            Path(temporary).chmod(place.stat().st_mode & 0o777)
        for path, place in ready:
            path.replace(place)
    finally:
        for path, _ in ready:
            path.unlink(missing_ok=True)
