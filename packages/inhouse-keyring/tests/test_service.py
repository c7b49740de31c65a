"""What is asked of AWS, and what becomes of its answers."""

import pytest
from pytest_httpserver import HTTPServer
from token_service import TokenService, asking, keys, refused
from werkzeug import Request, Response

from inhouse_keyring.credentials import Keys
from inhouse_keyring.errors import (
    AccessDeniedError,
    CredentialsMissingError,
    CredentialsRefusedError,
    NotFoundError,
    ServiceError,
    TokenError,
    UnreachableError,
)
from inhouse_keyring.service import authorization_token, role_keys

ALICE = Keys("AKIAALICE", "made-up")
ROLE = {"role_arn": "arn:aws:iam::111122223333:role/pipeline", "role_session_name": "job", "token": "an-identity"}
ANSWER = """\
<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult><Credentials>
    <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>a&amp;b</SecretAccessKey><SessionToken>c</SessionToken>
  </Credentials></AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>
"""


def test_a_token_has_its_own_end(service: TokenService, environment: dict[str, str]) -> None:
    wanted, surroundings = asking({**environment, "INHOUSE_TOKEN_SECONDS": "900"})
    token = authorization_token(wanted, ALICE, surroundings)
    assert token.value == "token-1-of-AKIAALICE"
    assert token.expires_at - token.created_at == pytest.approx(900, abs=5)
    assert service.queries == [{"domain": "acme", "domain-owner": "111122223333", "duration": "900"}]


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("AccessDeniedException", AccessDeniedError, "codeartifact:GetAuthorizationToken"),
        ("ResourceNotFoundException", NotFoundError, "list-domains"),
        ("ExpiredTokenException", CredentialsRefusedError, "AWS_PROFILE"),
        ("UnrecognizedClientException", CredentialsRefusedError, "AWS_PROFILE"),
        ("InvalidSignatureException", CredentialsRefusedError, "AWS_PROFILE"),
        ("ThrottlingException", ServiceError, "try again"),
        ("ValidationException", ServiceError, "API reference"),
    ],
)
def test_an_answer_is_known_by_its_code_whatever_it_says(
    service: TokenService, environment: dict[str, str], code: str, kind: type[TokenError], words: str
) -> None:
    service.answers = [refused(code, said="it does not exist") for _ in range(2)]
    with pytest.raises(TokenError) as caught:
        authorization_token(asking(environment)[0], ALICE, asking(environment)[1])
    assert type(caught.value) is kind
    assert words in caught.value.hint
    assert "it does not exist" in caught.value.message


TOKEN, BEARER = "codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken"


@pytest.mark.parametrize(
    ("said", "asked_for"),
    [
        (f"User: x is not authorized to perform: {BEARER} on resource: *", {BEARER}),
        (f"User: x is not authorized to perform: {TOKEN} on resource: y because z", {TOKEN}),
        ("User: x is not authorized to perform: codeartifact:Other on resource: y", {TOKEN, BEARER}),
        ("no", {TOKEN, BEARER}),
    ],
)
def test_the_one_permission_that_is_missing_is_asked_for(
    service: TokenService, environment: dict[str, str], said: str, asked_for: set[str]
) -> None:
    service.answers = [refused("AccessDeniedException", said=said)]
    with pytest.raises(AccessDeniedError) as caught:
        authorization_token(asking(environment)[0], ALICE, asking(environment)[1])
    assert {each for each in (TOKEN, BEARER) if each in caught.value.hint} == asked_for
    assert caught.value.permission in {"", "codeartifact:Other", *asked_for}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"__type": "com.example#AccessDeniedException", "Message": "no"}', "not allowed: no"),
        ('{"code": "AccessDeniedException"}', "not allowed: it gives no reason"),
        ("<html>", "HTTP 400: it gives no reason"),
        ("[]", "HTTP 400"),
    ],
)
def test_a_code_may_be_in_the_body(service: TokenService, environment: dict[str, str], body: str, said: str) -> None:
    service.answers = [Response(body, 400)]
    wanted, surroundings = asking(environment)
    with pytest.raises(TokenError, match=said):
        authorization_token(wanted, ALICE, surroundings)


@pytest.mark.parametrize(
    "body", ["{}", "<html>", '{"authorizationToken": "", "expiration": 1}', '{"authorizationToken": "x"}']
)
def test_something_else_than_a_token_is_none(service: TokenService, environment: dict[str, str], body: str) -> None:
    service.answers = [Response(body, 200)]
    wanted, surroundings = asking(environment)
    with pytest.raises(ServiceError, match="something else than a token"):
        authorization_token(wanted, ALICE, surroundings)


@pytest.fixture
def sts(httpserver: HTTPServer) -> list[dict[str, str]]:
    asked: list[dict[str, str]] = []

    def answer(request: Request) -> Response:
        asked.append(dict(request.form))
        assert ("Authorization" in request.headers) == (request.form["Action"] == "AssumeRole")
        return Response(ANSWER)

    httpserver.expect_request("/", method="POST").respond_with_handler(answer)
    return asked


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"])
def test_a_role_is_assumed_with_the_token_of_a_pipeline(
    sts: list[dict[str, str]], httpserver: HTTPServer, environment: dict[str, str], name: str
) -> None:
    wanted, surroundings = asking({**environment, name: httpserver.url_for("")})
    found = role_keys(dict(ROLE), None, wanted, surroundings)
    assert (found.access_key, found.secret, found.session_token) == ("ASIAROLE", "a&b", "c")
    assert sts == [
        {
            "Action": "AssumeRoleWithWebIdentity",
            "Version": "2011-06-15",
            "RoleArn": ROLE["role_arn"],
            "RoleSessionName": "job",
            "WebIdentityToken": "an-identity",
        }
    ]


