"""Steps that publish, fetch, copy and change packages and their versions."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from reference_model.state import Key

from random_histories import names
from random_histories.distributions import KINDS, Distribution, make
from random_histories.driver import Driver, named

kinds = st.sampled_from(["wheel", *KINDS])
variants = st.sampled_from([0, 0, 0, 1])
revision_choices = st.sampled_from(["none", "none", "none", "right", "wrong", "fewer"])
expected_statuses = st.none() | st.none() | st.sampled_from(names.STATUSES)


class PackageRules(Driver):
    """These steps."""

    @rule(
        domain=names.domains,
        repository=names.repositories,
        project=names.projects,
        version=st.sampled_from(names.VERSIONS),
        kind=kinds,
        variant=variants,
    )
    def publish(self, *, domain: str, repository: str, project: str, version: str, kind: str, variant: int) -> None:
        self.upload(domain, repository, project, version, make(project, version, kind, variant))

    @rule(
        domain=names.domains,
        repository=names.repositories,
        package=st.sampled_from(["kit"] * 4 + ["Kit"]),
        version=st.sampled_from(names.VERSIONS),
        asset=st.sampled_from(["kit.bin", "kit.txt"]),
        content=st.sampled_from([b"one", b"one", b"two"]),
        unfinished=st.sampled_from([None, True, True]),
        package_format=st.sampled_from(["generic"] * 8 + ["pypi"]),
    )
    def publish_generic(
        self,
        *,
        domain: str,
        repository: str,
        package: str,
        version: str,
        asset: str,
        content: bytes,
        unfinished: bool | None,
        package_format: str,
    ) -> None:
        """Publish an asset of the kit, or of another that may be taken for it."""
        made = Distribution(asset, content)
        self.know(made)
        parameters = named(domain, repository, names.KIT) | {"format": package_format, "package": package}
        if package_format == "pypi":
            del parameters["namespace"]
        self.do(
            "publish_package_version",
            **parameters,
            packageVersion=version,
            assetName=asset,
            assetContent=content,
            assetSHA256=made.sha256,
            unfinished=unfinished,
        )
        self.changed.add((domain, names.KIT))

    @rule(
        project=names.projects,
        version=st.sampled_from(names.VERSIONS),
        kind=st.sampled_from(["wheel", "wheel", "linux"]),
        variant=variants,
    )
    def release_in_public(self, project: str, version: str, kind: str, variant: int) -> None:
        self.release(project, version, make(project, version, kind, variant))

    @rule(
        method=st.sampled_from(["GET", "GET", "GET", "HEAD"]),
        domain=names.domains,
        repository=names.repositories,
        project=names.projects,
        version=st.sampled_from(names.VERSIONS),
        kind=kinds,
    )
    def fetch_file(self, *, method: str, domain: str, repository: str, project: str, version: str, kind: str) -> None:
        file = make(project, version, kind, 0).filename
        self.fetch(method=method, domain=domain, repository=repository, project=project, version=version, file=file)

    @rule(
        domain=names.domains,
        repository=names.repositories,
        key=names.keys,
        publish=names.controls,
        upstream=names.controls,
        look_alike=names.rarely,
    )
    def put_controls(
        self, *, domain: str, repository: str, key: Key, publish: str, upstream: str, look_alike: bool
    ) -> None:
        if look_alike and key[0] == "pypi":
            key = (*key[:2], names.LOOK_ALIKE)
        self.do(
            "put_package_origin_configuration",
            **named(domain, repository, key),
            restrictions={"publish": publish, "upstream": upstream},
        )
        self.changed.add((domain, key))

    @rule(domain=names.domains, repository=names.repositories, key=names.keys, sure=names.rarely)
    def delete_package(self, domain: str, repository: str, key: Key, *, sure: bool) -> None:
        if sure:
            self.do("delete_package", **named(domain, repository, key))
            self.changed.add((domain, key))

    @rule(
        domain=names.domains,
        repository=names.repositories,
        key=names.keys,
        versions=names.version_lists,
        change=st.sampled_from(["status", "status", "dispose", "delete"]),
        status=st.sampled_from([*names.STATUSES[:3] * 4, *names.STATUSES]),
        expected=expected_statuses,
        choice=revision_choices,
    )
    def change_versions(
        self,
        *,
        domain: str,
        repository: str,
        key: Key,
        versions: Sequence[str],
        change: str,
        status: str,
        expected: str | None,
        choice: str,
    ) -> None:
        told: dict[str, Any] = {
            **named(domain, repository, key),
            "versions": list(versions),
            "expectedStatus": expected,
        }
        if change != "delete":
            told["versionRevisions"] = self._revisions(domain, repository, key, versions, choice)
        if change == "status":
            told["targetStatus"] = status
            change = "update_package_versions_status"
        self.do(
            {"dispose": "dispose_package_versions", "delete": "delete_package_versions"}.get(change, change), **told
        )
        self.changed.add((domain, key))

    @rule(
        domain=names.domains,
        source=names.repositories,
        destination=names.repositories,
        key=names.keys,
        versions=names.version_lists,
        choice=revision_choices,
        overwrite=st.sampled_from([None, False, True]),
        upstream=st.sampled_from([None, False, True, True]),
        odd=names.rarely,
    )
    def copy(
        self,
        *,
        domain: str,
        source: str,
        destination: str,
        key: Key,
        versions: Sequence[str],
        choice: str,
        overwrite: bool | None,
        upstream: bool | None,
        odd: bool,
    ) -> None:
        revisions = self._revisions(domain, source, key, versions, choice)
        told = named(domain, source, key)
        del told["repository"]
        self.do(
            "copy_package_versions",
            **told,
            sourceRepository=source,
            destinationRepository=destination,
            versions=list(versions) if (revisions is None) != odd else None,
            versionRevisions=revisions,
            allowOverwrite=overwrite,
            includeFromUpstream=upstream,
        )
        self.changed.add((domain, key))

    def _revisions(
        self, domain: str, repository: str, key: Key, versions: Sequence[str], choice: str
    ) -> dict[str, str] | None:
        """Return revisions to send: none, those that versions have, others, or one too few."""
        if choice == "none":
            return None
        revisions = {text: self.revision(domain, repository, key, text) for text in versions}
        if choice == "wrong":
            revisions[versions[-1]] = "another"
        if choice == "fewer" and len(versions) > 1:
            del revisions[versions[0]]
        return revisions
