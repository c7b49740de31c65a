"""Steps that are aimed at what is there: the same as others, where those would mostly meet nothing."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from packaging.utils import canonicalize_version
from reference_model.resolution import assets_of
from reference_model.state import Key

from random_histories import names
from random_histories.distributions import KINDS, Distribution, make
from random_histories.driver import Driver, named

DOMAIN = "alpha"

Held = tuple[str, Key, str]
"""A version that a repository holds: where, of which package, which."""


class AimedRules(Driver):
    """These steps."""

    def held(self) -> list[Held]:
        repositories = self.world.domains[DOMAIN].repositories if DOMAIN in self.world.domains else {}
        return [
            (repository, key, version.text)
            for repository, found in repositories.items()
            for key, package in found.packages.items()
            for version in package.versions.values()
        ]

    def offered(self) -> list[tuple[str, str, str, str]]:
        """Return repository, project, version and file name of all that can be fetched."""
        repositories = self.world.domains[DOMAIN].repositories if DOMAIN in self.world.domains else {}
        return [
            (repository, project, f"{version}.0", file)
            for repository in repositories
            for project in names.PROJECTS
            for version in ("1", "2")
            for file in assets_of(self.world, DOMAIN, repository, ("pypi", "", project), version)
        ]

    @precondition(lambda self: self.held())
    @rule(
        data=st.data(),
        operation=st.sampled_from(
            [
                *["update_package_versions_status"] * 3,
                "dispose_package_versions",
                "delete_package_versions",
            ]
        ),
        status=st.sampled_from(names.STATUSES[:3]),
        expected=st.none() | st.sampled_from(names.STATUSES[:3]),
        more=st.lists(names.texts, max_size=1),
    )
    def change_what_is_there(
        self, *, data: st.DataObject, operation: str, status: str, expected: str | None, more: Sequence[str]
    ) -> None:
        repository, key, text = data.draw(st.sampled_from(self.held()))
        versions = [text, *(each for each in more if canonicalize_version(each) != canonicalize_version(text))]
        target = {"targetStatus": status} if operation == "update_package_versions_status" else {}
        self.do(operation, **named(DOMAIN, repository, key), versions=versions, expectedStatus=expected, **target)
        self.changed.add((DOMAIN, key))

    @precondition(lambda self: self.held())
    @rule(
        data=st.data(),
        repository=st.sampled_from(names.REPOSITORIES),
        kind=st.sampled_from(KINDS),
        variant=st.sampled_from([0, 1]),
    )
    def publish_what_is_there_once_more(self, *, data: st.DataObject, repository: str, kind: str, variant: int) -> None:
        """Publish a version that some repository has, there or elsewhere: as it is or otherwise."""
        _, (package_format, _, project), text = data.draw(st.sampled_from(self.held()))
        if package_format == "pypi":
            self.upload(DOMAIN, repository, project, text, make(project, text, kind, variant))

    @rule(repository=st.sampled_from(names.REPOSITORIES), package=st.sampled_from(["kit", "Kit", "Kit"]))
    def publish_what_may_be_taken_for_the_kit(self, *, repository: str, package: str) -> None:
        """Publish a package beside a group that stands for another spelling of its name, or for this one."""
        made = Distribution("kit.bin", b"one")
        self.know(made)
        self.do("create_package_group", domain=DOMAIN, packageGroup="/generic/tools/kit$")
        self.do(
            "publish_package_version",
            **(named(DOMAIN, repository, names.KIT) | {"package": package}),
            packageVersion="1.0",
            assetName=made.filename,
            assetContent=made.content,
            assetSHA256=made.sha256,
        )
        self.changed.add((DOMAIN, names.KIT))

    @precondition(lambda self: self.offered())
    @rule(data=st.data(), method=st.sampled_from(["GET", "GET", "GET", "HEAD"]))
    def fetch_what_is_offered(self, *, data: st.DataObject, method: str) -> None:
        repository, project, version, file = data.draw(st.sampled_from(self.offered()))
        self.fetch(method=method, domain=DOMAIN, repository=repository, project=project, version=version, file=file)

    @precondition(lambda self: self.held())
    @rule(
        data=st.data(),
        destination=st.sampled_from(names.REPOSITORIES),
        overwrite=st.sampled_from([None, True]),
        more=st.lists(names.texts, max_size=1),
    )
    def copy_what_is_there(
        self, *, data: st.DataObject, destination: str, overwrite: bool | None, more: Sequence[str]
    ) -> None:
        repository, key, text = data.draw(st.sampled_from(self.held()))
        versions = [text, *(each for each in more if canonicalize_version(each) != canonicalize_version(text))]
        told = named(DOMAIN, repository, key)
        del told["repository"]
        self.do(
            "copy_package_versions",
            **told,
            sourceRepository=repository,
            destinationRepository=destination,
            versions=versions,
            allowOverwrite=overwrite,
        )
        self.changed.add((DOMAIN, key))

    @precondition(lambda self: self.held())
    @rule(data=st.data(), publish=names.controls, upstream=names.controls)
    def control_what_is_there(self, *, data: st.DataObject, publish: str, upstream: str) -> None:
        repository, key, _ = data.draw(st.sampled_from(self.held()))
        self.do(
            "put_package_origin_configuration",
            **named(DOMAIN, repository, key),
            restrictions={"publish": publish, "upstream": upstream},
        )
        self.changed.add((DOMAIN, key))
