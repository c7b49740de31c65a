"""CodeArtifact's API and STS over HTTP.

`protocol/` speaks AWS's wire protocols by the service models; `operations/` has one small function for each operation.
"""

from inhouse_server.control_plane.endpoint import create_routes
from inhouse_server.control_plane.registry import Services

__all__ = ["Services", "create_routes"]
