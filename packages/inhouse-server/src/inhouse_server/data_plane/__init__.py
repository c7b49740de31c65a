"""The PyPI protocols: project pages, files and their metadata, and the legacy upload."""

from inhouse_server.data_plane.routes import create_routes
from inhouse_server.data_plane.services import Services

__all__ = ["Services", "create_routes"]
