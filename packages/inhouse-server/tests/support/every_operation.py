"""A domain's whole life, in which a client calls every operation of the API and is held against boto3."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from api_client import Answer, ApiClient, as_json, content_of
from botocore import xform_name
from botocore.exceptions import ClientError
from house import ACCOUNT, House
from live_server import REGION
from people import allow, policy

_README = "# Acme\n\nÜber alles, was gebaut wird."


@dataclass
class Life:
    """A domain that does not exist yet.

    Attributes:
        client: Does everything.
        house: The domain through boto3.
        folder: For files that are published.
        called: The operations that `client` has been asked for.
    """

    client: ApiClient
    house: House
    folder: Path
    called: set[str] = field(default_factory=set)

    def live(self) -> None:
        """Call everything, in an order in which each finds what it needs."""
        self._domain()
        self._repositories()
        self._policies()
        self._pypi_packages()
        self._generic_packages()
        self._package_groups()
        self._end()

    def call(self, operation: str, /, **parameters: object) -> Answer:
        self.called.add(operation)
        return self.client.call(operation, **parameters)

    def read(self, operation: str, /, **parameters: object) -> Answer:
        """Call an operation that changes nothing; boto3 must be told the same."""
        answer = self.call(operation, **parameters)
        assert answer == self._boto3(operation, parameters)
        return answer

    def read_all(self, operation: str, member: str, /, **parameters: object) -> list[Any]:
        """List page by page; boto3 must be told the same."""
        self.called.add(operation)
        found = self.client.all_pages(operation, member, **parameters)
        pages = self.house.api.get_paginator(xform_name(operation)).paginate(**parameters)  # type: ignore[call-overload]  # by name
        assert found == as_json(pages.build_full_result()[member])
        return found

    def change(self, operation: str, member: str, reader: str, /, *keys: str, **parameters: object) -> Any:  # noqa: ANN401 - part of an answer
        """Change something; what is answered must be what boto3 reads afterwards.

        Args:
            operation: Changes it.
            member: Of both answers.
            reader: Describes it.
            keys: The parameters that `reader` takes.
            parameters: Those of `operation`.
        """
        answer = self.call(operation, **parameters)[member]
        assert answer == self._boto3(reader, {name: parameters[name] for name in ("domain", *keys)})[member]
        return answer

    def remove(self, operation: str, member: str, reader: str, /, **parameters: object) -> None:
        """Remove something; what is answered must be what boto3 read before, and can read no more."""
        before = self._boto3(reader, parameters)[member]
        answer = self.call(operation, **parameters)[member]
        assert answer == ({**before, "status": "Deleted"} if "status" in before else before)
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            self._boto3(reader, parameters)

    def _boto3(self, operation: str, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 - an answer
        return as_json(getattr(self.house.api, xform_name(operation))(**parameters))

    def _domain(self) -> None:
        here = {"domain": self.house.domain}
        made = self.change("CreateDomain", "domain", "DescribeDomain", **here, tags=[{"key": "team", "value": "core"}])
        assert (made["name"], made["repositoryCount"], made["assetSizeBytes"]) == (self.house.domain, 0, 0)
        assert abs(made["createdTime"] - time.time()) < 60
        self.read("DescribeDomain", **here)
        assert made["name"] in [each["name"] for each in self.read_all("ListDomains", "domains")]
        arn = {"resourceArn": f"arn:aws:codeartifact:{REGION}:{ACCOUNT}:domain/{self.house.domain}"}
        assert made["arn"] == arn["resourceArn"]
        assert self.call("TagResource", **arn, tags=[{"key": "cost", "value": ""}]) == {}
        assert self.read("ListTagsForResource", **arn)["tags"] == [
            {"key": "cost", "value": ""},
            {"key": "team", "value": "core"},
        ]
        assert self.call("UntagResource", **arn, tagKeys=["cost", "team"]) == {}
        assert self.read("ListTagsForResource", **arn) == {"tags": []}

    def _repositories(self) -> None:
        here = {"domain": self.house.domain}
        connected = {"repository": "store", "externalConnection": "public:pypi"}
        described = ("repository", "DescribeRepository", "repository")
        self.change("CreateRepository", *described, **here, repository="store")
        store = self.change("AssociateExternalConnection", *described, **here, **connected)
        assert [each["externalConnectionName"] for each in store["externalConnections"]] == ["public:pypi"]
        store = self.change("DisassociateExternalConnection", *described, **here, **connected)
        assert store["externalConnections"] == []
        team = self.change(
            *("CreateRepository", *described),
            **here,
            repository="team",
            description="Ours, and no one else's",
            upstreams=[{"repositoryName": "store"}],
            tags=[{"key": "stage", "value": "production"}],
        )
        assert team["upstreams"] == [{"repositoryName": "store"}]
        team = self.change("UpdateRepository", *described, **here, repository="team", upstreams=[])
        assert (team["upstreams"], team["description"]) == ([], "Ours, and no one else's")
        assert self.read("DescribeRepository", **here, repository="team")["repository"] == team
        assert len(self.read_all("ListRepositoriesInDomain", "repositories", **here)) == 2
        listed = self.read_all("ListRepositories", "repositories", repositoryPrefix="te")
        assert (self.house.domain, "team") in [(each["domainName"], each["name"]) for each in listed]
        endpoint = self.read("GetRepositoryEndpoint", **here, repository="team", format="pypi")["repositoryEndpoint"]
        given = self.call("GetAuthorizationToken", **here, durationSeconds=900)
        assert abs(given["expiration"] - time.time() - 900) < 60
        page = self.house.ask("GET", f"{endpoint}simple/acme/", token=given["authorizationToken"])
        assert page.status == 404, "the token is good, only that there is nothing yet"

    def _policies(self) -> None:
        for kind, keys in (("Domain", {}), ("Repository", {"repository": "team"})):
            here = {"domain": self.house.domain, **keys}
            document = policy(allow("codeartifact:List*", Principal="*"))
            names = (f"Put{kind}PermissionsPolicy", "policy", f"Get{kind}PermissionsPolicy", *keys)
            first = self.change(*names, **here, policyDocument=document)
            assert first["document"] == document
            second = self.change(*names, **here, policyDocument=document, policyRevision=first["revision"])
            assert self.read(f"Get{kind}PermissionsPolicy", **here)["policy"] == second
            self.remove(f"Delete{kind}PermissionsPolicy", "policy", f"Get{kind}PermissionsPolicy", **here)

    def _pypi_packages(self) -> None:
        for number in ("1.0", "1.1", "2.0"):
            uploaded = self.house.upload(
                *("team", "Acme.Core", number),
                description=_README,
                requires_dist=["rich>=13", "tomli; python_version < '3.11'"],
            )
            assert uploaded.status == 200
        here = {"domain": self.house.domain, "repository": "team", "format": "pypi", "package": "acme-core"}
        version = {**here, "packageVersion": "1.0"}
        restrictions = {"publish": "ALLOW", "upstream": "ALLOW"}
        controls = self.call("PutPackageOriginConfiguration", **here, restrictions=restrictions)
        assert self.read("DescribePackage", **here)["package"].items() >= controls.items()
        assert controls["originConfiguration"]["restrictions"] == restrictions
        described = self.read("DescribePackageVersion", **version)["packageVersion"]
        assert described["displayName"] == "Acme.Core"
        assert abs(described["publishedTime"] - time.time()) < 600
        assert self.read("GetPackageVersionReadme", **version)["readme"] == _README
        assert len(self.read("ListPackageVersionDependencies", **version)["dependencies"]) == 2
        assert len(self.read_all("ListPackageVersionAssets", "assets", **version)) == 1
        assert len(self.read_all("ListPackageVersions", "versions", **here, sortBy="PUBLISHED_TIME")) == 3
        self._versions(here)

    def _versions(self, here: dict[str, str]) -> None:
        """Change versions 1.0, 1.1 and 2.0."""
        held = {each["version"]: each["revision"] for each in self.read("ListPackageVersions", **here)["versions"]}
        copied = self.call(
            "CopyPackageVersions",
            domain=here["domain"],
            sourceRepository="team",
            destinationRepository="store",
            format="pypi",
            package="acme-core",
            versionRevisions={"1.0": held["1.0"]},
            includeFromUpstream=False,
        )
        assert copied == {
            "successfulVersions": {"1.0": {"revision": held["1.0"], "status": "Published"}},
            "failedVersions": {},
        }
        changed = self.call(
            "UpdatePackageVersionsStatus",
            **here,
            versions=["1.0", "1.1"],
            versionRevisions={"1.0": held["1.0"], "1.1": "wrong"},
            expectedStatus="Published",
            targetStatus="Unlisted",
        )
        assert {name: each["errorCode"] for name, each in changed["failedVersions"].items()} == {
            "1.0": "SKIPPED",
            "1.1": "MISMATCHED_REVISION",
        }
        self.call("UpdatePackageVersionsStatus", **here, versions=["1.0"], targetStatus="Archived")
        disposed = self.call("DisposePackageVersions", **here, versions=["1.1"], expectedStatus="Published")
        assert disposed["successfulVersions"]["1.1"]["status"] == "Disposed"
        deleted = self.call("DeletePackageVersions", **here, versions=["2.0"])
        assert deleted["successfulVersions"] == {"2.0": {"revision": held["2.0"], "status": "Deleted"}}
        assert self.house.versions("team", "acme-core") == {"1.0": "Archived", "1.1": "Disposed"}
        assert self.house.versions("store", "acme-core") == {"1.0": "Published"}

    def _generic_packages(self) -> None:
        here = {"domain": self.house.domain, "repository": "team", "format": "generic", "namespace": "tools"}
        version = {**here, "package": "acme", "packageVersion": "1+a"}
        contents = {"long.bin": bytes(range(256)) * 12_000, "empty": b"", "größe 1.txt": b"x"}
        for name, content in contents.items():
            path = self.folder / "content"
            path.write_bytes(content)
            last = name == list(contents)[-1]
            published = self.call(
                "PublishPackageVersion",
                **version,
                assetName=name,
                assetContent=path,
                assetSHA256=hashlib.sha256(content).hexdigest(),
                unfinished=not last,
            )
            assert published["status"] == ("Published" if last else "Unfinished")
            assert published["asset"]["size"] == len(content)
        for name, content in contents.items():
            (self.folder / "content").write_bytes(content)
            answer = self.read("GetPackageVersionAsset", **version, asset=name)
            assert answer["asset"] == content_of(self.folder / "content")
            assert answer["assetName"] == name.encode().decode("latin-1"), "a header's characters are bytes"
        assert len(self.read_all("ListPackageVersionAssets", "assets", **version)) == 3
        listed = self.read_all("ListPackages", "packages", domain=self.house.domain, repository="team")
        assert [(each["format"], each["package"]) for each in listed] == [("generic", "acme"), ("pypi", "acme-core")]

    def _package_groups(self) -> None:
        here = {"domain": self.house.domain}
        outer, inner = {"packageGroup": "/pypi/*"}, {"packageGroup": "/pypi//acme~"}
        names = ("packageGroup", "DescribePackageGroup", "packageGroup")
        self.change("CreatePackageGroup", *names, **here, **outer)
        made = self.change(
            *("CreatePackageGroup", *names),
            **here,
            **inner,
            contactInfo="core@example.org",
            description="All of ours",
            tags=[{"key": "team", "value": "core"}],
        )
        assert made["parent"]["pattern"] == "/pypi/*"
        changed = self.change("UpdatePackageGroup", *names, **here, **inner, description="Ours")
        assert (changed["description"], changed["contactInfo"]) == ("Ours", "core@example.org")
        configured = self.call(
            "UpdatePackageGroupOriginConfiguration",
            **here,
            **inner,
            restrictions={"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES", "EXTERNAL_UPSTREAM": "BLOCK"},
            addAllowedRepositories=[
                {"repositoryName": name, "originRestrictionType": "PUBLISH"} for name in ("store", "team")
            ],
        )
        assert configured["allowedRepositoryUpdates"] == {"PUBLISH": {"ADDED": ["store", "team"]}}
        described = self.read("DescribePackageGroup", **here, **inner)["packageGroup"]
        assert configured["packageGroup"] == described
        allowed = {**here, **inner, "originRestrictionType": "PUBLISH"}
        assert self.read_all("ListAllowedRepositoriesForGroup", "allowedRepositories", **allowed) == ["store", "team"]
        assert len(self.read_all("ListPackageGroups", "packageGroups", **here)) == 3
        assert self.read_all("ListSubPackageGroups", "packageGroups", **here, **outer) == [described]
        associated = self.read("GetAssociatedPackageGroup", **here, format="pypi", package="acme-other")
        assert (associated["packageGroup"], associated["associationType"]) == (described, "STRONG")
        packages = self.read_all("ListAssociatedPackages", "packages", **here, packageGroup="/generic/*", preview=True)
        assert [each["package"] for each in packages] == ["acme"]
        self.remove("DeletePackageGroup", "packageGroup", "DescribePackageGroup", **here, **inner)

    def _end(self) -> None:
        here = {"domain": self.house.domain}
        package = {**here, "repository": "store", "format": "pypi", "package": "acme-core"}
        before = self._boto3("ListPackages", {**here, "repository": "store"})["packages"]
        assert [self.call("DeletePackage", **package)["deletedPackage"]] == before
        assert self.house.versions("store", "acme-core") == {}
        for name in ("store", "team"):
            self.remove("DeleteRepository", "repository", "DescribeRepository", **here, repository=name)
        self.remove("DeleteDomain", "domain", "DescribeDomain", **here)
