"""Puts an explanation into a form for programs; its keys and codes stay as they are."""

import shlex
from typing import Any

from inhouse.codeartifact.explain.findings import Explanation, Finding
from inhouse.codeartifact.explain.words import sentence


def as_document(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON can hold it.

    `gets` is null where it cannot be told; `depends_on` counts in `unknown`, from 0.
    """
    holder, listed = explanation.holder, explanation.listed

    def shown(finding: Finding) -> dict[str, Any]:
        return {
            "code": str(finding.code),
            "text": sentence(finding),
            "about": {key: _plain(value) for key, value in finding.about.items() if value},
            "commands": [shlex.join(command) for command in finding.all_commands],
            "because": [shown(each) for each in finding.because],
            "depends_on": [explanation.unknown.index(unknown) for unknown in finding.depends_on],
        }

    return {
        "name": explanation.name,
        "domain": explanation.coordinates.domain,
        "owner": explanation.coordinates.owner,
        "region": explanation.coordinates.region,
        "repository": explanation.coordinates.repository,
        "asked_version": explanation.asked_version or None,
        "gets": explanation.gets,
        "version": None
        if listed is None
        else {
            "version": listed.version,
            "wheels": listed.wheels,
            "sdists": listed.sdists,
            "is_yanked": listed.is_yanked,
            "requires_python": listed.requires_python or None,
        },
        "holder": None
        if holder is None
        else {
            "repository": holder.repository,
            "status": str(holder.status),
            "origin": str(holder.origin),
            "source": holder.source or None,
            "is_record": holder.is_record,
        },
        "answer": shown(explanation.answer),
        "reasons": [shown(finding) for finding in explanation.reasons],
        "warnings": [shown(finding) for finding in explanation.warnings],
        "differences": [shown(finding) for finding in explanation.differences],
        "publishing": shown(explanation.publishing),
        "group": shown(explanation.group),
        "unknown": [
            {"question": each.question, "reason": each.reason, "permission": each.permission or None}
            for each in explanation.unknown
        ],
        "search": [{"repository": place.repository, "source": place.source or None} for place in explanation.search],
    }


def _plain(value: str | tuple[str, ...]) -> str | list[str]:
    return str(value) if isinstance(value, str) else list(value)
