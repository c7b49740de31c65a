"""Policies as they are put, and as they decide: through boto3, and on the data plane."""

from typing import TYPE_CHECKING, Any

import pytest
import urllib3
from botocore.exceptions import ClientError
from live_server import ACCOUNT, REGION, LiveServer, told
from made_distributions import make_wheel, wheel_name
from people import EVERYTHING, People, allow, deny, policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_codeartifact import CodeArtifactClient

    from inhouse_server.model import AccessKey

OTHER = "444455556666"
EVERYBODY = {"Principal": "*"}
TOKEN = [
    allow("codeartifact:GetAuthorizationToken"),
    allow(
        "sts:GetServiceBearerToken",
        Condition={"StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"}},
    ),
]


@pytest.fixture
def people(live_server: LiveServer) -> People:
    return People(live_server)


@pytest.fixture
def lib(codeartifact: "CodeArtifactClient", domain: str) -> str:
    codeartifact.create_repository(domain=domain, repository="lib")
    return f"arn:aws:codeartifact:{REGION}:{ACCOUNT}:repository/{domain}/lib"


@pytest.fixture
def as_user(live_server: LiveServer, people: People) -> "Callable[..., CodeArtifactClient]":
    """Return a function that makes a user with a policy, and gives its client."""

    def make(*statements: object, account: str | None = None) -> "CodeArtifactClient":
        key = people.user(policy(*statements) if statements else None, account=account)
        return live_server.codeartifact(key_id=key.id, secret=key.secret)

    return make


def message(error: ClientError) -> str:
    return str(error.response["Error"]["Message"])


def get(live_server: LiveServer, domain: str, token: str, repository: str = "lib", project: str = "acme") -> int:
    url = f"{live_server.url}/pypi/d/{domain}-{ACCOUNT}/{repository}/simple/{project}/"
    # Whatever a proxy, or the asker, says of where they are: policies know the address that is connected.
    headers = {**urllib3.make_headers(basic_auth=f"aws:{token}"), "X-Forwarded-For": "10.0.0.1"}
    return int(urllib3.request("GET", url, headers=headers, retries=False).status)


def upload(live_server: LiveServer, domain: str, token: str, name: str) -> int:
    fields: dict[str, str | tuple[str, bytes, str]] = {
        ":action": "file_upload",
        "protocol_version": "1",
        "name": name,
        "version": "1.0",
        "filetype": "bdist_wheel",
        "metadata_version": "2.1",
        "content": (wheel_name(name, "1.0"), make_wheel(name, "1.0"), "application/octet-stream"),
    }
    url = f"{live_server.url}/pypi/d/{domain}-{ACCOUNT}/lib/"
    headers = urllib3.make_headers(basic_auth=f"aws:{token}")
    return int(urllib3.request("POST", url, fields=fields, headers=headers, retries=False).status)


# ------------------------------------------------------------------------------------------ the operations

KINDS = ["domain", "repository"]


def parameters(kind: str, domain: str) -> dict[str, Any]:
    return {"domain": domain} if kind == "domain" else {"domain": domain, "repository": "lib"}


