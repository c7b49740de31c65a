"""Reading over upstreams: Appendix C of the specification, with its names."""

from dataclasses import dataclass, replace

from packaging.utils import parse_wheel_filename

from reference_model import groups
from reference_model.expectations import Refusal
from reference_model.own_names import is_closed_to_public_sources
from reference_model.permissions import check_reading
from reference_model.repositories import search_order
from reference_model.state import Key, Package, Version, World, same

PUBLIC = "public:pypi"


@dataclass
class Hit:
    """A version that a repository offers.

    Attributes:
        repository: Which has it, or is connected to the public source that does.
        record: None where it is the public source's.
    """

    repository: str
    record: Version | None
    assets: dict[str, str]


@dataclass
class Source:
    """Where an asset of a version is to be had."""

    repository: str
    is_public: bool
    sha256: str


def visited(world: World, domain: str, entry: str, key: Key) -> list[Package]:
    """Return the package in each repository of a search that has it."""
    found = world.domain(domain)
    places = (found.repositories[name].packages.get(key) for name in search_order(found, entry))
    return [package for package in places if package is not None]


def publish_ok(world: World, domain: str, repository: str, key: Key) -> bool:
    package = world.repository(domain, repository).packages.get(key)
    own = package is None or package.publish == "ALLOW"
    return own and groups.admits(world.domain(domain), "PUBLISH", repository, key)


def is_taken_upstream(world: World, domain: str, entry: str, key: Key, version: str) -> bool:
    """Return whether a version exists behind a repository, in any status, and may come from there at all."""
    if version in offered(world, domain, entry, entry, key):
        return True
    others = [name for name in search_order(world.domain(domain), entry) if name != entry]
    return _upstream_ok(world, domain, entry, key, "INTERNAL_UPSTREAM") and any(
        _heard(world, domain, entry, name, key, version) is not None
        or version in offered(world, domain, entry, name, key)
        for name in others
    )


def visible(world: World, domain: str, entry: str, key: Key, version: str) -> Hit | None:
    """Return a version as a repository offers it; None where it is hidden or absent."""
    for name in search_order(world.domain(domain), entry):
        record = _heard(world, domain, entry, name, key, version)
        if record is None and version not in offered(world, domain, entry, name, key):
            continue
        if name != entry and not _upstream_ok(world, domain, entry, key, "INTERNAL_UPSTREAM"):
            return None
        if record is None:
            return Hit(name, None, offered(world, domain, entry, name, key)[version])
        return Hit(name, record, record.assets) if record.is_open else None
    return None


def offered(world: World, domain: str, entry: str, at: str, key: Key) -> dict[str, dict[str, str]]:
    """Return what the public source behind the repository `at` brings into a search that begins at `entry`."""
    if world.repository(domain, at).connection != PUBLIC or key[0] != "pypi":
        return {}
    if not _upstream_ok(world, domain, at, key, "EXTERNAL_UPSTREAM"):
        return {}
    if is_closed_to_public_sources(world.mode, visited(world, domain, entry, key)):
        return {}
    return world.public.get(key[2], {})


def assets_of(world: World, domain: str, entry: str, key: Key, version: str) -> dict[str, Source]:
    """Return the assets of a version as a repository offers it, with those that came further upstream since."""
    hit = visible(world, domain, entry, key, version)
    if hit is None:
        return {}
    found = {file: Source(hit.repository, hit.record is None, sha256) for file, sha256 in hit.assets.items()}
    for name in search_order(world.domain(domain), entry):
        if name != entry and not _upstream_ok(world, domain, entry, key, "INTERNAL_UPSTREAM"):
            break
        record = _heard(world, domain, entry, name, key, version)
        if record is not None and (record.is_internal or not record.is_open):
            break
        for file, sha256 in ({} if record is None else record.assets).items():
            found.setdefault(file, Source(name, is_public=False, sha256=sha256))
        here = offered(world, domain, entry, name, key).get(version, {})
        for file, sha256 in here.items():
            found.setdefault(file, Source(name, is_public=True, sha256=sha256))
        if here:
            break
    return found


