"""Texts with `*`, `?` and `${variables}`, as policies write them.

Source: IAM user guide, "IAM policy elements: Variables and tags" and "Resource".
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum

Context = Mapping[str, tuple[str, ...]]
"""What a request says of itself: values by key; keys in lower case, since policies write them in any case."""


class Wildcard(Enum):
    """A part of a pattern that stands for other characters."""

    ANY = "*"
    ONE = "?"


Pattern = tuple[str | Wildcard, ...]
"""Single characters and wildcards."""

_VARIABLE = re.compile(r"\$\{(?P<name>[^},]*)(?:,\s*'(?P<default>[^']*)')?\s*\}")
_ESCAPED = frozenset("*?$")
_WILDCARDS = {"*": Wildcard.ANY, "?": Wildcard.ONE}
_ARN_PARTS = 6


_TAGS = ("aws:resourcetag/", "aws:requesttag/", "aws:principaltag/")


def folded(key: str) -> str:
    """Return a key as contexts have it: in lower case, but for the key of a tag behind the slash.

    Keys of tags are told apart by case; policies may write them in any, as long as only one is meant.
    """
    lower = key.lower()
    prefix = next((each for each in _TAGS if lower.startswith(each)), None)
    return lower if prefix is None else prefix + key[len(prefix) :]


def with_tags(prefix: str, tags: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what a context says of tags: each under its own key, and in lower case for policies that write another.

    Args:
        prefix: For example `aws:ResourceTag/`.
        tags: Values by key.
    """
    loose: dict[str, tuple[str, ...]] = {f"{prefix}{key}".lower(): (value,) for key, value in tags.items()}
    return loose | {folded(f"{prefix}{key}"): (value,) for key, value in tags.items()}


def values_of(key: str, context: Context) -> tuple[str, ...]:
    """Return a request's values under a key; for one of a tag, that in the very case counts before any other."""
    found = context.get(folded(key))
    return context.get(key.lower(), ()) if found is None else found


def expand(text: str, context: Context) -> Pattern | None:
    """Return the pattern that `text` is for this request; None where a variable has no value, or several.

    What a variable stands for is literal: a user named `*` is not everybody.
    """
    found: list[str | Wildcard] = []
    position = 0
    for variable in _VARIABLE.finditer(text):
        found += _with_wildcards(text[position : variable.start()])
        value = _value(variable, context)
        if value is None:
            return None
        found += value
        position = variable.end()
    return (*found, *_with_wildcards(text[position:]))


def expand_literally(text: str, context: Context) -> str | None:
    """Return the text with its variables replaced; `*` and `?` mean themselves. None as for `expand`."""
    pattern = expand(text, context)
    if pattern is None:
        return None
    return "".join(part.value if isinstance(part, Wildcard) else part for part in pattern)


def matches(pattern: Sequence[str | Wildcard], text: str) -> bool:
    """Return whether the pattern is all of the text, in time proportional to their lengths' product at worst."""
    here = there = 0
    star, resume = -1, 0
    while there < len(text):
        part = pattern[here] if here < len(pattern) else None
        if part is Wildcard.ANY:
            star, resume = here, there
            here += 1
        elif part is Wildcard.ONE or part == text[there]:
            here += 1
            there += 1
        elif star >= 0:  # let the last `*` take one character more
            here = star + 1
            resume += 1
            there = resume
        else:
            return False
    return all(part is Wildcard.ANY for part in pattern[here:])


def matches_arn(pattern: Pattern, arn: str) -> bool:
    """Return whether an ARN is what the pattern means: colon by colon, the last part to the end.

    A `*` stands for characters of its own part only, except in the last one.
    """
    parts = _split(pattern)
    texts = arn.split(":", len(parts) - 1)
    return len(parts) == len(texts) and all(matches(part, text) for part, text in zip(parts, texts, strict=True))


def _with_wildcards(text: str) -> list[str | Wildcard]:
    return [_WILDCARDS.get(character, character) for character in text]


def _value(variable: re.Match[str], context: Context) -> str | None:
    name = variable["name"]
    if name in _ESCAPED:
        return name
    values = values_of(name.strip(), context)
    if len(values) == 1:
        return values[0]
    return None if values else variable["default"]


def _split(pattern: Pattern) -> list[list[str | Wildcard]]:
    parts: list[list[str | Wildcard]] = [[]]
    for part in pattern:
        if part == ":" and len(parts) < _ARN_PARTS:
            parts.append([])
        else:
            parts[-1].append(part)
    return parts
