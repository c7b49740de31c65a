"""Deleting packages, repositories and domains, and what may enter a package."""

from typing import TYPE_CHECKING

import pytest
from house import House
from live_server import LiveServer, told

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient


@pytest.fixture
def team(house: House) -> House:
    house.repository("team")
    return house


@pytest.fixture
def unchecked(live_server: LiveServer) -> "CodeArtifactClient":
    return live_server.codeartifact(validate=False)


def test_a_package_goes_with_all_its_versions(team: House) -> None:
    team.published("team", "acme", "1.0", "2.0")
    team.control("team", "acme", "ALLOW", "ALLOW")
    assert team.api.delete_package(**team.named("team", "acme"))["deletedPackage"] == {
        "format": "pypi",
        "package": "acme",
        "originConfiguration": {"restrictions": {"publish": "ALLOW", "upstream": "ALLOW"}},
    }
    assert team.page("team", "acme") == []
    assert team.bytes_held() == 0
    for call in (team.api.delete_package, team.api.describe_package):
        with pytest.raises(team.api.exceptions.ResourceNotFoundException, match="packageName=acme") as caught:
            call(**team.named("team", "acme"))
        assert told(caught.value)["resourceType"] == "package"
    assert team.upload("team", "acme", "1.0", code="other = True").status == 200
    assert team.controls("team", "acme") == ("ALLOW", "BLOCK")


def test_controls_can_be_set_before_there_is_a_version(team: House) -> None:
    team.control("team", "acme", "BLOCK", "BLOCK")
    assert team.api.list_packages(domain=team.domain, repository="team")["packages"] == [
        {
            "format": "pypi",
            "package": "acme",
            "originConfiguration": {"restrictions": {"publish": "BLOCK", "upstream": "BLOCK"}},
        }
    ]
    assert team.upload("team", "acme", "1.0").status == 403
    team.control("team", "acme", "ALLOW", "BLOCK")
    assert team.upload("team", "acme", "1.0").status == 200
    assert team.controls("team", "acme") == ("ALLOW", "BLOCK")


def test_controls_hold_for_every_spelling_of_a_name(team: House) -> None:
    """A record under a name that is not normalised would block nothing."""
    team.control("team", "Acme_Core", "BLOCK", "BLOCK")
    assert team.controls("team", "acme-core") == ("BLOCK", "BLOCK")
    assert team.upload("team", "acme-core", "1.0").status == 403


def test_a_star_is_a_name_as_any_other(team: House) -> None:
    team.control("team", "*", "BLOCK", "BLOCK")
    assert team.controls("team", "*") == ("BLOCK", "BLOCK")
    assert team.upload("team", "acme", "1.0").status == 200


def test_other_formats_have_controls_too(team: House) -> None:
    where = {**team.named("team", "core", "npm"), "namespace": "babel"}
    restrictions = {"publish": "BLOCK", "upstream": "ALLOW"}
    team.api.put_package_origin_configuration(**where, restrictions=restrictions)  # type: ignore[arg-type]  # literals
    assert team.api.describe_package(**where)["package"]["namespace"] == "babel"
    with pytest.raises(team.api.exceptions.ResourceNotFoundException):
        team.api.describe_package(**team.named("team", "core", "npm"))


@pytest.mark.parametrize("package_format", ["pypi", "nuget", "ruby", "cargo"])
def test_formats_without_namespaces(team: House, package_format: str) -> None:
    with pytest.raises(team.api.exceptions.ValidationException, match="have no namespace"):
        team.api.put_package_origin_configuration(
            **team.named("team", "acme", package_format),
            namespace="x",
            restrictions={"publish": "BLOCK", "upstream": "ALLOW"},
        )


@pytest.mark.parametrize("restrictions", [{"publish": "ALLOW"}, {"publish": "ALLOW", "upstream": "MAYBE"}, {}])
def test_both_controls_are_set_together(
    team: House, restrictions: dict[str, str], unchecked: "CodeArtifactClient"
) -> None:
    with pytest.raises(unchecked.exceptions.ValidationException, match="restrictions"):
        unchecked.put_package_origin_configuration(**{**team.named("team", "acme"), "restrictions": restrictions})


def test_controls_in_a_repository_that_is_not_there(team: House) -> None:
    with pytest.raises(team.api.exceptions.ResourceNotFoundException, match="Repository not found"):
        team.control("nowhere", "acme", "BLOCK", "BLOCK")


