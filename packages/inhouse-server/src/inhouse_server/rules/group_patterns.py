"""Patterns of package groups: their grammar, and which packages they match.

A pattern is the beginning of a package's path, `/<format>/<namespace>/<name>`, and how it ends says what follows: `$`
nothing, `~` anything behind a word boundary, `*` anything in the next parts of the path.

Source: CodeArtifact user guide, "Package group definition syntax and matching behavior".
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from typing import assert_never

import regex
from packaging.utils import canonicalize_name, is_normalized_name

from inhouse_server.errors import InvalidRequestError
from inhouse_server.model import Association, PackageFormat
from inhouse_server.rules.confusables import fold
from inhouse_server.versions import MAXIMUM_LENGTH

WITHOUT_NAMESPACE = frozenset({PackageFormat.PYPI, PackageFormat.NUGET, PackageFormat.RUBY, PackageFormat.CARGO})
"""Formats whose packages have no namespace. Source: botocore's model, `GetAssociatedPackageGroup`."""

WITH_NAMESPACE = frozenset({PackageFormat.MAVEN, PackageFormat.SWIFT, PackageFormat.GENERIC})
"""Formats whose packages always have one; npm's may."""

_LITERAL = regex.compile(r"[^#/\s]+")
_WORD_CHARACTER = regex.compile(r"[\p{L}\p{N}\p{M}]")
_WORD_AT_THE_END = regex.compile(r"[\p{L}\p{N}]\p{M}*$")


class Reach(IntEnum):
    """How much of a path a pattern says, the least first."""

    EVERYTHING = 0
    FORMAT = 1
    NAMESPACE_PREFIX = 2
    NAMESPACE = 3
    NAME_PREFIX = 4
    NAME = 5


