"""What this server does beyond AWS."""

from importlib.metadata import version

from inhouse_server.control_plane.registry import Context, Result, superset_operation
from inhouse_server.supersets import Feature


@superset_operation("GetCapabilities", Feature.CAPABILITIES)
def get_capabilities(context: Context) -> Result:
    """Tell whoever may sign requests; it needs no permission, as STS's GetCallerIdentity needs none."""
    return {
        "version": version("inhouse-server"),
        "compatibility": context.services.compatibility,
        "features": sorted(context.services.features),
    }
