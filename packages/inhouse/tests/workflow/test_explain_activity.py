from collections.abc import Mapping
from pathlib import Path

import pytest
from client_fakes import COORDINATES, FakeRepository
from explain_facts import facts, place
from packaging.utils import canonicalize_name

from inhouse.errors import RepositoryNotNamedError
from inhouse.project.manifest import Coordinates, InhouseTable, Manifest
from inhouse.settings import read_settings
from inhouse.workflow.explain import explain_name, find_coordinates

TABLE = InhouseTable(COORDINATES, "shared")
PROFILES = '[profiles]\n"other-444455556666" = "work"\n'


def found(given: Mapping[str, str], table: InhouseTable | None, region: str = "eu-west-1") -> Coordinates:
    settings = read_settings({}, {}, Path("config.toml"), PROFILES)
    return find_coordinates(given, table, settings, lambda _: region, lambda _: FakeRepository())


@pytest.mark.parametrize(
    ("given", "table", "expected"),
    [
        ({}, TABLE, COORDINATES),
        ({"repository": "team"}, TABLE, Coordinates("acme", "111122223333", "us-east-1", "team")),
        ({"domain": "acme", "region": "us-west-2"}, TABLE, Coordinates("acme", "111122223333", "us-west-2", "shared")),
        # Another domain has another owner, and another place.
        (
            {"domain": "other", "repository": "team"},
            TABLE,
            Coordinates("other", "444455556666", "eu-west-1", "team"),
        ),
        # Nothing tells the owner but who we are.
        ({"domain": "third", "repository": "team"}, None, Coordinates("third", "111122223333", "eu-west-1", "team")),
        (
            {"domain": "third", "repository": "team", "owner": "999999999999", "region": "us-west-2"},
            None,
            Coordinates("third", "999999999999", "us-west-2", "team"),
        ),
    ],
)
def test_flags_win_over_the_project_and_the_project_over_the_machine(
    given: Mapping[str, str], table: InhouseTable | None, expected: Coordinates
) -> None:
    assert found(given, table) == expected


@pytest.mark.parametrize(
    ("given", "table", "missing"),
    [
        ({}, None, ("--domain", "--repository")),
        ({"domain": "other"}, TABLE, ("--repository",)),
        ({"domain": "other", "repository": "team"}, None, ("--region",)),
    ],
)
def test_what_is_missing_is_named_by_its_flag(
    given: Mapping[str, str], table: InhouseTable | None, missing: tuple[str, ...]
) -> None:
    with pytest.raises(RepositoryNotNamedError) as caught:
        found(given, table, region="")
    assert set(missing) <= set(caught.value.missing)
    assert missing[0] in caught.value.hint


@pytest.mark.parametrize(("name", "expected"), [("Acme.Core", ["open-to-strangers"]), ("other", [])])
def test_the_name_of_the_project_at_hand_is_ours(name: str, expected: list[str]) -> None:
    repository = FakeRepository(told=facts(place("shared", source="public:pypi")))
    manifest = Manifest(name, "1.0", (), "")
    explanation = explain_name(canonicalize_name("acme-core"), "", COORDINATES, lambda _: repository, manifest)
    assert [warning.code for warning in explanation.warnings] == expected
