"""From the model's parameters to the arguments of an operation's function.

A function takes the model's members by keyword, spelled as botocore spells them for Python, with three differences:

- `domainOwner`, which may be left out, becomes `owner`, which is always there: else the caller's account.
- What names a package (domain, its owner, repository, format, namespace, package) becomes one `package: PackageName`.
- What asks for a page is left out; `Context.page` reads it.

Elsewhere `format` is `package_format`, since `format` is a builtin.
"""

import inspect
from collections.abc import Callable, Collection, Mapping

from botocore import xform_name
from botocore.model import OperationModel

from inhouse_server.control_plane.protocol import pagination
from inhouse_server.control_plane.protocol.constraints import unchecked_types
from inhouse_server.model import PackageFormat
from inhouse_server.services.inventory import PackageName

_OWNER = "domainOwner"
_OF_A_PACKAGE = frozenset({"domain", _OWNER, "format", "namespace", "package"})
_REPOSITORIES = ("repository", "sourceRepository")
"""The members that say in which repository a package is; an operation has one of them, or none."""

_SPELLED = {"format": "package_format"}


def arguments(operation: OperationModel, parameters: Mapping[str, object], account: str) -> dict[str, object]:
    """Return the arguments of an operation's function.

    Args:
        operation: The operation.
        parameters: As decoded, by the model's member names; those that were not sent are not there.
        account: The caller's.
    """
    members = _members(operation)
    found = {name: value for name, value in parameters.items() if name not in pagination.MEMBERS}
    owner = str(found.pop(_OWNER, account))
    repository = _repository_of_package(members)
    if repository is not None:
        namespace = found.pop("namespace", None)
        package = PackageName(
            owner=owner,
            domain=str(found.pop("domain")),
            repository=str(found.pop(repository)),
            format=PackageFormat(str(found.pop("format"))),
            namespace=None if namespace is None else str(namespace),
            name=str(found.pop("package")),
        )
        return {"package": package, **{_spelled(name): value for name, value in found.items()}}
    owners = {"owner": owner} if _OWNER in members else {}
    return {**owners, **{_spelled(name): value for name, value in found.items()}}


def check_signature(function: Callable[..., object], operation: OperationModel) -> None:
    """Return if a function takes exactly the arguments of its operation, those that are optional with a default.

    Raises:
        TypeError: It does not, or requests cannot be checked; said at start, not when the first request comes.
    """
    unchecked = frozenset() if operation.input_shape is None else unchecked_types(operation.input_shape)
    if unchecked:
        raise TypeError(f"{operation.name} takes {', '.join(sorted(unchecked))}: protocol/constraints.py checks none")
    keywords = [p for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    taken = {parameter.name: parameter.default is parameter.empty for parameter in keywords}
    expected = _expected(operation)
    if taken != expected:
        raise TypeError(f"{operation.name} is answered by a function with {taken}, the model has {expected}")


def _expected(operation: OperationModel) -> dict[str, bool]:
    """Return the names of an operation's arguments, and of each whether it is always there."""
    members, shape = _members(operation), operation.input_shape
    required = () if shape is None else shape.required_members
    repository = _repository_of_package(members)
    if repository is not None:
        others = [name for name in members if name not in _OF_A_PACKAGE and name != repository]
        return {"package": True, **{_spelled(name): name in required for name in others}}
    return {"owner" if name == _OWNER else _spelled(name): name == _OWNER or name in required for name in members}


def _members(operation: OperationModel) -> Collection[str]:
    shape = operation.input_shape
    return () if shape is None else [name for name in shape.members if name not in pagination.MEMBERS]


def _repository_of_package(members: Collection[str]) -> str | None:
    """Return the member that completes a package's name, or None where an operation does not name a package."""
    if not _OF_A_PACKAGE.issubset(members):
        return None
    return next((name for name in _REPOSITORIES if name in members), None)


def _spelled(member: str) -> str:
    return _SPELLED.get(member, xform_name(member))
