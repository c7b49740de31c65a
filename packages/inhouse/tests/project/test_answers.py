"""Answers to the template's questions; what the template itself accepts is compared in tests/template."""

from dataclasses import fields

import pytest

from inhouse.project.address import aws_endpoint
from inhouse.project.answers import QUESTIONS, Answers, default_index, problems
from inhouse.project.manifest import Coordinates


def test_there_is_one_question_for_every_answer() -> None:
    assert list(QUESTIONS) == [field.name for field in fields(Answers)]


def test_all_wrong_answers_are_named_at_once_in_the_order_of_the_questions() -> None:
    wrong = problems({"owner": "12", "domain": "Acme", "region": "us-east-1", "package_name": "class"})

    assert list(wrong) == ["package_name", "domain", "owner"]
    assert wrong["owner"] == "it must be the 12 digits of an AWS account"
    assert "word of the Python language" in wrong["package_name"]


def test_questions_without_an_answer_are_not_looked_at() -> None:
    assert problems({}) == {}


@pytest.mark.parametrize("domain", ["acme", "my-domain", "a1-b2-c3"])
def test_the_index_named_after_the_domain_is_fit_for_a_variable_name(domain: str) -> None:
    assert problems({"index_name": default_index(domain)}) == {}


def test_the_address_by_the_rule_of_aws_is_accepted() -> None:
    endpoint = aws_endpoint(Coordinates("acme", "111122223333", "eu-central-1", "shared"))

    assert endpoint == "https://acme-111122223333.d.codeartifact.eu-central-1.amazonaws.com/pypi/shared/"
    assert problems({"endpoint": endpoint}) == {}
