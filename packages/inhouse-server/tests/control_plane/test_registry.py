import pytest

from inhouse_server.control_plane import registry
from inhouse_server.control_plane.protocol import models
from inhouse_server.control_plane.registry import Context, Result, check_signature, operation

OFFERED = frozenset(models.load("codeartifact").operation_names)


def test_every_operation_of_the_model_is_answered() -> None:
    assert registry.operations().keys() == OFFERED


@pytest.mark.parametrize("name", sorted(OFFERED))
def test_functions_take_what_the_model_has(name: str) -> None:
    check_signature(registry.operations()[name], models.load("codeartifact").operation_model(name))


def test_a_parameter_that_the_model_does_not_have_is_noticed_at_start() -> None:
    def describe(context: Context, *, domain: str, domain_owner: str | None = None, extra: int = 0) -> Result:
        return {"domain": (context, domain, domain_owner, extra)}

    with pytest.raises(TypeError, match="extra"):
        check_signature(describe, models.load("codeartifact").operation_model("DescribeDomain"))


def test_a_required_parameter_must_have_no_default() -> None:
    def describe(context: Context, *, domain: str = "", domain_owner: str | None = None) -> Result:
        return {"domain": (context, domain, domain_owner)}

    with pytest.raises(TypeError, match="DescribeDomain"):
        check_signature(describe, models.load("codeartifact").operation_model("DescribeDomain"))


def test_an_operation_has_one_function() -> None:
    registry.operations()
    with pytest.raises(ValueError, match="two functions answer CreateDomain"):
        operation("CreateDomain")(dict)


def test_the_names_of_parameters() -> None:
    assert registry.argument("domainOwner") == "domain_owner"
    assert registry.argument("format") == "package_format"
    assert registry.argument("assetSHA256") == "asset_sha256"
