"""Which package group a package belongs to, and what the group lets into repositories.

Groups form a tree: the parent of a group is the most specific of those whose patterns include its own. A package
belongs to the group whose pattern is the most specific of those that match it, exactly or as a variation; what belongs
to a group as a variation may enter nowhere, whatever the group says.

Source: CodeArtifact user guide, "Package group definition syntax and matching behavior" and "Package group origin
controls".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inhouse_server.model import Association, Domain, GroupMode, GroupRestriction, PackageGroup
from inhouse_server.rules.group_patterns import PackagePath, includes, match, parse
from inhouse_server.rules.origin_controls import Permissions


@dataclass(frozen=True, slots=True)
class Associated:
    """The group that a package belongs to, and how."""

    group: PackageGroup
    association: Association


@dataclass(frozen=True, slots=True)
class GroupControls:
    """What a package's group says of each way into a repository, inheritance resolved.

    Attributes:
        package: The package's path.
        pattern: The group's.
        modes: None of them is INHERIT.
        sources: The pattern of the group that each mode is set in, for messages.
        allowed: The repositories that ALLOW_SPECIFIC_REPOSITORIES lets through, by name.
        domain: The domain of both, for messages; None where these need not name it.
    """

    package: PackagePath
    pattern: str
    association: Association
    modes: Mapping[GroupRestriction, GroupMode]
    sources: Mapping[GroupRestriction, str]
    allowed: Mapping[GroupRestriction, frozenset[str]] = field(default_factory=dict)
    domain: Domain | None = None

    def admits(self, restriction: GroupRestriction, repository: str) -> bool:
        """Return whether versions of the package may enter the repository this way."""
        if self.association is Association.WEAK:
            return False
        mode = self.modes[restriction]
        if mode is GroupMode.ALLOW_SPECIFIC_REPOSITORIES:
            return repository in self.allowed.get(restriction, frozenset())
        return mode is GroupMode.ALLOW

    def permissions(self, repository: str) -> Permissions:
        """Return what may enter the package in a repository, as far as its group has a say."""
        return Permissions(
            publish=self.admits(GroupRestriction.PUBLISH, repository),
            external_upstream=self.admits(GroupRestriction.EXTERNAL_UPSTREAM, repository),
            internal_upstream=self.admits(GroupRestriction.INTERNAL_UPSTREAM, repository),
        )


def associate(groups: Iterable[PackageGroup], path: PackagePath) -> Associated:
    """Return the group that a package belongs to.

    Among patterns that are variations of each other the one that matches exactly is meant.

    Args:
        groups: Of the domain; those of the package's format and `/*` are enough.
        path: The package, which need not exist.

    Raises:
        ValueError: No group matches; a domain always has `/*`, which matches everything.
    """
    found = [
        (parse(group.pattern).specificity, association is Association.STRONG, group, association)
        for group in groups
        if (association := match(parse(group.pattern), path)) is not None
    ]
    # The pattern itself settles what is left, so that the answer does not depend on the order of the groups.
    _, _, group, association = max(found, key=lambda each: (each[0], each[1], each[2].pattern))
    return Associated(group, association)


def ancestors(group: PackageGroup, groups: Iterable[PackageGroup]) -> list[PackageGroup]:
    """Return the groups that include a group: its parent first, `/*` last; empty for `/*` itself."""
    pattern = parse(group.pattern)
    above = [other for other in groups if includes(parse(other.pattern), pattern)]
    return sorted(above, key=lambda other: parse(other.pattern).specificity, reverse=True)


def source_of(restriction: GroupRestriction, lineage: Sequence[PackageGroup]) -> PackageGroup:
    """Return the group whose mode is in effect: the first that does not inherit.

    Args:
        restriction: Which way in.
        lineage: The group itself, then its ancestors; `/*`, which ends it, cannot inherit.
    """
    return next(group for group in lineage if group.modes[restriction] is not GroupMode.INHERIT)
