"""Steps that change domains, repositories, their upstreams, tags and policies."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import rule
from reference_model.permissions import DOCUMENTS
from reference_model.state import Domain, Key, Repository

from random_histories import names
from random_histories.driver import Driver, upstreams_of

tag_resources = st.sampled_from(["domain", "repository", "package-group"])
revision_choices = st.sampled_from(["none", "none", "right", "wrong"])


class StructureRules(Driver):
    """These steps."""

    @rule(domain=st.sampled_from(names.DOMAINS), tags=names.tags)
    def create_domain(self, domain: str, tags: str) -> None:
        self.do("create_domain", domain=domain, tags=names.TAGS.get(tags))

    @rule(domain=st.sampled_from(["alpha", "beta", "beta"]))
    def delete_domain(self, domain: str) -> None:
        self.do("delete_domain", domain=domain)

    @rule(
        domain=names.domains,
        repository=st.sampled_from(names.REPOSITORIES),
        upstreams=names.upstream_lists,
        tags=names.tags,
        description=st.sampled_from([None, "made"]),
    )
    def create_repository(
        self, *, domain: str, repository: str, upstreams: Sequence[str], tags: str, description: str | None
    ) -> None:
        self.do(
            "create_repository",
            domain=domain,
            repository=repository,
            upstreams=upstreams_of(upstreams) or None,
            tags=names.TAGS.get(tags),
            description=description,
        )

    @rule(
        domain=names.domains,
        repository=names.repositories,
        upstreams=st.none() | names.upstream_lists,
        description=st.sampled_from([None, "changed"]),
        key=names.keys,
    )
    def update_repository(
        self, *, domain: str, repository: str, upstreams: Sequence[str] | None, description: str | None, key: Key
    ) -> None:
        told = None if upstreams is None else upstreams_of(upstreams)
        self.do("update_repository", domain=domain, repository=repository, upstreams=told, description=description)
        self.changed.add((domain, key))

    @rule(domain=names.domains, repository=names.repositories, sure=names.rarely, key=names.keys)
    def delete_repository(self, domain: str, repository: str, *, sure: bool, key: Key) -> None:
        if sure:
            self.do("delete_repository", domain=domain, repository=repository)
            self.changed.add((domain, key))

    @rule(
        domain=names.domains,
        repository=names.repositories,
        connection=st.sampled_from(["public:pypi"] * 5 + ["public:npmjs", "public:nothing"]),
        away=names.rarely,
        key=names.keys,
    )
    def connect(self, domain: str, repository: str, connection: str, *, away: bool, key: Key) -> None:
        operation = "disassociate_external_connection" if away else "associate_external_connection"
        self.do(operation, domain=domain, repository=repository, externalConnection=connection)
        self.changed.add((domain, key))

    @rule(
        domain=names.domains,
        repository=names.repositories,
        pattern=names.patterns,
        kind=tag_resources,
        tags=st.sampled_from(sorted(names.TAGS)),
        away=names.rarely,
    )
    def tag(self, *, domain: str, repository: str, pattern: str, kind: str, tags: str, away: bool) -> None:
        arn = self._arn(domain, repository, pattern if pattern.startswith("/") else "/*", kind)
        if away:
            self.do("untag_resource", resourceArn=arn, tagKeys=[tag["key"] for tag in names.TAGS[tags]])
        else:
            self.do("tag_resource", resourceArn=arn, tags=names.TAGS[tags])
        self.do("list_tags_for_resource", resourceArn=arn)

    @rule(
        domain=names.domains,
        repository=st.none() | names.repositories,
        document=st.sampled_from(DOCUMENTS),
        revision=revision_choices,
        key=names.keys,
    )
    def put_policy(self, *, domain: str, repository: str | None, document: str, revision: str, key: Key) -> None:
        kind = "domain" if repository is None else "repository"
        self.do(
            f"put_{kind}_permissions_policy",
            domain=domain,
            repository=repository,
            policyDocument=document,
            policyRevision=self._policy_revision(domain, repository, revision),
        )
        self.do(f"get_{kind}_permissions_policy", domain=domain, repository=repository)
        self.changed.add((domain, key))

    @rule(domain=names.domains, repository=st.none() | names.repositories, revision=revision_choices)
    def delete_policy(self, domain: str, repository: str | None, revision: str) -> None:
        kind = "domain" if repository is None else "repository"
        self.do(
            f"delete_{kind}_permissions_policy",
            domain=domain,
            repository=repository,
            policyRevision=self._policy_revision(domain, repository, revision),
        )
        self.do(f"get_{kind}_permissions_policy", domain=domain, repository=repository)

    @rule(
        domain=names.domains,
        repository=names.repositories,
        prefix=st.sampled_from(["", "st", "store"]),
        page_size=names.page_sizes,
    )
    def look_around(self, domain: str, repository: str, prefix: str, page_size: int | None) -> None:
        self.do("describe_domain", domain=domain)
        self.do("describe_repository", domain=domain, repository=repository)
        self.collect("list_domains", "domains", page_size)
        told = {"repositoryPrefix": prefix or None}
        self.collect("list_repositories", "repositories", page_size, **told)
        self.collect("list_repositories_in_domain", "repositories", page_size, domain=domain, **told)

    def _arn(self, domain: str, repository: str, pattern: str, kind: str) -> str:
        if kind == "package-group":
            return self.world.group_arn(domain, pattern)
        return self.world.arn(kind, domain, *([repository] if kind == "repository" else []))

    def _policy_revision(self, domain: str, repository: str | None, choice: str) -> str | None:
        """Return a revision to send: none, the one of the policy that is there, or another."""
        found = self.world.domains.get(domain, Domain())
        resource = found if repository is None else found.repositories.get(repository, Repository())
        if choice == "none":
            return None
        if choice == "wrong" or resource.policy is None:
            return "another"
        return self.world.texts.known[resource.policy.revision]