def call(client: "CodeArtifactClient", verb: str, kind: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's
    answer: dict[str, Any] = getattr(client, f"{verb}_{kind}_permissions_policy")(**values)
    return dict(answer["policy"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_is_kept_as_it_is(codeartifact: "CodeArtifactClient", domain: str, lib: str, kind: str) -> None:
    where = parameters(kind, domain)
    arn = lib if kind == "repository" else f"arn:aws:codeartifact:{REGION}:{ACCOUNT}:domain/{domain}"
    document = "  " + policy(allow("codeartifact:Describe*", **EVERYBODY)) + "\n"
    put = call(codeartifact, "put", kind, policyDocument=document, domainOwner=ACCOUNT, **where)
    assert (put["resourceArn"], put["document"]) == (arn, document)
    assert call(codeartifact, "get", kind, **where) == put
    again = call(codeartifact, "put", kind, policyDocument=document, **where)
    assert again["revision"] != put["revision"]
    assert call(codeartifact, "delete", kind, policyRevision=again["revision"], **where) == again
    for verb in ("get", "delete"):
        with pytest.raises(codeartifact.exceptions.ResourceNotFoundException) as caught:
            call(codeartifact, verb, kind, **where)
        assert told(caught.value)["resourceType"] == kind
        assert told(caught.value)["resourceId"] == (domain if kind == "domain" else "lib")


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_changes_under_a_lock(codeartifact: "CodeArtifactClient", domain: str, lib: str, kind: str) -> None:
    assert lib
    where = parameters(kind, domain)
    document = policy(allow("codeartifact:Describe*", **EVERYBODY))
    conflict = codeartifact.exceptions.ConflictException
    for verb, more in (("put", {"policyDocument": document}), ("delete", {})):
        with pytest.raises(conflict, match="has none") as caught:
            call(codeartifact, verb, kind, policyRevision="some", **more, **where)
        assert told(caught.value)["status"] == 409
    first = call(codeartifact, "put", kind, policyDocument=document, **where)
    second = call(codeartifact, "put", kind, policyDocument=document, policyRevision=first["revision"], **where)
    for verb, more in (("put", {"policyDocument": document}), ("delete", {})):
        with pytest.raises(conflict, match="has changed"):
            call(codeartifact, verb, kind, policyRevision=first["revision"], **more, **where)
    assert call(codeartifact, "get", kind, **where) == second


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "document",
    [
        "{",
        "{}",
        policy(allow("codeartifact:*")),
        policy(allow("codeartifact:*", **EVERYBODY)).replace("2012", "2008"),
        policy(allow("codeartifact:*", **EVERYBODY)) + " " * 7168,
    ],
)
def test_what_is_no_policy_is_refused(live_server: LiveServer, domain: str, lib: str, kind: str, document: str) -> None:
    assert lib
    client = live_server.codeartifact(validate=False)
    with pytest.raises(client.exceptions.ValidationException):
        call(client, "put", kind, policyDocument=document, **parameters(kind, domain))
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        call(client, "get", kind, **parameters(kind, domain))


def test_a_policy_is_as_long_as_aws_lets_it_be(codeartifact: "CodeArtifactClient", domain: str) -> None:
    document = policy(allow("codeartifact:*", **EVERYBODY)).ljust(7168)
    assert call(codeartifact, "put", "domain", domain=domain, policyDocument=document)["document"] == document


def test_there_must_be_the_resource(codeartifact: "CodeArtifactClient", domain: str) -> None:
    document = policy(allow("codeartifact:*", **EVERYBODY))
    for verb, more in (("get", {}), ("put", {"policyDocument": document}), ("delete", {})):
        with pytest.raises(codeartifact.exceptions.ResourceNotFoundException, match="Domain not found"):
            call(codeartifact, verb, "domain", domain="missing", **more)
        with pytest.raises(codeartifact.exceptions.ResourceNotFoundException, match="Repository not found"):
            call(codeartifact, verb, "repository", domain=domain, repository="missing", **more)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_locks_himself_out(codeartifact: "CodeArtifactClient", domain: str, lib: str, kind: str) -> None:
    assert lib
    where = parameters(kind, domain)
    call(codeartifact, "put", kind, policyDocument=policy(deny("codeartifact:*", **EVERYBODY)), **where)
    with pytest.raises(codeartifact.exceptions.AccessDeniedException, match="explicit deny in a resource-based policy"):
        call(codeartifact, "get", kind, **where)
    call(codeartifact, "put", kind, policyDocument=policy(allow("codeartifact:*", **EVERYBODY)), **where)
    call(codeartifact, "get", kind, **where)


def test_a_policy_does_not_give_the_right_to_put_policies(
    codeartifact: "CodeArtifactClient", domain: str, lib: str, as_user: "Callable[..., CodeArtifactClient]"
) -> None:
    assert lib
    document = policy(allow("codeartifact:*", **EVERYBODY))
    call(codeartifact, "put", "domain", domain=domain, policyDocument=document)
    call(codeartifact, "put", "repository", domain=domain, repository="lib", policyDocument=document)
    nobody, stranger = as_user(), as_user(allow("*"), account=OTHER)
    for client, wording in ((nobody, "no identity-based"), (stranger, "no resource-based")):
        call(client, "get", "domain", domain=domain, domainOwner=ACCOUNT)
        with pytest.raises(client.exceptions.AccessDeniedException, match=wording):
            call(client, "put", "domain", domain=domain, domainOwner=ACCOUNT, policyDocument=document)
        with pytest.raises(client.exceptions.AccessDeniedException, match=wording):
            call(
                client,
                "put",
                "repository",
                domain=domain,
                domainOwner=ACCOUNT,
                repository="lib",
                policyDocument=document,
            )


# ------------------------------------------------------------------------------------------ the decisions


def test_a_new_user_may_do_nothing(domain: str, lib: str, as_user: "Callable[..., CodeArtifactClient]") -> None:
    client = as_user()
    with pytest.raises(client.exceptions.AccessDeniedException) as caught:
        client.describe_repository(domain=domain, repository="lib")
    assert message(caught.value).endswith(
        f"is not authorized to perform: codeartifact:DescribeRepository on resource: {lib} because no identity-based "
        "policy allows the codeartifact:DescribeRepository action"
    )
    assert told(caught.value) == {"code": "AccessDeniedException", "status": 403}
    with pytest.raises(client.exceptions.AccessDeniedException, match="resource: \\* because"):
        client.list_domains()


def test_a_users_policy_says_what_it_may_do(
    domain: str, lib: str, as_user: "Callable[..., CodeArtifactClient]"
) -> None:
    client = as_user(
        allow("codeartifact:Describe*", "codeartifact:List*", resource=[lib, "*"]), deny("codeartifact:DescribeDomain")
    )
    client.describe_repository(domain=domain, repository="lib")
    client.list_domains()
    with pytest.raises(client.exceptions.AccessDeniedException, match="with an explicit deny in an identity-based"):
        client.describe_domain(domain=domain)


def test_either_policy_is_enough_in_one_account(
    codeartifact: "CodeArtifactClient", people: People, live_server: LiveServer, domain: str, lib: str
) -> None:
    assert lib
    key = people.user()
    client = live_server.codeartifact(key_id=key.id, secret=key.secret)
    document = policy(allow("codeartifact:DescribeRepository", Principal={"AWS": key.principal.arn}))
    call(codeartifact, "put", "repository", domain=domain, repository="lib", policyDocument=document)
    client.describe_repository(domain=domain, repository="lib")
    document = policy(allow("codeartifact:DescribeDomain", Principal={"AWS": ACCOUNT}))
    call(codeartifact, "put", "domain", domain=domain, policyDocument=document)
    client.describe_domain(domain=domain)
    call(codeartifact, "delete", "repository", domain=domain, repository="lib")
    with pytest.raises(client.exceptions.AccessDeniedException):
        client.describe_repository(domain=domain, repository="lib")


def test_both_must_allow_between_accounts(
    codeartifact: "CodeArtifactClient", domain: str, lib: str, as_user: "Callable[..., CodeArtifactClient]"
) -> None:
    assert lib
    able, unable = as_user(allow("*"), account=OTHER), as_user(account=OTHER)
    where = {"domain": domain, "domainOwner": ACCOUNT, "repository": "lib"}
    with pytest.raises(able.exceptions.AccessDeniedException, match="no resource-based policy allows"):
        able.describe_repository(**where)
    document = policy(allow("codeartifact:DescribeRepository", Principal={"AWS": f"arn:aws:iam::{OTHER}:root"}))
    call(codeartifact, "put", "repository", domain=domain, repository="lib", policyDocument=document)
    able.describe_repository(**where)
    with pytest.raises(able.exceptions.AccessDeniedException, match="no identity-based policy allows"):
        unable.describe_repository(**where)
    with pytest.raises(able.exceptions.AccessDeniedException):
        able.delete_repository_permissions_policy(**where)


def test_repositories_are_made_through_the_domains_policy(
    codeartifact: "CodeArtifactClient", domain: str, lib: str, as_user: "Callable[..., CodeArtifactClient]"
) -> None:
    client = as_user(allow("codeartifact:*"), account=OTHER)
    where: Any = {"domain": domain, "domainOwner": ACCOUNT}
    with pytest.raises(client.exceptions.AccessDeniedException, match="no resource-based"):
        client.create_repository(**where, repository="theirs")
    domain_arn = f"arn:aws:codeartifact:{REGION}:{ACCOUNT}:domain/{domain}"
    document = policy(
        allow("codeartifact:CreateRepository", resource=domain_arn, Principal={"AWS": OTHER}),
    )
    call(codeartifact, "put", "domain", domain=domain, policyDocument=document)
    made = client.create_repository(**where, repository="theirs")["repository"]
    assert (made["administratorAccount"], made["domainOwner"]) == (OTHER, ACCOUNT)
    upstream: Any = [{"repositoryName": "lib"}]
    with pytest.raises(client.exceptions.AccessDeniedException, match="AssociateWithDownstreamRepository on resource"):
        client.create_repository(**where, repository="second", upstreams=upstream)
    document = policy(allow("codeartifact:AssociateWithDownstreamRepository", resource=lib, Principal={"AWS": OTHER}))
    call(codeartifact, "put", "repository", domain=domain, repository="lib", policyDocument=document)
    client.create_repository(**where, repository="second", upstreams=upstream)


def test_conditions_know_tags_and_who_asks(
    live_server: LiveServer, people: People, codeartifact: "CodeArtifactClient", domain: str
) -> None:
    codeartifact.create_repository(domain=domain, repository="red", tags=[{"key": "team", "value": "red"}])
    codeartifact.create_repository(domain=domain, repository="blue", tags=[{"key": "team", "value": "blue"}])
    key = people.user(
        policy(
            allow("codeartifact:DescribeRepository", Condition={"StringEquals": {"aws:ResourceTag/team": "red"}}),
            allow(
                "codeartifact:CreateRepository",
                Condition={
                    "StringEquals": {"aws:RequestTag/Team": "red"},
                    "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost"]},
                },
            ),
            allow(
                "codeartifact:ListDomains",
                Condition={
                    "ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"},
                    "StringEquals": {"aws:PrincipalAccount": ACCOUNT},
                    "StringLike": {"aws:PrincipalOrgID": "o-*"},
                    "DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"},
                    "IpAddress": {"aws:SourceIp": "127.0.0.0/8"},
                    "Null": {"sts:DurationSeconds": "true"},
                },
            ),
            allow("codeartifact:ListRepositories", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        )
    )
    client = live_server.codeartifact(key_id=key.id, secret=key.secret)
    denied = client.exceptions.AccessDeniedException
    client.describe_repository(domain=domain, repository="red")
    with pytest.raises(denied):
        client.describe_repository(domain=domain, repository="blue")
    client.list_domains()
    with pytest.raises(denied):
        client.list_repositories()
    red: Any = {"key": "team", "value": "red"}
    client.create_repository(domain=domain, repository="green", tags=[red])
    for number, tags in enumerate(([], [{"key": "team", "value": "blue"}], [red, {"key": "other", "value": ""}])):
        with pytest.raises(denied):
            client.create_repository(domain=domain, repository=f"other-{number}", tags=tags)


