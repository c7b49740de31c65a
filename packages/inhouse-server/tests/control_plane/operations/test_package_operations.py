from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from live_server import LiveServer, told
from packaging.utils import canonicalize_name

from inhouse_server.catalog import blobs, domains, packages, repositories
from inhouse_server.control_plane.operations.package_versions import _dependency
from inhouse_server.model import (
    CoreMetadata,
    Digests,
    File,
    Origin,
    OriginControls,
    OriginType,
    PackageFormat,
    Restriction,
    Sha256,
    VersionStatus,
)

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

ACCOUNT = "111122223333"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
INTERNAL = Origin(OriginType.INTERNAL, repository="lib")
EXTERNAL = Origin(OriginType.EXTERNAL, external_connection="public:pypi")
ALLOW, BLOCK = Restriction.ALLOW, Restriction.BLOCK

Add = Callable[..., None]


ON_DISK = Digests(Sha256("e" * 64), md5="b" * 32, sha1="c" * 40, sha512="d" * 128, blake2_256="f" * 64)
LISTED = Digests(Sha256("a" * 64))


@pytest.fixture
def add(live_server: LiveServer, codeartifact: "CodeArtifactClient", domain: str) -> Add:
    """A function that puts a package, with versions, into the repository `lib`."""
    codeartifact.create_repository(domain=domain, repository="lib")
    codeartifact.create_repository(domain=domain, repository="other")

    def insert(
        name: str,
        versions: dict[str, dict[str, Any]] | None = None,
        controls: OriginControls = OriginControls(ALLOW, BLOCK),  # noqa: B008 - it is frozen
        package_format: PackageFormat = PackageFormat.PYPI,
        repository: str = "lib",
    ) -> None:
        with live_server.folder.database.write() as connection:
            parent = domains.find(connection, "us-east-1", ACCOUNT, domain)
            assert parent is not None
            place = repositories.find(connection, parent, repository)
            assert place is not None
            package = packages.insert_package(
                connection,
                place.id,
                package_format,
                name=canonicalize_name(name),
                controls=controls,
                created_at=START,
            )
            for hour, (version, values) in enumerate((versions or {}).items()):
                packages.insert_version(
                    connection,
                    package,
                    version,
                    status=values.get("status", VersionStatus.PUBLISHED),
                    origin=values.get("origin", INTERNAL),
                    revision=f"revision-{version}",
                    published_at=START + timedelta(hours=hour),
                    metadata=values.get("metadata"),
                    files=values.get("files", ()),
                )

    return insert


def test_a_package_is_described(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib", controls=OriginControls(BLOCK, ALLOW))
    described = codeartifact.describe_package(domain=domain, repository="lib", format="pypi", package="some-lib")
    assert described["package"] == {
        "format": "pypi",
        "name": "some-lib",
        "originConfiguration": {"restrictions": {"publish": "BLOCK", "upstream": "ALLOW"}},
    }


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ({"package": "missing"}, "package"),
        ({"package": "Some_Lib"}, "package"),
        ({"format": "npm"}, "package"),
        ({"format": "npm", "namespace": "types"}, "package"),
        ({"repository": "other"}, "package"),
        ({"repository": "missing"}, "repository"),
        ({"domain": "missing"}, "domain"),
    ],
)
def test_a_package_that_is_not_here(
    codeartifact: "CodeArtifactClient", domain: str, add: Add, where: dict[str, Any], kind: str
) -> None:
    """Upstreams are not looked at, and names must be normalised: AWS's read operations say "not found" too."""
    add("some-lib")
    place: Any = {"domain": domain, "repository": "lib", "format": "pypi", "package": "some-lib", **where}
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException) as caught:
        codeartifact.describe_package(**place)
    assert told(caught.value)["resourceType"] == kind


def test_pypi_has_no_namespaces(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib")
    place: Any = {"domain": domain, "repository": "lib", "format": "pypi", "namespace": "n"}
    with pytest.raises(codeartifact.exceptions.ValidationException, match="namespace"):
        codeartifact.describe_package(package="some-lib", **place)
    with pytest.raises(codeartifact.exceptions.ValidationException, match="namespace"):
        codeartifact.list_packages(**place)
    with pytest.raises(codeartifact.exceptions.ValidationException, match="together with a format"):
        codeartifact.list_packages(domain=domain, repository="lib", namespace="n")
    assert codeartifact.list_packages(domain=domain, repository="lib", format="npm", namespace="n")["packages"] == []


def test_packages_are_listed(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("beta", controls=OriginControls(BLOCK, ALLOW))
    add("alpha")
    add("alpine")
    add("zeta", package_format=PackageFormat.NPM)
    paginator = codeartifact.get_paginator("list_packages")

    def listed(**how: Any) -> list[str]:  # noqa: ANN401 - one of several enumerations
        pages = paginator.paginate(domain=domain, repository="lib", PaginationConfig={"PageSize": 2}, **how)
        return [each["package"] for page in pages for each in page["packages"]]

    assert listed() == ["zeta", "alpha", "alpine", "beta"]
    assert listed(format="pypi") == ["alpha", "alpine", "beta"]
    assert listed(packagePrefix="alp") == ["alpha", "alpine"]
    assert listed(publish="BLOCK") == ["beta"]
    assert listed(upstream="BLOCK", format="pypi") == ["alpha", "alpine"]
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException):
        codeartifact.list_packages(domain=domain, repository="missing")
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException):
        codeartifact.list_packages(domain="missing", repository="lib")


