"""Puts findings into sentences, for people: the answer first, then what decides, what is dangerous, what is unknown."""

import shlex
import textwrap
from collections.abc import Mapping, Sequence
from typing import Final

from inhouse.codeartifact.explain.facts import Place, Status, Unknown, is_general
from inhouse.codeartifact.explain.findings import About, Code, Command, Explanation, Finding

SENTENCES: Final[Mapping[Code, str]] = {
    Code.TAKES: "pip and uv take {name} {version} from `{repository}`",
    Code.TAKES_PRERELEASE: "pip and uv take {name} {version} from `{repository}`; it has only pre-releases",
    Code.TAKES_PRERELEASE_WITH_UV: "uv takes the pre-release {name} {version} from `{repository}`, and pip nothing: "
    "all final versions are yanked",
    Code.ONLY_YANKED: "pip and uv take nothing: all versions of {name} in `{repository}` are yanked; "
    "`{name}=={version}` would still be installed",
    Code.INSTALLABLE: "{name} {version} can be installed from `{repository}`",
    Code.INSTALLABLE_YANKED: "{name} {version} can be installed from `{repository}`, but only by who asks for exactly "
    "that version: it is yanked",
    Code.NOTHING: "pip and uv find no {name} in `{repository}`",
    Code.NOT_INSTALLABLE: "{name} {version} cannot be installed from `{repository}`",
    Code.SOURCE_DOWN: "pip and uv get an error for {name} from `{repository}`, not an answer: it says 503, a public "
    "source does not answer",
    Code.PAGE_UNKNOWN: "what pip and uv get of {name} from `{repository}` is unknown: its page could not be read",
    Code.PAGE_UNKNOWN_RECORDED: "what pip and uv get of {name} from `{repository}` is unknown, since its page could "
    "not be read; by the records that can be seen it is {recorded}, unless a public source has a newer version",
    Code.HELD: "`{repository}` itself holds {version}, {origin_in_words} ({status})",
    Code.HELD_UPSTREAM: "`{repository}`, upstream, is the nearest repository{seen} that holds {version}, "
    "{origin_in_words} ({status})",
    Code.FROM_SOURCE: "no repository of the search holds {version}: it comes from {source} through "
    "{repositories_in_words}, and is kept once somebody downloads it",
    Code.HOLDER_UNKNOWN: "which repository or public source {version} comes from cannot be seen",
    Code.HELD_BACK: "`{repository}` holds {versions_in_words} as {status}, and the nearest repository that holds a "
    "version decides over it",
    Code.HELD_BACK_DESPITE: "`{repository}` holds {versions_in_words} as {status}; `{farther}` behind it has it "
    "Published, but the nearest repository that holds a version decides over it",
    Code.UNLISTED: "`{repository}` holds {versions_in_words} as Unlisted: not on the page, so that nobody chooses it, "
    "while lock files that name its files can still download them",
    Code.SHUT_OUT: "`{repository}`, upstream, holds {versions_in_words} ({status}), and upstream versions are not let "
    "in: ",
    Code.UPSTREAM_CLOSED: "nothing comes into `{repository}` from the repositories behind it{sources_in_words}: ",
    Code.NAME_NOT_HELD: "no repository of the search{seen} holds a version of {name}",
    Code.VERSION_NOT_HELD: "no repository of the search{seen} holds {name} {version}",
    Code.UPSTREAM_BLOCKED: "the package's own origin control in `{repository}` is upstream=BLOCK",
    Code.PUBLISH_BLOCKED: "the package's own origin control in `{repository}` is publish=BLOCK, as for every package "
    "that first came from upstream",
    Code.GROUP_BLOCKS: "the package group {group} has {gate}=BLOCK{inherited_in_words}",
    Code.GROUP_LEAVES_OUT: "the package group {group} has {gate}=ALLOW_SPECIFIC_REPOSITORIES{inherited_in_words}, and "
    "`{repository}` is not on the list",
    Code.LOOK_ALIKE: "the name only looks like one that the package group {group} stands for (association WEAK), and "
    "such names are blocked whatever the group says",
    Code.OWN_NAME: "`{repository}` makes the name one of yours (upstream=BLOCK), and this repository closes such names "
    "to all public sources of a search",
    Code.MAY_BE_OWN_NAME: "`{repository}` holds versions of yours, and may close the name to all public sources of a "
    "search",
    Code.NO_SOURCE: "no repository of the search{seen} has a connection to PyPI",
    Code.SOURCE_CLOSED: "{source} is not heard through `{repository}`: ",
    Code.SOURCE_UNKNOWN: "whether {source} gives anything through `{repository}` is unknown",
    Code.SOURCE_LACKS: "{source}, asked through `{repository}`, does not offer {what_in_words}",
    Code.SOURCE_LACKS_OR_SILENT: "{source}, asked through `{repository}`, does not offer {what_in_words}, or does not "
    "answer now",
    Code.SOURCE_SILENT: "{source}, asked through `{repository}`, may be what does not answer: try again in a minute",
    Code.SOURCE_ADDS_NOTHING: "{source}, asked through `{repository}`, adds nothing to the page: it offers nothing "
    "else, or does not answer now",
    Code.PUBLISH_OPEN: "{what_in_words} can be published in `{repository}`, as far as origin controls decide",
    Code.PUBLISH_CLOSED: "{name} cannot be published in `{repository}`: ",
    Code.PUBLISH_UNKNOWN: "whether {name} can be published in `{repository}` is unknown",
    Code.PUBLISH_SAME_BYTES: "`{repository}` holds {version} already: more files can be added, and none that is there "
    "changes",
    Code.PUBLISH_NOTHING_MORE: "`{repository}` holds {version} already, and so does `{upstream}` behind it: the files "
    "that are there are accepted again, and others refused (409)",
    Code.PUBLISH_TAKEN: "`{repository}` holds {version} already, as {status}: it takes no files until it is published "
    "again or deleted",
    Code.PUBLISH_UPSTREAM_HAS: "{version} {taken_in_words}, so publishing it in `{repository}` is refused (409); "
    "raise the version, or close the package to upstream",
    Code.PUBLISH_UPSTREAM_HAS_SOME: "{name} can be published in `{repository}`, except for versions that upstream has, "
    "held back there or not (the newest is {version}): those are refused (409)",
    Code.GROUP: "{group}: {modes_in_words}",
    Code.GROUP_GENERAL: "{group}, which reserves no name: {modes_in_words}",
    Code.GROUP_LOOK_ALIKE: "{group}, which the name only looks like (WEAK): blocked",
    Code.GROUP_UNKNOWN: "unknown",
    Code.STRANGERS: "{name} is a name of yours, and {versions_in_words} comes from a public source, where anybody may "
    "have put it; reserve the name",
    Code.MAY_BE_STRANGERS: "{name} is a name of yours, and {source} may be heard for it through `{repository}`; "
    "reserve the name, so that no stranger can register it there and be installed",
    Code.OPEN_TO_STRANGERS: "{name} is a name of yours, and {source} is heard for it through `{repository}`: "
    "{reserved_in_words}a stranger can register it there and be installed; reserve it",
    Code.SEARCH_CUT: "the search ends after {limit} repositories, and there are more: what is behind them is not found",
    Code.PAGE_HAS_MORE: "the page has {versions_in_words}, which by the rules and records above should not be there; "
    "what is on the page is what installers get",
    Code.PAGE_HAS_LESS: "the page lacks {versions_in_words}, which by the rules and records above should be there; "
    "what is on the page is what installers get. AWS may take some minutes after a change",
}
"""A sentence for each case. What it is about is named in braces; `…_in_words` is made by `_phrases`."""