# ------------------------------------------------------------------------------------------ tokens


def test_a_token_needs_two_permissions(domain: str, as_user: "Callable[..., CodeArtifactClient]") -> None:
    for statements, action in (
        (TOKEN[:1], "sts:GetServiceBearerToken on resource: \\*"),
        (TOKEN[1:], "codeartifact:GetAuthorizationToken on resource: arn"),
    ):
        client = as_user(*statements)
        with pytest.raises(client.exceptions.AccessDeniedException, match=action):
            client.get_authorization_token(domain=domain)
    assert as_user(*TOKEN).get_authorization_token(domain=domain)["authorizationToken"]


def test_a_domains_policy_does_not_give_the_second_one(
    codeartifact: "CodeArtifactClient", domain: str, as_user: "Callable[..., CodeArtifactClient]"
) -> None:
    call(codeartifact, "put", "domain", domain=domain, policyDocument=policy(allow("*", **EVERYBODY)))
    client = as_user()
    with pytest.raises(client.exceptions.AccessDeniedException, match="sts:GetServiceBearerToken"):
        client.get_authorization_token(domain=domain)


def test_how_long_a_token_lasts_can_be_capped(domain: str, as_user: "Callable[..., CodeArtifactClient]") -> None:
    capped = allow("sts:GetServiceBearerToken", Condition={"NumericLessThanEquals": {"sts:DurationSeconds": 3600}})
    client = as_user(TOKEN[0], capped)
    client.get_authorization_token(domain=domain, durationSeconds=3600)
    longer: list[Any] = [{"durationSeconds": 3601}, {}]
    for more in longer:
        with pytest.raises(client.exceptions.AccessDeniedException):
            client.get_authorization_token(domain=domain, **more)


