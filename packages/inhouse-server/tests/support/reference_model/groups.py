"""Package groups (specification, section 12)."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence

from reference_model.expectations import ANYTHING, conflict, invalid, not_found, too_many
from reference_model.state import RESTRICTIONS, Domain, Group, Key, World, coordinates, given, key_of, normalized
from reference_model.tags import MAXIMUM_TAGS

ROOT = "/*"
LIST = "ALLOW_SPECIFIC_REPOSITORIES"
FORMATS = ("npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo")
_LOOK_ALIKES = str.maketrans("\u0430\u0435\u043e", "aeo")
"""Cyrillic letters, as many as histories use."""


def admits(domain: Domain, restriction: str, repository: str, key: Key) -> bool:
    """Return whether a package may enter a repository this way, as far as its group has a say."""
    pattern, association = associated(domain, key)
    if association == "WEAK":
        return False
    source = domain.groups[_source(domain, pattern, restriction)]
    mode = source.modes[restriction]
    return repository in source.allowed[restriction] if mode == LIST else mode == "ALLOW"


def associated(domain: Domain, key: Key) -> tuple[str, str]:
    """Return the pattern of the group that a package belongs to, and how: the most specific match decides."""
    strong = [pattern for pattern in domain.groups if _matches(pattern, key, str)]
    weak = [pattern for pattern in domain.groups if _matches(pattern, key, _fold)]
    best = max({*strong, *weak}, key=_specificity)
    return best, "STRONG" if best in strong else "WEAK"


def create_package_group(
    world: World,
    *,
    domain: str,
    package_group: str,
    contact_info: str | None = None,
    description: str | None = None,
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, object]:
    if not _is_pattern(package_group):
        raise invalid()
    if len(tags) > MAXIMUM_TAGS:
        raise too_many("package", package_group)
    found = world.domain(domain)
    if package_group in found.groups:
        raise conflict("package", package_group)
    found.groups[package_group] = Group(dict.fromkeys(RESTRICTIONS, "INHERIT"), contact_info, description)
    if tags:
        world.tags[world.group_arn(domain, package_group)] = {tag["key"]: tag["value"] for tag in tags}
    return {"packageGroup": describe(world, domain, package_group)}


def update_package_group(
    world: World, domain: str, package_group: str, contact_info: str | None = None, description: str | None = None
) -> dict[str, object]:
    group = _group(world, domain, package_group)
    group.contact_info = contact_info or group.contact_info
    group.description = description or group.description
    return {"packageGroup": describe(world, domain, package_group)}


def describe_package_group(world: World, domain: str, package_group: str) -> dict[str, object]:
    _group(world, domain, package_group)
    return {"packageGroup": describe(world, domain, package_group)}


def delete_package_group(world: World, domain: str, package_group: str) -> dict[str, object]:
    _group(world, domain, package_group)
    if package_group == ROOT:
        raise invalid()
    described = describe(world, domain, package_group)
    del world.domain(domain).groups[package_group]
    world.tags.pop(world.group_arn(domain, package_group), None)
    return {"packageGroup": described}


def update_package_group_origin_configuration(
    world: World,
    *,
    domain: str,
    package_group: str,
    restrictions: Mapping[str, str] | None = None,
    add_allowed_repositories: Sequence[Mapping[str, str]] = (),
    remove_allowed_repositories: Sequence[Mapping[str, str]] = (),
) -> dict[str, object]:
    group = _group(world, domain, package_group)
    modes = {**group.modes, **(restrictions or {})}
    if package_group == ROOT and "INHERIT" in modes.values():
        raise invalid()
    if any(modes[entry["originRestrictionType"]] != LIST for entry in add_allowed_repositories):
        raise invalid()
    for entry in (*add_allowed_repositories, *remove_allowed_repositories):
        world.repository(domain, entry["repositoryName"])
    updates: dict[str, dict[str, list[str]]] = {}
    group.modes = modes
    for entry in add_allowed_repositories:
        name, restriction = entry["repositoryName"], entry["originRestrictionType"]
        if name not in group.allowed[restriction]:
            group.allowed[restriction].add(name)
            updates.setdefault(restriction, {}).setdefault("ADDED", []).append(name)
    for entry in remove_allowed_repositories:
        name, restriction = entry["repositoryName"], entry["originRestrictionType"]
        if name in group.allowed[restriction]:
            group.allowed[restriction].remove(name)
            updates.setdefault(restriction, {}).setdefault("REMOVED", []).append(name)
    for restriction, mode in modes.items():
        if mode != LIST:  # a list ends with its mode: a choice where the specification is silent
            group.allowed[restriction].clear()
    return {"packageGroup": describe(world, domain, package_group), "allowedRepositoryUpdates": updates}


def list_package_groups(world: World, domain: str, prefix: str = "") -> list[object]:
    patterns = (pattern for pattern in world.domain(domain).groups if pattern.startswith(prefix))
    return [describe(world, domain, pattern) for pattern in patterns]


def list_sub_package_groups(world: World, domain: str, package_group: str) -> list[object]:
    _group(world, domain, package_group)
    found = world.domain(domain)
    children = (pattern for pattern in found.groups if _lineage(found, pattern)[1:2] == [package_group])
    return [describe(world, domain, pattern) for pattern in children]


def list_allowed_repositories_for_group(
    world: World, domain: str, package_group: str, origin_restriction_type: str
) -> list[object]:
    return list(_group(world, domain, package_group).allowed[origin_restriction_type])


def list_associated_packages(
    world: World, domain: str, package_group: str, preview: bool | None = None
) -> list[object]:
    if preview and not _is_pattern(package_group):
        raise invalid()
    found = world.domain(domain)
    if not preview:
        _group(world, domain, package_group)
    groups = {package_group: Group({}), **found.groups}
    keys = {key for repository in found.repositories.values() for key in repository.packages}
    matches = {key: associated(Domain(groups=groups), key) for key in keys}
    return [
        {**coordinates(key), "associationType": association}
        for key, (pattern, association) in matches.items()
        if pattern == package_group
    ]


def get_associated_package_group(
    world: World, domain: str, package_format: str, package: str, namespace: str | None = None
) -> dict[str, object]:
    if (namespace is not None) != (package_format == "generic"):  # of the formats that histories use
        raise invalid()
    found = world.domain(domain)
    pattern, association = associated(found, normalized(key_of(package_format, namespace, package)))
    return {"packageGroup": describe(world, domain, pattern), "associationType": association}


def describe(world: World, domain: str, pattern: str) -> dict[str, object]:
    found = world.domain(domain)
    group = found.groups[pattern]
    parent = _lineage(found, pattern)[1:2]
    restrictions = {}
    for restriction, mode in group.modes.items():
        source = _source(found, pattern, restriction)
        restrictions[restriction] = given(
            {
                "mode": mode,
                "effectiveMode": found.groups[source].modes[restriction],
                "inheritedFrom": None if source == pattern else _reference(world, domain, source),
                "repositoriesCount": len(group.allowed[restriction]) if mode == LIST else None,
            }
        )
    return given(
        {
            **_reference(world, domain, pattern),
            "domainName": domain,
            "domainOwner": "111122223333",
            "createdTime": ANYTHING,
            "contactInfo": group.contact_info,
            "description": group.description,
            "originConfiguration": {"restrictions": restrictions},
            "parent": _reference(world, domain, parent[0]) if parent else None,
        }
    )


def _group(world: World, domain: str, pattern: str) -> Group:
    groups = world.domain(domain).groups
    if pattern not in groups:
        raise not_found("package", pattern)
    return groups[pattern]


def _reference(world: World, domain: str, pattern: str) -> dict[str, object]:
    return {"arn": world.group_arn(domain, pattern), "pattern": pattern}


def _source(domain: Domain, pattern: str, restriction: str) -> str:
    """Return the pattern of the group whose mode is in effect."""
    return next(each for each in _lineage(domain, pattern) if domain.groups[each].modes[restriction] != "INHERIT")


def _lineage(domain: Domain, pattern: str) -> list[str]:
    """Return a pattern and those that include it, the most specific first."""
    return sorted((each for each in domain.groups if _includes(each, pattern)), key=_specificity, reverse=True)


def _includes(pattern: str, other: str) -> bool:
    """Return whether `pattern` matches whatever `other` does."""
    if pattern in (other, ROOT):
        return True
    return pattern[-1] != "$" and _begins(other[:-1], pattern[:-1], pattern[-1])


def _matches(pattern: str, key: Key, spelled: Callable[[str], str]) -> bool:
    path = spelled(f"/{'/'.join(key)}")
    head = spelled(pattern[:-1])
    return path == head if pattern[-1] == "$" else _begins(path, head, pattern[-1])


def _begins(path: str, head: str, end: str) -> bool:
    rest = path.removeprefix(head)
    return path.startswith(head) and (end == "*" or not rest[:1].isalnum())


def _specificity(pattern: str) -> tuple[int, bool]:
    return len(pattern), pattern[-1] == "$"


def _fold(text: str) -> str:
    """Return what is the same for names that are taken for each other."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LOOK_ALIKES)
    for separator in "-_":
        plain = plain.replace(separator, ".")
    return plain


def _is_pattern(text: str) -> bool:
    """Return whether a text is a pattern, as far as histories use them."""
    return text == ROOT or (text[0] == "/" and text.split("/")[1] in FORMATS and text[-1] in "*~$")