def simple_page(world: World, domain: str, repository: str, project: str) -> dict[str, str]:
    """Return the SHA-256 of each file on a project page."""
    _open_to_read(world, domain, repository)
    key = ("pypi", "", project)
    order = search_order(world.domain(domain), repository)
    versions = {version for package in visited(world, domain, repository, key) for version in package.versions}
    versions |= {version for name in order for version in offered(world, domain, repository, name, key)}
    rows: dict[str, str] = {}
    for version in versions:
        hit = visible(world, domain, repository, key, version)
        if hit is not None and (hit.record is None or hit.record.status == "Published"):
            sources = assets_of(world, domain, repository, key, version)
            rows |= {file: source.sha256 for file, source in sources.items()}
    if not rows:
        raise Refusal("404")
    return rows


def head_asset(world: World, *, domain: str, repository: str, project: str, version: str, file: str) -> str:
    """Return the SHA-256 of a file that can be fetched; nothing is retained."""
    _open_to_read(world, domain, repository)
    key = ("pypi", "", project)
    local = _record(world, domain, repository, key, same(key, version))
    if local is not None and not local.is_open:
        raise Refusal("404")
    if local is not None and file in local.assets:
        return local.assets[file]
    source = assets_of(world, domain, repository, key, same(key, version)).get(file)
    if source is None:
        raise Refusal("404")
    return source.sha256


def get_asset(world: World, *, domain: str, repository: str, project: str, version: str, file: str) -> str:
    """Return the SHA-256 of a file that is fetched, and retain its version where that is due."""
    sha256 = head_asset(world, domain=domain, repository=repository, project=project, version=version, file=file)
    key = ("pypi", "", project)
    version = same(key, version)
    local = _record(world, domain, repository, key, version)
    if local is not None and file in local.assets:
        return sha256
    hit = visible(world, domain, repository, key, version)
    assert hit is not None
    sources = assets_of(world, domain, repository, key, version)
    arriving = {name: source.sha256 for name, source in sources.items()}
    at = sources[file].repository
    if sources[file].is_public:
        public = public_version(world, offered(world, domain, repository, at, key)[version])
        _retain(world, domain, at, key, public, is_mixed=True)
    if at != repository:
        first = public_version(world, arriving) if hit.record is None else replace(hit.record, assets=arriving)
        is_mixed = hit.record is None or world.repository(domain, hit.repository).packages[key].is_mixed
        _retain(world, domain, repository, key, first, is_mixed=is_mixed)
    return sha256


def public_version(world: World, assets: dict[str, str]) -> Version:
    """Return a version as it comes from the public source, with all of its assets."""
    origin: dict[str, object] = {"domainEntryPoint": {"externalConnectionName": PUBLIC}, "originType": "EXTERNAL"}
    text = str(parse_wheel_filename(min(assets))[1])
    return Version(text, "Published", origin, assets, min(world.released[file] for file in assets))


def _retain(world: World, domain: str, repository: str, key: Key, arriving: Version, *, is_mixed: bool) -> None:
    new = Package("BLOCK", "ALLOW", is_mixed=is_mixed)
    package = world.repository(domain, repository).packages.setdefault(key, new)
    held = package.versions.get(same(key, arriving.text))
    if held is None:
        package.versions[same(key, arriving.text)] = replace(arriving, assets=dict(arriving.assets))
    elif held.is_open:
        held.assets = {**arriving.assets, **held.assets}


def _open_to_read(world: World, domain: str, repository: str) -> None:
    try:
        world.repository(domain, repository)
        check_reading(world, domain, repository)
    except Refusal as refusal:
        raise Refusal("403" if refusal.code == "AccessDeniedException" else "404") from refusal


def _upstream_ok(world: World, domain: str, repository: str, key: Key, restriction: str) -> bool:
    package = world.repository(domain, repository).packages.get(key)
    own = package is None or package.upstream == "ALLOW"
    return own and groups.admits(world.domain(domain), restriction, repository, key)


def _heard(  # noqa: PLR0917 - where a search begins, and where it is
    world: World, domain: str, entry: str, at: str, key: Key, version: str
) -> Version | None:
    """Return what a repository of a search holds of a version; of a name of ours, no stranger's that others keep."""
    record = _record(world, domain, at, key, version)
    if record is None or at == entry or record.is_internal:
        return record
    closing = is_closed_to_public_sources(world.mode, [world.repository(domain, at).packages[key]])
    is_closed = is_closed_to_public_sources(world.mode, visited(world, domain, entry, key))
    return record if closing or not is_closed else None


def _record(world: World, domain: str, repository: str, key: Key, version: str) -> Version | None:
    package = world.repository(domain, repository).packages.get(key)
    return None if package is None else package.versions.get(version)
