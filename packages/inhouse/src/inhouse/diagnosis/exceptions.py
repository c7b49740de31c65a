"""Exceptions that a project makes in writing: which finding, at which place, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from inhouse.diagnosis.findings import Code, Finding, Severity

__all__ = ["KEY", "Excepted", "WrittenException", "apply_exceptions", "read_exceptions"]

KEY: Final = "tool.inhouse.exceptions"
PLACE: Final = f"pyproject.toml: {KEY}"

_EXAMPLE: Final = 'for example: finding = "second-index", place = "pyproject.toml: tool.uv.index.torch", reason = "…"'


@dataclass(frozen=True)
class WrittenException:
    """An entry of `[[tool.inhouse.exceptions]]`.

    Attributes:
        number: Which one it is, from 1.
        finding: The finding that is let pass, by its id.
        place: Where it is let pass, as the finding itself says it.
        reason: Why.
    """

    number: int
    finding: str
    place: str
    reason: str

    @property
    def shown_place(self) -> str:
        """Where it stands itself."""
        return f"{PLACE}[{self.number}]"


@dataclass(frozen=True)
class Excepted:
    """Findings after exceptions were heeded.

    Attributes:
        kept: What stays, what is wrong with exceptions themselves included.
        let_pass: What is let pass, each with its reason, as notes.
    """

    kept: tuple[Finding, ...]
    let_pass: tuple[Finding, ...]


def read_exceptions(document: Mapping[str, Any]) -> tuple[WrittenException, ...]:
    """Return the exceptions in a `pyproject.toml`; what is missing or no text is ""."""
    tool = document.get("tool")
    inhouse = tool.get("inhouse") if isinstance(tool, Mapping) else None
    listed = inhouse.get("exceptions") if isinstance(inhouse, Mapping) else None
    if isinstance(listed, Mapping):  # `[tool.inhouse.exceptions]` instead of `[[…]]`
        listed = [listed]
    entries = [entry if isinstance(entry, Mapping) else {} for entry in (listed if isinstance(listed, list) else [])]

    def text(entry: Mapping[str, Any], key: str) -> str:
        value = entry.get(key)
        return value.strip() if isinstance(value, str) else ""

    return tuple(
        WrittenException(number, text(entry, "finding"), text(entry, "place"), text(entry, "reason"))
        for number, entry in enumerate(entries, start=1)
    )


def apply_exceptions(
    findings: Iterable[Finding],
    exceptions: Iterable[WrittenException],
    *,
    checked: Iterable[Code] = tuple(Code),
    not_seen: Iterable[str] = (),
) -> Excepted:
    """Let pass what the project has written an exception for.

    An exception that lets nothing pass is refused itself, since what it was for is gone, or it never fitted; likewise
    one without a reason, which lets nothing pass.

    Args:
        findings: The findings.
        exceptions: The exceptions.
        checked: The cases that were looked for; an exception from another one may be of use elsewhere.
        not_seen: Places that could not be looked at this time.
    """
    everything, wrong = tuple(findings), []
    usable: dict[tuple[str, str], WrittenException] = {}
    looked_for, hidden = frozenset(checked), frozenset(not_seen)
    for each in exceptions:
        if each.finding not in set(Code) or not each.place:
            wrong.append(_unknown(each))
        elif not each.reason:
            wrong.append(_unreasoned(each))
        else:
            usable[each.finding, each.place] = each
    let_pass = [finding for finding in everything if (finding.code.value, finding.place) in usable]
    used = {(finding.code.value, finding.place) for finding in let_pass}
    for key, each in usable.items():
        if key not in used and Code(each.finding) in looked_for and each.place not in hidden:
            wrong.append(_unused(each))
    reasons = {key: each.reason for key, each in usable.items()}
    return Excepted(
        (*(finding for finding in everything if finding not in let_pass), *wrong),
        tuple(
            replace(
                finding,
                severity=Severity.NOTE,
                exception=reasons[finding.code.value, finding.place],
                mend=None,
            )
            for finding in let_pass
        ),
    )


def _unknown(written: WrittenException) -> Finding:
    problem = "it names no finding and no place" if not written.finding else "it names no place"
    if written.finding and written.finding not in set(Code):
        problem = f"`{written.finding}` is not the id of a finding"
    return Finding(
        Code.EXCEPTION_UNKNOWN, Severity.PROBLEM, written.shown_place, problem, "it lets nothing pass", _EXAMPLE
    )


def _unreasoned(written: WrittenException) -> Finding:
    return Finding(
        Code.EXCEPTION_UNREASONED,
        Severity.PROBLEM,
        written.shown_place,
        f"the exception from {written.finding} has no reason",
        "it lets nothing pass",
        "say in `reason` why it is safe here, and until when",
    )


def _unused(written: WrittenException) -> Finding:
    return Finding(
        Code.EXCEPTION_UNUSED,
        Severity.PROBLEM,
        written.shown_place,
        f"there is no {written.finding} at `{written.place}`",
        "it would let pass what comes there later",
        "take the exception out",
    )
