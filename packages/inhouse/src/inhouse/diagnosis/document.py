"""Findings in a form for programs; keys and ids stay as they are."""

from collections.abc import Iterable
from typing import Any

from inhouse.diagnosis.findings import Finding, Severity

__all__ = ["as_documents", "counts"]


def as_documents(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as JSON can hold them; what does not apply is null."""
    return [
        {
            "id": finding.code.value,
            "severity": finding.severity.value,
            "place": finding.place,
            "problem": finding.problem,
            "effect": finding.effect or None,
            "fix": finding.fix or None,
            "is_fixable": finding.mend is not None,
            "permission": finding.permission or None,
            "exception": finding.exception or None,
        }
        for finding in findings
    ]


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many there are of each severity."""
    listed = [finding.severity for finding in findings]
    return {severity.value: listed.count(severity) for severity in Severity}
