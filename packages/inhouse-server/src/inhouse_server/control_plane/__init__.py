"""CodeArtifact's API, STS, and what AWS does not have, over HTTP.

`protocol/` speaks AWS's wire protocols by the service models; `operations/` has one small function for each operation
of CodeArtifact, `superset/` one for each operation of our own.
"""

from inhouse_server.control_plane.endpoint import create_door, create_routes
from inhouse_server.control_plane.registry import Services

__all__ = ["Services", "create_door", "create_routes"]
