"""A whole history: how it begins, what may happen, and what must hold after each step."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant
from reference_model.state import Key

from random_histories import names
from random_histories.aimed_rules import AimedRules
from random_histories.distributions import KINDS, make
from random_histories.driver import named, upstreams_of
from random_histories.group_rules import GroupRules
from random_histories.package_rules import PackageRules
from random_histories.reading_rules import ReadingRules
from random_histories.structure_rules import StructureRules

SHAPES = (
    {"store": (), "shared": ("store",), "team": ("shared",)},
    {"store": (), "shared": (), "team": ("shared", "store")},
    {"store": (), "side": (), "shared": ("side", "store"), "team": ("side", "shared")},
)
"""Upstreams of repositories; `store` is connected to the public source."""


File = tuple[str, str, str, str]
places = st.sampled_from(("store", "shared", "team"))
files = st.lists(st.tuples(names.projects, st.sampled_from(names.VERSIONS), st.sampled_from(KINDS), places), max_size=3)
"""Each by its project, version and kind, and the repository that it is published in."""


class RandomHistory(StructureRules, PackageRules, AimedRules, GroupRules, ReadingRules):
    """One history."""

    @initialize(shape=st.sampled_from(SHAPES), released=files, published=files)
    def begin(self, shape: dict[str, tuple[str, ...]], released: list[File], published: list[File]) -> None:
        self.do("create_domain", domain="alpha")
        for name, upstreams in shape.items():
            told = upstreams_of(upstreams) or None
            self.do("create_repository", domain="alpha", repository=name, upstreams=told)
        self.do("associate_external_connection", domain="alpha", repository="store", externalConnection="public:pypi")
        for project, version, kind, _ in released:
            if kind != "sdist":
                self.release(project, version, make(project, version, kind, 0))
        for project, version, kind, repository in published:
            self.upload("alpha", repository, project, version, make(project, version, kind, 1))

    @invariant()
    def all_repositories_hold_and_offer_what_they_should(self) -> None:
        """Look at what the step was about, in every repository of the domain."""
        for domain, key in sorted(self.changed):
            for repository in sorted(self.world.domains[domain].repositories) if domain in self.world.domains else ():
                self._look(domain, repository, key)
        self.changed.clear()

    def teardown(self) -> None:
        """Look at everything once more."""
        try:
            if self.agrees:
                self.changed |= {(domain, key) for domain in self.world.domains for key in names.KEYS}
                self.all_repositories_hold_and_offer_what_they_should()
                for domain, found in self.world.domains.items():
                    self.do("describe_domain", domain=domain)
                    for repository in found.repositories:
                        self.collect("list_packages", "packages", None, domain=domain, repository=repository)
        finally:
            super().teardown()

    def _look(self, domain: str, repository: str, key: Key) -> None:
        self.collect("list_package_versions", "versions", None, **named(domain, repository, key))
        if key[0] == "pypi":
            self.page(domain, repository, key[2])