def test_a_role_is_assumed_with_the_keys_of_another_one(
    sts: list[dict[str, str]], httpserver: HTTPServer, environment: dict[str, str]
) -> None:
    wanted, surroundings = asking({**environment, "AWS_ENDPOINT_URL_STS": httpserver.url_for("")})
    profile = {"role_arn": ROLE["role_arn"], "role_session_name": "job", "external_id": "x", "duration_seconds": "900"}
    assert role_keys({**profile}, ALICE, wanted, surroundings).access_key == "ASIAROLE"
    assert sts == [
        {
            "Action": "AssumeRole",
            "Version": "2011-06-15",
            "RoleArn": ROLE["role_arn"],
            "RoleSessionName": "job",
            "ExternalId": "x",
            "DurationSeconds": "900",
        }
    ]
    assert "Credential=AKIAALICE/" in httpserver.log[0][0].headers["Authorization"]
    assert "/us-east-1/sts/aws4_request" in httpserver.log[0][0].headers["Authorization"]


def test_a_session_without_a_name_gets_one(
    sts: list[dict[str, str]], httpserver: HTTPServer, environment: dict[str, str]
) -> None:
    wanted, surroundings = asking({**environment, "AWS_ENDPOINT_URL_STS": httpserver.url_for("")})
    role_keys({**ROLE, "role_session_name": ""}, None, wanted, surroundings)
    assert sts[0]["RoleSessionName"].startswith("inhouse-")


@pytest.mark.parametrize(
    ("keys", "code", "kind", "words"),
    [
        (None, "ExpiredTokenException", CredentialsRefusedError, "new one for each job"),
        (None, "InvalidIdentityToken", CredentialsRefusedError, "audience"),
        (None, "AccessDenied", AccessDeniedError, "audience of the identity token"),
        (None, "ValidationError", CredentialsMissingError, "AWS_ROLE_ARN"),
        (ALICE, "ExpiredToken", CredentialsRefusedError, "aws sso login"),
        (ALICE, "AccessDenied", AccessDeniedError, "who assumes it"),
        (ALICE, "ValidationError", CredentialsMissingError, "look at the profile"),
    ],
)
def test_a_role_that_is_not_given_says_why(
    httpserver: HTTPServer,
    environment: dict[str, str],
    *,
    keys: Keys | None,
    code: str,
    kind: type[TokenError],
    words: str,
) -> None:
    body = f"<Error><Code>{code}</Code><Message>the &lt;service&gt; says no</Message></Error>"
    httpserver.expect_request("/", method="POST").respond_with_data(body, 400)
    wanted, surroundings = asking({**environment, "AWS_ENDPOINT_URL_STS": httpserver.url_for("")})
    with pytest.raises(kind, match="the <service> says no") as caught:
        role_keys(dict(ROLE), keys, wanted, surroundings)
    assert words in caught.value.hint


def test_something_else_than_keys_is_none(httpserver: HTTPServer, environment: dict[str, str]) -> None:
    httpserver.expect_request("/", method="POST").respond_with_data("<html>")
    wanted, surroundings = asking({**environment, "AWS_ENDPOINT_URL_STS": httpserver.url_for("")})
    with pytest.raises(ServiceError, match="something else than keys"):
        role_keys(dict(ROLE), None, wanted, surroundings)


def test_the_service_for_roles_is_that_of_the_region(environment: dict[str, str]) -> None:
    proxied = {**environment, "https_proxy": "http://127.0.0.1:9", **keys("AKIAALICE")}
    wanted, surroundings = asking(proxied)
    with pytest.raises(UnreachableError, match=r"https://sts\.us-east-1\.amazonaws\.com"):
        role_keys(dict(ROLE), None, wanted, surroundings)


@pytest.mark.parametrize(
    "answer",
    [
        f'{{"authorizationToken": "x", "expiration": 1{"0" * 400}}}',
        '{"authorizationToken": "x", "expiration": NaN}',
        '{"authorizationToken": "x", "expiration": Infinity}',
        '{"authorizationToken": "x", "expiration": true}',
        '{"authorizationToken": "x", "expiration": -5}',
        '{"authorizationToken": "x", "expiration": 1}',
        '{"authorizationToken": "two\\nlines", "expiration": 99999999999}',
        '{"authorizationToken": "an escape \\u001b[2J", "expiration": 99999999999}',
        '{"authorizationToken": "", "expiration": 99999999999}',
        "[" * 200_000,
    ],
    ids=["endless", "nan", "inf", "true", "negative", "past", "lines", "escape", "empty", "nested"],
)
def test_what_is_no_token_is_not_taken_for_one(service: TokenService, environment: dict[str, str], answer: str) -> None:
    service.answers = [Response(answer)]
    with pytest.raises(ServiceError):
        authorization_token(asking(environment)[0], ALICE, asking(environment)[1])


def test_what_a_service_says_cannot_write_on_a_terminal(service: TokenService, environment: dict[str, str]) -> None:
    service.answers = [refused("AccessDeniedException", said="no\x1b[2J\nhint: do as I say")]
    with pytest.raises(AccessDeniedError) as caught:
        authorization_token(asking(environment)[0], ALICE, asking(environment)[1])
    assert caught.value.message.isprintable()
