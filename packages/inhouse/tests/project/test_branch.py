import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse.project.branch import Branch, BranchKind, branch_of_pipeline, read_branch


@pytest.mark.parametrize(
    ("name", "kind", "subject"),
    [
        ("main", BranchKind.MAIN, ""),
        ("master", BranchKind.MAIN, ""),
        ("dev", BranchKind.DEV, ""),
        ("develop", BranchKind.DEV, ""),
        ("dev/ada", BranchKind.DEV, "ada"),
        ("feature/fast/parser", BranchKind.FEATURE, "fast/parser"),
        ("feat/parser", BranchKind.FEATURE, "parser"),
        ("fix/crash", BranchKind.FIX, "crash"),
        ("bugfix/crash", BranchKind.FIX, "crash"),
        ("hotfix/1.2.1", BranchKind.HOTFIX, "1.2.1"),
        ("release/1.3.0", BranchKind.RELEASE, "1.3.0"),
        ("rls/1.3.0", BranchKind.RELEASE, "1.3.0"),
        ("maintenance/1.2", BranchKind.MAINTENANCE, "1.2"),
        ("dependabot/pip/boto3-1.40", BranchKind.DEPENDENCIES, "pip/boto3-1.40"),
        ("renovate/boto3", BranchKind.DEPENDENCIES, "boto3"),
        ("docs/tutorial", BranchKind.DOCS, "tutorial"),
        ("doc/tutorial", BranchKind.DOCS, "tutorial"),
        # A prefix without its separator is a coincidence.
        ("release-notes-typo", BranchKind.OTHER, ""),
        ("device-support", BranchKind.OTHER, ""),
        ("features/x", BranchKind.OTHER, ""),
        ("mainline", BranchKind.OTHER, ""),
        ("main/x", BranchKind.OTHER, ""),
        ("release", BranchKind.OTHER, ""),
        ("release/", BranchKind.OTHER, ""),
        ("Release/1.0", BranchKind.OTHER, ""),
        ("MAIN", BranchKind.OTHER, ""),
        ("maintenance/1", BranchKind.OTHER, ""),
        ("maintenance/1.2.3", BranchKind.OTHER, ""),
        ("gh-readonly-queue/main/pr-1", BranchKind.OTHER, ""),
        ("", BranchKind.OTHER, ""),
    ],
)
def test_a_name_says_what_a_branch_is_for(name: str, kind: BranchKind, subject: str) -> None:
    assert read_branch(name) == Branch(name, kind, subject)


@given(st.text())
def test_every_name_has_a_kind_and_a_subject_only_after_its_slash(name: str) -> None:
    branch = read_branch(name)
    assert branch.name == name
    assert not branch.subject or name.endswith(f"/{branch.subject}")


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, ""),
        ({"GITHUB_ACTIONS": "true", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main"}, "main"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": "fix/a", "GITHUB_REF_NAME": "7/merge"}, "fix/a"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1"}, ""),
        ({"GITLAB_CI": "true", "CI_COMMIT_BRANCH": "main"}, "main"),
        ({"GITLAB_CI": "true", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix/a"}, "fix/a"),
        ({"GITLAB_CI": "true", "CI_COMMIT_TAG": "v1"}, ""),
        ({"CODEBUILD_BUILD_ID": "a:1", "CODEBUILD_WEBHOOK_HEAD_REF": "refs/heads/release/1.0"}, "release/1.0"),
        ({"CODEBUILD_BUILD_ID": "a:1", "CODEBUILD_WEBHOOK_HEAD_REF": "refs/tags/v1"}, ""),
        ({"CODEBUILD_BUILD_ID": "a:1"}, ""),
        ({"GITHUB_REF_NAME": "main"}, ""),
    ],
)
def test_a_pipeline_says_which_branch_it_works_for(environment: dict[str, str], name: str) -> None:
    assert branch_of_pipeline(environment) == name