_SHOWN: Final = 3
_WIDTH: Final = 100


def sentence(finding: Finding) -> str:
    """Return a finding as a sentence without its full stop."""
    seen = " that you may look into" if finding.depends_on else ""
    said = SENTENCES[finding.code].format_map({**_flat(finding.about), **_phrases(finding.about), "seen": seen})
    return said + ("; and ".join(sentence(each) for each in finding.because))


def as_text(explanation: Explanation) -> str:
    """Return an explanation for a person."""
    blocks = [_answer(explanation)]
    if explanation.reasons:
        blocks.append("\n".join(_numbered(explanation.reasons, explanation.unknown)))
    for label, findings in (("warning", explanation.warnings), ("difference", explanation.differences)):
        blocks.extend("\n".join(_lines(f"{label}: ", finding, explanation.unknown)) for finding in findings)
    if explanation.unknown:
        blocks.append("\n".join(_unknown(number, each) for number, each in enumerate(explanation.unknown, start=1)))
    blocks.append("\n".join(_besides(explanation)))
    return "\n\n".join(blocks)


def _answer(explanation: Explanation) -> str:
    said = sentence(explanation.answer)
    listed = explanation.listed
    details = []
    if listed is not None:
        counted = ((listed.wheels, "wheel"), (listed.sdists, "source distribution"))
        details = [f"{number} {what}{'s' if number > 1 else ''}" for number, what in counted if number]
        details += [f"for Python {listed.requires_python}"] if listed.requires_python else []
    shown = f" ({', '.join(details)})" if details else ""
    return _wrapped("", f"{said}{shown}{_reference(explanation.answer, explanation.unknown)}")


