"""The service models, in botocore's format: operations, routes and shapes."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

_OURS = Path(__file__).parents[1] / "models"


@cache
def load(service: str) -> ServiceModel:
    """Return the newest model of a service, for example `codeartifact`; that of `inhouse` is our own."""
    # Only what botocore ships, and we: a model in the user's ~/.aws/models would change what the server accepts.
    paths = [Loader.BUILTIN_DATA_PATH, str(_OURS)]
    loader = Loader(include_default_search_paths=False, extra_search_paths=paths)
    return ServiceModel(loader.load_service_model(service, "service-2"), service)


@cache
def routes(service: str) -> Mapping[tuple[str, str], OperationModel]:
    """Return a REST service's operations by method and path.

    Raises:
        NotImplementedError: A path has parameters in it; none of CodeArtifact's has.
    """
    found = {}
    for name in load(service).operation_names:
        operation = load(service).operation_model(name)
        path = operation.http["requestUri"]
        if "{" in path or "?" in path:
            raise NotImplementedError(f"{name}: parameters in the path {path}")
        found[operation.http["method"], path] = operation
    return MappingProxyType(found)


def takes_bytes(operation: OperationModel) -> bool:
    """Return whether a request's body is raw bytes, of any length, instead of parameters."""
    shape = operation.input_shape
    payload = None if shape is None else shape.serialization.get("payload")
    return shape is not None and payload is not None and shape.members[payload].type_name == "blob"
