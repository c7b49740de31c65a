"""The branching strategy: which kind of work a branch is for, told by its name.

A kind is the word before the first `/`, whole and in small letters, or one of the few names without a slash. So
`release-notes-typo` is no release and `device-support` is not the development branch: a prefix without its separator
means nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class BranchKind(StrEnum):
    """What a branch is for."""

    MAIN = "main"
    DEV = "dev"
    FEATURE = "feature"
    FIX = "fix"
    HOTFIX = "hotfix"
    RELEASE = "release"
    MAINTENANCE = "maintenance"
    DEPENDENCIES = "dependencies"
    DOCS = "docs"
    OTHER = "other"


@dataclass(frozen=True)
class Branch:
    """A branch.

    Attributes:
        name: Its whole name.
        kind: What it is for.
        subject: What follows the kind's `/`: a topic, or the version of a release or maintenance branch; "" if nothing.
    """

    name: str
    kind: BranchKind
    subject: str


_WHOLE_NAMES: Final[Mapping[str, BranchKind]] = {
    "main": BranchKind.MAIN,
    "master": BranchKind.MAIN,
    "dev": BranchKind.DEV,
    "develop": BranchKind.DEV,
}

_PREFIXES: Final[Mapping[str, BranchKind]] = {
    "dev": BranchKind.DEV,
    "develop": BranchKind.DEV,
    "feat": BranchKind.FEATURE,
    "feature": BranchKind.FEATURE,
    "fix": BranchKind.FIX,
    "bugfix": BranchKind.FIX,
    "hotfix": BranchKind.HOTFIX,
    "rls": BranchKind.RELEASE,
    "release": BranchKind.RELEASE,
    "maintenance": BranchKind.MAINTENANCE,
    "dependabot": BranchKind.DEPENDENCIES,
    "renovate": BranchKind.DEPENDENCIES,
    "doc": BranchKind.DOCS,
    "docs": BranchKind.DOCS,
}

_LINE = re.compile(r"\d+\.\d+")
"""A maintenance branch keeps one line of versions alive, X.Y; anything else after the slash is no such line."""


def read_branch(name: str) -> Branch:
    """Return what the name of a branch says; every name has a kind, if only `OTHER`."""
    if name in _WHOLE_NAMES:
        return Branch(name, _WHOLE_NAMES[name], "")
    prefix, _, subject = name.partition("/")
    kind = _PREFIXES.get(prefix, BranchKind.OTHER) if subject else BranchKind.OTHER
    if kind is BranchKind.MAINTENANCE and not _LINE.fullmatch(subject):
        kind = BranchKind.OTHER
    return Branch(name, kind, subject if kind is not BranchKind.OTHER else "")


def branch_of_pipeline(environment: Mapping[str, str]) -> str:
    """Return the branch that a pipeline works for, which checks out a commit and not a branch; "" when it does not say.

    For a pull request that is the branch it comes from. A tag is not a branch.

    Source: the documentation of GitHub Actions, GitLab CI and CodeBuild on predefined variables.
    """
    if environment.get("GITHUB_ACTIONS"):
        named = environment.get("GITHUB_REF_NAME", "") if environment.get("GITHUB_REF_TYPE") == "branch" else ""
        return environment.get("GITHUB_HEAD_REF") or named
    if environment.get("GITLAB_CI"):
        return environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") or environment.get("CI_COMMIT_BRANCH", "")
    if environment.get("CODEBUILD_BUILD_ID"):
        reference = environment.get("CODEBUILD_WEBHOOK_HEAD_REF", "")
        return reference.removeprefix("refs/heads/") if reference.startswith("refs/heads/") else ""
    return ""
