import pytest
from botocore.model import ServiceModel

from inhouse_server.control_plane import registry
from inhouse_server.control_plane.arguments import arguments, check_signature
from inhouse_server.control_plane.protocol import models
from inhouse_server.control_plane.registry import Context, Result
from inhouse_server.model import PackageFormat
from inhouse_server.services.inventory import PackageName

MODEL = models.load("codeartifact")
ACCOUNT = "111122223333"


@pytest.mark.parametrize("name", sorted(MODEL.operation_names))
def test_functions_take_what_the_model_has(name: str) -> None:
    check_signature(registry.operations()[name], MODEL.operation_model(name))


def test_a_parameter_that_the_model_does_not_have_is_noticed_at_start() -> None:
    def describe(context: Context, *, owner: str, domain: str, extra: int = 0) -> Result:
        return {"domain": (context, owner, domain, extra)}

    with pytest.raises(TypeError, match="extra"):
        check_signature(describe, MODEL.operation_model("DescribeDomain"))


def test_a_required_parameter_must_have_no_default() -> None:
    def describe(context: Context, *, owner: str, domain: str = "") -> Result:
        return {"domain": (context, owner, domain)}

    with pytest.raises(TypeError, match="DescribeDomain"):
        check_signature(describe, MODEL.operation_model("DescribeDomain"))


def test_a_parameter_that_cannot_be_checked_is_noticed_at_start() -> None:
    model = ServiceModel(
        {
            "metadata": {},
            "operations": {"Wait": {"name": "Wait", "http": {}, "input": {"shape": "WaitRequest"}}},
            "shapes": {
                "WaitRequest": {"type": "structure", "members": {"until": {"shape": "Time"}}},
                "Time": {"type": "timestamp"},
            },
        },
        "made-up",
    )

    def wait(context: Context, *, until: object = None) -> Result:
        return {"waited": (context, until)}

    with pytest.raises(TypeError, match="Wait takes timestamp"):
        check_signature(wait, model.operation_model("Wait"))


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("DescribeDomain", {"domain": "dd"}, {"owner": ACCOUNT, "domain": "dd"}),
        ("DescribeDomain", {"domain": "dd", "domainOwner": "9" * 12}, {"owner": "9" * 12, "domain": "dd"}),
        ("CreateDomain", {"domain": "dd", "encryptionKey": "k"}, {"domain": "dd", "encryption_key": "k"}),
        ("ListDomains", {"maxResults": 3, "nextToken": "t"}, {}),
        (
            "GetAssociatedPackageGroup",
            {"domain": "dd", "format": "pypi", "package": "acme"},
            {"owner": ACCOUNT, "domain": "dd", "package_format": "pypi", "package": "acme"},
        ),
        (
            "DescribePackageVersion",
            {"domain": "dd", "repository": "team", "format": "pypi", "package": "acme", "packageVersion": "1.0"},
            {
                "package": PackageName(ACCOUNT, "dd", "team", PackageFormat.PYPI, None, "acme"),
                "package_version": "1.0",
            },
        ),
        (
            "CopyPackageVersions",
            {
                "domain": "dd",
                "domainOwner": "9" * 12,
                "sourceRepository": "a1",
                "destinationRepository": "b1",
                "format": "generic",
                "namespace": "ns",
                "package": "tool",
            },
            {
                "package": PackageName("9" * 12, "dd", "a1", PackageFormat.GENERIC, "ns", "tool"),
                "destination_repository": "b1",
            },
        ),
    ],
)
def test_what_a_function_gets(operation: str, parameters: dict[str, object], expected: dict[str, object]) -> None:
    assert arguments(MODEL.operation_model(operation), parameters, ACCOUNT) == expected