@dataclass(frozen=True, slots=True)
class PackagePath:
    """Which package; there need not be one.

    Attributes:
        namespace: Empty without one.
        name: Normalised where the format normalises names.
    """

    format: PackageFormat
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"/{self.format}/{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern, taken apart.

    Attributes:
        format: None for all.
        namespace: What stands there, whole or the beginning of it.
        name: As above.
    """

    text: str
    reach: Reach
    format: PackageFormat | None = None
    namespace: str = ""
    name: str = ""

    @property
    def specificity(self) -> tuple[int, int, int]:
        """The greater, the more specific, among patterns that match the same package."""
        return (self.reach, len(fold(self.namespace)), len(fold(self.name)))


def normalized(package_format: PackageFormat, text: str) -> str:
    """Return a namespace or name as packages of the format are stored."""
    if package_format is PackageFormat.PYPI:
        return canonicalize_name(text)
    if package_format in {PackageFormat.NUGET, PackageFormat.SWIFT}:
        return text.lower()
    return text


def check_path(package_format: PackageFormat, namespace: str | None, name: str) -> PackagePath:
    """Return the path of a package that a request names, normalised.

    Raises:
        InvalidRequestError: The format has no namespaces and one is given, or has them and none is.
    """
    if namespace and package_format in WITHOUT_NAMESPACE:
        raise InvalidRequestError(f"Packages of format {package_format} have no namespace.")
    if not namespace and package_format in WITH_NAMESPACE:
        raise InvalidRequestError(f"Packages of format {package_format} have a namespace; the request names none.")
    return PackagePath(package_format, normalized(package_format, namespace or ""), normalized(package_format, name))


@lru_cache(maxsize=4096)
def parse(text: str) -> Pattern:
    """Return a pattern, taken apart.

    Raises:
        InvalidRequestError: It is none.
    """
    if text == "/*":
        return Pattern(text, Reach.EVERYTHING)
    start, *parts = text[:-1].split("/")
    end = text[-1:]
    if start or not parts or end not in {"*", "~", "$"}:
        raise _invalid(text, "A pattern begins with '/' and ends with '*', '~' or '$'.")
    package_format = _format(text, parts[0])
    if end == "*":
        return _wildcard(text, package_format, parts[1:])
    match parts[1:]:
        case [namespace] if end == "~":
            if package_format in WITHOUT_NAMESPACE:
                raise _invalid(
                    text,
                    f"Packages of format {package_format} have no namespace; its place stays empty.",
                    hint=f"Use /{package_format}//{namespace}~.",
                )
            _check_literal(text, package_format, namespace, "namespace")
            _check_boundary(text, namespace)
            return Pattern(text, Reach.NAMESPACE_PREFIX, package_format, namespace)
        case [namespace, name]:
            _check_namespace(text, package_format, namespace)
            _check_literal(text, package_format, name, "name")
            if end == "$":
                return Pattern(text, Reach.NAME, package_format, namespace, name)
            _check_boundary(text, name)
            return Pattern(text, Reach.NAME_PREFIX, package_format, namespace, name)
        case _:
            raise _invalid(text, "A package's path is /<format>/<namespace>/<name>.")


def match(pattern: Pattern, path: PackagePath) -> Association | None:
    """Return how a pattern matches a package: exactly, as a variation, or (None) not at all."""
    if _matches(pattern, path.format, path.namespace, path.name):
        return Association.STRONG
    folded = _folded(pattern)
    if _matches(folded, path.format, fold(path.namespace), fold(path.name)):
        return Association.WEAK
    return None


def includes(pattern: Pattern, other: Pattern) -> bool:
    """Return whether `pattern` matches whatever `other` matches, and more."""
    if pattern == other or pattern.reach > other.reach:
        return False
    return _matches(pattern, other.format, other.namespace, other.name)


def _matches(pattern: Pattern, package_format: PackageFormat | None, namespace: str, name: str) -> bool:
    if pattern.format not in {None, package_format}:
        return False
    match pattern.reach:
        case Reach.EVERYTHING | Reach.FORMAT:
            return True
        case Reach.NAMESPACE_PREFIX:
            return _begins(namespace, pattern.namespace)
        case Reach.NAMESPACE:
            return namespace == pattern.namespace
        case Reach.NAME_PREFIX:
            return namespace == pattern.namespace and _begins(name, pattern.name)
        case Reach.NAME:
            return (namespace, name) == (pattern.namespace, pattern.name)
        case _:
            assert_never(pattern.reach)


@lru_cache(maxsize=4096)
def _folded(pattern: Pattern) -> Pattern:
    return replace(pattern, namespace=fold(pattern.namespace), name=fold(pattern.name))


def _begins(text: str, prefix: str) -> bool:
    """Return whether `text` begins with `prefix`, and a word of it ends there."""
    return text.startswith(prefix) and _WORD_CHARACTER.match(text, len(prefix)) is None


def _wildcard(text: str, package_format: PackageFormat, parts: list[str]) -> Pattern:
    match parts:
        case [""]:
            return Pattern(text, Reach.FORMAT, package_format)
        case [namespace, ""]:
            _check_namespace(text, package_format, namespace)
            return Pattern(text, Reach.NAMESPACE, package_format, namespace)
        case _:
            raise _invalid(
                text,
                "'*' stands behind '/', for all formats, namespaces or names.",
                hint="Use '~' for whatever begins with a word.",
            )


def _format(text: str, name: str) -> PackageFormat:
    try:
        return PackageFormat(name)
    except ValueError as error:
        raise _invalid(text, f"{name!r} is not a package format. Known are: {', '.join(PackageFormat)}.") from error


def _check_namespace(text: str, package_format: PackageFormat, namespace: str) -> None:
    if namespace and package_format in WITHOUT_NAMESPACE:
        raise _invalid(
            text,
            f"Packages of format {package_format} have no namespace; its place stays empty.",
            hint=f"Use a pattern like /{package_format}//name~.",
        )
    if not namespace and package_format in WITH_NAMESPACE:
        raise _invalid(text, f"Packages of format {package_format} have a namespace; the pattern must say it.")
    if namespace:
        _check_literal(text, package_format, namespace, "namespace")


def _check_literal(text: str, package_format: PackageFormat, literal: str, what: str) -> None:
    if _LITERAL.fullmatch(literal) is None or len(literal) > MAXIMUM_LENGTH:
        raise _invalid(text, f"{literal!r} is not a {what} that a package of format {package_format} can have.")
    if package_format is PackageFormat.PYPI:
        stored = is_normalized_name(literal)
    else:
        stored = normalized(package_format, literal) == literal
    if not stored:
        raise _invalid(
            text,
            f"Packages of format {package_format} are stored under normalised names; {literal!r} would match none.",
            hint=f"Write it as {normalized(package_format, literal).strip('-')!r}.",
        )


def _check_boundary(text: str, literal: str) -> None:
    if _WORD_AT_THE_END.search(literal) is None:
        raise _invalid(text, "'~' stands behind a letter or a digit: it matches up to the end of a word.")


def _invalid(text: str, reason: str, *, hint: str = "") -> InvalidRequestError:
    return InvalidRequestError(f"Value '{text}' at 'packageGroup' is not a package group pattern. {reason}", hint=hint)
