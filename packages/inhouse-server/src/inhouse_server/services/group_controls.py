"""Reads what a package's group says of the ways into repositories: for every service that lets something in."""

import sqlite3

from inhouse_server.catalog import package_groups
from inhouse_server.model import Domain, GroupMode, GroupRestriction
from inhouse_server.rules.group_patterns import PackagePath
from inhouse_server.rules.package_groups import GroupControls, ancestors, associate, source_of


def read_group_controls(connection: sqlite3.Connection, domain: Domain, path: PackagePath) -> GroupControls:
    """Return what a package's group says, inheritance resolved; the package need not exist."""
    groups = package_groups.list_for_format(connection, domain, path.format)
    found = associate(groups, path)
    lineage = [found.group, *ancestors(found.group, groups)]
    sources = {restriction: source_of(restriction, lineage) for restriction in GroupRestriction}
    return GroupControls(
        package=path,
        pattern=found.group.pattern,
        association=found.association,
        modes={restriction: source.modes[restriction] for restriction, source in sources.items()},
        sources={restriction: source.pattern for restriction, source in sources.items()},
        allowed={
            restriction: package_groups.allowed_names(connection, source, restriction)
            for restriction, source in sources.items()
            if source.modes[restriction] is GroupMode.ALLOW_SPECIFIC_REPOSITORIES
        },
        domain=domain,
    )
