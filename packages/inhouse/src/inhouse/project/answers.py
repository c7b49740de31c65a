"""What a new library's template asks, and which answers can be used.

The same rules as the validators in the template's `copier.yml`, for better messages and before anything is written.
Pure: finding defaults and asking people is the workflow's part.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from inhouse.project.names import name_problem

__all__ = [
    "LICENCES",
    "PYTHONS",
    "QUESTIONS",
    "Answers",
    "Question",
    "default_index",
    "problem",
    "problems",
]

LICENCES: Final = ("Proprietary", "MIT", "BSD-3-Clause", "Apache-2.0")
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")

# One line without control characters, and without the marks that begin an expression of Jinja: cookiecutter would
# evaluate them.
_TEXT = r"(?!.*[{][#%{])[^\x00-\x1f\x7f-\x9f\u2028\u2029]"


@dataclass(frozen=True)
class Answers:
    """Everything the template is told. The attributes are named as the questions in `copier.yml`.

    Attributes:
        package_name: The library's name as it was typed; the template normalises it.
        package_description: One sentence.
        author_name: A person or a team.
        author_email: May be empty.
        licence: One of `LICENCES`.
        version: The first version.
        minimum_python: One of `PYTHONS`.
        domain: CodeArtifact domain.
        owner: AWS account that owns it, 12 digits.
        region: AWS region of the domain.
        repository: CodeArtifact repository.
        index_name: Name of the one index; becomes part of names of variables.
        endpoint: Address of the repository, ending in `/`, without `simple/`.
        local_publish_reason: Why releases may come from a laptop; empty means they may not.
        inhouse_version: Version of inhouse that the project pins.
    """

    package_name: str
    package_description: str
    author_name: str
    author_email: str
    licence: str
    version: str
    minimum_python: str
    domain: str
    owner: str
    region: str
    repository: str
    index_name: str
    endpoint: str
    local_publish_reason: str
    inhouse_version: str

    def for_template(self) -> dict[str, str]:
        """Return the answers by question, as template engines take them."""
        return asdict(self)


@dataclass(frozen=True)
class Question:
    """One question of the template.

    Attributes:
        name: Its name in the template, and the attribute of `Answers`.
        flag: The flag of `inhouse new` that answers it; empty if none does.
        text: What a person is asked.
        pattern: What the whole answer must match.
        rule: That in words: "it must be …".
    """

    name: str
    flag: str
    text: str
    pattern: str
    rule: str


QUESTIONS: Final[Mapping[str, Question]] = {
    question.name: question
    for question in (
        Question(
            "package_name",
            "NAME",
            "Name of the library, as one installs it (acme-greetings) or imports it (acme_greetings)",
            r".+",
            "a name",
        ),
        Question(
            "package_description",
            "--description",
            "What the library is for, in one sentence",
            r"(?=.*\S)" + _TEXT + r"{1,300}",
            "one line of 1 to 300 characters",
        ),
        Question(
            "author_name",
            "--author",
            "Who answers for the library (a person or a team)",
            r"(?=.*\S)" + _TEXT + r"{1,100}",
            "one line of 1 to 100 characters",
        ),
        Question(
            "author_email",
            "--email",
            "Their e-mail address (may be empty)",
            r"([A-Za-z0-9.+_%-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*)?",
            "an e-mail address, or nothing",
        ),
        Question("licence", "--licence", "Licence", "|".join(LICENCES), f"one of {', '.join(LICENCES)}"),
        Question(
            "version",
            "--first-version",
            "First version",
            r"(0|[1-9][0-9]*)([.](0|[1-9][0-9]*)){2}((a|b|rc)(0|[1-9][0-9]*))?",
            "three numbers like 0.1.0, with a1, b1 or rc1 behind them for a pre-release",
        ),
        Question(
            "minimum_python",
            "--python",
            "Oldest Python the library supports",
            "|".join(map(re.escape, PYTHONS)),
            f"one of {', '.join(PYTHONS)}",
        ),
        # Source of the next two and of `repository`: botocore's model of CodeArtifact.
        Question(
            "domain",
            "--domain",
            "CodeArtifact domain",
            r"[a-z][a-z0-9-]{0,48}[a-z0-9]",
            "2 to 50 lower-case letters, digits or dashes, a letter first, no dash last",
        ),
        Question(
            "owner", "--owner", "AWS account that owns the domain", r"[0-9]{12}", "the 12 digits of an AWS account"
        ),
        Question(
            "region", "--region", "AWS region of the domain", r"[a-z]{2}(-[a-z]+)+-[0-9]+", "a region like eu-central-1"
        ),
        Question(
            "repository",
            "--repository",
            "CodeArtifact repository of the library",
            r"[A-Za-z0-9][A-Za-z0-9._-]{1,99}",
            "2 to 100 letters, digits, `.`, `_` or `-`, a letter or digit first",
        ),
        Question(
            "index_name",
            "--index",
            "Name of the project's one index (becomes part of the names of variables)",
            r"[A-Za-z][A-Za-z0-9_]{0,49}",
            "letters, digits and `_`, 50 at most, a letter first: it becomes part of UV_INDEX_…_PASSWORD",
        ),
        Question(
            "endpoint",
            "",
            'Address of the repository, without "simple/"',
            r"(?!.*/simple/\Z)https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+/",
            "an http or https address that ends with `/`, without user, password or `simple/`",
        ),
        Question(
            "local_publish_reason",
            "--local-publish",
            "Why a release may also be published from a laptop (empty means it may not)",
            f"({_TEXT}{{1,300}})?",
            "one line of 300 characters at most",
        ),
        Question(
            "inhouse_version",
            "",
            "Version of inhouse that runs the project's workflow",
            r"[0-9]+([.][0-9]+)*((a|b|rc)[0-9]+)?([.]post[0-9]+)?([.]dev[0-9]+)?",
            "a version like 0.1.0",
        ),
    )
}


def problem(name: str, value: str) -> str:
    """Return what is wrong with the answer to the question `name`, in a sentence; empty if nothing is."""
    if name == "package_name":
        return name_problem(value)
    question = QUESTIONS[name]
    if re.fullmatch(question.pattern, value):
        return ""
    return f"it must be {question.rule}"


def problems(answers: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with answers, by question, in the order of the questions; empty if nothing is.

    Args:
        answers: Answers by question; questions without one are not looked at.
    """
    found = {name: problem(name, answers[name]) for name in QUESTIONS if name in answers}
    return {name: said for name, said in found.items() if said}


def default_index(domain: str) -> str:
    """Return the name an index gets when nobody chooses one: the domain's, fit to be part of a variable's name."""
    return domain.replace("-", "_")
