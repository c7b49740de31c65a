from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from live_server import LiveServer, told

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient
    from mypy_boto3_codeartifact.type_defs import RepositoryDescriptionTypeDef

ACCOUNT = "111122223333"


def upstreams(*names: str) -> list[Any]:
    return [{"repositoryName": name} for name in names]


def names_of(repository: "RepositoryDescriptionTypeDef") -> list[str]:
    return [upstream["repositoryName"] for upstream in repository["upstreams"]]


@pytest.fixture
def store(codeartifact: "CodeArtifactClient", domain: str) -> str:
    codeartifact.create_repository(domain=domain, repository="pypi-store")
    codeartifact.associate_external_connection(domain=domain, repository="pypi-store", externalConnection="public:pypi")
    return "pypi-store"


def test_a_new_repository_is_described_as_it_was_answered(codeartifact: "CodeArtifactClient", domain: str) -> None:
    made = codeartifact.create_repository(domain=domain, repository="Lib_1.0", description="Grüße")["repository"]
    again = codeartifact.describe_repository(domain=domain, domainOwner=ACCOUNT, repository="Lib_1.0")["repository"]
    assert made == again
    del again["createdTime"]
    assert again == {
        "name": "Lib_1.0",
        "administratorAccount": ACCOUNT,
        "domainName": domain,
        "domainOwner": ACCOUNT,
        "arn": f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:repository/{domain}/Lib_1.0",
        "description": "Grüße",
        "upstreams": [],
        "externalConnections": [],
    }


def test_a_description_that_is_not_set_is_left_out(codeartifact: "CodeArtifactClient", domain: str) -> None:
    assert "description" not in codeartifact.create_repository(domain=domain, repository="lib")["repository"]


def test_a_second_repository_of_the_same_name_is_refused(codeartifact: "CodeArtifactClient", domain: str) -> None:
    codeartifact.create_repository(domain=domain, repository="lib")
    with pytest.raises(codeartifact.exceptions.ConflictException) as caught:
        codeartifact.create_repository(domain=domain, repository="lib")
    assert told(caught.value) == {
        "code": "ConflictException",
        "status": 409,
        "resourceId": "lib",
        "resourceType": "repository",
    }


def test_what_does_not_exist(codeartifact: "CodeArtifactClient", domain: str) -> None:
    missing = codeartifact.exceptions.ResourceNotFoundException
    with pytest.raises(missing, match="Domain not found"):
        codeartifact.create_repository(domain="missing", repository="lib")
    with pytest.raises(missing, match="Domain not found"):
        codeartifact.list_repositories_in_domain(domain="missing")
    with pytest.raises(missing, match="Repository not found"):
        codeartifact.describe_repository(domain=domain, repository="lib")
    with pytest.raises(missing, match="Repository not found"):
        codeartifact.update_repository(domain=domain, repository="lib", description="x")
    with pytest.raises(missing, match="Repository not found"):
        codeartifact.associate_external_connection(domain=domain, repository="lib", externalConnection="public:pypi")
    with pytest.raises(missing, match="Repository not found"):
        codeartifact.get_repository_endpoint(domain=domain, repository="lib", format="pypi")


def test_another_accounts_repositories_are_denied(codeartifact: "CodeArtifactClient") -> None:
    with pytest.raises(codeartifact.exceptions.AccessDeniedException, match="codeartifact:CreateRepository"):
        codeartifact.create_repository(domain="dd", domainOwner="999999999999", repository="lib")
    with pytest.raises(codeartifact.exceptions.AccessDeniedException, match="ListRepositoriesInDomain"):
        codeartifact.list_repositories_in_domain(domain="dd", domainOwner="999999999999")


def test_upstreams_keep_their_order(codeartifact: "CodeArtifactClient", domain: str) -> None:
    for name in ("aa", "bb", "cc"):
        codeartifact.create_repository(domain=domain, repository=name)
    made = codeartifact.create_repository(domain=domain, repository="lib", upstreams=upstreams("cc", "aa", "bb"))
    assert names_of(made["repository"]) == ["cc", "aa", "bb"]
    changed = codeartifact.update_repository(domain=domain, repository="lib", upstreams=upstreams("bb", "cc"))
    assert names_of(changed["repository"]) == ["bb", "cc"]


def test_absent_leaves_and_an_empty_list_clears(codeartifact: "CodeArtifactClient", domain: str, store: str) -> None:
    codeartifact.create_repository(domain=domain, repository="lib", description="old", upstreams=upstreams(store))
    kept = codeartifact.update_repository(domain=domain, repository="lib", description="new")["repository"]
    assert (kept["description"], names_of(kept)) == ("new", [store])
    same = codeartifact.update_repository(domain=domain, repository="lib")["repository"]
    assert same == kept
    cleared = codeartifact.update_repository(domain=domain, repository="lib", upstreams=[])["repository"]
    assert (cleared["description"], names_of(cleared)) == ("new", [])


