from collections.abc import Iterator

import pytest
from botocore.model import ServiceModel

from inhouse_server.control_plane.protocol import models


@pytest.fixture
def _fresh_routes() -> Iterator[None]:
    models.routes.cache_clear()
    yield
    models.routes.cache_clear()


def test_every_operation_has_a_route() -> None:
    routes = models.routes("codeartifact")
    assert {operation.name for operation in routes.values()} == set(models.load("codeartifact").operation_names)
    assert routes["POST", "/v1/domain"].name == "CreateDomain"
    assert routes["DELETE", "/v1/repository/permissions/policies"].name == "DeleteRepositoryPermissionsPolicy"


@pytest.mark.usefixtures("_fresh_routes")
@pytest.mark.parametrize("path", ["/v1/{domain}", "/v1/domain?list"])
def test_a_model_with_parameters_in_its_paths_is_noticed_at_start(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    model = ServiceModel(
        {
            "metadata": {},
            "shapes": {},
            "operations": {"Op": {"name": "Op", "http": {"method": "GET", "requestUri": path}}},
        },
        "made-up",
    )
    monkeypatch.setattr(models, "load", lambda _: model)
    with pytest.raises(NotImplementedError, match="Op: parameters in the path"):
        models.routes("made-up")


def test_models_in_the_users_home_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that a user has put into ~/.aws/models, or AWS_DATA_PATH, must not change what the server accepts."""
    monkeypatch.setenv("AWS_DATA_PATH", "/nowhere")
    models.load.cache_clear()
    assert len(models.load("codeartifact").operation_names) >= 48
