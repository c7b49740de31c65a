"""Tags of everything that can be tagged."""

from typing import Any

import pytest
from house import ACCOUNT, House
from live_server import told


def place(house: House, kind: str) -> str:
    house.repository("team")
    resource = {
        "domain": f"domain/{house.domain}",
        "repository": f"repository/{house.domain}/team",
        "package-group": f"package-group/{house.domain}/%2A",
    }[kind]
    return f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:{resource}"


def tags(house: House, arn: str) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in house.api.list_tags_for_resource(resourceArn=arn)["tags"]}


def listed(**pairs: str) -> list[Any]:
    return [{"key": key, "value": value} for key, value in pairs.items()]


@pytest.mark.parametrize("kind", ["domain", "repository", "package-group"])
def test_tags_are_put_replaced_and_removed(house: House, kind: str) -> None:
    arn = place(house, kind)
    assert tags(house, arn) == {}
    house.api.tag_resource(resourceArn=arn, tags=listed(team="core", Team="other", empty=""))
    assert tags(house, arn) == {"team": "core", "Team": "other", "empty": ""}, "keys differ by case"
    house.api.tag_resource(resourceArn=arn, tags=listed(team="tools"))
    house.api.tag_resource(resourceArn=arn, tags=[])
    house.api.untag_resource(resourceArn=arn, tagKeys=["empty", "never-there"])
    house.api.untag_resource(resourceArn=arn, tagKeys=[])
    assert tags(house, arn) == {"team": "tools", "Team": "other"}


def test_a_pattern_may_be_encoded_or_not(house: House) -> None:
    arn = place(house, "package-group")
    house.api.tag_resource(resourceArn=arn.replace("%2A", "*"), tags=listed(a="b"))
    assert tags(house, arn) == tags(house, arn.replace("%2A", "%2a")) == {"a": "b"}


def test_a_resource_has_at_most_fifty_tags(house: House) -> None:
    arn = place(house, "repository")
    house.api.tag_resource(resourceArn=arn, tags=listed(**{f"k{number}": "" for number in range(50)}))
    house.api.tag_resource(resourceArn=arn, tags=listed(k7="other"))
    with pytest.raises(house.api.exceptions.ServiceQuotaExceededException) as caught:
        house.api.tag_resource(resourceArn=arn, tags=listed(k8="other", more=""))
    assert told(caught.value)["status"] == 402
    assert told(caught.value)["resourceType"] == "repository"
    assert len(tags(house, arn)) == 50
    assert tags(house, arn)["k8"] == ""


def test_what_is_refused(house: House) -> None:
    arn = place(house, "repository")
    invalid = house.api.exceptions.ValidationException
    with pytest.raises(invalid, match="twice"):
        house.api.tag_resource(resourceArn=arn, tags=[*listed(a="1"), *listed(a="2")])
    with pytest.raises(invalid, match="tags"):
        house.api.tag_resource(resourceArn=arn, tags=listed(**{f"k{number}": "" for number in range(201)}))
    with pytest.raises(invalid, match="key"):
        house.api.tag_resource(resourceArn=arn, tags=[{"key": "x" * 129, "value": ""}])
    with pytest.raises(invalid, match="value"):
        house.api.tag_resource(resourceArn=arn, tags=listed(a="x" * 257))
    for wrong in ("arn:x", arn.replace("us-east-1", "eu-west-1"), f"{arn}/pypi//acme"):
        with pytest.raises(invalid, match="resourceArn"):
            house.api.tag_resource(resourceArn=wrong, tags=[])
        with pytest.raises(invalid, match="resourceArn"):
            house.api.untag_resource(resourceArn=wrong, tagKeys=[])
    missing = house.api.exceptions.ResourceNotFoundException
    for resource, kind in (
        ("domain/nothing", "domain"),
        (f"repository/{house.domain}/nothing", "repository"),
        ("repository/nothing/team", "domain"),
        (f"package-group/{house.domain}/pypi/%2A", "package"),
    ):
        other = f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:{resource}"
        with pytest.raises(missing) as caught:
            house.api.tag_resource(resourceArn=other, tags=listed(a="b"))
        assert told(caught.value)["resourceType"] == kind
        with pytest.raises(missing):
            house.api.untag_resource(resourceArn=other, tagKeys=["a"])
    with pytest.raises(house.api.exceptions.AccessDeniedException, match="UntagResource"):
        house.api.untag_resource(resourceArn=arn.replace(ACCOUNT, "9" * 12), tagKeys=["a"])
    with pytest.raises(house.api.exceptions.AccessDeniedException, match="TagResource"):
        house.api.tag_resource(resourceArn=arn.replace(ACCOUNT, "9" * 12), tags=[])