def test_a_missing_upstream_makes_nothing(codeartifact: "CodeArtifactClient", domain: str) -> None:
    with pytest.raises(codeartifact.exceptions.ResourceNotFoundException) as caught:
        codeartifact.create_repository(domain=domain, repository="lib", upstreams=upstreams("missing"))
    assert told(caught.value)["resourceId"] == "missing"
    assert codeartifact.list_repositories_in_domain(domain=domain)["repositories"] == []


def test_upstreams_form_no_ring(codeartifact: "CodeArtifactClient", domain: str) -> None:
    codeartifact.create_repository(domain=domain, repository="aa")
    codeartifact.create_repository(domain=domain, repository="bb", upstreams=upstreams("aa"))
    codeartifact.create_repository(domain=domain, repository="cc", upstreams=upstreams("bb"))
    for name, chosen in (("aa", "cc"), ("aa", "bb"), ("bb", "cc")):
        with pytest.raises(codeartifact.exceptions.ValidationException, match="ring"):
            codeartifact.update_repository(domain=domain, repository=name, upstreams=upstreams(chosen))
    with pytest.raises(codeartifact.exceptions.ValidationException, match="its own upstream"):
        codeartifact.update_repository(domain=domain, repository="aa", upstreams=upstreams("aa"))
    with pytest.raises(codeartifact.exceptions.ValidationException, match="its own upstream"):
        codeartifact.create_repository(domain=domain, repository="dd", upstreams=upstreams("dd"))
    with pytest.raises(codeartifact.exceptions.ValidationException, match="twice"):
        codeartifact.update_repository(domain=domain, repository="cc", upstreams=upstreams("aa", "aa"))


def test_a_repository_has_ten_upstreams(codeartifact: "CodeArtifactClient", domain: str) -> None:
    names = [f"up-{number}" for number in range(11)]
    for name in names:
        codeartifact.create_repository(domain=domain, repository=name)
    with pytest.raises(codeartifact.exceptions.ServiceQuotaExceededException) as caught:
        codeartifact.create_repository(domain=domain, repository="lib", upstreams=upstreams(*names))
    assert told(caught.value)["status"] == 402
    codeartifact.create_repository(domain=domain, repository="lib", upstreams=upstreams(*names[:10]))


def test_upstreams_and_an_external_connection_exclude_each_other(
    codeartifact: "CodeArtifactClient", domain: str, store: str
) -> None:
    codeartifact.create_repository(domain=domain, repository="lib", upstreams=upstreams(store))
    with pytest.raises(codeartifact.exceptions.ConflictException, match="not both"):
        codeartifact.associate_external_connection(domain=domain, repository="lib", externalConnection="public:pypi")
    codeartifact.create_repository(domain=domain, repository="other")
    with pytest.raises(codeartifact.exceptions.ConflictException, match="not both"):
        codeartifact.update_repository(domain=domain, repository=store, upstreams=upstreams("other"))


def test_a_repository_has_one_external_connection(codeartifact: "CodeArtifactClient", domain: str, store: str) -> None:
    described = codeartifact.describe_repository(domain=domain, repository=store)["repository"]
    assert described["externalConnections"] == [
        {"externalConnectionName": "public:pypi", "packageFormat": "pypi", "status": "Available"}
    ]
    for name in ("public:pypi", "public:npmjs"):
        with pytest.raises(codeartifact.exceptions.ConflictException, match="already has"):
            codeartifact.associate_external_connection(domain=domain, repository=store, externalConnection=name)


@pytest.mark.parametrize(("name", "package_format"), [("public:npmjs", "npm"), ("public:maven-central", "maven")])
def test_connections_of_other_formats_are_recorded(
    codeartifact: "CodeArtifactClient", domain: str, name: str, package_format: str
) -> None:
    codeartifact.create_repository(domain=domain, repository="store")
    changed = codeartifact.associate_external_connection(domain=domain, repository="store", externalConnection=name)
    assert changed["repository"]["externalConnections"][0]["packageFormat"] == package_format


def test_connections_that_aws_does_not_have(codeartifact: "CodeArtifactClient", domain: str) -> None:
    codeartifact.create_repository(domain=domain, repository="store")
    with pytest.raises(codeartifact.exceptions.ValidationException, match="public:pypi") as caught:
        codeartifact.associate_external_connection(
            domain=domain, repository="store", externalConnection="public:elsewhere"
        )
    assert told(caught.value)["reason"] == "FIELD_VALIDATION_FAILED"


def test_a_domains_repositories_are_listed(codeartifact: "CodeArtifactClient", domain: str) -> None:
    names = ["b-lib", "a-lib", "b-app", "b_x"]
    for name in names:
        codeartifact.create_repository(domain=domain, repository=name)
    paginator = codeartifact.get_paginator("list_repositories_in_domain")

    def listed(**how: str) -> list[str]:
        pages = paginator.paginate(domain=domain, PaginationConfig={"PageSize": 2}, **how)
        return [each["name"] for page in pages for each in page["repositories"]]

    assert listed() == sorted(names)
    assert listed(repositoryPrefix="b-") == ["b-app", "b-lib"]
    assert listed(repositoryPrefix="b_") == ["b_x"]
    assert listed(repositoryPrefix="B-") == []
    assert listed(administratorAccount=ACCOUNT) == sorted(names)
    assert listed(administratorAccount="999999999999") == []