def _numbered(findings: Sequence[Finding], unknowns: Sequence[Unknown]) -> list[str]:
    width = len(str(len(findings))) + 2
    return [
        line
        for number, finding in enumerate(findings, start=1)
        for line in _lines(f"{number}.".ljust(width), finding, unknowns, indent="  ")
    ]


def _lines(label: str, finding: Finding, unknowns: Sequence[Unknown], *, indent: str = "") -> list[str]:
    said = _wrapped(f"{indent}{label}", f"{sentence(finding)}{_reference(finding, unknowns)}")
    margin = indent + " " * len(label)
    return [said, *(_command(margin, command) for command in finding.all_commands)]


def _wrapped(label: str, text: str) -> str:
    margin = " " * len(label)
    return textwrap.fill(
        text, _WIDTH, initial_indent=label, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    )


def _command(margin: str, command: Command) -> str:
    """Return a command as a shell takes it, on as many lines as it needs."""
    lines = [f"{margin}$"]
    for word in map(shlex.quote, command):
        if len(lines[-1]) + len(word) > _WIDTH - 2:
            lines[-1] += " \\"
            lines.append(f"{margin}     {word}")
        else:
            lines[-1] += f" {word}"
    return "\n".join(lines)


def _reference(finding: Finding, unknowns: Sequence[Unknown]) -> str:
    numbers = [f"?{unknowns.index(each) + 1}" for each in finding.depends_on]
    return f" [depends on {', '.join(numbers)}]" if numbers else ""


def _unknown(number: int, unknown: Unknown) -> str:
    asked = f"; ask for {unknown.permission}" if unknown.permission else ""
    return _wrapped(f"?{number} unknown: ", f"{unknown.question} ({unknown.reason}{asked})")


def _besides(explanation: Explanation) -> list[str]:
    searched = " → ".join(_place(place) for place in explanation.search)
    published = _lines("publishing  ", explanation.publishing, explanation.unknown)
    group = _lines("group       ", explanation.group, explanation.unknown)
    return [_wrapped("searched    ", searched), *published, *group]


def _place(place: Place) -> str:
    if isinstance(place.links, Unknown):
        return f"{place.repository} (what is behind it is unknown)"
    return f"{place.repository} ({place.source})" if place.source else place.repository


def _phrases(about: About) -> dict[str, str]:
    """Return the parts of sentences that depend on more than one value."""
    said = _flat(about)
    return {
        "origin_in_words": _origin(said.get("origin", ""), said.get("source", ""), said.get("repository", "")),
        "inherited_in_words": f" (set in {said.get('source')})" if said.get("source") != said.get("group") else "",
        "sources_in_words": f", not even from {' or '.join(about.get('sources', ()))}" if about.get("sources") else "",
        "versions_in_words": _some(about.get("versions", ())),
        "repositories_in_words": " or ".join(f"`{each}`" for each in about.get("repositories", ())),
        "modes_in_words": "; ".join(about.get("modes", ())) or "it does not tell what it allows",
        "taken_in_words": _taken(said.get("status", ""), said.get("upstream", "")),
        "what_in_words": f"{said.get('name', '')} {said.get('version', '')}".strip() or "version of it",
        "reserved_in_words": "no package group reserves it, and " if is_general(said.get("group", "")) else "",
    }


def _origin(origin: str, source: str, repository: str) -> str:
    if origin == "INTERNAL":
        return "published there" if source in {"", repository} else f"published in `{source}` and kept there since"
    if origin == "EXTERNAL":
        return f"fetched from {source or 'a public source'}"
    return "of unrecorded origin"


def _taken(status: str, upstream: str) -> str:
    if upstream and status and not Status(status).is_downloadable:
        return f"is held back by `{upstream}`, upstream ({status})"
    return "comes from upstream"


def _some(versions: str | Sequence[str]) -> str:
    if len(versions) <= _SHOWN:
        return ", ".join(versions)
    return f"{', '.join(versions[:_SHOWN])} and {len(versions) - _SHOWN} more"


def _flat(about: About) -> dict[str, str]:
    return {key: value if isinstance(value, str) else ", ".join(value) for key, value in about.items()}