METADATA = CoreMetadata(
    name="Some.Lib",
    version="1.0",
    summary="Does things",
    home_page="https://lib.example",
    source_code="https://code.example",
    license="MIT",
    requires_dist=(
        "requests>=2.31",
        "Typing_Extensions",
        'click[colour,shell]<9,>=8; python_version < "3.12"',
        "direct @ https://files.example/direct.whl",
        "not a requirement at all!",
    ),
)


def version_place(domain: str, version: str = "1.0") -> dict[str, Any]:
    return {
        "domain": domain,
        "repository": "lib",
        "format": "pypi",
        "package": "some-lib",
        "packageVersion": version,
    }


def test_a_version_is_described(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib", {"1.0": {"metadata": METADATA}})
    described = codeartifact.describe_package_version(**version_place(domain))["packageVersion"]
    assert described == {
        "format": "pypi",
        "packageName": "some-lib",
        "displayName": "Some.Lib",
        "version": "1.0",
        "summary": "Does things",
        "homePage": "https://lib.example",
        "sourceCodeRepository": "https://code.example",
        "publishedTime": START,
        "licenses": [{"name": "MIT"}],
        "revision": "revision-1.0",
        "status": "Published",
        "origin": {"domainEntryPoint": {"repositoryName": "lib"}, "originType": "INTERNAL"},
    }


def test_versions_are_the_same_by_pep_440(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib", {"1.0": {}})
    described = codeartifact.describe_package_version(**version_place(domain, "1.0.0"))["packageVersion"]
    assert described["version"] == "1.0"


def test_a_version_without_metadata(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib", {"1.0": {"origin": EXTERNAL}})
    described = codeartifact.describe_package_version(**version_place(domain))["packageVersion"]
    assert described["displayName"] == "some-lib"
    assert described["licenses"] == []
    assert described["origin"] == {
        "domainEntryPoint": {"externalConnectionName": "public:pypi"},
        "originType": "EXTERNAL",
    }
    assert codeartifact.list_package_version_dependencies(**version_place(domain))["dependencies"] == []
    assert codeartifact.list_package_version_assets(**version_place(domain))["assets"] == []


def test_a_version_that_is_not_here(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib")
    for operation in (
        codeartifact.describe_package_version,
        codeartifact.list_package_version_assets,
        codeartifact.list_package_version_dependencies,
    ):
        with pytest.raises(codeartifact.exceptions.ResourceNotFoundException) as caught:
            operation(**version_place(domain))
        assert told(caught.value)["resourceType"] == "package-version"


def test_dependencies_are_listed(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib", {"1.0": {"metadata": METADATA}})
    answer = codeartifact.list_package_version_dependencies(**version_place(domain))
    assert {each["dependencyType"] for each in answer["dependencies"]} == {"Requires-Dist"}
    assert [(each["package"], each.get("versionRequirement")) for each in answer["dependencies"]] == [
        ("requests", ">=2.31"),
        ("typing-extensions", None),
        ("click", '[colour,shell]<9,>=8; python_version < "3.12"'),
        ("direct", "@ https://files.example/direct.whl"),
        ("not a requirement at all!", None),
    ]
    assert (answer["package"], answer["version"], answer["versionRevision"]) == ("some-lib", "1.0", "revision-1.0")


def test_a_dependency_that_breaks_its_parser_is_shown_as_it_is() -> None:
    text = "a; " + "(" * 3000 + "os_name == 'x'" + ")" * 3000
    assert _dependency(text) == {"package": text, "dependencyType": "Requires-Dist"}


def test_many_dependencies_come_in_pages(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    names = [f"dependency-{number}" for number in range(120)]
    add("some-lib", {"1.0": {"metadata": CoreMetadata("some-lib", "1.0", requires_dist=tuple(names))}})
    seen: list[str] = []
    token: dict[str, Any] = {}
    while True:
        answer = codeartifact.list_package_version_dependencies(**version_place(domain), **token)
        seen += [each["package"] for each in answer["dependencies"]]
        if "nextToken" not in answer:
            break
        token = {"nextToken": answer["nextToken"]}
    assert seen == names


def test_files_are_listed(live_server: LiveServer, codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    names = ["some_lib-1.0.tar.gz", "some_lib-1.0-py3-none-any.whl", "some_lib-1.0-py2-none-any.whl"]
    files = [File(names[0], "1.0", ON_DISK, size=123), *(File(name, "1.0", LISTED) for name in names[1:])]
    with live_server.folder.database.write() as connection:
        blobs.insert_blob(connection, ON_DISK, 123, START)
    add("some-lib", {"1.0": {"files": files}})
    paginator = codeartifact.get_paginator("list_package_version_assets")
    pages = paginator.paginate(**version_place(domain), PaginationConfig={"PageSize": 2})
    assets = [asset for page in pages for asset in page["assets"]]
    assert [asset["name"] for asset in assets] == sorted(names)
    assert assets[-1]["size"] == 123
    assert assets[-1]["hashes"] == {
        "MD5": "b" * 32,
        "SHA-1": "c" * 40,
        "SHA-256": "e" * 64,
        "SHA-512": "d" * 128,
    }
    assert assets[0]["hashes"] == {"SHA-256": "a" * 64}
    assert "size" not in assets[0]


VERSIONS: dict[str, dict[str, Any]] = {
    "1.0": {},
    "2.0": {"status": VersionStatus.ARCHIVED},
    "1.1": {"origin": EXTERNAL},
    "1.2": {"status": VersionStatus.UNLISTED},
}


def test_versions_are_listed_newest_first(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib", VERSIONS)
    paginator = codeartifact.get_paginator("list_package_versions")
    place: Any = {"domain": domain, "repository": "lib", "format": "pypi", "package": "some-lib"}

    def listed(**how: Any) -> list[str]:  # noqa: ANN401 - one of several enumerations
        pages = paginator.paginate(**place, PaginationConfig={"PageSize": 1}, **how)
        return [each["version"] for page in pages for each in page["versions"]]

    assert listed() == ["1.2", "1.1", "2.0", "1.0"]
    assert listed(sortBy="PUBLISHED_TIME") == ["1.2", "1.1", "2.0", "1.0"]
    assert listed(status="Archived") == ["2.0"]
    assert listed(status="Disposed") == []
    assert listed(originType="EXTERNAL") == ["1.1"]
    answer = codeartifact.list_package_versions(**place)
    assert (answer["defaultDisplayVersion"], answer["format"], answer["package"]) == ("1.2", "pypi", "some-lib")
    assert answer["versions"][0] == {
        "version": "1.2",
        "revision": "revision-1.2",
        "status": "Unlisted",
        "origin": {"domainEntryPoint": {"repositoryName": "lib"}, "originType": "INTERNAL"},
    }


def test_a_package_may_have_no_versions(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("some-lib")
    answer = codeartifact.list_package_versions(domain=domain, repository="lib", format="pypi", package="some-lib")
    assert answer["versions"] == []
    assert "defaultDisplayVersion" not in answer


def test_every_domain_has_the_root_group(codeartifact: "CodeArtifactClient", domain: str) -> None:
    described = codeartifact.describe_package_group(domain=domain, packageGroup="/*")["packageGroup"]
    allow = {"mode": "ALLOW", "effectiveMode": "ALLOW"}
    del described["createdTime"]
    assert described == {
        "arn": f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:package-group/{domain}/%2A",
        "pattern": "/*",
        "domainName": domain,
        "domainOwner": ACCOUNT,
        "originConfiguration": {
            "restrictions": {"PUBLISH": allow, "EXTERNAL_UPSTREAM": allow, "INTERNAL_UPSTREAM": allow}
        },
    }
    for prefix, patterns in (("", ["/*"]), ("/", ["/*"]), ("/pypi", [])):
        found = codeartifact.list_package_groups(domain=domain, prefix=prefix)["packageGroups"]
        assert [group["pattern"] for group in found] == patterns
    assert codeartifact.list_sub_package_groups(domain=domain, packageGroup="/*")["packageGroups"] == []
    allowed = codeartifact.list_allowed_repositories_for_group(
        domain=domain, packageGroup="/*", originRestrictionType="PUBLISH"
    )
    assert allowed["allowedRepositories"] == []


def test_the_root_group_holds_every_package_once(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    add("beta")
    add("alpha")
    add("alpha", repository="other")
    paginator = codeartifact.get_paginator("list_associated_packages")
    for preview in (False, True):
        pages = paginator.paginate(domain=domain, packageGroup="/*", preview=preview, PaginationConfig={"PageSize": 1})
        assert [each for page in pages for each in page["packages"]] == [
            {"format": "pypi", "package": "alpha", "associationType": "STRONG"},
            {"format": "pypi", "package": "beta", "associationType": "STRONG"},
        ]


def test_groups_that_do_not_exist(codeartifact: "CodeArtifactClient", domain: str) -> None:
    missing = codeartifact.exceptions.ResourceNotFoundException
    for operation in (
        lambda: codeartifact.describe_package_group(domain=domain, packageGroup="/pypi/*"),
        lambda: codeartifact.list_sub_package_groups(domain=domain, packageGroup="/pypi/*"),
        lambda: codeartifact.list_associated_packages(domain=domain, packageGroup="/pypi/*"),
        lambda: codeartifact.list_allowed_repositories_for_group(
            domain=domain, packageGroup="/pypi/*", originRestrictionType="PUBLISH"
        ),
    ):
        with pytest.raises(missing, match="Package group not found"):
            operation()
    with pytest.raises(missing, match="Domain not found"):
        codeartifact.list_package_groups(domain="missing")
    with pytest.raises(codeartifact.exceptions.AccessDeniedException, match="package-group/dd/pypi/%2A"):
        codeartifact.describe_package_group(domain="dd", domainOwner="9" * 12, packageGroup="/pypi/*")