def token_of(client: "CodeArtifactClient", domain: str) -> str:
    return client.get_authorization_token(domain=domain, domainOwner=ACCOUNT)["authorizationToken"]


def test_a_policy_takes_back_a_token_that_is_out(
    live_server: LiveServer, people: People, codeartifact: "CodeArtifactClient", domain: str, lib: str
) -> None:
    key = people.user(policy(*TOKEN, allow("codeartifact:ReadFromRepository", resource=lib)))
    token = token_of(live_server.codeartifact(key_id=key.id, secret=key.secret), domain)
    assert get(live_server, domain, token) == 404
    refusing = policy(deny("codeartifact:ReadFromRepository", Principal={"AWS": key.principal.arn}))
    call(codeartifact, "put", "repository", domain=domain, repository="lib", policyDocument=refusing)
    assert get(live_server, domain, token) == 403
    call(codeartifact, "delete", "repository", domain=domain, repository="lib")
    assert get(live_server, domain, token) == 404
    name = key.principal.arn.rpartition("/")[2]
    people.identities.set_user_policy(name, policy=policy(*TOKEN))
    assert get(live_server, domain, token) == 403
    people.identities.set_user_policy(name, policy=EVERYTHING)
    assert get(live_server, domain, token) == 404
    people.identities.remove_user(name)
    assert get(live_server, domain, token) == 401
    people.identities.add_user(name, policy=EVERYTHING)
    assert get(live_server, domain, token) == 401


