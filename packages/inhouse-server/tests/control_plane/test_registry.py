import pytest

from inhouse_server.control_plane import registry
from inhouse_server.control_plane.protocol import models
from inhouse_server.control_plane.registry import operation, superset_operation
from inhouse_server.supersets import Feature

OFFERED = frozenset(models.load("codeartifact").operation_names)


def test_every_operation_of_the_model_is_answered() -> None:
    """A botocore that knows more operations than this server fails here, and nowhere unnoticed."""
    assert registry.operations().keys() == OFFERED


def test_an_operation_has_one_function() -> None:
    registry.operations()
    with pytest.raises(ValueError, match="two functions answer CreateDomain"):
        operation("CreateDomain")(dict)
    registry.operations(registry.INHOUSE)
    with pytest.raises(ValueError, match="two functions answer GetCapabilities"):
        superset_operation("GetCapabilities", Feature.CAPABILITIES)(dict)
