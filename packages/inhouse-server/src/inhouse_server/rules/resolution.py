"""Which files of a package a repository offers, over its upstream repositories and their public sources.

The nearest repository that has a record of a version decides over it, whatever the record's status; different versions
are united. A public source speaks after the repository that is connected to it, unless the name is one of ours:
`is_ours` says when no public source is heard at all.

Source: CodeArtifact user guide, "Requesting a package version with upstream repositories" and "Package version status";
where the guide is silent, the choices are ours.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from packaging.version import Version

from inhouse_server.compat import MAXIMUM_SEARCHED_REPOSITORIES
from inhouse_server.model import File, OriginControls, OriginType, PackageVersion, VersionStatus
from inhouse_server.rules.origin_controls import EVERYTHING, Permissions, effective
from inhouse_server.rules.package_groups import GroupControls
from inhouse_server.rules.version_status import is_downloadable, is_listed
from inhouse_server.versions import parse_version


@dataclass(frozen=True, slots=True)
class Place:
    """What one repository of a search has of the package.

    Attributes:
        repository: Its name.
        controls: The package's origin controls there; None where the repository has no record of the package.
        group: What the package's group says; None where that is nothing.
        ours: Whether it makes the name one of ours, for the whole search; see `origin_controls.makes_the_name_ours`.
        versions: What it holds, by `names.version_key`.
        offered: What the public source offers that it is connected to, by `names.version_key`.
    """

    repository: str
    controls: OriginControls | None = None
    versions: Mapping[str, PackageVersion] = field(default_factory=dict)
    offered: Mapping[str, tuple[File, ...]] = field(default_factory=dict)
    group: GroupControls | None = None
    ours: bool = False

    @property
    def permissions(self) -> Permissions:
        """What may enter the package in this repository, everything considered."""
        return effective(self.controls, EVERYTHING if self.group is None else self.group.permissions(self.repository))


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that a repository offers, and where it has it from.

    Attributes:
        place: Index of the repository in the search; 0 is the one that was asked.
        recorded: True where that repository holds it; False where only its public source does.
    """

    file: File
    place: int
    recorded: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A version that a repository offers.

    Attributes:
        record: The record that decided; None where a public source did.
        offers: Its files; those added upstream since the record was made stand behind the others.
    """

    record: PackageVersion | None
    offers: tuple[Offer, ...]

    @property
    def status(self) -> VersionStatus:
        """The version's status; a public source's versions are Published."""
        return VersionStatus.PUBLISHED if self.record is None else self.record.status


def search_order(
    entry: str, upstreams_of: Callable[[str], Iterable[str]], limit: int = MAXIMUM_SEARCHED_REPOSITORIES
) -> list[str]:
    """Return the repositories that a lookup in `entry` visits: depth first, each once, at most `limit`."""
    order: list[str] = []
    pending = [entry]
    while pending and len(order) < limit:
        repository = pending.pop()
        if repository not in order:
            order.append(repository)
            pending.extend(reversed(list(upstreams_of(repository))))
    return order


def is_ours(places: Sequence[Place]) -> bool:
    """Return whether a search has come by a repository that makes the name one of ours.

    No public source is heard in such a search, wherever it stands: neither beside nor behind the repositories above may
    a stranger's version of our name come in, nor what others have kept of one. What the repository itself kept before
    stays.
    """
    return any(place.ours for place in places)


def may_ask_public_source(places: Sequence[Place], place: int) -> bool:
    """Return whether the public source of `places[place]` has anything to say in this search.

    Where it has not, it must not even be asked: the question tells the name of an internal project to the world.
    """
    return not is_ours(places) and _lets_source_in(places, place)


def resolve_version(places: Sequence[Place], version: str) -> Offered | None:
    """Return a version as `places[0]` offers it, or None where it offers nothing of it.

    An unlisted version is offered too; project pages leave it out.

    Args:
        places: In the order of the search.
        version: As `names.version_key` gives it.
    """
    return _resolve(_heard(places), version)


def project_files(places: Sequence[Place]) -> list[File]:
    """Return the files that the project page of `places[0]` lists, by version and, within one, in the order kept."""
    heard = _heard(places)
    versions = {version for place in heard for version in (*place.versions, *place.offered)}
    files: list[File] = []
    for version in sorted(versions, key=_sort_key):
        offered = _resolve(heard, version)
        if offered is not None and is_listed(offered.status):
            files.extend(offer.file for offer in offered.offers)
    return files


def upstream_of_version(places: Sequence[Place], version: str) -> str | None:
    """Return where a version exists other than in `places[0]` itself, as far as that lets anything in; or None.

    One that an upstream repository holds back exists there, too: its number is not free for other bytes.

    Returns:
        The name of a repository of the search; that of `places[0]` stands for its public source.
    """
    heard = _heard(places)
    for index, place in enumerate(heard):
        if not _may_pass(heard, index):
            return None
        if (index > 0 and version in place.versions) or version in place.offered:
            return place.repository
    return None


def retaining_places(offer: Offer) -> tuple[int, ...]:
    """Return which repositories keep a version when this file of it is fetched, the farthest first.

    The one that was asked does, and the one that is connected to the public source; those in between do not.
    """
    if offer.recorded or offer.place == 0:
        return (0,)
    return (offer.place, 0)


def _lets_source_in(places: Sequence[Place], index: int) -> bool:
    return _may_pass(places, index) and places[index].permissions.external_upstream


def _heard(places: Sequence[Place]) -> list[Place]:
    """Return the places without what comes from public sources that have nothing to say in this search.

    For a name of ours that is also what others have kept of a stranger's: somebody who works elsewhere may have fetched
    it after all. What is kept in the repository that is asked stays, with the bytes that lock files know, and so does
    what those have kept that make the name ours: whoever closes a package does not take away what is in it.
    """
    if not is_ours(places):
        return [
            place if not place.offered or _lets_source_in(places, index) else replace(place, offered={})
            for index, place in enumerate(places)
        ]
    return [
        replace(place, offered={}, versions=place.versions if index == 0 or place.ours else _published_to_us(place))
        for index, place in enumerate(places)
    ]


def _published_to_us(place: Place) -> dict[str, PackageVersion]:
    return {
        version: record for version, record in place.versions.items() if record.origin.type is not OriginType.EXTERNAL
    }


def _resolve(heard: Sequence[Place], version: str) -> Offered | None:
    for index, place in enumerate(heard):
        record = place.versions.get(version)
        if record is not None:
            if not is_downloadable(record.status) or not _may_pass(heard, index):
                return None
            offers = tuple(Offer(file, index, recorded=True) for file in record.files)
            if record.origin.type is OriginType.EXTERNAL:
                offers = _refreshed(heard, index, version, offers)
            return Offered(record, offers)
        if version in place.offered:
            return Offered(None, tuple(Offer(file, index, recorded=False) for file in place.offered[version]))
    return None


def _may_pass(places: Sequence[Place], index: int) -> bool:
    return index == 0 or places[0].permissions.internal_upstream


def _refreshed(heard: Sequence[Place], start: int, version: str, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Return the files of a version from a public source with what has been added and yanked there since.

    This ends at the first repository that holds the version as its own, or holds it back.
    """
    found = {offer.file.filename: offer for offer in offers}
    for index in range(start, len(heard)):
        if not _may_pass(heard, index):
            break
        place = heard[index]
        record = place.versions.get(version)
        if record is not None and (record.origin.type is not OriginType.EXTERNAL or not is_downloadable(record.status)):
            break
        if record is not None:
            for file in record.files:
                found.setdefault(file.filename, Offer(file, index, recorded=True))
        if version in place.offered:
            for file in place.offered[version]:
                held = found.get(file.filename)
                if held is None:
                    found[file.filename] = Offer(file, index, recorded=False)
                elif held.file.digests.sha256 == file.digests.sha256:
                    found[file.filename] = replace(held, file=replace(held.file, yanked=file.yanked))
            break
    return tuple(found.values())


def _sort_key(version: str) -> tuple[int, Version, str]:
    parsed = parse_version(version)
    return (0, Version("0"), version) if parsed is None else (1, parsed, version)
