"""Findings as text for people: what is worst comes first, and each says what to do."""

import textwrap
from collections.abc import Iterable

from inhouse.diagnosis.findings import Finding, Severity

__all__ = ["as_text", "counted"]

_WIDTH = 100


def as_text(findings: Iterable[Finding]) -> str:
    """Return findings for a person; "" for none."""
    return "\n\n".join(_block(finding) for finding in findings)


def counted(findings: Iterable[Finding]) -> str:
    """Return how many there are of each kind, in words."""
    severities = [finding.severity for finding in findings]
    said = [
        f"{severities.count(each)} {each.value}{'s' if severities.count(each) != 1 else ''}"
        for each in Severity
        if each in severities
    ]
    return ", ".join(said) or "nothing is wrong"


def _block(finding: Finding) -> str:
    lines = [f"{finding.severity}: {finding.place} [{finding.code}]", *_wrapped("", finding.problem)]
    if finding.exception:
        return "\n".join([*lines, *_wrapped("let pass: ", finding.exception)])
    if finding.effect:
        lines += _wrapped("so: ", finding.effect)
    if finding.fix:
        lines += _wrapped("fix: ", finding.fix)
    return "\n".join(lines)


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"  {label}",
        subsequent_indent=" " * (2 + len(label)),
        break_long_words=False,
        break_on_hyphens=False,
    )
