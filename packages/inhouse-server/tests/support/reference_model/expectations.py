"""What an answer is expected to be, where that is not simply a value; and how answers are compared with it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final


class _Anything:
    def __repr__(self) -> str:
        return "ANYTHING"


ANYTHING: Final = _Anything()
"""Stands for what the server chooses freely, such as times."""


@dataclass(frozen=True)
class Opaque:
    """A text that the server chooses: for one key always the same, for two keys never the same."""

    key: Hashable


@dataclass(frozen=True)
class Unordered:
    """A list whose order is the server's."""

    items: list[object]


@dataclass(frozen=True)
class Between:
    """A number that depends on what the server has found no reason to do yet."""

    least: int
    most: int


class Refusal(Exception):  # noqa: N818 - it is what is expected, no error of ours
    """The answer to a request that cannot be done.

    Args:
        code: The name of the error's shape; on the data plane the status.
        members: What else the answer says.
    """

    def __init__(self, code: str, **members: object) -> None:
        super().__init__(code)
        self.code = code
        self.members = members


def not_found(kind: str, name: str) -> Refusal:
    return Refusal("ResourceNotFoundException", resourceType=kind, resourceId=name)


def conflict(kind: str, name: str) -> Refusal:
    return Refusal("ConflictException", resourceType=kind, resourceId=name)


def too_many(kind: str, name: str) -> Refusal:
    return Refusal("ServiceQuotaExceededException", resourceType=kind, resourceId=name)


def invalid() -> Refusal:
    return Refusal("ValidationException", reason="FIELD_VALIDATION_FAILED")


@dataclass
class Texts:
    """The opaque texts that the server has chosen so far."""

    known: dict[Opaque, str] = field(default_factory=dict)

    def check(self, expected: object, actual: object, place: str = "answer") -> None:
        """Return if an answer is what is expected; learn the opaque texts in it."""
        match expected:
            case _Anything():
                pass
            case Opaque():
                assert isinstance(actual, str), place
                assert actual, place
                assert self.known.setdefault(expected, actual) == actual, f"{place}: the text for {expected} changed"
                twins = [key for key, text in self.known.items() if text == actual]
                assert twins == [expected], f"{place}: {twins} have the same text"
            case Between():
                assert isinstance(actual, int), place
                assert expected.least <= actual <= expected.most, f"{place}: {actual} instead of {expected}"
            case Unordered():
                assert isinstance(actual, list), place
                assert len(actual) == len(expected.items), f"{place}: {actual} instead of {expected.items}"
                for wanted, given in zip(sorted(expected.items, key=_rank), sorted(actual, key=_rank), strict=True):
                    self.check(wanted, given, place)
            case dict():
                assert isinstance(actual, dict), place
                assert actual.keys() == expected.keys(), f"{place}: {actual} instead of {expected}"
                for name, value in expected.items():
                    self.check(value, actual[name], f"{place}.{name}")
            case list():
                assert isinstance(actual, list), place
                assert len(actual) == len(expected), f"{place}: {actual} instead of {expected}"
                for number, value in enumerate(expected):
                    self.check(value, actual[number], f"{place}.{number}")
            case _:
                assert actual == expected, f"{place}: {actual!r} instead of {expected!r}"


def _rank(item: object) -> str:
    """Return what items of an answer and of its expectation are sorted by: whatever names them."""
    if isinstance(item, dict):
        return repr(
            [item[name] for name in ("arn", "key", "name", "format", "namespace", "package", "version") if name in item]
        )
    return repr(item)
