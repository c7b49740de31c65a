"""Package groups through boto3; the client holds every answer against botocore's validator."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import pytest
from live_server import LiveServer, told
from packaging.utils import NormalizedName

from inhouse_server.catalog import domains, packages, repositories
from inhouse_server.model import OriginControls, PackageFormat, Restriction
from inhouse_server.movable_clock import utc_now

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_codeartifact import CodeArtifactClient
    from mypy_boto3_codeartifact.literals import PackageFormatType, PackageGroupOriginRestrictionTypeType

ACCOUNT = "111122223333"
INHERITED = {"PUBLISH": "INHERIT", "EXTERNAL_UPSTREAM": "INHERIT", "INTERNAL_UPSTREAM": "INHERIT"}

Add = Callable[..., None]


def arn(domain: str, encoded: str) -> str:
    return f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:package-group/{domain}{encoded}"


def patterns(groups: Iterable[Mapping[str, Any]]) -> list[str]:
    return [group["pattern"] for group in groups]


def restriction(group: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(group["originConfiguration"]["restrictions"][name])
    return found


def allow(name: str, *names: str) -> list[Any]:
    """Entries of addAllowedRepositories: `RESTRICTION:repository`."""
    return [
        {"originRestrictionType": kind, "repositoryName": repository}
        for kind, repository in (each.split(":") for each in (name, *names))
    ]


@pytest.fixture
def repositories_of(codeartifact: "CodeArtifactClient", domain: str) -> tuple[str, str]:
    for name in ("lib", "other"):
        codeartifact.create_repository(domain=domain, repository=name)
    return "lib", "other"


@pytest.fixture
def add(live_server: LiveServer, domain: str, repositories_of: tuple[str, str]) -> Add:
    """A function that puts a package into a repository of the domain."""

    def insert(name: str, repository: str = repositories_of[0], package_format: str = "pypi") -> None:
        with live_server.folder.database.write() as connection:
            parent = domains.find(connection, "us-east-1", ACCOUNT, domain)
            assert parent is not None
            place = repositories.find(connection, parent, repository)
            assert place is not None
            packages.insert_package(
                connection,
                place.id,
                PackageFormat(package_format),
                name=NormalizedName(name),
                controls=OriginControls(Restriction.ALLOW, Restriction.BLOCK),
                created_at=utc_now(),
            )

    return insert


def test_a_new_group_inherits_everything(codeartifact: "CodeArtifactClient", domain: str) -> None:
    made = codeartifact.create_package_group(
        domain=domain, packageGroup="/pypi//acme~", contactInfo="team@example.com", description="Ours, Grüße"
    )["packageGroup"]
    root = {"arn": arn(domain, "/%2A"), "pattern": "/*"}
    inherited = {"mode": "INHERIT", "effectiveMode": "ALLOW", "inheritedFrom": root}
    assert made == codeartifact.describe_package_group(domain=domain, packageGroup="/pypi//acme~")["packageGroup"]
    del made["createdTime"]  # compared above
    assert made == {
        "arn": arn(domain, "/pypi//acme~"),
        "pattern": "/pypi//acme~",
        "domainName": domain,
        "domainOwner": ACCOUNT,
        "contactInfo": "team@example.com",
        "description": "Ours, Grüße",
        "originConfiguration": {"restrictions": dict.fromkeys(INHERITED, inherited)},
        "parent": root,
    }


def test_what_is_not_set_is_left_out(codeartifact: "CodeArtifactClient", domain: str) -> None:
    made = codeartifact.create_package_group(domain=domain, packageGroup="/pypi/*")["packageGroup"]
    assert not {"contactInfo", "description"} & set(made)


@pytest.mark.parametrize(
    ("pattern", "encoded"),
    [
        ("/pypi/*", "/pypi/%2A"),
        ("/pypi//acme$", "/pypi//acme%24"),
        ("/maven/com.anycompany~", "/maven/com.anycompany~"),
        ("/npm/space/*", "/npm/space/%2A"),
        ("/npm//caf\u00e9$", "/npm//caf%C3%A9%24"),
    ],
)
def test_patterns_are_encoded_in_arns(
    codeartifact: "CodeArtifactClient", domain: str, pattern: str, encoded: str
) -> None:
    made = codeartifact.create_package_group(domain=domain, packageGroup=pattern)["packageGroup"]
    assert made["arn"] == arn(domain, encoded)
    assert codeartifact.list_tags_for_resource(resourceArn=made["arn"])["tags"] == []


@pytest.mark.parametrize(
    "pattern",
    [
        "/pypi",
        "pypi/*",
        "/bogus/*",
        "/pypi//Acme~",
        "/pypi//acme-~",
        "/pypi//acme*",
        "/pypi/ns/acme$",
        "/pypi/acme~",
        "/maven//core$",
        "//*",
        "/**",
        "/pypi//a b$",
        f"/npm//{'a' * 520}$",
        "/",
    ],
)
def test_what_is_no_pattern_is_refused(live_server: LiveServer, domain: str, pattern: str) -> None:
    client = live_server.codeartifact(validate=False)
    with pytest.raises(client.exceptions.ValidationException) as caught:
        client.create_package_group(domain=domain, packageGroup=pattern)
    assert told(caught.value) == {"code": "ValidationException", "status": 400, "reason": "FIELD_VALIDATION_FAILED"}
    with pytest.raises(client.exceptions.ValidationException):
        client.list_associated_packages(domain=domain, packageGroup=pattern, preview=True)
    assert patterns(client.list_package_groups(domain=domain)["packageGroups"]) == ["/*"]


def test_a_pattern_exists_once_and_case_counts(codeartifact: "CodeArtifactClient", domain: str) -> None:
    for pattern in ("/npm//AsyncStorage$", "/npm//asyncStorage$", "/npm//asyncstorage$"):
        codeartifact.create_package_group(domain=domain, packageGroup=pattern)
    for pattern in ("/npm//AsyncStorage$", "/*"):
        with pytest.raises(codeartifact.exceptions.ConflictException, match="already exists") as caught:
            codeartifact.create_package_group(domain=domain, packageGroup=pattern)
        assert told(caught.value)["status"] == 409
        assert told(caught.value)["resourceId"] == pattern


def test_tags_come_with_a_group_and_go_with_it(codeartifact: "CodeArtifactClient", domain: str) -> None:
    tag: Any = {"key": "team", "value": ""}
    place = arn(domain, "/pypi//acme~")
    codeartifact.create_package_group(domain=domain, packageGroup="/pypi//acme~", tags=[tag])
    assert codeartifact.list_tags_for_resource(resourceArn=place)["tags"] == [tag]
    codeartifact.delete_package_group(domain=domain, packageGroup="/pypi//acme~")
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException):
        codeartifact.list_tags_for_resource(resourceArn=place)
    codeartifact.create_package_group(domain=domain, packageGroup="/pypi//acme~")
    assert codeartifact.list_tags_for_resource(resourceArn=place)["tags"] == []


def test_a_group_has_fifty_tags(codeartifact: "CodeArtifactClient", domain: str) -> None:
    tags: Any = [{"key": f"key-{number}", "value": "x"} for number in range(51)]
    with pytest.raises(codeartifact.exceptions.ServiceQuotaExceededException) as caught:
        codeartifact.create_package_group(domain=domain, packageGroup="/pypi/*", tags=tags)
    assert told(caught.value)["status"] == 402
    codeartifact.create_package_group(domain=domain, packageGroup="/pypi/*", tags=tags[:50])


def test_only_what_is_given_is_updated(codeartifact: "CodeArtifactClient", domain: str) -> None:
    made = codeartifact.create_package_group(
        domain=domain, packageGroup="/pypi/*", contactInfo="before", description="before"
    )["packageGroup"]
    changed = codeartifact.update_package_group(domain=domain, packageGroup="/pypi/*", description="after")
    assert changed["packageGroup"] == {**made, "description": "after"}
    changed = codeartifact.update_package_group(domain=domain, packageGroup="/pypi/*", contactInfo="after")
    assert (changed["packageGroup"]["contactInfo"], changed["packageGroup"]["description"]) == ("after", "after")
    assert codeartifact.update_package_group(domain=domain, packageGroup="/*", description="all")["packageGroup"][
        "description"
    ] == ("all")
    described = codeartifact.describe_package_group(domain=domain, packageGroup="/pypi/*")["packageGroup"]
    assert described == changed["packageGroup"]


@pytest.mark.parametrize("member", ["description", "contactInfo"])
def test_texts_have_limits(live_server: LiveServer, domain: str, member: str) -> None:
    client = live_server.codeartifact(validate=False)
    for text in ("x" * 1001, "two\nlines"):
        arguments: dict[str, Any] = {"domain": domain, "packageGroup": "/pypi/*", member: text}
        with pytest.raises(client.exceptions.ValidationException):
            client.create_package_group(**arguments)
        with pytest.raises(client.exceptions.ValidationException):
            client.update_package_group(**arguments)
    arguments = {"domain": domain, "packageGroup": "/pypi/*", member: "x" * 1000}
    assert client.create_package_group(**arguments)["packageGroup"][member] == "x" * 1000  # type: ignore[literal-required]


def test_groups_form_a_tree(codeartifact: "CodeArtifactClient", domain: str) -> None:
    for pattern in ("/pypi//acme-core$", "/pypi/*", "/pypi//acme~", "/npm/*", "/pypi//acme-core~", "/pypi//b~"):
        codeartifact.create_package_group(domain=domain, packageGroup=pattern)
    groups = codeartifact.list_package_groups(domain=domain)["packageGroups"]
    assert {group["pattern"]: group.get("parent", {}).get("pattern") for group in groups} == {
        "/*": None,
        "/npm/*": "/*",
        "/pypi/*": "/*",
        "/pypi//acme~": "/pypi/*",
        "/pypi//acme-core~": "/pypi//acme~",
        "/pypi//acme-core$": "/pypi//acme-core~",
        "/pypi//b~": "/pypi/*",
    }
    assert patterns(groups) == sorted(patterns(groups))
    for parent, children in (
        ("/*", ["/npm/*", "/pypi/*"]),
        ("/pypi/*", ["/pypi//acme~", "/pypi//b~"]),
        ("/pypi//acme-core$", []),
    ):
        found = codeartifact.list_sub_package_groups(domain=domain, packageGroup=parent)["packageGroups"]
        assert patterns(found) == children


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ["/*", "/npm/*", "/pypi/*", "/pypi//acme~"]),
        ("/", ["/*", "/npm/*", "/pypi/*", "/pypi//acme~"]),
        ("/pypi", ["/pypi/*", "/pypi//acme~"]),
        ("/pypi//acme~", ["/pypi//acme~"]),
        ("/PYPI", []),
        ("/*x", []),
        ("%", []),
    ],
)
def test_groups_are_listed_by_prefix(
    codeartifact: "CodeArtifactClient", domain: str, prefix: str, expected: list[str]
) -> None:
    for pattern in ("/npm/*", "/pypi/*", "/pypi//acme~"):
        codeartifact.create_package_group(domain=domain, packageGroup=pattern)
    assert patterns(codeartifact.list_package_groups(domain=domain, prefix=prefix)["packageGroups"]) == expected


def test_groups_come_in_pages(codeartifact: "CodeArtifactClient", domain: str) -> None:
    made = [f"/pypi//lib{number}~" for number in range(5)]
    for pattern in made:
        codeartifact.create_package_group(domain=domain, packageGroup=pattern)
    groups = codeartifact.get_paginator("list_package_groups")
    pages = list(groups.paginate(domain=domain, PaginationConfig={"PageSize": 2}))
    assert [len(page["packageGroups"]) for page in pages] == [2, 2, 2]
    assert [pattern for page in pages for pattern in patterns(page["packageGroups"])] == ["/*", *made]
    children = codeartifact.get_paginator("list_sub_package_groups")
    pages_below = children.paginate(domain=domain, packageGroup="/*", PaginationConfig={"PageSize": 2})
    assert [pattern for page in pages_below for pattern in patterns(page["packageGroups"])] == made
    token = codeartifact.list_package_groups(domain=domain, maxResults=1)["nextToken"]
    with pytest.raises(codeartifact.exceptions.ValidationException, match="nextToken"):
        codeartifact.list_package_groups(domain=domain, prefix="/pypi", nextToken=token)
    with pytest.raises(codeartifact.exceptions.ValidationException, match="nextToken"):
        codeartifact.list_sub_package_groups(domain=domain, packageGroup="/*", nextToken=token)


def test_modes_are_set_and_inherited(codeartifact: "CodeArtifactClient", domain: str) -> None:
    for pattern in ("/pypi/*", "/pypi//acme~", "/pypi//acme-core$"):
        codeartifact.create_package_group(domain=domain, packageGroup=pattern)
    changed = codeartifact.update_package_group_origin_configuration(
        domain=domain, packageGroup="/pypi//acme~", restrictions={"EXTERNAL_UPSTREAM": "BLOCK", "PUBLISH": "ALLOW"}
    )
    assert changed["allowedRepositoryUpdates"] == {}
    group = changed["packageGroup"]
    assert restriction(group, "EXTERNAL_UPSTREAM") == {"mode": "BLOCK", "effectiveMode": "BLOCK"}
    assert restriction(group, "PUBLISH") == {"mode": "ALLOW", "effectiveMode": "ALLOW"}
    assert restriction(group, "INTERNAL_UPSTREAM")["inheritedFrom"]["pattern"] == "/*"
    below = codeartifact.describe_package_group(domain=domain, packageGroup="/pypi//acme-core$")["packageGroup"]
    assert restriction(below, "EXTERNAL_UPSTREAM") == {
        "mode": "INHERIT",
        "effectiveMode": "BLOCK",
        "inheritedFrom": {"arn": arn(domain, "/pypi//acme~"), "pattern": "/pypi//acme~"},
    }
    codeartifact.update_package_group_origin_configuration(
        domain=domain, packageGroup="/*", restrictions={"INTERNAL_UPSTREAM": "BLOCK"}
    )
    below = codeartifact.describe_package_group(domain=domain, packageGroup="/pypi//acme-core$")["packageGroup"]
    assert restriction(below, "INTERNAL_UPSTREAM")["effectiveMode"] == "BLOCK"


def test_deleting_a_group_gives_its_children_to_its_parent(codeartifact: "CodeArtifactClient", domain: str) -> None:
    for pattern in ("/pypi/*", "/pypi//acme~", "/pypi//acme-core$", "/pypi//acme-web$"):
        codeartifact.create_package_group(domain=domain, packageGroup=pattern)
    for pattern, mode in (("/pypi/*", "ALLOW"), ("/pypi//acme~", "BLOCK")):
        restrictions: Any = {"EXTERNAL_UPSTREAM": mode}
        codeartifact.update_package_group_origin_configuration(
            domain=domain, packageGroup=pattern, restrictions=restrictions
        )
    before = codeartifact.describe_package_group(domain=domain, packageGroup="/pypi//acme~")["packageGroup"]
    assert codeartifact.delete_package_group(domain=domain, packageGroup="/pypi//acme~")["packageGroup"] == before
    below = codeartifact.list_sub_package_groups(domain=domain, packageGroup="/pypi/*")["packageGroups"]
    assert patterns(below) == ["/pypi//acme-core$", "/pypi//acme-web$"]
    for group in below:
        assert group["parent"]["pattern"] == "/pypi/*"
        assert restriction(group, "EXTERNAL_UPSTREAM")["effectiveMode"] == "ALLOW"
        assert restriction(group, "EXTERNAL_UPSTREAM")["inheritedFrom"]["pattern"] == "/pypi/*"
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException):
        codeartifact.delete_package_group(domain=domain, packageGroup="/pypi//acme~")


def test_the_root_group_stays_and_inherits_nothing(codeartifact: "CodeArtifactClient", domain: str) -> None:
    invalid = codeartifact.exceptions.ValidationException
    with pytest.raises(invalid, match="cannot be deleted"):
        codeartifact.delete_package_group(domain=domain, packageGroup="/*")
    with pytest.raises(invalid, match="no parent to inherit from"):
        codeartifact.update_package_group_origin_configuration(
            domain=domain, packageGroup="/*", restrictions={"PUBLISH": "BLOCK", "EXTERNAL_UPSTREAM": "INHERIT"}
        )
    root = codeartifact.describe_package_group(domain=domain, packageGroup="/*")["packageGroup"]
    assert "parent" not in root
    assert restriction(root, "PUBLISH") == {"mode": "ALLOW", "effectiveMode": "ALLOW"}


def test_lists_of_repositories(
    codeartifact: "CodeArtifactClient", domain: str, repositories_of: tuple[str, str]
) -> None:
    assert repositories_of == ("lib", "other")
    codeartifact.create_package_group(domain=domain, packageGroup="/pypi/*")
    changed = codeartifact.update_package_group_origin_configuration(
        domain=domain,
        packageGroup="/pypi/*",
        restrictions={"PUBLISH": "BLOCK", "INTERNAL_UPSTREAM": "ALLOW_SPECIFIC_REPOSITORIES"},
        addAllowedRepositories=allow("INTERNAL_UPSTREAM:lib", "INTERNAL_UPSTREAM:other"),
        removeAllowedRepositories=allow("INTERNAL_UPSTREAM:other"),
    )
    assert changed["allowedRepositoryUpdates"] == {
        "INTERNAL_UPSTREAM": {"ADDED": ["lib", "other"], "REMOVED": ["other"]}
    }
    assert restriction(changed["packageGroup"], "INTERNAL_UPSTREAM") == {
        "mode": "ALLOW_SPECIFIC_REPOSITORIES",
        "effectiveMode": "ALLOW_SPECIFIC_REPOSITORIES",
        "repositoriesCount": 1,
    }
    assert "repositoriesCount" not in restriction(changed["packageGroup"], "PUBLISH")

    def allowed(kind: "PackageGroupOriginRestrictionTypeType") -> list[str]:
        return codeartifact.list_allowed_repositories_for_group(
            domain=domain, packageGroup="/pypi/*", originRestrictionType=kind
        )["allowedRepositories"]

    assert allowed("INTERNAL_UPSTREAM") == ["lib"]
    assert allowed("PUBLISH") == allowed("EXTERNAL_UPSTREAM") == []
    again = codeartifact.update_package_group_origin_configuration(
        domain=domain,
        packageGroup="/pypi/*",
        addAllowedRepositories=allow("INTERNAL_UPSTREAM:lib"),
        removeAllowedRepositories=allow("INTERNAL_UPSTREAM:other"),
    )
    assert again["allowedRepositoryUpdates"] == {}, "nothing has changed"
    codeartifact.update_package_group_origin_configuration(
        domain=domain, packageGroup="/pypi/*", restrictions={"INTERNAL_UPSTREAM": "ALLOW"}
    )
    assert allowed("INTERNAL_UPSTREAM") == [], "a list ends with its mode"


def test_a_group_below_inherits_a_list_without_having_one(
    codeartifact: "CodeArtifactClient", domain: str, repositories_of: tuple[str, str]
) -> None:
    assert repositories_of
    for pattern in ("/pypi/*", "/pypi//acme~"):
        codeartifact.create_package_group(domain=domain, packageGroup=pattern)
    codeartifact.update_package_group_origin_configuration(
        domain=domain,
        packageGroup="/pypi/*",
        restrictions={"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"},
        addAllowedRepositories=allow("PUBLISH:lib"),
    )
    below = codeartifact.describe_package_group(domain=domain, packageGroup="/pypi//acme~")["packageGroup"]
    assert restriction(below, "PUBLISH") == {
        "mode": "INHERIT",
        "effectiveMode": "ALLOW_SPECIFIC_REPOSITORIES",
        "inheritedFrom": {"arn": arn(domain, "/pypi/%2A"), "pattern": "/pypi/*"},
    }
    with pytest.raises(codeartifact.exceptions.ValidationException, match="ALLOW_SPECIFIC_REPOSITORIES"):
        codeartifact.update_package_group_origin_configuration(
            domain=domain, packageGroup="/pypi//acme~", addAllowedRepositories=allow("PUBLISH:lib")
        )


def test_allowed_repositories_come_in_pages(codeartifact: "CodeArtifactClient", domain: str) -> None:
    names = [f"repository-{number}" for number in range(5)]
    for name in names:
        codeartifact.create_repository(domain=domain, repository=name)
    codeartifact.update_package_group_origin_configuration(
        domain=domain,
        packageGroup="/*",
        restrictions={"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"},
        addAllowedRepositories=allow(*[f"PUBLISH:{name}" for name in reversed(names)]),
    )
    paginator = codeartifact.get_paginator("list_allowed_repositories_for_group")
    pages = list(
        paginator.paginate(
            domain=domain, packageGroup="/*", originRestrictionType="PUBLISH", PaginationConfig={"PageSize": 2}
        )
    )
    assert [len(page["allowedRepositories"]) for page in pages] == [2, 2, 1]
    assert [name for page in pages for name in page["allowedRepositories"]] == names


def test_a_change_that_fails_changes_nothing(
    codeartifact: "CodeArtifactClient", domain: str, repositories_of: tuple[str, str]
) -> None:
    assert repositories_of
    codeartifact.create_package_group(domain=domain, packageGroup="/pypi/*")
    before = codeartifact.describe_package_group(domain=domain, packageGroup="/pypi/*")["packageGroup"]
    errors = codeartifact.exceptions
    specific: Any = {"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"}
    failing: list[tuple[type[ClientError], dict[str, Any]]] = [
        (errors.ResourceNotFoundException, {"addAllowedRepositories": allow("PUBLISH:lib", "PUBLISH:missing")}),
        (errors.ResourceNotFoundException, {"removeAllowedRepositories": allow("PUBLISH:missing")}),
        (errors.ValidationException, {"addAllowedRepositories": allow("PUBLISH:lib", "EXTERNAL_UPSTREAM:lib")}),
        (errors.ValidationException, {"addAllowedRepositories": [{"repositoryName": "lib"}]}),
        (errors.ValidationException, {"removeAllowedRepositories": [{"originRestrictionType": "PUBLISH"}]}),
    ]
    for error, arguments in failing:
        with pytest.raises(error):
            codeartifact.update_package_group_origin_configuration(
                domain=domain, packageGroup="/pypi/*", restrictions=specific, **arguments
            )
    assert codeartifact.describe_package_group(domain=domain, packageGroup="/pypi/*")["packageGroup"] == before


@pytest.mark.parametrize(
    "arguments",
    [
        {"restrictions": {"PUBLISH": "MAYBE"}},
        {"restrictions": {"UPSTREAM": "ALLOW"}},
        {"addAllowedRepositories": allow("UPSTREAM:lib")},
        {"addAllowedRepositories": allow("PUBLISH:!")},
    ],
)
def test_what_the_model_does_not_know(live_server: LiveServer, domain: str, arguments: dict[str, Any]) -> None:
    client = live_server.codeartifact(validate=False)
    with pytest.raises(client.exceptions.ValidationException) as caught:
        client.update_package_group_origin_configuration(domain=domain, packageGroup="/*", **arguments)
    assert told(caught.value)["reason"] == "FIELD_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("package", "pattern", "association"),
    [
        ("/pypi//acme", "/pypi//acme~", "STRONG"),
        ("/pypi//acme-core", "/pypi//acme~", "STRONG"),
        ("/pypi//Acme_Core", "/pypi//acme~", "STRONG"),
        ("/pypi//acmecorp", "/pypi/*", "STRONG"),
        ("/pypi//\u0430cme-core", "/pypi//acme~", "WEAK"),
        ("/npm//AsyncStorage", "/npm//AsyncStorage$", "STRONG"),
        ("/npm//async-storage", "/*", "STRONG"),
        ("/npm//asyncstorage", "/npm//AsyncStorage$", "WEAK"),
        ("/npm/space/AsyncStorage", "/*", "STRONG"),
        ("/generic/tools/x", "/*", "STRONG"),
    ],
)
def test_the_group_of_a_package_that_is_nowhere(
    codeartifact: "CodeArtifactClient", domain: str, package: str, pattern: str, association: str
) -> None:
    for made in ("/pypi/*", "/pypi//acme~", "/npm//AsyncStorage$"):
        codeartifact.create_package_group(domain=domain, packageGroup=made)
    package_format, namespace, name = package.removeprefix("/").split("/")
    arguments: Any = {"namespace": namespace} if namespace else {}
    known = cast("PackageFormatType", package_format)
    found = codeartifact.get_associated_package_group(domain=domain, format=known, package=name, **arguments)
    assert (found["packageGroup"]["pattern"], found["associationType"]) == (pattern, association)
    assert (
        found["packageGroup"]
        == (codeartifact.describe_package_group(domain=domain, packageGroup=pattern)["packageGroup"])
    )


def test_namespaces_where_formats_have_them(codeartifact: "CodeArtifactClient", domain: str) -> None:
    invalid = codeartifact.exceptions.ValidationException
    with pytest.raises(invalid, match="no namespace"):
        codeartifact.get_associated_package_group(domain=domain, format="pypi", namespace="a", package="b")
    with pytest.raises(invalid, match="have a namespace"):
        codeartifact.get_associated_package_group(domain=domain, format="maven", package="b")


def test_packages_are_listed_under_their_group(codeartifact: "CodeArtifactClient", domain: str, add: Add) -> None:
    for name in ("acme", "acme-core", "acmecorp", "requests"):
        add(name)
    add("acme", repository="other")
    for name in ("Widget", "widget"):
        add(name, package_format="npm")
    for pattern in ("/pypi//acme~", "/npm//widget$"):
        codeartifact.create_package_group(domain=domain, packageGroup=pattern)

    def listed(pattern: str, *, preview: bool = False) -> list[tuple[str, str]]:
        pages = codeartifact.get_paginator("list_associated_packages").paginate(
            domain=domain, packageGroup=pattern, preview=preview, PaginationConfig={"PageSize": 1}
        )
        return [(each["package"], each["associationType"]) for page in pages for each in page["packages"]]

    assert listed("/pypi//acme~") == [("acme", "STRONG"), ("acme-core", "STRONG")]
    assert listed("/npm//widget$") == [("Widget", "WEAK"), ("widget", "STRONG")]
    assert listed("/*") == [("acmecorp", "STRONG"), ("requests", "STRONG")]
    assert listed("/pypi//acme-core$", preview=True) == [("acme-core", "STRONG")]
    assert listed("/pypi/*", preview=True) == [("acmecorp", "STRONG"), ("requests", "STRONG")]
    assert listed("/pypi//acme~", preview=True) == listed("/pypi//acme~")
    assert listed("/pypi//nothing$", preview=True) == []
    assert patterns(codeartifact.list_package_groups(domain=domain)["packageGroups"]) == (
        ["/*", "/npm//widget$", "/pypi//acme~"]
    ), "a preview makes nothing"
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException, match="Package group not found"):
        codeartifact.list_associated_packages(domain=domain, packageGroup="/pypi/*", preview=False)


def _calls(client: "CodeArtifactClient", **arguments: str) -> list[Callable[[], object]]:
    group: Any = {**arguments, "packageGroup": "/pypi//missing$"}
    return [
        lambda: client.update_package_group(**group, description="x"),
        lambda: client.update_package_group_origin_configuration(**group, restrictions={"PUBLISH": "BLOCK"}),
        lambda: client.delete_package_group(**group),
        lambda: client.describe_package_group(**group),
        lambda: client.list_sub_package_groups(**group),
        lambda: client.list_associated_packages(**group),
        lambda: client.list_allowed_repositories_for_group(**group, originRestrictionType="PUBLISH"),
    ]


def test_groups_that_are_missing(codeartifact: "CodeArtifactClient", domain: str) -> None:
    for call in _calls(codeartifact, domain=domain):
        with pytest.raises(
            codeartifact.exceptions.ResourceNotFoundException, match="Package group not found"
        ) as caught:
            call()
        assert told(caught.value)["resourceId"] == "/pypi//missing$"


def test_domains_that_are_missing(codeartifact: "CodeArtifactClient") -> None:
    calls: list[Callable[[], object]] = [
        *_calls(codeartifact, domain="missing"),
        lambda: codeartifact.create_package_group(domain="missing", packageGroup="/pypi/*"),
        lambda: codeartifact.list_package_groups(domain="missing"),
        lambda: codeartifact.get_associated_package_group(domain="missing", format="pypi", package="x"),
        lambda: codeartifact.list_associated_packages(domain="missing", packageGroup="/pypi/*", preview=True),
    ]
    for call in calls:
        with pytest.raises(codeartifact.exceptions.ResourceNotFoundException, match="Domain not found") as caught:
            call()
        assert told(caught.value)["resourceType"] == "domain"


def test_another_accounts_groups_are_denied(codeartifact: "CodeArtifactClient") -> None:
    elsewhere: Any = {"domain": "dd", "domainOwner": "9" * 12}
    calls: list[Callable[[], object]] = [
        *_calls(codeartifact, **elsewhere),
        lambda: codeartifact.create_package_group(**elsewhere, packageGroup="/pypi/*"),
        lambda: codeartifact.list_package_groups(**elsewhere),
        lambda: codeartifact.get_associated_package_group(**elsewhere, format="pypi", package="x"),
    ]
    for call in calls:
        with pytest.raises(codeartifact.exceptions.AccessDeniedException, match="not authorized to perform"):
            call()


def test_groups_of_two_domains_do_not_meet(codeartifact: "CodeArtifactClient", domain: str) -> None:
    codeartifact.create_domain(domain=f"{domain}-b")
    codeartifact.create_package_group(domain=domain, packageGroup="/pypi/*")
    assert patterns(codeartifact.list_package_groups(domain=f"{domain}-b")["packageGroups"]) == ["/*"]


@pytest.mark.parametrize("pattern", ["", "\0", "x" * 4000, "/pypi//\u0430$", "\n", "/*/", "%2F%2A", "\ud7ff"])
def test_any_text_can_be_asked_to_be_deleted(live_server: LiveServer, domain: str, pattern: str) -> None:
    """Of this operation alone the model does not say what its pattern looks like."""
    client = live_server.codeartifact(validate=False)
    with pytest.raises(client.exceptions.ClientError) as caught:
        client.delete_package_group(domain=domain, packageGroup=pattern)
    assert told(caught.value)["status"] in {400, 404}


def test_a_repository_that_is_gone_is_on_no_list(
    live_server: LiveServer, codeartifact: "CodeArtifactClient", domain: str, repositories_of: tuple[str, str]
) -> None:
    assert repositories_of == ("lib", "other")
    codeartifact.update_package_group_origin_configuration(
        domain=domain,
        packageGroup="/*",
        restrictions={"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"},
        addAllowedRepositories=allow("PUBLISH:lib", "PUBLISH:other"),
    )
    with live_server.folder.database.write() as connection:
        parent = domains.find(connection, "us-east-1", ACCOUNT, domain)
        assert parent is not None
        gone = repositories.find(connection, parent, "lib")
        assert gone is not None
        connection.execute("DELETE FROM repository WHERE id = ?", [gone.id])
    codeartifact.create_repository(domain=domain, repository="lib")
    allowed = codeartifact.list_allowed_repositories_for_group(
        domain=domain, packageGroup="/*", originRestrictionType="PUBLISH"
    )
    assert allowed["allowedRepositories"] == ["other"], "a repository of the same name is another one"


def test_of_several_repositories_that_are_missing_the_first_is_told(
    codeartifact: "CodeArtifactClient", domain: str
) -> None:
    codeartifact.create_package_group(domain=domain, packageGroup="/pypi//acme~")
    for missing in (["one", "two", "three"], ["three", "one", "two"], ["two", "three", "one"]):
        with pytest.raises(codeartifact.exceptions.ResourceNotFoundException) as caught:
            codeartifact.update_package_group_origin_configuration(
                domain=domain,
                packageGroup="/pypi//acme~",
                removeAllowedRepositories=[
                    {"repositoryName": name, "originRestrictionType": "PUBLISH"} for name in missing
                ],
            )
        assert told(caught.value)["resourceId"] == missing[0]
