"""The `Condition` element: what must hold of a request for a statement to count.

Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys".
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from inhouse_server.rules.policies import patterns
from inhouse_server.rules.policies.patterns import Context


class Quantifier(StrEnum):
    """How many of a key's values must do."""

    ALL = "ForAllValues"
    ANY = "ForAnyValue"


Comparison = Callable[[str, str, Context], bool]
"""Whether a request's value (first) is what the policy's value (second) asks for."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator without prefix and suffix.

    Attributes:
        compare: One value with one value.
        negated: Whether no value of the policy may do, instead of one.
        check: Raises ValueError for a value that a policy cannot compare with.
    """

    compare: Comparison
    negated: bool = False
    check: Callable[[str], object] = str


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator.

    Attributes:
        operator: By its name in `OPERATORS`, or `Null`.
        key: In lower case, but for the key of a tag; see `patterns.folded`.
        values: One of them must do, or none where the operator is negated.
        quantifier: None for an operator on single values.
        if_exists: Whether it holds where the request has no such key.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    quantifier: Quantifier | None = None
    if_exists: bool = False

    def holds(self, context: Context) -> bool:
        """Return whether it holds of a request."""
        present = patterns.values_of(self.key, context)
        if self.operator == NULL:
            return all((value.lower() == "true") == (not present) for value in self.values)
        operator = OPERATORS[self.operator]
        if not present:
            return self.if_exists or self.quantifier is Quantifier.ALL or (operator.negated and self.quantifier is None)
        found = [any(operator.compare(value, wanted, context) for wanted in self.values) for value in present]
        if self.quantifier is None:
            # A negated operator on a key with several values: none of them may be among the policy's.
            return any(found) != operator.negated
        each = [one != operator.negated for one in found]
        return all(each) if self.quantifier is Quantifier.ALL else any(each)


def read(name: str, key: str, values: tuple[str, ...]) -> Condition:
    """Return the condition that a policy writes as `{name: {key: values}}`.

    Raises:
        ValueError: There is no such operator, or a value cannot be compared by it; says which.
    """
    prefix, colon, rest = name.partition(":")
    if colon and prefix not in tuple(Quantifier):
        raise ValueError(f"there is no set operator {prefix}")
    quantifier = Quantifier(prefix) if colon else None
    base = rest if colon else name
    operator = base.removesuffix("IfExists")
    if base == NULL and quantifier is None:
        for value in values:
            _boolean(value)
    elif operator in OPERATORS:
        for value in values:
            OPERATORS[operator].check(value)
    else:
        raise ValueError(f"there is no condition operator {name}")
    return Condition(operator, patterns.folded(key), values, quantifier, if_exists=base != operator)


def _boolean(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise ValueError(f"{value!r} is neither true nor false")
    return value.lower() == "true"


_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_EPOCH_SECONDS = re.compile(r"-?[0-9]{1,11}(\.[0-9]{1,9})?", re.ASCII)


def _number(value: str) -> Decimal:
    if not _DECIMAL.fullmatch(value):
        raise ValueError(f"{value!r} is not a number")
    return Decimal(value)


def _date(value: str) -> datetime:
    try:
        if _EPOCH_SECONDS.fullmatch(value) and len(value) > 4:  # shorter, it is a year
            return datetime.fromtimestamp(float(value), UTC)
        if len(value) == 4 and value.isdigit():
            return datetime(int(value), 1, 1, tzinfo=UTC)
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"{value!r} is not a date such as 2026-01-31T23:59:59Z") from error


def _network(value: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        raise ValueError(f"{value!r} is not an address range such as 10.0.0.0/8") from error


def _ordered(read_value: Callable[[str], Decimal | datetime], order: Callable[[object, object], bool]) -> Comparison:
    def compare(value: str, wanted: str, _: Context) -> bool:
        try:
            return order(read_value(value), read_value(wanted))
        except (ValueError, InvalidOperation, OverflowError):
            return False

    return compare


def _equal(value: str, wanted: str, context: Context) -> bool:
    return value == patterns.expand_literally(wanted, context)


def _equal_in_any_case(value: str, wanted: str, context: Context) -> bool:
    expanded = patterns.expand_literally(wanted, context)
    return expanded is not None and value.casefold() == expanded.casefold()


def _like(value: str, wanted: str, context: Context) -> bool:
    pattern = patterns.expand(wanted, context)
    return pattern is not None and patterns.matches(pattern, value)


def _arn_like(value: str, wanted: str, context: Context) -> bool:
    pattern = patterns.expand(wanted, context)
    return pattern is not None and patterns.matches_arn(pattern, value)


def _same_boolean(value: str, wanted: str, _: Context) -> bool:
    return value.lower() == wanted.lower()


def _in_network(value: str, wanted: str, _: Context) -> bool:
    try:
        return ipaddress.ip_address(value) in _network(wanted)
    except ValueError:
        return False


_ORDERS: Mapping[str, Callable[[object, object], bool]] = {
    "Equals": lambda a, b: a == b,
    "LessThan": lambda a, b: a < b,  # type: ignore[operator]  # two numbers or two dates
    "LessThanEquals": lambda a, b: a <= b,  # type: ignore[operator]  # as above
    "GreaterThan": lambda a, b: a > b,  # type: ignore[operator]  # as above
    "GreaterThanEquals": lambda a, b: a >= b,  # type: ignore[operator]  # as above
}

NULL = "Null"
OPERATORS: Mapping[str, Operator] = {
    "StringEquals": Operator(_equal),
    "StringNotEquals": Operator(_equal, negated=True),
    "StringEqualsIgnoreCase": Operator(_equal_in_any_case),
    "StringNotEqualsIgnoreCase": Operator(_equal_in_any_case, negated=True),
    "StringLike": Operator(_like),
    "StringNotLike": Operator(_like, negated=True),
    # The two pairs for ARNs behave alike. Source: IAM user guide.
    "ArnEquals": Operator(_arn_like),
    "ArnLike": Operator(_arn_like),
    "ArnNotEquals": Operator(_arn_like, negated=True),
    "ArnNotLike": Operator(_arn_like, negated=True),
    "Bool": Operator(_same_boolean, check=_boolean),
    "IpAddress": Operator(_in_network, check=_network),
    "NotIpAddress": Operator(_in_network, negated=True, check=_network),
    **{f"Numeric{name}": Operator(_ordered(_number, order), check=_number) for name, order in _ORDERS.items()},
    "NumericNotEquals": Operator(_ordered(_number, _ORDERS["Equals"]), negated=True, check=_number),
    **{f"Date{name}": Operator(_ordered(_date, order), check=_date) for name, order in _ORDERS.items()},
    "DateNotEquals": Operator(_ordered(_date, _ORDERS["Equals"]), negated=True, check=_date),
}
"""All operators but `Null`, by name."""