def test_publishing_is_allowed_by_package(
    live_server: LiveServer, codeartifact: "CodeArtifactClient", people: People, domain: str, lib: str
) -> None:
    packages = lib.replace(":repository/", ":package/")
    key = people.user(policy(*TOKEN, allow("codeartifact:PublishPackageVersion", resource=f"{packages}/pypi//acme-*")))
    token = token_of(live_server.codeartifact(key_id=key.id, secret=key.secret), domain)
    assert upload(live_server, domain, token, "acme-core") == 200
    assert upload(live_server, domain, token, "other") == 403
    assert get(live_server, domain, token, project="acme-core") == 403
    refusing = policy(deny("codeartifact:PublishPackageVersion", resource=f"{packages}/pypi//acme-x", **EVERYBODY))
    call(codeartifact, "put", "repository", domain=domain, repository="lib", policyDocument=refusing)
    assert upload(live_server, domain, token, "acme-x") == 403
    assert upload(live_server, domain, token, "acme-y") == 200


def test_the_data_plane_between_accounts(
    live_server: LiveServer, codeartifact: "CodeArtifactClient", domain: str, lib: str,
    as_user: "Callable[..., CodeArtifactClient]",
) -> None:  # fmt: skip
    assert lib
    client = as_user(allow("*"), account=OTHER)
    with pytest.raises(client.exceptions.AccessDeniedException):
        token_of(client, domain)
    theirs = {"Principal": {"AWS": OTHER}}
    granted = policy(allow("codeartifact:GetAuthorizationToken", **theirs))
    call(codeartifact, "put", "domain", domain=domain, policyDocument=granted)
    token = token_of(client, domain)
    assert get(live_server, domain, token) == 403
    document = policy(allow("codeartifact:ReadFromRepository", **theirs))
    call(codeartifact, "put", "repository", domain=domain, repository="lib", policyDocument=document)
    assert get(live_server, domain, token) == 404


def test_a_key_that_was_rotated_is_a_strangers(live_server: LiveServer, people: People) -> None:
    old = people.user(EVERYTHING)
    new: AccessKey = people.identities.rotate_user(old.principal.arn.rpartition("/")[2])
    live_server.codeartifact(key_id=new.id, secret=new.secret).list_domains()
    with pytest.raises(ClientError) as caught:
        live_server.codeartifact(key_id=old.id, secret=old.secret).list_domains()
    assert told(caught.value)["code"] == "UnrecognizedClientException"


def test_the_data_plane_knows_where_requests_come_from(
    live_server: LiveServer, people: People, domain: str, lib: str
) -> None:
    for network, status in (("127.0.0.0/8", 404), ("10.0.0.0/8", 403)):
        reading = allow("codeartifact:ReadFromRepository", Condition={"IpAddress": {"aws:SourceIp": network}})
        key = people.user(policy(*TOKEN, {**reading, "Resource": lib}))
        token = token_of(live_server.codeartifact(key_id=key.id, secret=key.secret), domain)
        assert get(live_server, domain, token) == status