def test_a_repository_goes_with_all_it_holds(team: House) -> None:
    team.published("team", "acme", "1.0")
    team.repository("front", "team")
    described = team.api.describe_repository(domain=team.domain, repository="team")["repository"]
    team.api.tag_resource(resourceArn=described["arn"], tags=[{"key": "a", "value": "b"}])
    assert team.api.delete_repository(domain=team.domain, repository="team")["repository"] == described
    missing = team.api.exceptions.ResourceNotFoundException
    for call in (team.api.delete_repository, team.api.describe_repository):
        with pytest.raises(missing) as caught:
            call(domain=team.domain, repository="team")
        assert told(caught.value)["resourceType"] == "repository"
    with pytest.raises(missing):
        team.api.list_tags_for_resource(resourceArn=described["arn"])
    assert team.ask("GET", f"{team.root('team')}/simple/acme/").status == 404
    assert team.api.describe_domain(domain=team.domain)["domain"]["repositoryCount"] == 1
    assert team.bytes_held() == 0
    assert team.api.describe_repository(domain=team.domain, repository="front")["repository"]["upstreams"] == []
    team.repository("team")
    assert team.api.list_packages(domain=team.domain, repository="team")["packages"] == []
    assert team.api.list_tags_for_resource(resourceArn=described["arn"])["tags"] == []


def test_other_upstreams_keep_their_order(team: House) -> None:
    names = ["one", "two", "three"]
    for name in names:
        team.repository(name)
    team.repository("front", *names)
    team.api.delete_repository(domain=team.domain, repository="two")
    left = team.api.describe_repository(domain=team.domain, repository="front")["repository"]["upstreams"]
    assert [each["repositoryName"] for each in left] == ["one", "three"]


def test_a_domain_goes_once_it_is_empty(team: House) -> None:
    described = team.api.describe_domain(domain=team.domain)["domain"]
    groups = described["arn"].replace(":domain/", ":package-group/")
    for arn in (described["arn"], f"{groups}/%2A"):
        team.api.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "b"}])
    with pytest.raises(team.api.exceptions.ConflictException) as caught:
        team.api.delete_domain(domain=team.domain)
    assert told(caught.value) == {
        "code": "ConflictException",
        "status": 409,
        "resourceId": team.domain,
        "resourceType": "domain",
    }
    team.api.delete_repository(domain=team.domain, repository="team")
    gone = team.api.delete_domain(domain=team.domain)["domain"]
    assert gone == {**described, "status": "Deleted", "repositoryCount": 0}
    for call in (team.api.delete_domain, team.api.describe_domain):
        with pytest.raises(team.api.exceptions.ResourceNotFoundException, match="Domain not found"):
            call(domain=team.domain)
    assert team.domain not in [each["name"] for each in team.api.list_domains(maxResults=1000)["domains"]]
    team.api.create_domain(domain=team.domain)
    for arn in (described["arn"], f"{groups}/%2A"):
        assert team.api.list_tags_for_resource(resourceArn=arn)["tags"] == []


def test_other_accounts_are_denied(team: House) -> None:
    denied = team.api.exceptions.AccessDeniedException
    other = {"domain": team.domain, "domainOwner": "9" * 12}
    with pytest.raises(denied, match="DeleteDomain"):
        team.api.delete_domain(**other)
    with pytest.raises(denied, match="DeleteRepository"):
        team.api.delete_repository(**other, repository="team")
    with pytest.raises(denied, match="DisassociateExternalConnection"):
        team.api.disassociate_external_connection(**other, repository="team", externalConnection="public:pypi")


def test_a_connection_that_is_not_there(house: House) -> None:
    house.repository("store", connected=True)
    place = {"domain": house.domain, "repository": "store"}
    with pytest.raises(house.api.exceptions.ValidationException, match="no external connection"):
        house.api.disassociate_external_connection(**place, externalConnection="public:nothing")
    with pytest.raises(house.api.exceptions.ResourceNotFoundException, match="not connected to public:npmjs"):
        house.api.disassociate_external_connection(**place, externalConnection="public:npmjs")
    house.api.disassociate_external_connection(**place, externalConnection="public:pypi")
    with pytest.raises(house.api.exceptions.ResourceNotFoundException):
        house.api.disassociate_external_connection(**place, externalConnection="public:pypi")
    house.repository("team")
    house.api.update_repository(**place, upstreams=[{"repositoryName": "team"}])
