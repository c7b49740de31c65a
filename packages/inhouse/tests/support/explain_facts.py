"""Facts for `explain`, made up in a line."""

from collections.abc import Iterable

from client_fakes import COORDINATES
from packaging.utils import canonicalize_name

from inhouse.codeartifact.explain.facts import (
    Controls,
    Fact,
    Facts,
    Gate,
    Group,
    Known,
    Links,
    Mode,
    OriginType,
    Page,
    Place,
    Record,
    Restriction,
    Status,
    Unknown,
)
from inhouse.codeartifact.interface import PublishedFile

AWS = Known(False)
EMBEDDED = Known(True)


def hidden(what: str) -> Unknown:
    return Unknown(what, "it is not allowed to you", f"codeartifact:{what}")


def ours(version: str, status: Status = Status.PUBLISHED, source: str = "shared") -> Record:
    return Record(version, status, OriginType.INTERNAL, source)


def public(version: str, status: Status = Status.PUBLISHED) -> Record:
    return Record(version, status, OriginType.EXTERNAL, "public:pypi")


def place(
    name: str,
    *records: Record,
    upstreams: tuple[str, ...] = (),
    source: str = "",
    upstream: bool | None = None,
    publish: bool = True,
) -> Place:
    """Return a repository; without `upstream`, it has no record of the package."""
    controls = None if upstream is None else Controls(publish=publish, upstream=upstream)
    return Place(name, Known(Links(upstreams, source)), Known(controls), Known(records))


def files(*versions: str, yanked: bool = False, requires_python: str = "") -> tuple[PublishedFile, ...]:
    return tuple(
        PublishedFile(f"acme_core-{version}-py3-none-any.whl", version, "", yanked, requires_python)
        for version in versions
    )


def group(pattern: str = "/*", *, is_strong: bool = True, source: str = "", **modes: Mode | tuple[str, ...]) -> Group:
    """Return a group that allows what is not said otherwise; a tuple is a list of repositories."""
    restrictions = {}
    for gate in Gate:
        said = modes.get(gate.lower(), Mode.ALLOW)
        mode = said if isinstance(said, Mode) else Mode.ALLOW_SPECIFIC_REPOSITORIES
        restrictions[gate] = Restriction(mode, source or pattern, Known(() if isinstance(said, Mode) else said))
    return Group(pattern, is_strong, restrictions)


def facts(
    *places: Place,
    page: Fact[Page] | Iterable[PublishedFile] = (),
    of_group: Fact[Group] | Group | None = None,
    closes_own_names: Fact[bool] = AWS,
    name: str = "acme-core",
    is_project: bool = False,
    is_cut: bool = False,
) -> Facts:
    known_group = Known(of_group or group()) if not isinstance(of_group, Known | Unknown) else of_group
    return Facts(
        name=canonicalize_name(name),
        coordinates=COORDINATES,
        places=places,
        is_cut=is_cut,
        page=page if isinstance(page, Known | Unknown) else Known(Page(tuple(page))),
        group=known_group,
        closes_own_names=closes_own_names,
        is_project=is_project,
    )
