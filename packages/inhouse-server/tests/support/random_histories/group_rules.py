"""Steps around package groups."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from reference_model.state import Key

from random_histories import names
from random_histories.driver import Driver

entries = st.lists(
    st.builds(
        lambda repository, restriction: {"repositoryName": repository, "originRestrictionType": restriction},
        names.repositories,
        names.restrictions,
    ),
    max_size=3,
    unique_by=lambda entry: tuple(entry.values()),
)


class GroupRules(Driver):
    """These steps."""

    @rule(domain=names.domains, pattern=names.patterns, tags=names.tags, key=names.keys)
    def create_group(self, domain: str, pattern: str, tags: str, key: Key) -> None:
        self.do("create_package_group", domain=domain, packageGroup=pattern, tags=names.TAGS.get(tags))
        self.changed.add((domain, key))

    @rule(
        domain=names.domains, pattern=names.patterns, contact=st.none() | st.just("us"), text=st.none() | st.just("x")
    )
    def update_group(self, domain: str, pattern: str, contact: str | None, text: str | None) -> None:
        self.do("update_package_group", domain=domain, packageGroup=pattern, contactInfo=contact, description=text)

    @rule(domain=names.domains, pattern=names.patterns, key=names.keys)
    def delete_group(self, domain: str, pattern: str, key: Key) -> None:
        self.do("delete_package_group", domain=domain, packageGroup=pattern)
        self.changed.add((domain, key))

    @rule(
        domain=names.domains,
        pattern=names.patterns,
        modes=st.dictionaries(names.restrictions, names.modes, max_size=2),
        added=entries,
        removed=entries,
        lists_too=st.booleans(),
        key=names.keys,
    )
    def restrict(
        self,
        *,
        domain: str,
        pattern: str,
        modes: Mapping[str, str],
        added: Sequence[Any],
        removed: Sequence[Any],
        lists_too: bool,
        key: Key,
    ) -> None:
        if lists_too:
            modes = {entry["originRestrictionType"]: "ALLOW_SPECIFIC_REPOSITORIES" for entry in added} | dict(modes)
        self.do(
            "update_package_group_origin_configuration",
            domain=domain,
            packageGroup=pattern,
            restrictions=modes or None,
            addAllowedRepositories=added or None,
            removeAllowedRepositories=removed or None,
        )
        self.changed.add((domain, key))

    @rule(
        domain=names.domains,
        pattern=names.patterns,
        restriction=names.restrictions,
        prefix=st.sampled_from(["", "/pypi", "/pypi//acme"]),
        preview=st.none() | st.booleans(),
        page_size=names.page_sizes,
    )
    def look_at_groups(
        self, domain: str, pattern: str, restriction: str, prefix: str, *, preview: bool | None, page_size: int | None
    ) -> None:
        group = {"domain": domain, "packageGroup": pattern}
        self.do("describe_package_group", **group)
        self.collect("list_package_groups", "packageGroups", page_size, domain=domain, prefix=prefix or None)
        self.collect("list_sub_package_groups", "packageGroups", page_size, **group)
        self.collect("list_associated_packages", "packages", page_size, **group, preview=preview)
        self.collect(
            "list_allowed_repositories_for_group",
            "allowedRepositories",
            page_size,
            **group,
            originRestrictionType=restriction,
        )

    @rule(
        domain=names.domains,
        package=st.sampled_from([*names.PROJECTS, names.LOOK_ALIKE, "Acme_Core", "acme-core-extra", "zebra"]),
        namespace=st.sampled_from([None] * 4 + ["tools"]),
    )
    def ask_for_the_group(self, domain: str, package: str, namespace: str | None) -> None:
        self.do("get_associated_package_group", domain=domain, format="pypi", package=package, namespace=namespace)
        self.do("get_associated_package_group", domain=domain, format="generic", package="kit", namespace=namespace)
