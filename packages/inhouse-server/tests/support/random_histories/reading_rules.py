"""Steps that read what a repository itself holds."""

from hypothesis import strategies as st
from hypothesis.stateful import rule
from reference_model.packages import default_display_version
from reference_model.state import Key

from random_histories import names
from random_histories.distributions import make
from random_histories.driver import Driver, named


class ReadingRules(Driver):
    """These steps."""

    @rule(
        domain=names.domains,
        repository=names.repositories,
        package_format=st.sampled_from([None, "pypi", "generic"]),
        namespace=st.sampled_from([None, None, "tool"]),
        prefix=st.sampled_from(["", "acme", "acme-"]),
        publish=st.none() | names.controls,
        upstream=st.none() | names.controls,
        page_size=names.page_sizes,
    )
    def list_packages(
        self,
        *,
        domain: str,
        repository: str,
        package_format: str | None,
        namespace: str | None,
        prefix: str,
        publish: str | None,
        upstream: str | None,
        page_size: int | None,
    ) -> None:
        self.collect(
            "list_packages",
            "packages",
            page_size,
            domain=domain,
            repository=repository,
            format=package_format,
            namespace=namespace,
            packagePrefix=prefix or None,
            publish=publish,
            upstream=upstream,
        )

    @rule(
        domain=names.domains,
        repository=names.repositories,
        key=names.keys,
        status=st.none() | st.sampled_from(names.STATUSES),
        origin=st.sampled_from([None, None, "INTERNAL", "EXTERNAL", "UNKNOWN"]),
        page_size=names.page_sizes,
    )
    def list_versions(
        self, *, domain: str, repository: str, key: Key, status: str | None, origin: str | None, page_size: int | None
    ) -> None:
        self.collect(
            "list_package_versions",
            "versions",
            page_size,
            **named(domain, repository, key),
            status=status,
            originType=origin,
            sortBy="PUBLISHED_TIME",
        )
        if self.do("describe_package", **named(domain, repository, key)) is not None:
            shown = self.api.list_package_versions(**named(domain, repository, key)).get("defaultDisplayVersion")
            assert shown == default_display_version(self.world, domain, repository, key)

    @rule(
        domain=names.domains,
        repository=names.repositories,
        key=names.keys,
        text=names.texts,
        kind=st.sampled_from(["wheel", "linux"]),
        choice=st.sampled_from(["none", "right", "wrong"]),
        page_size=names.page_sizes,
    )
    def look_at_a_version(
        self, *, domain: str, repository: str, key: Key, text: str, kind: str, choice: str, page_size: int | None
    ) -> None:
        version = {**named(domain, repository, key), "packageVersion": text}
        self.do("describe_package_version", **version)
        self.collect("list_package_version_assets", "assets", page_size, **version)
        self.do("list_package_version_dependencies", **version)
        self.do("get_package_version_readme", **version)
        revision = self.revision(domain, repository, key, text) if choice == "right" else "another"
        self.do(
            "get_package_version_asset",
            **version,
            asset="kit.bin" if key == names.KIT else make(key[2], "1.0" if text == "1.0.0" else text, kind, 0).filename,
            packageVersionRevision=None if choice == "none" else revision,
        )
