import sys

import boto3
import pytest

from pytest_inhouse import CodeArtifact
from pytest_inhouse.default_session import default_session_of_its_own, forget_default_session


def test_the_one_before_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before = boto3.Session()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", before)
    with default_session_of_its_own():
        assert boto3.DEFAULT_SESSION is None
        boto3.setup_default_session()
    assert boto3.DEFAULT_SESSION is before


def test_without_boto3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "boto3")
    with default_session_of_its_own():
        forget_default_session()
    assert "boto3" not in sys.modules


def test_credentials_of_an_earlier_test_are_not_used(codeartifact: CodeArtifact) -> None:
    session = boto3.Session()
    boto3.DEFAULT_SESSION = session
    codeartifact.act_as(codeartifact.user())
    assert boto3.DEFAULT_SESSION is None
