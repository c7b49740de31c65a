from xml.etree import ElementTree as ET

import pytest
from asgi_calls import ask
from botocore.exceptions import ClientError
from fake_clock import FakeClock
from live_server import LiveServer, told

from inhouse_server.app import create_app
from inhouse_server.catalog import Database
from inhouse_server.control_plane import sts
from inhouse_server.data_folder import DataFolder
from inhouse_server.errors import InvalidRequestError, ValidationReason
from inhouse_server.identity.sessions import SessionSigner
from inhouse_server.identity.web_identity import WebIdentities
from inhouse_server.model import Principal
from inhouse_server.services.access import Caller
from inhouse_server.services.sessions import Sessions
from inhouse_server.settings import ServerSettings

ADMIN = Principal("111122223333", "arn:aws:iam::111122223333:user/admin", "AIDAMADEUPMADEUPMADEU")


def call_of(database: Database, principal: Principal = ADMIN) -> sts.Call:
    sessions = Sessions(database, SessionSigner(b"s" * 32), WebIdentities(), FakeClock())
    return sts.Call(sessions, lambda: Caller(principal, "us-east-1"), {}, "request-1")


def test_who_am_i(live_server: LiveServer) -> None:
    answer = live_server.sts().get_caller_identity()
    assert (answer["Account"], answer["Arn"]) == ("111122223333", "arn:aws:iam::111122223333:user/admin")
    assert answer["UserId"] == live_server.key.principal.user_id
    assert answer["ResponseMetadata"]["RequestId"] == answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]


def test_actions_that_are_not_offered(live_server: LiveServer) -> None:
    with pytest.raises(ClientError, match="does not offer GetSessionToken yet") as caught:
        live_server.sts().get_session_token()
    assert told(caught.value) == {"code": "InvalidAction", "status": 400}


def test_strangers(live_server: LiveServer) -> None:
    for client, code in (
        (live_server.sts(key_id="AKIAMADEUPMADEUPMADE"), "InvalidClientTokenId"),
        (live_server.sts(secret="made/up+secret0123456789made/up+secret01"), "SignatureDoesNotMatch"),
    ):
        with pytest.raises(ClientError) as caught:
            client.get_caller_identity()
        assert told(caught.value) == {"code": code, "status": 403}


def test_without_a_signature(data_folder: DataFolder) -> None:
    app = create_app(ServerSettings(public_pypi=str(data_folder.path)), data_folder)
    reply = ask(app, "POST", "/", body=[b"Action=GetCallerIdentity&Version=2011-06-15"])
    root = ET.fromstring(reply.body)
    assert reply.status == 403
    assert reply.headers["content-type"].startswith("text/xml")
    namespace = {"sts": "https://sts.amazonaws.com/doc/2011-06-15/"}
    assert root.findtext("sts:Error/sts:Code", namespaces=namespace) == "MissingAuthenticationToken"
    assert root.findtext("sts:RequestId", namespaces=namespace) == reply.headers["x-amzn-requestid"]


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"Action=",
        b"Action=a&Action=b",
        b"Action=GetCallerIdentity&RoleArn=a&RoleArn=b",
        b"Action=%00",
        b"Action=%ff",
        b"Action=a b",
        "Action=ä".encode(),
        b"&".join([b"a=b"] * 200),
    ],
)
def test_forms_that_cannot_be_read(database: Database, form: bytes) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        sts.answer(form, call_of(database))
    assert caught.value.reason is ValidationReason.CANNOT_PARSE
    assert b"<Code>MalformedQueryString</Code>" in sts.error(caught.value, "request-1").body


def test_an_action_that_sts_does_not_know(database: Database) -> None:
    with pytest.raises(InvalidRequestError, match="Could not find operation Dance for version 2011-06-15"):
        sts.answer(b"Action=Dance&Version=2011-06-15", call_of(database))


def test_values_are_escaped(database: Database) -> None:
    strange = Principal("111122223333", "arn:aws:iam::111122223333:user/<a>&b", "AIDA")
    body = sts.answer(b"Action=GetCallerIdentity", call_of(database, strange)).body
    assert b"user/&lt;a&gt;&amp;b" in body