def test_the_accounts_repositories_are_listed_over_all_domains(live_server: LiveServer) -> None:
    client = live_server.codeartifact(region="ap-south-1")
    for domain in ("dd-2", "dd-1"):
        client.create_domain(domain=domain)
        for name in ("lib", "app"):
            client.create_repository(domain=domain, repository=name)
    pages = list(client.get_paginator("list_repositories").paginate(PaginationConfig={"PageSize": 3}))
    found = [(each["domainName"], each["name"]) for page in pages for each in page["repositories"]]
    assert found == [("dd-1", "app"), ("dd-1", "lib"), ("dd-2", "app"), ("dd-2", "lib")]
    assert "upstreams" not in pages[0]["repositories"][0]
    assert [each["name"] for each in client.list_repositories(repositoryPrefix="ap")["repositories"]] == ["app", "app"]


@pytest.mark.parametrize("kind", [{}, {"endpointType": "ipv4"}, {"endpointType": "dualstack"}])
def test_an_endpoint_is_where_the_client_reached_us(
    live_server: LiveServer, codeartifact: "CodeArtifactClient", domain: str, kind: dict[str, Any]
) -> None:
    codeartifact.create_repository(domain=domain, repository="lib")
    for package_format in ("pypi", "npm"):
        endpoint = codeartifact.get_repository_endpoint(domain=domain, repository="lib", format=package_format, **kind)[
            "repositoryEndpoint"
        ]
        assert endpoint == f"{live_server.url}/{package_format}/d/{domain}-{ACCOUNT}/lib/"


@pytest.mark.parametrize(
    ("headers", "start"),
    [
        ({"X-Forwarded-Proto": "https"}, "https://127.0.0.1:"),
        ({"X-Forwarded-Proto": "HTTPS, http"}, "https://127.0.0.1:"),
        ({"X-Forwarded-Proto": "https", "Host": "repo.example"}, "https://repo.example/pypi/"),
        ({"Host": "repo.example:8443"}, "http://repo.example:8443/pypi/"),
        ({"Host": "[2001:db8::1]:80"}, "http://[2001:db8::1]:80/pypi/"),
        ({"X-Forwarded-Host": "repo.example", "X-Forwarded-Proto": "https"}, "https://repo.example/pypi/"),
    ],
)
def test_an_endpoint_behind_a_proxy(
    codeartifact: "CodeArtifactClient", domain: str, headers: dict[str, str], start: str
) -> None:
    codeartifact.create_repository(domain=domain, repository="lib")

    def add(request: AWSRequest, **_: object) -> None:
        for name, value in headers.items():
            request.headers[name] = value

    codeartifact.meta.events.register("before-sign.codeartifact", add)
    endpoint = codeartifact.get_repository_endpoint(domain=domain, repository="lib", format="pypi")
    assert endpoint["repositoryEndpoint"].startswith(start)


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example/path"}, {"X-Forwarded-Proto": "javascript"}, {"Host": "one.example, two.example"}],
)
def test_an_endpoint_is_not_made_of_nonsense(
    codeartifact: "CodeArtifactClient", domain: str, headers: dict[str, str]
) -> None:
    codeartifact.create_repository(domain=domain, repository="lib")

    def add(request: AWSRequest, **_: object) -> None:
        for name, value in headers.items():
            request.headers[name] = value

    codeartifact.meta.events.register("before-sign.codeartifact", add)
    with pytest.raises(codeartifact.exceptions.ValidationException, match="Host"):
        codeartifact.get_repository_endpoint(domain=domain, repository="lib", format="pypi")


def test_enumerations_are_checked(live_server: LiveServer, domain: str) -> None:
    client = live_server.codeartifact(validate=False)
    with pytest.raises(client.exceptions.ValidationException, match="enum value set") as caught:
        client.get_repository_endpoint(
            domain=domain,
            repository="lib",
            format="bogus",  # type: ignore[arg-type]  # that is the test
        )
    assert told(caught.value)["reason"] == "FIELD_VALIDATION_FAILED"


def test_a_strangers_key_is_refused(live_server: LiveServer) -> None:
    for client, code in (
        (live_server.codeartifact(key_id="AKIAMADEUPMADEUPMADE"), "UnrecognizedClientException"),
        (live_server.codeartifact(secret="made/up+secret0123456789made/up+secret01"), "InvalidSignatureException"),
    ):
        with pytest.raises(ClientError) as caught:
            client.list_domains()
        assert told(caught.value) == {"code": code, "status": 403}
