"""Sessions of roles through boto3: who gets one, what it may do, and when it ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from fake_clock import FakeClock
from live_server import ACCOUNT, REGION, LiveServer, admin_key_of, serve, told
from people import EVERYTHING, People, allow, deny, policy, trust
from pytest_httpserver import HTTPServer
from token_issuer import TokenIssuer

from inhouse_server.app import create_app
from inhouse_server.data_folder import open_data_folder
from inhouse_server.model import Role
from inhouse_server.settings import ServerSettings

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER = "444455556666"
ADMIN = f"arn:aws:iam::{ACCOUNT}:user/admin"


@pytest.fixture
def people(live_server: LiveServer) -> People:
    return People(live_server)


def assume(server: LiveServer, role: Role | str, *, name: str = "build-7", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's
    arn = role if isinstance(role, str) else role.arn
    return dict(server.sts().assume_role(RoleArn=arn, RoleSessionName=name, **more))


def keys(answer: dict[str, Any]) -> dict[str, Any]:
    given = answer["Credentials"]
    return {
        "key_id": given["AccessKeyId"],
        "secret": given["SecretAccessKey"],
        "session_token": given["SessionToken"],
    }


def message(error: ClientError) -> str:
    return str(error.response["Error"]["Message"])


def test_a_session_is_somebody(live_server: LiveServer, people: People, domain: str) -> None:
    role = people.role(trust({"AWS": ADMIN}), policy(allow("codeartifact:*")))
    answer = assume(live_server, role)
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.name}/build-7"
    assert answer["AssumedRoleUser"] == {"Arn": arn, "AssumedRoleId": f"{role.role_id}:build-7"}
    left = answer["Credentials"]["Expiration"] - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    who = live_server.sts(**keys(answer)).get_caller_identity()
    assert (who["Arn"], who["Account"], who["UserId"]) == (arn, ACCOUNT, f"{role.role_id}:build-7")
    client = live_server.codeartifact(**keys(answer))
    client.describe_domain(domain=domain)
    token = client.get_authorization_token
    with pytest.raises(client.exceptions.AccessDeniedException) as caught:
        token(domain=domain)
    assert message(caught.value).startswith(f"User: {arn} is not authorized to perform: sts:GetServiceBearerToken on")


def test_a_role_without_a_policy_may_do_nothing(live_server: LiveServer, people: People) -> None:
    client = live_server.codeartifact(**keys(assume(live_server, people.role(trust({"AWS": ADMIN})))))
    with pytest.raises(client.exceptions.AccessDeniedException, match="no identity-based policy"):
        client.list_domains()


@pytest.mark.parametrize(
    ("principal", "wording"),
    [
        ({"AWS": OTHER}, "because no resource-based policy allows the sts:AssumeRole action"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/other"}, "because no resource-based policy allows"),
    ],
)
def test_a_role_must_trust(live_server: LiveServer, people: People, principal: object, wording: str) -> None:
    role = people.role(trust(principal), EVERYTHING)
    with pytest.raises(ClientError, match=wording) as caught:
        assume(live_server, role)
    assert told(caught.value) == {"code": "AccessDenied", "status": 403}
    assert f"sts:AssumeRole on resource: {role.arn} " in message(caught.value)


def test_a_role_that_is_not_there(live_server: LiveServer) -> None:
    with pytest.raises(ClientError, match="is not authorized to perform: sts:AssumeRole") as caught:
        assume(live_server, f"arn:aws:iam::{ACCOUNT}:role/missing")
    assert told(caught.value)["code"] == "AccessDenied"


def test_whom_an_account_lets_assume(live_server: LiveServer, people: People) -> None:
    role = people.role(trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    nobody, able = people.user(), people.user(policy(allow("sts:AssumeRole", resource=role.arn)))
    asked: Any = {"RoleArn": role.arn, "RoleSessionName": "ss"}
    live_server.sts(key_id=able.id, secret=able.secret).assume_role(**asked)
    with pytest.raises(ClientError, match="no identity-based policy"):
        live_server.sts(key_id=nobody.id, secret=nobody.secret).assume_role(**asked)


def test_a_role_of_another_account(live_server: LiveServer, people: People) -> None:
    role = people.role(trust({"AWS": ACCOUNT}), policy(allow("codeartifact:ListDomains")), account=OTHER)
    answer = assume(live_server, role)
    assert live_server.sts(**keys(answer)).get_caller_identity()["Account"] == OTHER
    assert live_server.codeartifact(**keys(answer)).list_domains()["domains"] == []


def test_a_third_party_says_what_it_was_told(live_server: LiveServer, people: People) -> None:
    role = people.role(trust({"AWS": ADMIN}, Condition={"StringEquals": {"sts:ExternalId": "abc"}}))
    assume(live_server, role, ExternalId="abc")
    others: list[dict[str, Any]] = [{}, {"ExternalId": "abd"}]
    for more in others:
        with pytest.raises(ClientError, match="AccessDenied"):
            assume(live_server, role, **more)


def test_a_session_can_be_narrowed(live_server: LiveServer, people: People, domain: str) -> None:
    role = people.role(trust({"AWS": ADMIN}), EVERYTHING)
    narrow = policy(
        allow("codeartifact:*", "sts:GetServiceBearerToken"),
        deny("codeartifact:DescribeDomain"),
    )
    client = live_server.codeartifact(**keys(assume(live_server, role, Policy=narrow)))
    client.list_domains()
    with pytest.raises(client.exceptions.AccessDeniedException, match="with an explicit deny in a session policy"):
        client.describe_domain(domain=domain)
    client.create_repository(domain=domain, repository="lib")
    token = client.get_authorization_token(domain=domain)["authorizationToken"]
    assert page(live_server, domain, token) == 404
    blind = policy(allow("codeartifact:GetAuthorizationToken", "sts:*"))
    answer = assume(live_server, role, Policy=blind)
    client = live_server.codeartifact(**keys(answer))
    with pytest.raises(client.exceptions.AccessDeniedException, match="no session policy allows"):
        client.list_domains()
    token = client.get_authorization_token(domain=domain)["authorizationToken"]
    assert page(live_server, domain, token) == 403
    widen: Any = {"RoleArn": role.arn, "RoleSessionName": "ss"}
    without = assume(live_server, role, Policy=policy(allow("codeartifact:*")))
    with pytest.raises(ClientError, match="AccessDenied"):
        live_server.sts(**keys(without)).assume_role(**widen)


def page(server: LiveServer, domain: str, token: str) -> int:
    url = f"{server.url}/pypi/d/{domain}-{ACCOUNT}/lib/simple/acme/"
    return int(urllib3.request("GET", url, headers={"Authorization": f"Bearer {token}"}, retries=False).status)


def test_sessions_end_with_their_role(live_server: LiveServer, people: People, domain: str) -> None:
    live_server.codeartifact().create_repository(domain=domain, repository="lib")
    role = people.role(trust({"AWS": ADMIN}), EVERYTHING)
    first = keys(assume(live_server, role))
    token = live_server.codeartifact(**first).get_authorization_token(domain=domain)["authorizationToken"]
    assert page(live_server, domain, token) == 404
    people.identities.rotate_role(role.name)
    assert page(live_server, domain, token) == 401
    with pytest.raises(ClientError) as caught:
        live_server.codeartifact(**first).list_domains()
    assert told(caught.value)["code"] == "UnrecognizedClientException"
    second = keys(assume(live_server, role))
    live_server.codeartifact(**second).list_domains()
    people.identities.set_role_policies(role.name, policy=policy(deny("*")))
    with pytest.raises(ClientError, match="explicit deny in an identity-based policy"):
        live_server.codeartifact(**second).list_domains()
    people.identities.remove_role(role.name)
    with pytest.raises(ClientError) as caught:
        live_server.sts(**second).get_caller_identity()
    assert told(caught.value) == {"code": "InvalidClientTokenId", "status": 403}


def test_a_role_that_assumes_a_role(live_server: LiveServer, people: People) -> None:
    first = people.role(trust({"AWS": ADMIN}), EVERYTHING)
    second = people.role(trust({"AWS": first.arn}), longest=7200)
    client = live_server.sts(**keys(assume(live_server, first)))
    client.assume_role(RoleArn=second.arn, RoleSessionName="ss", DurationSeconds=3600)
    with pytest.raises(ClientError, match="exceeds") as caught:
        client.assume_role(RoleArn=second.arn, RoleSessionName="ss", DurationSeconds=3601)
    assert told(caught.value) == {"code": "ValidationError", "status": 400}


def test_how_long_a_session_lasts(live_server: LiveServer, people: People) -> None:
    role = people.role(trust({"AWS": ADMIN}), longest=7200)
    answer = assume(live_server, role, DurationSeconds=7200)
    assert answer["Credentials"]["Expiration"] - datetime.now(UTC) > timedelta(minutes=119)
    with pytest.raises(ClientError, match="exceeds the 7200 seconds"):
        assume(live_server, role, DurationSeconds=7201)
    for seconds in (899, 43_201):
        with pytest.raises(ClientError, match="DurationSeconds"):
            unchecked(live_server).assume_role(RoleArn=role.arn, RoleSessionName="ss", DurationSeconds=seconds)


def unchecked(server: LiveServer) -> Any:  # noqa: ANN401 - a client that sends what botocore would not
    return boto3.client(
        "sts",
        endpoint_url=server.url,
        region_name=REGION,
        aws_access_key_id=server.key.id,
        aws_secret_access_key=server.key.secret,
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )


@pytest.mark.parametrize(
    ("changes", "code", "wording"),
    [
        ({"RoleSessionName": "s"}, "ValidationError", "RoleSessionName"),
        ({"RoleSessionName": "a b"}, "ValidationError", "RoleSessionName"),
        ({"RoleSessionName": "ää"}, "ValidationError", "ASCII"),
        ({"RoleArn": "short"}, "ValidationError", "RoleArn"),
        ({"RoleArn": None}, "ValidationError", "'RoleArn' failed to satisfy constraint: Member must not be null"),
        ({"DurationSeconds": "soon"}, "ValidationError", "DurationSeconds"),
        ({"Policy": "{}"}, "MalformedPolicyDocument", "session policy"),
        ({"Policy": EVERYTHING.ljust(2049)}, "ValidationError", "2048"),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, "ValidationError", "does not offer Tags"),
        ({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}, "ValidationError", "offer PolicyArns"),
    ],
)
def test_what_cannot_be_asked_for(
    live_server: LiveServer, people: People, changes: dict[str, Any], code: str, wording: str
) -> None:
    role = people.role(trust({"AWS": ADMIN}))
    asked = {"RoleArn": role.arn, "RoleSessionName": "ss", **changes}
    with pytest.raises(ClientError, match=wording) as caught:
        unchecked(live_server).assume_role(**{name: value for name, value in asked.items() if value is not None})
    assert told(caught.value) == {"code": code, "status": 400}


def test_credentials_belong_together(live_server: LiveServer, people: People) -> None:
    role = people.role(trust({"AWS": ADMIN}), EVERYTHING)
    one, two = keys(assume(live_server, role)), keys(assume(live_server, role))
    admin = {"key_id": live_server.key.id, "secret": live_server.key.secret}
    wrong: list[dict[str, Any]] = [
        {**one, "session_token": two["session_token"]},
        {**one, "session_token": one["session_token"] + "x"},
        {**one, "session_token": one["session_token"].replace(".", "x")},
        {**one, "session_token": "x" * 9000},
        {**one, "session_token": None},
        {**admin, "session_token": one["session_token"]},
    ]
    for each in wrong:
        with pytest.raises(ClientError) as caught:
            live_server.codeartifact(**each).list_domains()
        assert told(caught.value) == {"code": "UnrecognizedClientException", "status": 403}
    with pytest.raises(ClientError) as caught:
        live_server.codeartifact(**{**one, "secret": two["secret"]}).list_domains()
    assert told(caught.value)["code"] == "InvalidSignatureException"


def test_a_session_token_is_no_authorization_token(live_server: LiveServer, people: People, domain: str) -> None:
    token = keys(assume(live_server, people.role(trust({"AWS": ADMIN}), EVERYTHING)))["session_token"]
    assert page(live_server, domain, token) == 401


def test_sessions_and_what_hangs_on_them_end(tmp_path: Path) -> None:
    clock = FakeClock()
    clock.now = datetime.now(UTC)
    settings = ServerSettings(data_dir=tmp_path / "data", public_pypi=str(tmp_path))
    with (
        open_data_folder(settings.data_dir, account=ACCOUNT, clock=clock) as folder,
        serve(create_app(settings, folder, clock=clock)) as url,
    ):
        server = LiveServer(url, folder, admin_key_of(folder))
        server.codeartifact().create_domain(domain="dd")
        server.codeartifact().create_repository(domain="dd", repository="lib")
        role = People(server).role(trust({"AWS": ADMIN}), EVERYTHING)
        answer = assume(server, role, DurationSeconds=900)
        client = server.codeartifact(**keys(answer))
        bound = client.get_authorization_token(domain="dd", durationSeconds=0)
        assert bound["expiration"] == answer["Credentials"]["Expiration"]
        free = client.get_authorization_token(domain="dd", durationSeconds=1000)
        clock.advance(seconds=280)
        assert server.sts(**keys(answer)).get_caller_identity()["Account"] == ACCOUNT
        late = client.get_authorization_token(domain="dd", durationSeconds=0)
        assert late["expiration"] == bound["expiration"]
        clock.advance(seconds=620)
        assert page(server, "dd", bound["authorizationToken"]) == 401
        assert page(server, "dd", late["authorizationToken"]) == 401
        assert page(server, "dd", free["authorizationToken"]) == 404
        later = signed_at(clock, keys(answer))
        for service, path, code in (
            ("codeartifact", "/v1/domains", "ExpiredTokenException"),
            ("sts", "/", "<Code>ExpiredToken</Code>"),
        ):
            told_so = later(url, service, path)
            assert (told_so.status, code in f"{told_so.headers}{told_so.data!r}") == (403, True)
        clock.advance(seconds=200)
        assert page(server, "dd", free["authorizationToken"]) == 401


def signed_at(clock: FakeClock, credentials: dict[str, Any]) -> "Callable[[str, str, str], urllib3.BaseHTTPResponse]":
    """Return a function that sends a request signed with session credentials; when, does not matter once they ended."""
    assert clock.now > datetime.now(UTC)

    def send(url: str, service: str, path: str) -> urllib3.BaseHTTPResponse:
        body = b"" if service == "codeartifact" else b"Action=GetCallerIdentity&Version=2011-06-15"
        request = AWSRequest(method="POST", url=url + path, data=body)
        given = Credentials(credentials["key_id"], credentials["secret"], credentials["session_token"])
        SigV4Auth(given, service, REGION).add_auth(request)
        return urllib3.request("POST", url + path, body=body, headers=dict(request.headers.items()), retries=False)

    return send


def test_who_was_given_credentials_is_written_down(live_server: LiveServer, people: People) -> None:
    role = people.role(trust({"AWS": OTHER}))
    with pytest.raises(ClientError):
        assume(live_server, role)
    people.identities.set_role_policies(role.name, trust=trust({"AWS": ADMIN}))
    credentials = assume(live_server, role)["Credentials"]
    text = "".join(path.read_text() for path in live_server.folder.audit.iterdir())
    lines = [line for line in text.splitlines() if role.arn in line]
    assert [('"outcome": "AccessDenied"' in line, ADMIN in line) for line in lines] == [(True, True), (False, True)]
    assert '"action": "sts:AssumeRole"' in lines[1]
    assert credentials["SecretAccessKey"] not in text
    assert credentials["SessionToken"] not in text


# ------------------------------------------------------------------------------------------ web identities


@pytest.fixture
def issuer(httpserver: HTTPServer) -> TokenIssuer:
    return TokenIssuer(httpserver)


@pytest.fixture
def ci(people: People, issuer: TokenIssuer) -> Role:
    """A role for jobs of one branch."""
    for known in people.identities.list_providers():
        people.identities.remove_provider(known.url)
    provider = people.identities.add_provider(issuer.url, ["sts.amazonaws.com", "other"])
    wanted = {
        f"{issuer.place}:aud": "sts.amazonaws.com",
        f"{issuer.place}:iss": issuer.url,
        f"{issuer.place}:sub": "repo:acme/lib:ref:refs/heads/main",
    }
    document = trust({"Federated": provider.arn}, "sts:AssumeRoleWithWebIdentity", Condition={"StringEquals": wanted})
    return people.role(document, EVERYTHING)


def enter(server: LiveServer, role: Role, token: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's
    client = server.sts(key_id="none", secret="none")
    return dict(
        client.assume_role_with_web_identity(RoleArn=role.arn, RoleSessionName="job-1", WebIdentityToken=token, **more)
    )


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_job_assumes_its_role(live_server: LiveServer, ci: Role, issuer: TokenIssuer, algorithm: str) -> None:
    answer = enter(live_server, ci, issuer.token(algorithm=algorithm))
    assert answer["SubjectFromWebIdentityToken"] == "repo:acme/lib:ref:refs/heads/main"
    assert answer["Audience"] == "sts.amazonaws.com"
    assert answer["Provider"] == f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer.place}"
    live_server.codeartifact(**keys(answer)).list_domains()
    who = live_server.sts(**keys(answer)).get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{ci.name}/job-1"


def test_a_job_is_narrowed_as_any_session(live_server: LiveServer, ci: Role, issuer: TokenIssuer) -> None:
    narrow = policy(allow("codeartifact:DescribeDomain"))
    client = live_server.codeartifact(**keys(enter(live_server, ci, issuer.token(), Policy=narrow)))
    with pytest.raises(ClientError, match="no session policy"):
        client.list_domains()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sub": "repo:acme/lib:pull_request"}, ("AccessDenied", 403)),
        ({"aud": "other"}, ("AccessDenied", 403)),
        ({"aud": "elsewhere"}, ("InvalidIdentityToken", 400)),
        ({"iss": "https://elsewhere.example"}, ("InvalidIdentityToken", 400)),
        ({"exp": 1_700_000_000}, ("ExpiredTokenException", 400)),
        ({"kid": "unknown"}, ("InvalidIdentityToken", 400)),
    ],
)
def test_a_job_that_is_not_trusted(
    live_server: LiveServer, ci: Role, issuer: TokenIssuer, changes: dict[str, Any], expected: tuple[str, int]
) -> None:
    with pytest.raises(ClientError) as caught:
        enter(live_server, ci, issuer.token(**changes))
    assert told(caught.value) == {"code": expected[0], "status": expected[1]}


def test_a_role_that_trusts_no_job(live_server: LiveServer, people: People, ci: Role, issuer: TokenIssuer) -> None:
    assert ci.policy
    for role in (people.role(trust({"AWS": ADMIN})), people.role(trust({"AWS": "*"}, "sts:*"))):
        with pytest.raises(ClientError, match="Not authorized to perform sts:AssumeRoleWithWebIdentity"):
            enter(live_server, role, issuer.token())
    people.identities.remove_role(role.name)
    with pytest.raises(ClientError, match="Not authorized to perform sts:AssumeRoleWithWebIdentity"):
        enter(live_server, role, issuer.token())


def test_no_token_no_role(live_server: LiveServer, ci: Role) -> None:
    with pytest.raises(ClientError) as caught:
        enter(live_server, ci, "nonsense")
    assert told(caught.value) == {"code": "InvalidIdentityToken", "status": 400}
    answer = urllib3.request(
        "POST", live_server.url + "/", body=f"Action=AssumeRoleWithWebIdentity&RoleArn={ci.arn}", retries=False
    )
    assert (answer.status, b"<Code>ValidationError</Code>" in answer.data) == (400, True)
    assert b"WebIdentityToken" in answer.data


def test_boto3_finds_its_way_in_a_job_by_itself(
    live_server: LiveServer, ci: Role, issuer: TokenIssuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what CI services set, and nothing else: no key is anywhere."""
    (tmp_path / "token").write_text(issuer.token())
    variables = {
        "AWS_ROLE_ARN": ci.arn,
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"),
        "AWS_ENDPOINT_URL_STS": live_server.url,
        "AWS_ENDPOINT_URL_CODEARTIFACT": live_server.url,
        "AWS_DEFAULT_REGION": REGION,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    session = boto3.Session()
    session.client("codeartifact").list_domains()
    assert f":assumed-role/{ci.name}/" in session.client("sts").get_caller_identity()["Arn"]


@pytest.mark.parametrize("form", [b"Action=&x=1", b"Action=%ff", b"Action=AssumeRole", b"Action=Dance"])
def test_strangers_learn_only_that_they_are(live_server: LiveServer, form: bytes) -> None:
    answer = urllib3.request("POST", live_server.url + "/", body=form, retries=False)
    assert (answer.status, b"<Code>MissingAuthenticationToken</Code>" in answer.data) == (403, True)
